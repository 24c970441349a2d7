"""Nouns of an eBay listing: what is wanted, what is there, what stands in the way."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum
from functools import cached_property

from baysync.base.packing import pack
from baysync.projection.follow import Limit


class Intent(StrEnum):
    """What making an eBay listing equal to its projection amounts to; for display."""

    CREATE = "create"
    UPDATE = "update"
    END = "end"
    RELIST = "relist"
    VERIFY = "verify"


class Urgency(IntEnum):
    """How soon a change must be sent; a mixed change has its highest."""

    NEW = 0
    CONTENT = 1
    PRICE = 2
    RAISE = 3
    STOCK = 4


class Lifecycle(StrEnum):
    """How far an eBay listing has come on eBay."""

    NEW = "new"
    LIVE = "live"
    ENDED = "ended"
    REMOVED = "removed"


class Scope(StrEnum):
    """What a block holds back: the content, while stock still goes down, or everything."""

    CONTENT = "content"
    ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolment:
    """A listing that is to be sold on one marketplace of one account."""

    listing_id: int
    account_id: int
    marketplace: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedItem:
    """One SKU sold by an eBay listing, under the name it keeps on eBay for life.

    ``group_key`` is the name of the group that the variants of a listing are in.
    """

    ebay_listing_id: int
    ebay_sku: str
    variant_key: str = ""
    group_key: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SellableItem:
    """What a listing sells: ``key`` is a variant's SKU, or empty for a listing without.

    ``grouped_only``: it is an item of its own only where the listing is a group already.
    """

    listing_id: int
    key: str = ""
    grouped_only: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Nameless:
    """An item that an eBay listing lacks, and the listing's SKU.

    ``plain``: the account wants SKUs of letters and digits only.
    """

    ebay_listing_id: int
    marketplace: str
    sku: str
    key: str
    plain: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EbayItem:
    """What is known of one ebay item; ``id`` is its row, ``sku`` its name on eBay.

    Hashes are of the bodies that eBay confirmed last. ``sold_quantity`` is how many units eBay
    last said were sold of it in this listing; ``pushed_quantity`` the shop's number that went out
    last, and ``sold_at_push`` how many were sold before that, None where nobody asked.
    ``listing_id`` is the number under which buyers find it. ``stale``: its offer is bound to a
    dead listing, so that it can never be published again; only a read-back says so.
    """

    sku: str
    id: int = 0
    ebay_listing_id: int = 0
    variant_key: str = ""
    offer_id: str | None = None
    item_hash: bytes | None = None
    offer_hash: bytes | None = None
    quantity: int | None = None
    sold_quantity: int = 0
    pushed_quantity: int | None = None
    sold_at_push: int | None = None
    listing_id: str | None = None
    stale: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolled:
    """An eBay listing row, new or not, and what it stands for."""

    id: int
    listing_id: int
    account_id: int
    marketplace: str


@dataclass(frozen=True, kw_only=True)
class Document:
    """A projection in canonical bytes, and their SHA-256."""

    blob: bytes
    hash: bytes
    projection_version: int

    @cached_property
    def packed(self) -> bytes:
        """The bytes as they are stored: as published, and in a snapshot."""
        return pack(self.blob)


@dataclass(frozen=True, slots=True, kw_only=True)
class Desired:
    """What eBay should show for one eBay listing; None: nothing.

    ``limit`` is set while that may only follow what is published.
    """

    id: int
    document: Document | None
    intent: Intent
    urgency: Urgency
    limit: Limit | None = None
    inputs_version: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What eBay is now known to show for one eBay listing; None: nothing is known to be there.

    ``lifecycle`` and ``external_item_id`` None keep what is stored. ``clears`` is the
    ``verify_at`` that a read-back answered (as read in its Target): doubt raised later stays.
    """

    id: int
    document: Document | None
    lifecycle: Lifecycle | None = None
    external_item_id: str | None = None
    clears: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Why the content or everything of one eBay listing is not sent.

    ``recheck_after`` is the wait until it is looked at again; None: only a person or an edit
    ends it.
    """

    id: int
    reason: str
    scope: Scope
    detail: dict[str, object] = field(default_factory=dict[str, object])
    recheck_after: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """All that a publisher must know about one eBay listing beside its items.

    ``wanted_limit`` is the stored ``Limit``, undecoded. ``verify_due`` is judged by PostgreSQL's
    clock at the moment of reading, and so is ``learnt_ago``, the time since eBay last confirmed
    or showed what is published (None: never); ``revisions_used`` counts the revisions of eBay's
    day, which ends at midnight in California, ``day_ends_in`` from then.
    """

    id: int
    listing_id: int
    account_id: int
    marketplace: str
    sku: str
    desired_hash: bytes | None
    desired_blob: bytes | None
    published_hash: bytes | None
    published_blob: bytes | None
    lifecycle_state: str
    external_item_id: str | None
    group_key: str | None
    blocked_scope: str | None
    wanted_limit: dict[str, object] | None
    verify_at: datetime | None
    verify_due: bool
    learnt_ago: timedelta | None
    revisions_used: int
    day_ends_in: timedelta
