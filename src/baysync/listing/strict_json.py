"""JSON as it must be to be trusted: one meaning, bounded depth, bounded numbers.

The standard library's decoder keeps the last of two equal keys, accepts ``NaN`` and fails with
a ``RecursionError`` or ``ValueError`` of its own on hostile depth and digits. Numbers with a
fraction become ``Decimal``, so that ``10.10`` is never a float.
"""

import json
from collections import Counter
from decimal import Decimal, InvalidOperation
from typing import NoReturn, cast

from baysync.listing.model import Problem

LONGEST_NUMBER = 40
DEEPEST = 64


class Malformed(ValueError):
    """A text is not JSON that can be trusted; ``problem`` says why."""

    def __init__(self, rule: str, message: str, fix: str) -> None:
        super().__init__(message)
        self.problem = Problem(pointer="", rule=rule, message=message, fix=fix)


def parse(raw: bytes | str) -> object:
    """Return the value of a JSON text; fractions are ``Decimal``.

    Raises:
        Malformed: not UTF-8, not JSON, a key twice, nested deeper than 64, a number of more than
            40 digits, or ``NaN`` and ``Infinity``.
    """
    try:
        text = raw.decode("utf-8-sig") if isinstance(raw, bytes) else raw
        value: object = _DECODER.decode(text)
    except UnicodeDecodeError as error:
        raise Malformed(
            "not_utf8", f"byte {error.start} is not UTF-8", "send the text as UTF-8"
        ) from error
    except RecursionError as error:
        raise _too_deep() from error
    except json.JSONDecodeError as error:
        raise Malformed(
            "not_json", f"not JSON at character {error.pos}: {error.msg}", "correct the syntax"
        ) from error
    if text.count("{") + text.count("[") > DEEPEST:
        _guard_depth(value)
    return value


def _guard_depth(value: object) -> None:
    level = [value]
    for _ in range(DEEPEST):
        level = [child for parent in level for child in _children(parent)]
        if not level:
            return
    raise _too_deep()


def _children(value: object) -> list[object]:
    if isinstance(value, dict):
        entries = list(cast("dict[str, object]", value).values())
    else:
        entries = cast("list[object]", value) if isinstance(value, list) else []
    return [entry for entry in entries if type(entry) in _NESTING]


def _too_deep() -> Malformed:
    return Malformed("too_deep", f"nested deeper than {DEEPEST}", "a listing needs four levels")


_NESTING = {dict, list}


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        times = Counter(key for key, _ in pairs)
        twice = next(key for key, count in times.items() if count > 1)
        raise Malformed("duplicate_key", f"the key {twice!r} stands twice", "keep one of them")
    return found


def _number(text: str) -> Decimal:
    """Return a number; one whose exponent cannot be held is infinite, for its field to refuse."""
    _bound(text)
    try:
        return Decimal(text)
    except InvalidOperation:
        return Decimal("Infinity")


def _integer(text: str) -> int:
    _bound(text)
    return int(text)


def _bound(text: str) -> None:
    if len(text) > LONGEST_NUMBER:
        raise Malformed(
            "number_too_long", f"a number of {len(text)} characters", "send at most 40 digits"
        )


def _constant(text: str) -> NoReturn:
    raise Malformed("not_a_number", f"{text} is not a JSON number", "leave the field out")


_DECODER = json.JSONDecoder(
    object_pairs_hook=_object,
    parse_float=_number,
    parse_int=_integer,
    parse_constant=_constant,
)
