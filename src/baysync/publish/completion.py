"""How a change leaves the publisher."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from baysync.ebay.model import Call, Problem, Verdict


class CompletionKind(StrEnum):
    """How a change leaves the publisher; ``unread`` is a look that eBay did not answer."""

    DONE = "done"
    SKIPPED = "idempotent_skip"
    FAILED = "failed"
    UNREAD = "unread"
    UNSENT = "unsent"
    POSTPONED = "postponed"
    UNCONFIRMED = "unconfirmed"
    BLOCKED = "blocked"
    CANCELLED = "cancelled"
    FENCED = "fenced"


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    """How a change left the publisher, with eBay's words where it has them.

    ``reason`` names the block where ``how`` is ``blocked``, or says why nothing was sent.
    """

    how: CompletionKind
    verdict: Verdict | None = None
    problems: tuple[Problem, ...] = ()
    reason: str = ""


def failed(call: Call, verdict: Verdict, problems: Iterable[Problem] = ()) -> Completion:
    """Return the end that ``verdict`` about ``call`` makes; a silent read tells nothing."""
    how = (
        CompletionKind.UNREAD
        if call.reads and verdict is Verdict.AMBIGUOUS
        else CompletionKind.FAILED
    )
    return Completion(how=how, verdict=verdict, problems=tuple(problems))
