"""From stored rows to facts, and from decisions back to rows; pure."""

from datetime import datetime
from functools import lru_cache

import msgspec

from baysync.account.model import Defaults
from baysync.change.model import (
    Active,
    ChangeOutcome,
    Decision,
    DecisionFacts,
    KnownEbayListing,
    Wanted,
)
from baysync.change.rules import CHECKING_RULES, ENDED_BY_EDIT, outcome
from baysync.ebay_listing.document import document
from baysync.ebay_listing.model import Document, Lifecycle, Scope, SellableItem, Urgency
from baysync.listing.model import Listing
from baysync.projection import canonical
from baysync.projection.blocks import UNKNOWN_QUANTITY
from baysync.projection.build import build
from baysync.projection.group import beside
from baysync.projection.model import Block, Projection
from baysync.projection.resolve import category
from baysync.projection.upgrade import Spelling
from baysync.queue.model import Status
from baysync.reference.model import PATIENCE, PLACE, MarketplaceRules, ReferenceWant

_DEFAULTS = msgspec.json.Decoder(Defaults)
_PLACES = 256  # accounts and marketplaces of which the defaults stay decoded


def published(known: KnownEbayListing, spelling: Spelling) -> Projection | None:
    """Return what eBay is known to hold, as today's program spells it."""
    if known.published_blob is None:
        return None
    since = known.published_projection_version
    stored = canonical.decode(known.published_blob)
    return stored if since is None else spelling.upgrade(stored, since)


def reference(known: KnownEbayListing, listing: Listing) -> ReferenceWant:
    """Return the reference data that ``listing`` is judged by."""
    if known.defaults is None:
        return ReferenceWant(known.account_id, known.marketplace, None)
    defaults = _defaults(known.defaults)
    chosen = category(listing, defaults, known.marketplace)
    return ReferenceWant(known.account_id, known.marketplace, chosen)


def facts(
    known: KnownEbayListing,
    listing: Listing,
    rules: MarketplaceRules,
    spelling: Spelling,
    now: datetime,
) -> DecisionFacts:
    """Return all that decides about one ebay listing of ``listing`` at ``now``."""
    defaults = None if known.defaults is None else _defaults(known.defaults)
    asked = reference(known, listing).category
    there = published(known, spelling)
    built = build(
        listing,
        defaults,
        known.marketplace,
        rules,
        published=there,
        now=now,
    )
    return DecisionFacts(
        built=beside(built, there),
        out_of_stock=(defaults or Defaults()).out_of_stock,
        published=there,
        state=Lifecycle(known.lifecycle_state),
        status=listing.status,
        targeted=not listing.marketplaces or known.marketplace in listing.marketplaces,
        offered=defaults is not None,
        named=known.marketplace in listing.marketplaces and not known.elsewhere,
        urgency=Urgency(known.wanted_urgency),
        awaited=not rules.awaited.isdisjoint({PLACE, asked}),
    )


@lru_cache(_PLACES)
def _defaults(stored: bytes) -> Defaults:
    """Return the defaults of a place: a batch of listings has the same bytes a thousand times."""
    return _DEFAULTS.decode(stored)


def sold(listing_id: int, listing: Listing) -> list[SellableItem]:
    """Return what is sold under names of its own: each of several variants, else the listing.

    The last variant that is left stays one where eBay shows a group.
    """
    keys = [each.sku for each in listing.variants]
    several = len(keys) > 1
    items = [SellableItem(listing_id=listing_id, key=key, grouped_only=not several) for key in keys]
    return items if several else [SellableItem(listing_id=listing_id), *items]


def wanted(known: KnownEbayListing, decision: Decision, *, edited: bool, version: int) -> Wanted:
    """Return the row of a decision; an edit ends some blocks of scope ``all``, never a pause.

    What somebody ended on eBay stays blocked until the shop says too that it is over: then a
    later wish to sell it again is the shop's own.
    """
    over = decision.limit is not None and decision.limit.ended
    ends = ENDED_BY_EDIT | ({"ended_remotely"} if over else set[str]())
    kept = known.blocked_scope == Scope.ALL and not (edited and known.blocked_reason in ends)
    block = decision.blocks[0] if decision.blocks else None
    detail: dict[str, object] = {"blocks": msgspec.to_builtins(decision.blocks, str_keys=True)}
    if decision.awaited:
        detail["awaited"] = True
    return Wanted(
        id=known.id,
        document=document(decision.desired, version=version),
        intent=decision.intent,
        urgency=decision.urgency,
        limit=None if decision.limit is None else msgspec.to_builtins(decision.limit),
        inputs_version=known.defaults_version,
        lifecycle_state=decision.state,
        blocked_reason=known.blocked_reason if kept else block and block.reason,
        blocked_scope=known.blocked_scope if kept else block and Scope.CONTENT,
        blocked_detail=known.blocked_detail if kept else detail if block else None,
        recheck_after=PATIENCE if block and _time_may_cure(known, block) else None,
    )


def _time_may_cure(known: KnownEbayListing, block: Block) -> bool:
    """Tell whether a block may end by itself: by an answer of eBay, or once it is read back.

    A live listing of which nobody knows what eBay holds has no quantity that it could keep.
    """
    unread = known.published_blob is None and known.lifecycle_state == Lifecycle.LIVE
    return block == CHECKING_RULES or (unread and block.reason == UNKNOWN_QUANTITY)


def differs(known: KnownEbayListing, row: Wanted) -> bool:
    """Return whether storing ``row`` would change anything."""
    found = row.document
    before = (
        known.desired_hash,
        known.desired_projection_version,
        known.wanted_intent,
        known.wanted_urgency,
        known.wanted_limit,
        known.inputs_version,
        known.lifecycle_state,
        known.blocked_reason,
        known.blocked_scope,
        msgspec.json.encode(known.blocked_detail, order="sorted"),
    )
    after = (
        found and found.hash,
        found and found.projection_version,
        row.intent,
        row.urgency,
        row.limit,
        row.inputs_version,
        row.lifecycle_state,
        row.blocked_reason,
        row.blocked_scope,
        msgspec.json.encode(row.blocked_detail, order="sorted"),
    )
    return before != after


def respelled(known: KnownEbayListing, spelling: Spelling) -> Document | None:
    """Return the published document anew if it was spelled by an older program, else None."""
    if known.published_projection_version in {None, spelling.version}:
        return None
    return document(published(known, spelling), version=spelling.version)


def judged(
    known: KnownEbayListing, row: Wanted, *, ensured: bool | None, active: Active | None
) -> ChangeOutcome:
    """Return the outcome for one ebay listing that was not reverted."""
    digest = row.document and row.document.hash
    equal = digest == known.published_hash and not known.in_doubt
    held = row.blocked_scope == Scope.ALL or (row.blocked_scope is not None and equal)
    older = active and active.status == Status.PROCESSING and active.payload_hash != digest
    return outcome(blocked=held, equal=equal, ensured=ensured, active=older)
