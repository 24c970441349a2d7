"""What the mock remembers: sellers and what they own, compact enough for 100,000 listings.

Documents are kept as JSON bytes and decoded when read; what changes often (quantity, price,
status) stands beside them.
"""

import asyncio
import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256

import msgspec

from mockbay.answers import Document
from mockbay.clock import Clock, pacific_day
from mockbay.journal import Journal
from mockbay.order import BuyerOrder
from mockbay.switches import Switches
from mockbay.taxonomy import CATEGORIES, Category, category_of

MARGIN_MS = 5  # the timers of the loop are coarser than the clock
Due = tuple[int, int, Callable[[], object]]

_decode = msgspec.json.Decoder(Document).decode
_encode = msgspec.json.Encoder().encode


@dataclass(slots=True)
class Item:
    """An inventory item: its document without the quantity, and the quantity."""

    sku: str
    locale: str
    packed: bytes
    quantity: int | None
    group: str | None = None

    @property
    def document(self) -> Document:
        """A fresh copy of the stored document."""
        return _decode(self.packed)


@dataclass(slots=True)
class Offer:
    """An offer: its document without quantity and price, and what changes often.

    ``overridden`` is the fulfillment policy for which shipping costs were overridden.
    """

    offer_id: str
    sku: str
    marketplace: str
    format: str
    packed: bytes
    quantity: int | None
    price: tuple[str, str] | None
    published: bool = False
    listing_id: str | None = None
    dead_binding: bool = False
    overridden: str | None = None

    @property
    def document(self) -> Document:
        """A fresh copy of the stored document."""
        return _decode(self.packed)

    @property
    def key(self) -> tuple[str, str, str]:
        """What may exist once: SKU, marketplace, format."""
        return self.sku, self.marketplace, self.format


@dataclass(slots=True)
class Listing:
    """What buyers see: one offer, or those of a group."""

    listing_id: str
    marketplace: str
    offer_ids: list[str]
    started: int
    group: str | None = None
    status: str = "ACTIVE"
    on_hold: bool = False
    sold: dict[str, int] = field(default_factory=dict[str, int])
    revision_day: str = ""
    revisions: int = 0
    ended: int | None = None

    @property
    def alive(self) -> bool:
        """Whether buyers can still find it; out of stock counts as alive."""
        return self.status in {"ACTIVE", "OUT_OF_STOCK"}


@dataclass(slots=True)
class Seller:
    """One eBay account and everything it owns."""

    name: str
    user_id: str
    items: dict[str, Item] = field(default_factory=dict[str, Item])
    offers: dict[str, Offer] = field(default_factory=dict[str, Offer])
    offer_ids: dict[tuple[str, str, str], str] = field(
        default_factory=dict[tuple[str, str, str], str]
    )
    offers_of: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    listings: dict[str, Listing] = field(default_factory=dict[str, Listing])
    groups: dict[str, Document] = field(default_factory=dict[str, Document])
    locations: dict[str, Document] = field(default_factory=dict[str, Document])
    policies: dict[str, dict[str, Document]] = field(default_factory=dict[str, dict[str, Document]])
    programs: set[str] = field(default_factory=set[str])
    orders: dict[str, BuyerOrder] = field(default_factory=dict[str, BuyerOrder])
    images: dict[str, Document] = field(default_factory=dict[str, Document])
    tasks: dict[str, Document] = field(default_factory=dict[str, Document])
    foreign: dict[str, Document] = field(default_factory=dict[str, Document])

    def add_offer(self, offer: Offer) -> None:
        """Store an offer under its id, its unique key and its SKU."""
        self.offers[offer.offer_id] = offer
        self.offer_ids[offer.key] = offer.offer_id
        self.offers_of.setdefault(offer.sku, []).append(offer.offer_id)

    def remove_offer(self, offer: Offer) -> None:
        """Forget an offer wholly."""
        del self.offers[offer.offer_id]
        del self.offer_ids[offer.key]
        of_sku = self.offers_of[offer.sku]
        of_sku.remove(offer.offer_id)
        if not of_sku:
            del self.offers_of[offer.sku]

    def offers_for(self, sku: str) -> list[Offer]:
        """Return the offers of a SKU, oldest first."""
        return [self.offers[offer_id] for offer_id in self.offers_of.get(sku, [])]


@dataclass(slots=True)
class Access:
    """An access token: the seller behind it (None for an application), scopes and end."""

    seller: str | None
    scopes: frozenset[str]
    expires: int


@dataclass(slots=True)
class Grant:
    """A refresh token or an authorization code."""

    seller: str
    scopes: frozenset[str]
    expires: int
    revoked: bool = False


@dataclass(slots=True)
class Application:
    """The one registered application with its keys and where consent returns to."""

    client_id: str
    client_secret: str
    ru_name: str
    redirect_url: str | None = None


@dataclass(slots=True)
class Notices:
    """What the application set up to be told about; a wish is a topic and whose token asked."""

    alert_email: str | None = None
    destinations: dict[str, Document] = field(default_factory=dict[str, Document])
    subscriptions: dict[str, Document] = field(default_factory=dict[str, Document])
    wishes: dict[str, tuple[str, str | None]] = field(
        default_factory=dict[str, tuple[str, str | None]]
    )


@dataclass(slots=True)
class Behind:
    """What reads still show of a seller: so many of them, and until a moment."""

    seller: Seller
    reads: int
    until: int | None

    def is_over(self, now: int) -> bool:
        """Whether reads show what came after it."""
        return self.reads <= 0 or (self.until is not None and now >= self.until)


@dataclass(slots=True)
class World:
    """All of the mock between two resets."""

    seed: int
    switches: Switches
    clock: Clock
    application: Application
    journal: Journal = field(default_factory=Journal)
    sellers: dict[str, Seller] = field(default_factory=dict[str, Seller])
    access: dict[str, Access] = field(default_factory=dict[str, Access])
    refresh: dict[str, Grant] = field(default_factory=dict[str, Grant])
    codes: dict[str, Grant] = field(default_factory=dict[str, Grant])
    notices: Notices = field(default_factory=Notices)
    counters: dict[str, int] = field(default_factory=dict[str, int])
    usage: dict[tuple[str, str], int] = field(default_factory=dict[tuple[str, str], int])
    recent: dict[str, list[int]] = field(default_factory=dict[str, list[int]])
    due: list[Due] = field(default_factory=list[Due])
    behind: dict[str, list[Behind]] = field(default_factory=dict[str, list[Behind]])
    writers: dict[tuple[str, str], int] = field(default_factory=dict[tuple[str, str], int])
    products: dict[str, Document] = field(default_factory=dict[str, Document])
    categories: dict[str, Category] = field(default_factory=lambda: dict(CATEGORIES))

    def count(self, kind: str) -> int:
        """Return 1, 2, 3, ... for one kind of thing."""
        self.counters[kind] = self.counters.get(kind, 0) + 1
        return self.counters[kind]

    def listing_id(self) -> str:
        """Return a new listing id of 12 digits."""
        while True:  # past those that were loaded
            made = str(110_000_000_000 + self.seed % 1000 * 10**9 + self.count("listing"))
            if not any(
                made in one.listings or made in one.foreign for one in self.sellers.values()
            ):
                return made

    def offer_id(self) -> str:
        """Return a new offer id of 10 digits."""
        while True:
            made = str(5_000_000_000 + self.seed % 1000 * 10**6 + self.count("offer"))
            if not any(made in one.offers for one in self.sellers.values()):
                return made

    def secret(self, kind: str) -> str:
        """Return a new token: from the seed, and safe inside a form without escaping."""
        digest = sha256(f"{self.seed}:{kind}:{self.count(kind)}".encode()).hexdigest()
        canary = self.switches.canary
        return f"v^1.1#i^1#p^3#r^1#t^{kind}{canary}{digest[len(canary) :]}"

    def later(self, ms: int, act: Callable[[], object]) -> None:
        """Let something happen once that much time of the mock has passed."""
        heapq.heappush(self.due, (self.clock.ms + ms, self.count("later"), act))
        if self.clock.real:
            asyncio.get_running_loop().call_later((ms + MARGIN_MS) / 1000, self.advance, 0)

    def advance(self, ms: int) -> None:
        """Let time pass; what falls due on the way happens in its order."""
        end = self.clock.ms + ms
        while self.due and self.due[0][0] <= end:
            moment, _, act = heapq.heappop(self.due)
            self.clock.advance(max(moment - self.clock.ms, 0))
            act()
        self.clock.advance(max(end - self.clock.ms, 0))

    def seen(self, account: str) -> Seller | None:
        """Return what one more read is shown of a seller: the oldest of what still lags."""
        lagging = [one for one in self.behind.pop(account, []) if not one.is_over(self.clock.ms)]
        if not lagging:
            return None
        self.behind[account] = lagging
        lagging[0].reads -= 1
        return lagging[0].seller

    def category(self, category_id: str) -> Category | None:
        """Return a category; where that is switched, any number is a leaf."""
        return category_of(self.categories, category_id, any_leaf=self.switches.any_category)

    @property
    def today(self) -> str:
        """The day by which eBay counts quotas and revisions."""
        return pacific_day(self.clock.ms)

    def within(self, api: str, ms: int) -> int:
        """Count one more call of an API and return how many there were in the last ``ms``."""
        now = self.clock.ms
        before = [moment for moment in self.recent.get(api, []) if moment > now - ms]
        self.recent[api] = [*before, now]
        return len(before)

    def used(self, api: str) -> int:
        """Count one more call of an API today and return how many there were before."""
        key = api, self.today
        before = self.usage.get(key, 0)
        self.usage[key] = before + 1
        return before


def pack(document: Document) -> bytes:
    """Return a document as it is kept."""
    return _encode(document)
