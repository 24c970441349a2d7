"""Values of a document in the words of a problem, pure."""

from collections.abc import Mapping
from decimal import Decimal

LONGEST_SHOWN = 40


def kind_of(value: object) -> str:
    """Return what a decoded value is, in words."""
    match value:
        case bool():
            return "true or false"
        case str():
            return "text"
        case list() | tuple():
            return "a list"
        case Mapping():
            return "an object"
        case _:
            return "a number"


def shown(value: object) -> str:
    """Return a value as it can stand in a sentence, however long it is."""
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return _shown_number(Decimal(value))
    text = ascii(value)
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}..."


def _shown_number(number: Decimal) -> str:
    if not number.is_finite() or len(number.as_tuple().digits) > LONGEST_SHOWN:
        return "a number beyond all measure"
    return str(number)
