"""Nouns of the queue as people and programs see it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from baysync.queue.model import ACTIVE, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeFilter:
    """Which changes are meant; what is None does not narrow the choice."""

    statuses: Sequence[Status] = ACTIVE
    account: str | None = None
    sku: str | None = None
    marketplace: str | None = None
    intent: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A change as people and programs see it."""

    id: int
    sku: str
    account: str
    marketplace: str
    intent: str
    urgency: int
    status: str
    attempts: int
    crashes: int
    coalesced_count: int
    first_enqueued_at: datetime
    run_at: datetime
    last_outcome: str | None
    in_doubt: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LaneStats:
    """The queue of one account: how much is due, waits, is in flight, is dead or blocked.

    ``paused_kind`` is who paused it (an account's ``PauseKind``), ``paused_reason`` in their words.
    """

    account: str
    due: int
    waiting: int
    processing: int
    oldest_due: timedelta | None
    in_doubt: int
    blocked: int
    dead: int
    done_last_hour: int
    paused_reason: str | None
    paused_kind: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetter:
    """A change that gave up, as people and programs see it; ``errors`` is eBay's list, redacted."""

    id: int
    ebay_listing_id: int
    sku: str
    title: str
    account: str
    marketplace: str
    verdict: str
    errors: list[dict[str, object]]
    attempts: int
    died_at: datetime
    resolved_at: datetime | None
    resolution: str | None
    queue_id: int
    intent: str
    payload_hash: str | None
    current: bool
