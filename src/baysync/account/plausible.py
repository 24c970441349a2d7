"""Whether what a person says of defaults can be meant: names, ids, conditions, currencies. Pure.

What is stored is not judged: defaults of an older release stay readable.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import cast

from baysync.account.model import Defaults, Rule
from baysync.base.errors import Refused
from baysync.ebay.metadata import CONDITION_IDS

_CURRENCY = re.compile(r"[A-Z]{3}")
_NUMBER = re.compile(r"[0-9]+")


def refuse_implausible(document: object, value: Defaults | Rule) -> None:
    """Return if no name and no text of ``document`` is blank, and the rest is what it should be.

    Raises:
        Refused: the field is named.
    """
    for path in _blanks(document, ""):
        raise Refused(f"{path or 'A field'} is empty.", fix="write what it is, or leave it out.")
    for path, text in _ids(value):
        if not _NUMBER.fullmatch(text):
            raise Refused(
                f"{path} is {text}: eBay's categories are numbers.",
                fix="baysync categories search WORDS --marketplace MARKETPLACE",
            )
    for path, text in _conditions(value):
        if text not in CONDITION_IDS:
            raise Refused(
                f"{path} is {text}, which is none of eBay's.",
                fix=f"write one of {', '.join(sorted(CONDITION_IDS))}.",
            )
    for path, text in _currencies(value):
        if not _CURRENCY.fullmatch(text):
            raise Refused(f"{path} {text} is no currency.", fix="write its code, as in EUR.")


def _blanks(document: object, at: str) -> Iterator[str]:
    """Yield where a name or a text is blank, by dotted path."""
    if isinstance(document, Mapping):
        for name, part in cast("Mapping[str, object]", document).items():
            path = f"{at}.{name}" if at else name
            yield from [f"The name in {at}"] if not name.strip() else _blanks(part, path)
    elif isinstance(document, Sequence) and not isinstance(document, str):
        for part in cast("Sequence[object]", document):
            yield from _blanks(part, at)
    elif isinstance(document, str) and not document.strip():
        yield at


def _ids(value: Defaults | Rule) -> Iterator[tuple[str, str]]:
    if value.category is not None:
        yield "category", value.category
    if isinstance(value, Defaults):
        yield from ((f"categories.{word}", each) for word, each in value.categories.items())
        yield from (("category_rules", each) for each in value.category_rules)
        for rule in value.type_rules.values():
            yield from _ids(rule)


def _conditions(value: Defaults | Rule) -> Iterator[tuple[str, str]]:
    if value.condition is not None:
        yield "condition", value.condition
    if isinstance(value, Defaults):
        for rule in (*value.category_rules.values(), *value.type_rules.values()):
            yield from _conditions(rule)


def _currencies(value: Defaults | Rule) -> Iterator[tuple[str, str]]:
    if isinstance(value, Defaults):
        yield from [("currency", value.currency)] if value.currency else []
        yield from (("pricing.rates", each) for each in value.pricing.rates)
