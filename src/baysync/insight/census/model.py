"""What a census finds, and how old it may be."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

REST = 20
LONGEST_REST = timedelta(minutes=10)
SMALL = 32 * 2**20
"""Bytes of the tables of a part: counted anew for each look until then, in milliseconds."""


class CensusPart(StrEnum):
    """What is counted at once, at a pace of its own."""

    FIGURES = "figures"
    PROMISES = "promises"
    TOTALS = "totals"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """How many there are.

    Attributes:
        states: ebay listings by lifecycle state.
        live_by: those that are live, by marketplace.
        blocked: ebay listings of which something is not sent, by reason.
        in_doubt: ebay listings that are to be read back.
        pending: changes that wait, by intent.
        oldest_due_at: when the first of them became due.
        dead: open dead letters.
        dead_changes: dead changes whose letter nobody resolved.
        unprojected: listings whose last edit is not looked at yet.
        calls_last_day: calls to eBay within 24 hours, and of them ``failed_last_day``.
    """

    listings: int = 0
    states: dict[str, int] = field(default_factory=dict[str, int])
    live_by: dict[str, int] = field(default_factory=dict[str, int])
    blocked: dict[str, int] = field(default_factory=dict[str, int])
    in_doubt: int = 0
    pending: dict[str, int] = field(default_factory=dict[str, int])
    processing: int = 0
    oldest_due_at: datetime | None = None
    dead: int = 0
    dead_changes: int = 0
    unprojected: int = 0
    calls_last_day: int = 0
    failed_last_day: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """A promise that the database does not keep: which, where, and what is wrong."""

    invariant: str
    ebay_listing_id: int | None
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Census:
    """What was counted last, as of ``as_of``, None: it was never counted.

    ``fresh``: it was counted for this look.
    """

    figures: Figures = Figures()
    broken: tuple[Violation, ...] = ()
    as_of: datetime | None = None
    fresh: bool = True

    @property
    def oldest_due(self) -> timedelta:
        """How long the oldest due change had waited."""
        due = self.figures.oldest_due_at
        return max(timedelta(), self.as_of - due) if self.as_of and due else timedelta()


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedPart:
    """A part as it was counted last, if ever; ``size`` is that of its tables today, in bytes."""

    size: int
    now: datetime
    taken_at: datetime | None
    took: timedelta | None
    body: bytes | None

    @property
    def is_small(self) -> bool:
        """Whether to count is no more work than to look."""
        return self.size < SMALL

    def is_due(self, beyond: timedelta = timedelta()) -> bool:
        """Whether it is to be counted again; not before it is older than ``beyond``."""
        if self.is_small:
            return False
        if self.taken_at is None or self.took is None:
            return True
        return self.now - self.taken_at >= max(rest(self.took), beyond)


def rest(took: timedelta) -> timedelta:
    """Return how long what ``took`` so long is not done again: 20 times that, at most 10 min."""
    return min(took * REST, LONGEST_REST)
