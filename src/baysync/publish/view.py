"""What a read-back tells about one work: pure judgement of an item and its offer."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from msgspec import structs

from baysync.base.errors import NotNormalisable
from baysync.ebay import offers, wire
from baysync.ebay.offers import OfferState
from baysync.projection import remote
from baysync.projection.model import Lifecycle, Projection
from baysync.publish.model import Item, Work

Json = Mapping[str, object]
EVER_LIVE = frozenset({"live", "ended"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What eBay shows: the document in our spelling (None: nothing usable) and the item."""

    published: Projection | None
    item: Item


def seen(work: Work, item: Json | None, offer: Json | None) -> Seen:
    """Return what eBay shows for ``work``.

    A quantity that fell while units were sold counts as what we pushed: a sale is not drift, and
    pushing the old number again would sell the unit twice. Too few for sale is the safe side.
    """
    state = offers.state_of(offer or {})
    known = Item(
        sku=work.item.sku,
        offer_id=state.offer_id or None,
        quantity=_item_quantity(item or {}),
        sold_quantity=state.sold_quantity or 0,
        listing_id=state.listing_id or None,
    )
    if item is None:
        return Seen(published=None, item=known)
    try:
        shown = remote.normalise(item, offer)
    except NotNormalisable:
        return Seen(published=None, item=known)
    shown = structs.replace(shown, lifecycle=_lifecycle(work, state))
    return _less_sales(work, Seen(published=shown, item=known))


def _lifecycle(work: Work, state: OfferState) -> Lifecycle | None:
    """Return live, ended, or None for a listing that never was live.

    The offer's status decides, and an unknown one counts as live; a listing id alone is no sign
    of life, and what is out of stock is live.
    """
    if not state.offer_id:
        return None
    if state.is_live:
        return Lifecycle.LIVE
    was_live = work.target.lifecycle_state in EVER_LIVE or work.item.listing_id is not None
    return Lifecycle.ENDED if was_live else None


def _less_sales(work: Work, now: Seen) -> Seen:
    pushed = work.published.quantity if work.published else None
    shown = now.published.quantity if now.published else None
    sold = now.item.sold_quantity - work.item.sold_quantity
    same = now.item.listing_id is not None and now.item.listing_id == work.item.listing_id
    if not same or sold <= 0 or pushed is None or shown is None or shown >= pushed:
        return now
    kept = replace(now.item, quantity=work.item.quantity, sold_quantity=work.item.sold_quantity)
    return Seen(
        published=structs.replace(now.published or Projection(), quantity=pushed), item=kept
    )


def _item_quantity(item: Json) -> int | None:
    place = wire.mapping(wire.mapping(item.get("availability")).get("shipToLocationAvailability"))
    return wire.number(place.get("quantity"))
