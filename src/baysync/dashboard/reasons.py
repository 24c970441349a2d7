"""Say in words why something is not sent: from a block's detail, or from what eBay answered. Pure.

A detail is ``{"blocks": [{pointer, rule, fix}]}`` where we found it ourselves, and
``{"problems": [{error_id, message, parameters}]}`` where eBay said so.
"""

from collections.abc import Iterable, Mapping
from typing import cast

from baysync.dashboard.model import Reason
from baysync.ebay.advice import advise

Row = Mapping[str, object]
WAITS = {
    "cancelled": "It was cancelled; the next edit of the listing sends it again.",
    "crash_loop": "Sending it ended a worker several times; edit the listing, or retry it.",
    "discarded": "Its dead letter was discarded; the next edit of the listing sends it again.",
    "paused": "A person paused it: `baysync queue resume`.",
}


def of_block(reason: str, detail: Mapping[str, object] | None) -> list[Reason]:
    """Return every reason that a block gives; never none."""
    found = detail or {}
    said = [_ours(row) for row in _rows(found.get("blocks"))]
    said += of_errors(_rows(found.get("problems")))
    fix = WAITS.get(reason, "See `baysync why SKU`.")
    return said or [Reason(pointer="", rule=reason.replace("_", " "), fix=fix)]


def of_errors(errors: Iterable[Row]) -> list[Reason]:
    """Return eBay's errors, each with its id, what it said and named, and a fix."""
    return [
        Reason(
            pointer=f"eBay {each.error_id or '?'}",
            rule=_told(each.message or each.cause, each.hints),
            fix=each.fix,
        )
        for each in advise(list(errors))
    ]


def _told(words: str, hints: Iterable[str]) -> str:
    """Return eBay's words with what it named beside them."""
    more = ", ".join(hint for hint in hints if hint not in words)
    return f"{words} ({more})" if more else words


def _ours(row: Row) -> Reason:
    return Reason(
        pointer=str(row.get("pointer") or ""),
        rule=str(row.get("rule") or row.get("message") or ""),
        fix=str(row.get("fix") or ""),
    )


def _rows(value: object) -> list[Row]:
    if not isinstance(value, list):
        return []
    return [cast("Row", row) for row in cast("list[object]", value) if isinstance(row, dict)]
