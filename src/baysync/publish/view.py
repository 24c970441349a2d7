"""What a read-back tells about one work: pure judgement of items, offers and groups."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from msgspec import structs

from baysync.base.errors import NotNormalisable
from baysync.ebay import offers, wire
from baysync.ebay.offers import OfferState
from baysync.ebay_listing.model import EbayItem
from baysync.observe import normalise_group as remote_group
from baysync.observe import normalise_item as remote
from baysync.observe import stock
from baysync.ownership.documents import THE_GROUP, Document, Kind
from baysync.projection.group import SINGLE, group_of
from baysync.projection.model import Lifecycle, Projection
from baysync.publish.model import Part, Work
from baysync.publish.planning.plan import is_live

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
    items: dict[str, EbayItem]
    exposed: dict[str, int] = field(default_factory=dict[str, int])


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenItem:
    """What eBay shows of one item."""

    published: Projection | None
    item: EbayItem
    exposed: int = 0


def has_ended(work: Work, found: Mapping[str, Found]) -> bool:
    """Return whether a listing that was live as far as we know is not live any more."""
    states = [offers.state_of(there.offer or {}) for there in found.values()]
    return work.is_live and not any(state.offer_id and state.is_live for state in states)


def lacks(work: Work, found: Mapping[str, Found]) -> bool:
    """Return whether an offer is missing that eBay gave us, or a variant that it took."""
    offerless = (key for key, there in found.items() if there.offer is None)
    return any(work.items[key].offer_id for key in offerless) or bool(left_out(work, found))


def left_out(work: Work, found: Mapping[str, Found]) -> set[str]:
    """Return the variants of a live group that were live too as far as we know, and are not."""
    held = work.published
    if held is None or not work.is_group or has_ended(work, found):
        return set()
    states = {key: offers.state_of(there.offer or {}) for key, there in found.items()}
    return {key for key, state in states.items() if is_live(held, key) and not state.is_live}


def seen(work: Work, found: Mapping[str, Found], group: Json | None = None) -> Seen:
    """Return what eBay shows for ``work``: its items by variant key, and its ``group``.

    An item that the group does not name is none of the listing's.
    """
    each = {key: seen_item(work.part(key), there) for key, there in found.items()}
    items = {key: one.item for key, one in each.items()}
    exposed = {key: one.exposed for key, one in each.items() if one.exposed}
    documents = {key: one.published for key, one in each.items() if one.published is not None}
    if not work.is_group:
        return Seen(published=documents.get(SINGLE), items=items, exposed=exposed)
    if group is None:
        return Seen(published=None, items=items)
    members = frozenset(wire.text(sku) for sku in wire.items(group.get("variantSKUs")))
    named = {key: shown for key, shown in documents.items() if items[key].sku in members}
    try:
        ours = work.documents.mask(THE_GROUP, group)
        published = remote_group.normalise_group(ours, named, group_of(work.published))
    except NotNormalisable:
        return Seen(published=None, items=items)
    return Seen(published=published, items=items, exposed=exposed)


def seen_item(part: Part, there: Found) -> SeenItem:
    """Return what eBay shows of one item.

    What was sold since the shop's number went out counts as if it were still there: a sale is no
    drift, and pushing the old number again would sell the unit twice.
    """
    item, offer = there.item, there.offer
    state = offers.state_of(offer or {})
    known = EbayItem(
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
        shown = remote.normalise(*_masked(part, item, offer))
    except NotNormalisable:
        return SeenItem(published=None, item=known)
    shown = structs.replace(shown, lifecycle=_lifecycle(part, state))
    return _less_sales(part, SeenItem(published=shown, item=known), state.quantity)


def _masked(part: Part, item: Json, offer: Json | None) -> tuple[Json, Json | None]:
    """Leave out what the seller set: it is no difference to what is wanted."""
    documents = part.work.documents
    ours = None if offer is None else documents.mask(Document(Kind.OFFER, part.key), offer)
    return documents.mask(Document(Kind.ITEM, part.key), item), ours


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


def _less_sales(part: Part, now: SeenItem, offered: int | None) -> SeenItem:
    """Count what was sold since the shop's number went out as if it were still there."""
    document, item = now.published, now.item
    live = document is not None and document.lifecycle is Lifecycle.LIVE
    if document is None or not live or document.quantity is None or item.listing_id is None:
        return now
    if item.listing_id != part.item.listing_id:
        counted = stock.begin(item, shown=document.quantity, sold=item.sold_quantity)
    else:
        said = replace(
            item,
            pushed_quantity=part.item.pushed_quantity,
            sold_at_push=part.item.sold_at_push,
            sold_quantity=part.item.sold_quantity,
        )
        counted = stock.count(
            said,
            shown=document.quantity if offered is None else offered,
            sold=item.sold_quantity,
            wanted=part.wanted,
            held=part.held.quantity if part.held else None,
            least=document.quantity,
        )
        counted = stock.with_own(
            counted, own=item.quantity, said=said.pushed_quantity, wanted=part.wanted
        )
    return SeenItem(
        published=structs.replace(document, quantity=counted.quantity),
        item=counted.item,
        exposed=counted.exposed,
    )


def _item_quantity(item: Json) -> int | None:
    place = wire.mapping(wire.mapping(item.get("availability")).get("shipToLocationAvailability"))
    return wire.number(place.get("quantity"))
