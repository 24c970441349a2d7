"""What becomes of listings on each marketplace, counted from what detection decided; pure."""

from collections import Counter
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from enum import StrEnum

from baysync.change.causes import Cause, Causes, Group, of_block
from baysync.change.rules import CHECKING_RULES, OUT_OF_STOCK
from baysync.ebay_listing.model import Intent, Lifecycle

CHECKING, SOLD_OUT = CHECKING_RULES.reason, OUT_OF_STOCK.reason
# As long as one of these stands, eBay's rules for the listing's category are not known.
UNJUDGED = frozenset({"missing_category", "unknown_marketplace", "unknown_category"})
REFUSED = Cause(
    rule="refused_by_ebay",
    pointer="",
    message="eBay refused this very state before.",
    fix="See `baysync dead list`.",
)


class ForecastState(StrEnum):
    """What becomes of a listing on one marketplace.

    ``waiting``: eBay has not been asked yet what it wants of the category. ``out_of_stock``:
    nothing is for sale. ``off``: a draft, ended, or not to be sold there. A ``blocked`` listing
    that is live stays as eBay shows it.
    """

    NEW = "new"
    UPDATED = "updated"
    RELISTED = "relisted"
    UNCHANGED = "unchanged"
    OUT_OF_STOCK = "out_of_stock"
    ENDING = "ending"
    BLOCKED = "blocked"
    WAITING = "waiting"
    OFF = "off"


LIVE = (ForecastState.NEW, ForecastState.UPDATED, ForecastState.RELISTED, ForecastState.UNCHANGED)
_BY_INTENT = {
    Intent.CREATE: ForecastState.NEW,
    Intent.UPDATE: ForecastState.UPDATED,
    Intent.RELIST: ForecastState.RELISTED,
    Intent.VERIFY: ForecastState.UNCHANGED,
    Intent.END: ForecastState.ENDING,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What is decided about one listing in one place; ``marketplace`` is None where it has none.

    ``follows``: desired may only follow published. ``refused``: an open dead letter is about
    this very state. ``sold_out``: nothing of it would be for sale.
    """

    listing_id: int
    sku: str
    account: str | None
    marketplace: str | None
    intent: str | None
    state: str | None
    follows: bool
    refused: bool
    sold_out: bool
    blocked_reason: str | None
    blocked_detail: dict[str, object] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceForecast:
    """What becomes of the listings on one marketplace of one account.

    ``live`` is the sum of new, updated, relisted and unchanged. ``blocked_live`` of the blocked
    are live and stay as they are; ``unjudged`` of them have a category that eBay has not been
    asked about, so that more may be found. ``causes`` count each listing once for each cause.
    """

    account: str
    marketplace: str
    live: int
    new: int
    updated: int
    relisted: int
    unchanged: int
    out_of_stock: int
    ending: int
    blocked: int
    waiting: int
    off: int
    blocked_live: int
    unjudged: int
    causes: tuple[Group, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """What becomes of listings: ``off`` are in no place, ``blocked`` in at least one."""

    places: tuple[PlaceForecast, ...] = ()
    blocked: int = 0
    off: int = 0


@dataclass(slots=True)
class Counting:
    """Counts decisions; memory stays constant, however many there are."""

    fates: Counter[tuple[str, str, str]] = field(default_factory=Counter[tuple[str, str, str]])
    causes: Causes = field(default_factory=Causes)
    off: int = 0
    blocked: int = 0

    def add(self, rows: Iterable[Decided]) -> None:
        """Count all that is decided about some listings; the rows of each come together."""
        blocked: set[int] = set()
        for row in rows:
            if row.account is None or row.marketplace is None:
                self.off += 1
            elif self._count(row, row.account, row.marketplace) is ForecastState.BLOCKED:
                blocked.add(row.listing_id)
        self.blocked += len(blocked)

    def result(self) -> Forecast:
        """Return the numbers so far, by account and marketplace."""
        places = sorted({key[:2] for key in self.fates})
        groups = self.causes.sorted()
        return Forecast(
            places=tuple(self._place(account, at, groups) for account, at in places),
            blocked=self.blocked,
            off=self.off,
        )

    def _count(self, row: Decided, account: str, marketplace: str) -> ForecastState:
        causes = causes_of(row)
        reached = fate(row, causes)
        self.fates[account, marketplace, reached] += 1
        if reached is ForecastState.BLOCKED:
            self.fates[account, marketplace, "blocked_live"] += row.state == Lifecycle.LIVE
            self.fates[account, marketplace, "unjudged"] += is_unjudged(row, causes)
            self.causes.add(account, marketplace, row.sku, causes)
        return reached

    def _place(self, account: str, marketplace: str, groups: Sequence[Group]) -> PlaceForecast:
        numbers = {
            name: self.fates[account, marketplace, name] for name in (*ForecastState, *_MORE)
        }
        place = account, marketplace
        return PlaceForecast(
            account=account,
            marketplace=marketplace,
            live=sum(numbers[fate] for fate in LIVE),
            causes=tuple(group for group in groups if (group.account, group.marketplace) == place),
            **{str(name): number for name, number in numbers.items()},
        )


_MORE = ("blocked_live", "unjudged")


def causes_of(row: Decided) -> list[Cause]:
    """Return everything that keeps a listing out of a place; nothing for one that is not wanted."""
    if row.blocked_reason is not None:
        return of_block(row.blocked_reason, row.blocked_detail)
    return [REFUSED] if row.refused else []


def is_unjudged(row: Decided, causes: Sequence[Cause]) -> bool:
    """Tell whether more may keep a blocked listing out, once eBay's rules for it are known."""
    rules = {cause.rule for cause in causes}
    return bool((row.blocked_detail or {}).get("awaited")) or not UNJUDGED.isdisjoint(rules)


def fate(row: Decided, causes: Sequence[Cause]) -> ForecastState:
    """Return what becomes of a listing in a place, by its ``causes`` or else by the decision."""
    if causes:
        return _held({cause.rule for cause in causes})
    reached = _BY_INTENT[Intent(row.intent or Intent.VERIFY)]
    if reached is ForecastState.ENDING:
        return reached
    if row.follows:
        return ForecastState.OFF
    return ForecastState.OUT_OF_STOCK if row.sold_out else reached


def _held(rules: AbstractSet[str]) -> ForecastState:
    if rules == {CHECKING}:
        return ForecastState.WAITING
    return ForecastState.OUT_OF_STOCK if rules == {SOLD_OUT} else ForecastState.BLOCKED
