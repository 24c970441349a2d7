"""How a change leaves the publisher."""

from dataclasses import dataclass
from enum import StrEnum

from baysync.ebay.model import Problem, Verdict


class How(StrEnum):
    """How a change leaves the publisher."""

    DONE = "done"
    SKIPPED = "idempotent_skip"
    FAILED = "failed"
    UNSENT = "unsent"
    POSTPONED = "postponed"
    UNCONFIRMED = "unconfirmed"
    BLOCKED = "blocked"
    CANCELLED = "cancelled"
    FENCED = "fenced"


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """How a change left the publisher, with eBay's words where it has them.

    ``reason`` names the block where ``how`` is ``blocked``, or says why nothing was sent.
    """

    how: How
    verdict: Verdict | None = None
    problems: tuple[Problem, ...] = ()
    reason: str = ""
