"""Nouns of the queue: changes, claims, answers, dead letters."""

from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum


class Status(StrEnum):
    """Where a change stands; the last three are final."""

    PENDING = "pending"
    PROCESSING = "processing"
    DONE = "done"
    DEAD = "dead"
    CANCELLED = "cancelled"


class Resolution(StrEnum):
    """How a dead letter was closed."""

    REPLAYED = "replayed"
    SUPERSEDED = "superseded"
    DISCARDED = "discarded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Debounce:
    """How long a change waits for more edits: after each one, and in all."""

    window: timedelta
    longest: timedelta


NO_WAIT = Debounce(window=timedelta(), longest=timedelta())


@dataclass(frozen=True, slots=True, kw_only=True)
class Ensured:
    """An eBay listing whose change was inserted, or else took the newest state (coalesced)."""

    ebay_listing_id: int
    inserted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """A change that one claim holds until its lease ends; ``attempts`` counts this one.

    ``lane_answered``: since eBay last said nothing about it, eBay has answered about others.
    """

    id: int
    ebay_listing_id: int
    account_id: int
    intent: str
    urgency: int
    attempts: int
    crashes: int
    waited: timedelta
    lane_answered: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Finish:
    """How one claimed change ends, or when it is tried again.

    ``run_after`` is the wait of a change that stays pending; with ``give_back`` the attempt does
    not count, and the wait binds only this try, not later edits. ``clean`` means that eBay
    answered about the item: the change is not what kills workers. ``failed`` means that eBay
    said nothing: a second silence costs the attempt if the lane has answered others since.
    """

    id: int
    status: Status
    outcome: str
    run_after: timedelta = timedelta()
    give_back: bool = False
    clean: bool = True
    failed: bool = False
    error: object = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reaped:
    """A change whose worker did not come back in time, and how often that happened to it."""

    ebay_listing_id: int
    crashes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A change that gave up: the hash that was sent, the verdict and eBay's errors."""

    queue_id: int
    payload_hash: bytes | None
    verdict: str
    errors: list[object] = field(default_factory=list[object])


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which open dead letters are meant; what is empty does not narrow the choice."""

    ids: tuple[int, ...] = ()
    sku: str | None = None
    account: str | None = None
    marketplace: str | None = None
    verdict: str | None = None
    error_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """A dead letter that was closed; ``current`` when it was about what is wanted today."""

    id: int
    ebay_listing_id: int
    sku: str
    current: bool


class Fate(StrEnum):
    """What became of a dead letter's listing when it was retried."""

    QUEUED = "queued"
    ACTIVE = "newer work is active"
    BLOCKED = "blocked"
    EQUAL = "nothing to send"


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """A dead letter that was closed for a retry, and what became of its listing."""

    id: int
    sku: str
    fate: Fate


ACTIVE = (Status.PENDING, Status.PROCESSING)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeStanding:
    """Whether a person may still do something to a change."""

    id: int
    ebay_listing_id: int
    sku: str
    status: str
    in_doubt: bool
