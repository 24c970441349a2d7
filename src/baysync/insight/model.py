"""The lights of an installation, and the facts by which they are lit."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from baysync.account.model import PauseKind
from baysync.insight.census.model import Census

WANTED = {PauseKind.PERSON, PauseKind.NEW}
"""Pauses that only a person ends."""


class Cause(StrEnum):
    """Why an installation is not well; also the label of the metric ``light.lit``."""

    BROKEN = "invariant_broken"
    NO_WORKER = "no_worker"
    PAUSED = "account_paused"
    THROTTLED = "ebay_throttles"
    SILENT = "ebay_silent"
    LATE = "edit_late"
    ORDERS = "orders_unread"
    REFERENCE = "reference_data_stale"
    GONE = "policies_gone"
    CONSENT = "consent_ends"
    QUOTA = "quota_near_end"
    DEAD = "dead_letters"
    DATABASE = "database"


@dataclass(frozen=True, slots=True, kw_only=True)
class Light:
    """One thing that is not as it should be.

    ``account`` is the account's name, "" where it is the whole installation. ``command`` is what
    to run, "" where nothing helps but time; ``hint`` says what happens by itself. ``since`` is
    None where it is not known.
    """

    cause: Cause
    message: str
    command: str = ""
    hint: str = ""
    account: str = ""
    since: datetime | None = None

    @property
    def fix(self) -> str:
        """What to do, in words."""
        return " ".join(filter(None, (self.command and f"Run `{self.command}`.", self.hint)))

    @property
    def words(self) -> str:
        """The light as one line."""
        return " ".join(filter(None, (self.message, self.fix)))


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountFacts:
    """What is known of a connected account, as of ``now`` of the database.

    Attributes:
        paused_kind: a ``PauseKind``, None where the account is not paused.
        paused_until: when it is tried again; None where it is not paused.
        oldest_edit: the first accepted edit that eBay does not hold yet though a change waits.
        answered_at: when eBay last answered about an item.
        throttled_until: the latest time at which eBay said that it takes calls again.
        lane_failures: calls in a row without an answer about an item.
        consent_until: when the refresh token ends.
        orders_polled_at: when orders were last read to the end; None: never.
        orders_error: why orders cannot be read.
        stale_places: marketplaces whose reference data eBay does not renew.
        stale_since: when the first of it ran out; None where eBay has not said any of it yet.
        gone_listings: how many use policies or locations that eBay no longer shows; they are
            blocked once a person agrees.
        gone_since: since when the first of these lists waits for a person.
    """

    name: str
    connected_at: datetime
    paused_kind: str | None = None
    paused_reason: str | None = None
    paused_at: datetime | None = None
    paused_until: datetime | None = None
    oldest_edit: datetime | None = None
    answered_at: datetime | None = None
    throttled_until: datetime | None = None
    lane_failures: int = 0
    consent_until: datetime | None = None
    orders_polled_at: datetime | None = None
    orders_error: str | None = None
    stale_places: tuple[str, ...] = ()
    stale_since: datetime | None = None
    gone_listings: int = 0
    gone_since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Quota:
    """A quota of eBay's for a day; ``family`` is that of the API."""

    family: str
    remaining: int
    limit: int
    reset_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the lights are decided by: the state of now, and what was counted last.

    ``worked_at`` is when a worker was last alive, ``died_at`` when the oldest open letter died.
    """

    now: datetime
    workers: int
    worked_at: datetime | None
    died_at: datetime | None
    oldest_unprojected: datetime | None
    accounts: tuple[AccountFacts, ...]
    quotas: tuple[Quota, ...]
    census: Census

    @property
    def dead(self) -> int:
        """How many dead letters are open."""
        return self.census.figures.dead

    @property
    def broken(self) -> dict[str, int]:
        """The number of rows that break a promise, by promise."""
        return Counter(row.invariant for row in self.census.broken)

    @property
    def oldest_edit_age(self) -> timedelta | None:
        """The age of the oldest accepted edit that waits to reach eBay; None: none waits.

        What a person paused waits because somebody wants it so.
        """
        moving = (one for one in self.accounts if one.paused_kind not in WANTED)
        edits = (self.oldest_unprojected, *(one.oldest_edit for one in moving))
        oldest = min((edit for edit in edits if edit), default=None)
        return oldest and max(timedelta(), self.now - oldest)

    @property
    def oldest_edit_seconds(self) -> float | None:
        """The same in seconds, to a tenth."""
        age = self.oldest_edit_age
        return None if age is None else round(age.total_seconds(), 1)
