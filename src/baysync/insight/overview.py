"""The figures of the overview, made of a census; pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from baysync.change.rules import CHECKING_RULES
from baysync.ebay_listing.model import Lifecycle
from baysync.insight.census.model import Census


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """The figures of the overview as of ``as_of``; ``live`` and ``blocked`` count eBay listings.

    ``live_by`` is by marketplace, ``oldest_due`` the wait of the oldest due change. Of those that
    are blocked, ``checking`` need nobody: eBay is being asked for its rules.
    """

    listings: int
    live: int
    live_by: dict[str, int]
    blocked: int
    checking: int
    dead: int
    active: int
    processing: int
    oldest_due: timedelta | None
    in_doubt: int
    calls_last_day: int
    failed_last_day: int
    as_of: datetime | None
    fresh: bool


def counts(census: Census) -> Counts:
    """Return a census as the overview shows it."""
    figures = census.figures
    return Counts(
        listings=figures.listings,
        live=figures.states.get(Lifecycle.LIVE, 0),
        live_by=figures.live_by,
        blocked=sum(figures.blocked.values()),
        checking=figures.blocked.get(CHECKING_RULES.reason, 0),
        dead=figures.dead,
        active=sum(figures.pending.values()) + figures.processing,
        processing=figures.processing,
        oldest_due=census.oldest_due or None,
        in_doubt=figures.in_doubt,
        calls_last_day=figures.calls_last_day,
        failed_last_day=figures.failed_last_day,
        as_of=census.as_of,
        fresh=census.fresh,
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
