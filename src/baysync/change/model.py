"""Nouns of change detection: what is known of an ebay listing, what is decided, how it ended."""

from dataclasses import dataclass, fields
from datetime import timedelta
from enum import StrEnum
from typing import Self

from baysync.account.model import OutOfStock
from baysync.ebay_listing.model import Document, Intent, Lifecycle, Urgency
from baysync.listing.model import ListingStatus
from baysync.projection.follow import Limit
from baysync.projection.model import Block, Built, Projection


class ChangeOutcome(StrEnum):
    """What noticing a change came to, one for each ebay listing looked at.

    ``coalesced``: a change that waits takes the newest state, or one in flight is followed by
    the rest. ``skipped_duplicate``: a change for this very state is there already.
    ``skipped_dead``: eBay refused this very state. ``reverted``: a waiting change is needless.
    """

    BLOCKED = "blocked"
    COALESCED = "coalesced"
    ENQUEUED = "enqueued"
    REVERTED = "reverted"
    SKIPPED_DEAD = "skipped_dead"
    SKIPPED_DUPLICATE = "skipped_duplicate"
    SKIPPED_HASH = "skipped_hash"


@dataclass(frozen=True, slots=True, kw_only=True)
class Detected:
    """How many ebay listings came to each outcome."""

    blocked: int = 0
    coalesced: int = 0
    enqueued: int = 0
    reverted: int = 0
    skipped_dead: int = 0
    skipped_duplicate: int = 0
    skipped_hash: int = 0

    def __add__(self, other: Self) -> Self:
        return type(self)(
            **{f.name: getattr(self, f.name) + getattr(other, f.name) for f in fields(self)}
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionFacts:
    """All that decides what is wanted of one ebay listing.

    ``targeted`` is False when the shop no longer names the marketplace. ``published`` is what
    eBay is known to hold, ``state`` how far it had come. ``urgency`` is that of the last decision.
    ``awaited``: eBay is about to be asked what it wants of such a listing. ``offered``: the
    account sells on the marketplace at all; ``named``: the shop names it, and nobody sells there.
    """

    built: Built
    out_of_stock: OutOfStock
    published: Projection | None
    state: Lifecycle
    status: ListingStatus
    targeted: bool = True
    urgency: Urgency = Urgency.NEW
    awaited: bool = False
    offered: bool = True
    named: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What is wanted of one ebay listing.

    ``limit`` is None while ``desired`` is a whole document of its own; else ``desired`` only
    follows what eBay holds. ``blocks`` say why content may not be sent. ``awaited``: eBay is about
    to be asked what it wants of such a listing, so that more blocks may follow.
    """

    awaited: bool
    blocks: tuple[Block, ...]
    desired: Projection | None
    intent: Intent
    limit: Limit | None
    state: Lifecycle
    urgency: Urgency


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownEbayListing:
    """An ebay listing as stored, with the defaults of its account there.

    ``elsewhere``: the account has none there, but another does.
    """

    id: int
    listing_id: int
    account_id: int
    marketplace: str
    desired_hash: bytes | None
    desired_projection_version: int | None
    published_hash: bytes | None
    published_blob: bytes | None
    published_projection_version: int | None
    wanted_intent: str
    wanted_urgency: int
    wanted_limit: dict[str, object] | None
    inputs_version: int
    lifecycle_state: str
    blocked_reason: str | None
    blocked_scope: str | None
    blocked_detail: dict[str, object] | None
    in_doubt: bool
    defaults: bytes | None
    defaults_version: int
    elsewhere: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is stored of a decision about one ebay listing; the block columns go together.

    A block that is new is looked at again after ``recheck_after``, None: only when edited.
    """

    id: int
    document: Document | None
    intent: str
    urgency: int
    limit: dict[str, object] | None
    inputs_version: int
    lifecycle_state: str
    blocked_reason: str | None
    blocked_scope: str | None
    blocked_detail: dict[str, object] | None
    recheck_after: timedelta | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Active:
    """The change of an ebay listing that waits or is in flight."""

    ebay_listing_id: int
    status: str
    payload_hash: bytes | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EnrolledPlace:
    """Where a listing is sold already."""

    listing_id: int
    account_id: int
    marketplace: str
