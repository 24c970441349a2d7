"""Why an eBay listing is blocked, a cause for each thing to mend, and causes counted; pure.

A block's detail is ``{"blocks": [{reason, pointer, rule, fix}]}`` where baysync found it (with
``"awaited": true`` while eBay has not said yet what it wants of the category), and
``{"problems": [{error_id, message, parameters}]}`` where eBay answered so.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import cast

from baysync.ebay.advice import advise

MOST_SKUS = 3
MOST_GROUPS = 500
WAITS = {
    "cancelled": "It was cancelled; the next edit of the listing sends it again.",
    "crash_loop": "Sending it ended a worker several times; edit the listing, or retry it.",
    "discarded": "Its dead letter was discarded; the next edit of the listing sends it again.",
    "paused": "A person paused it: `baysync queue resume`.",
}
_ASPECT = re.compile(r"(?:/overrides/[^/]+)?/aspects/([^/]+)")
# Fields of which the message names what is wrong: a policy, a category, a location.
_NAMED_BY_MESSAGE = frozenset({"", "/category", "/condition", "/location", "/marketplaces"})
# What is not counted is mended for the account, what is not said in the listing: two causes.
_TOLD_APART = frozenset({"quantity_unknown"})

Row = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """One thing to mend: ``rule`` is a word to count by, ``pointer`` leads into the listing."""

    rule: str
    pointer: str
    message: str
    fix: str

    @property
    def about(self) -> str:
        """What tells causes of one rule apart: an item specific, or the words of the message."""
        if aspect := _ASPECT.match(self.pointer):
            return aspect[1].replace("~1", "/").replace("~0", "~")
        named = self.pointer in _NAMED_BY_MESSAGE or self.rule in _TOLD_APART
        return self.message if named else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """One cause of many listings of a place.

    ``skus`` are the first few. ``message`` and ``fix`` are those of the first; ``alike`` tells
    whether all the others have the same.
    """

    account: str
    marketplace: str
    rule: str
    about: str
    count: int
    skus: tuple[str, ...]
    message: str
    fix: str
    alike: bool


@dataclass(slots=True)
class Causes:
    """Counts causes; memory stays constant, however many listings are counted."""

    groups: dict[tuple[str, str, str, str], Group] = field(
        default_factory=dict[tuple[str, str, str, str], Group]
    )

    def add(self, account: str, marketplace: str, sku: str, causes: Iterable[Cause]) -> None:
        """Count the causes of one listing, each once."""
        own = {(cause.rule, cause.about): cause for cause in reversed(tuple(causes))}
        for (rule, about), cause in own.items():
            key = account, marketplace, rule, about
            if key not in self.groups and len(self.groups) >= MOST_GROUPS:
                key = account, marketplace, rule, ""
            self.groups[key] = _counted(self.groups.get(key), key, sku, cause)

    def sorted(self) -> list[Group]:
        """Return the groups, place by place, the largest of a place first."""
        return sorted(
            self.groups.values(),
            key=lambda group: (
                group.account, group.marketplace, -group.count, group.rule, group.about,
            ),
        )  # fmt: skip


def of_block(reason: str, detail: Row | None) -> list[Cause]:
    """Return every cause that a block names; never none."""
    stored = detail or {}
    causes = [_ours(reason, row) for row in _rows(stored.get("blocks"))]
    causes += of_errors(reason, _rows(stored.get("problems")))
    fix = WAITS.get(reason, "See `baysync why SKU`.")
    return causes or [Cause(rule=reason, pointer="", message=reason.replace("_", " "), fix=fix)]


def of_errors(reason: str, errors: Iterable[Row]) -> list[Cause]:
    """Return eBay's errors, each with its id, its words and what it names, and a fix."""
    return [
        Cause(
            rule=reason,
            pointer="" if each.own else f"eBay {each.error_id or '?'}",
            message=_with_hints(each.message or each.cause, each.hints),
            fix=each.fix,
        )
        for each in advise(list(errors))
    ]


def _counted(group: Group | None, key: tuple[str, str, str, str], sku: str, cause: Cause) -> Group:
    account, marketplace, rule, about = key
    skus = group.skus if group else ()
    return Group(
        account=account,
        marketplace=marketplace,
        rule=rule,
        about=about,
        count=1 + (group.count if group else 0),
        skus=skus if len(skus) == MOST_SKUS else (*skus, sku),
        message=group.message if group else cause.message,
        fix=group.fix if group else cause.fix,
        alike=not group
        or (group.alike and (group.message, group.fix) == (cause.message, cause.fix)),
    )


def _ours(reason: str, row: Row) -> Cause:
    return Cause(
        rule=str(row.get("reason") or reason),
        pointer=str(row.get("pointer") or ""),
        message=str(row.get("rule") or row.get("message") or ""),
        fix=str(row.get("fix") or ""),
    )


def _with_hints(words: str, hints: Iterable[str]) -> str:
    more = ", ".join(hint for hint in hints if hint not in words)
    return f"{words} ({more})" if more else words


def _rows(value: object) -> list[Row]:
    if not isinstance(value, list):
        return []
    return [cast("Row", row) for row in cast("list[object]", value) if isinstance(row, dict)]
