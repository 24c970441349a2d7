"""What the pages show: rows and answers, nothing that can be changed."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from baysync.change.rules import CHECKING_RULES
from baysync.ebay_listing.model import Lifecycle
from baysync.insight.census.model import Census

State = Literal["", "live", "queued", "blocked", "dead", "ended"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """The figures of the overview as of ``as_of``; ``live`` and ``blocked`` count ebay listings.

    ``live_by`` is by marketplace, ``oldest_due`` the wait of the oldest due change. What waits for
    eBay's rules is not blocked, it waits.
    """

    listings: int
    live: int
    live_by: dict[str, int]
    blocked: int
    dead: int
    waiting: int
    processing: int
    oldest_due: timedelta | None
    in_doubt: int
    calls_last_day: int
    failed_last_day: int
    as_of: datetime | None
    fresh: bool


def counts(found: Census) -> Counts:
    """Return a census as the overview shows it."""
    figures, checking = found.figures, found.figures.blocked.get(CHECKING_RULES.reason, 0)
    return Counts(
        listings=figures.listings,
        live=figures.states.get(Lifecycle.LIVE, 0),
        live_by=figures.live_by,
        blocked=sum(figures.blocked.values()) - checking,
        dead=figures.dead,
        waiting=sum(figures.pending.values()) + checking,
        processing=figures.processing,
        oldest_due=found.oldest_due or None,
        in_doubt=figures.in_doubt,
        calls_last_day=figures.calls_last_day,
        failed_last_day=figures.failed_last_day,
        as_of=found.as_of,
        fresh=found.fresh,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountState:
    """An account and whether its lane runs; ``paused_reason`` only while it does not.

    ``orders_error`` is why what was sold could not be read the last time.
    """

    name: str
    environment: str
    username: str
    marketplaces: list[str]
    paused_reason: str | None
    orders_polled_at: datetime | None
    orders_error: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocked:
    """An ebay listing of which something is not sent, and what its block says."""

    sku: str
    title: str
    account: str
    marketplace: str
    reason: str
    scope: str
    detail: dict[str, object]
    recheck_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dead:
    """An open dead letter."""

    id: int
    sku: str
    title: str
    account: str
    marketplace: str
    intent: str
    verdict: str
    errors: list[dict[str, object]]
    attempts: int
    died_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """How a listing stands on one marketplace of one account."""

    marketplace: str
    lifecycle_state: str
    blocked_reason: str | None
    queued: bool
    dead: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingRow:
    """One line of the list of listings; ``places`` are its ebay listings, ``variants`` how many."""

    sku: str
    title: str
    status: str
    updated_at: datetime
    variants: int
    places: list[Place]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingFilter:
    """Which listings are meant: ``q`` is part of a SKU or title, case aside; empty means all.

    ``state`` is that of an ebay listing on ``marketplace``, or anywhere.
    """

    q: str = ""
    state: State = ""
    marketplace: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingPage:
    """Some listings by SKU; ``onward`` is the SKU after which there may be more, None: no more.

    ``complete`` False: the search of a large shop stopped there for now. ``matches`` is how many
    listings there are in all, None where it is not known; ``matches_more``: more than that.
    """

    rows: list[ListingRow]
    onward: str | None
    complete: bool = True
    matches: int | None = None
    matches_more: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why something is not sent, where it stands in the shop's listing, and the way out."""

    pointer: str
    rule: str
    fix: str
