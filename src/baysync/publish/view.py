"""What a read-back tells about one work: pure judgement of items, offers and groups."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from msgspec import structs

from baysync.base.errors import NotNormalisable
from baysync.ebay import offers, wire
from baysync.ebay.offers import OfferState
from baysync.projection import remote, remote_group
from baysync.projection.group import SINGLE
from baysync.projection.model import Lifecycle, Projection
from baysync.publish.model import Item, Part, Work

Json = Mapping[str, object]
EVER_LIVE = frozenset({"live", "ended"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The JSON of one item and of its offer; None where eBay has none."""

    item: Json | None
    offer: Json | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What eBay shows: the document in our spelling (None: nothing usable) and the items."""

    published: Projection | None
    items: dict[str, Item]


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenItem:
    """What eBay shows of one item."""

    published: Projection | None
    item: Item


def seen(work: Work, found: Mapping[str, Found], group: Json | None = None) -> Seen:
    """Return what eBay shows for ``work``: its items by variant key, and its ``group``.

    An item that the group does not name is none of the listing's.
    """
    each = {key: seen_item(work.part(key), there) for key, there in found.items()}
    items = {key: one.item for key, one in each.items()}
    documents = {key: one.published for key, one in each.items() if one.published is not None}
    if not work.is_group:
        return Seen(published=documents.get(SINGLE), items=items)
    if group is None:
        return Seen(published=None, items=items)
    members = frozenset(wire.text(sku) for sku in wire.items(group.get("variantSKUs")))
    named = {key: shown for key, shown in documents.items() if items[key].sku in members}
    try:
        published = remote_group.normalise_group(group, named)
    except NotNormalisable:
        return Seen(published=None, items=items)
    return Seen(published=published, items=items)


def seen_item(part: Part, there: Found) -> SeenItem:
    """Return what eBay shows of one item.

    A quantity that fell while units were sold counts as what we pushed: a sale is not drift, and
    pushing the number again would sell the unit twice. Too few for sale is the safe side.
    """
    item, offer = there.item, there.offer
    state = offers.state_of(offer or {})
    known = Item(
        id=part.item.id,
        sku=part.item.sku,
        offer_id=state.offer_id or None,
        quantity=_item_quantity(item or {}),
        sold_quantity=state.sold_quantity or 0,
        listing_id=state.listing_id or None,
        stale=part.work.stuck and state.is_stale,
    )
    if item is None:
        return SeenItem(published=None, item=known)
    try:
        shown = remote.normalise(item, offer)
    except NotNormalisable:
        return SeenItem(published=None, item=known)
    shown = structs.replace(shown, lifecycle=_lifecycle(part, state))
    return _less_sales(part, SeenItem(published=shown, item=known))


def _lifecycle(part: Part, state: OfferState) -> Lifecycle | None:
    """Return live, ended, or None for a listing that never was live.

    The offer's status decides, and an unknown one counts as live; a listing id alone is no sign
    of life, and what is out of stock is live.
    """
    if not state.offer_id:
        return None
    if state.is_live:
        return Lifecycle.LIVE
    was_live = part.work.target.lifecycle_state in EVER_LIVE or part.item.listing_id is not None
    return Lifecycle.ENDED if was_live else None


def _less_sales(part: Part, now: SeenItem) -> SeenItem:
    shown = now.published.quantity if now.published else None
    sold = now.item.sold_quantity - part.item.sold_quantity
    same = now.item.listing_id is not None and now.item.listing_id == part.item.listing_id
    if not same or sold <= 0 or shown is None:
        return now
    pushed, stocked = _pushed(part, shown, sold)
    if pushed is None or shown >= pushed:
        return now
    kept = replace(now.item, quantity=stocked, sold_quantity=part.item.sold_quantity)
    return SeenItem(
        published=structs.replace(now.published or Projection(), quantity=pushed), item=kept
    )


def _pushed(part: Part, shown: int, sold: int) -> tuple[int | None, int | None]:
    """Return the quantity of which ``sold`` units left what is shown, and the item's own.

    It is the new one, of which the reply was lost, where sales explain all that is missing from
    it: surely if more is shown than eBay confirmed last; and of a lower one it is the safe side.
    """
    wanted = part.goal.quantity
    held = part.held.quantity if part.held else None
    if wanted is None or held is None or not shown <= wanted <= shown + sold:
        return held, part.item.quantity
    return (wanted, wanted) if held < shown or wanted < held else (held, part.item.quantity)


def _item_quantity(item: Json) -> int | None:
    place = wire.mapping(wire.mapping(item.get("availability")).get("shipToLocationAvailability"))
    return wire.number(place.get("quantity"))
