"""Nouns of listings as people see them: how one stands, what happened to it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

State = Literal["", "live", "queued", "blocked", "dead", "ended"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingHead:
    """A listing as the shop said it last; ``body`` is its JSON."""

    id: int
    sku: str
    title: str
    status: str
    source: str
    version: int
    body: bytes
    created_at: datetime
    updated_at: datetime
    unprojected: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How one eBay listing stands: hashes as hex, cut to 12 characters; ``sold`` in units.

    ``revisions`` are those of eBay's day; ``capped_until`` is set while more waits for the next.
    ``paused`` is why the account sends nothing, ``paused_kind`` who paused it; ``due_at`` until
    when its change waits.
    """

    id: int
    sku: str
    account: str
    environment: str
    marketplace: str
    status: str
    version: int
    projected: bool
    lifecycle_state: str
    external_item_id: str | None
    published_at: datetime | None
    desired: str | None
    published: str | None
    blocked_reason: str | None
    blocked_scope: str | None
    blocked_detail: dict[str, object] | None
    recheck_at: datetime | None
    verify_at: datetime | None
    change: str | None
    revisions: int
    capped_until: datetime | None
    due_at: datetime | None
    paused: str | None
    paused_kind: str | None
    dead: int
    sold: int
    last_sold_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredDocuments:
    """What is wanted of an eBay listing, and what eBay is known to show; None: nothing."""

    desired: bytes | None
    published: bytes | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SoldItem:
    """One SKU that an ebay listing sells; ``variant_key`` is empty for a listing without."""

    variant_key: str
    ebay_sku: str
    offer_id: str | None
    units_sold: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Exposed:
    """Units that were sold and were on sale once more; ``taken_back_at`` None: they still are."""

    ebay_sku: str
    units: int
    since: datetime
    taken_back_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineEvent:
    """One thing that happened to a listing, from an edit to a snapshot.

    Attributes:
        kind: edit, change, attempt, call, dead letter, snapshot, act, sale, exposure.
        of: what caused it, such as ``change 7``.
        ebay_listing_id: None where it concerns every place.
        state: one word of what became of it, such as an outcome or a verdict.
        detail: the errors and warnings of eBay that belong to it, if any.
    """

    at: datetime
    kind: str
    id: int
    of: str
    ebay_listing_id: int | None
    state: str
    words: str
    detail: object


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockedListing:
    """An eBay listing of which something is not sent, and what its block says."""

    id: int
    sku: str
    title: str
    account: str
    marketplace: str
    reason: str
    scope: str
    detail: dict[str, object] | None
    recheck_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceSummary:
    """How a listing stands on one marketplace of one account, in short."""

    account: str
    marketplace: str
    lifecycle_state: str
    blocked_reason: str | None
    queued: bool
    dead: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingSummary:
    """A listing in short; ``places`` are those that are meant, ``variants`` how many it has."""

    sku: str
    title: str
    status: str
    updated_at: datetime
    variants: int
    places: list[PlaceSummary]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingFilter:
    """Which listings are meant: ``q`` is part of a SKU or title, case aside; empty means all.

    ``state`` is that of an eBay listing on ``marketplace``, or anywhere.
    """

    q: str = ""
    state: State = ""
    marketplace: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingPage:
    """Some listings by SKU; ``onward`` is the SKU after which there may be more, None: no more.

    ``complete`` False: the search of a large shop stopped there for now. ``matches`` is how many
    eBay listings are meant in all, None where it is not known; ``matches_more``: more than that.
    """

    rows: list[ListingSummary]
    onward: str | None
    complete: bool = True
    matches: int | None = None
    matches_more: bool = False
