"""eBay as it is known to be: answers calls from what was confirmed or read last. Pure.

For dry runs. A document is what is published of it and what the seller set, as read last; a write
changes it as eBay would. What only eBay can name, an offer or a listing, gets a name in ``<>``.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

from baysync.ebay import wire
from baysync.ebay.model import Answer, Call, Operation, Problem
from baysync.observe import stock
from baysync.ownership import carrying
from baysync.ownership.documents import RULES, THE_GROUP, Document, Kind
from baysync.ownership.model import Json
from baysync.ownership.rules import AMOUNT_HEADS, OFFER
from baysync.projection import payload
from baysync.projection.group import SINGLE, group_of
from baysync.projection.model import Projection
from baysync.publish.model import Part, Work

NO_ITEM, NO_GROUP, NO_OFFER, WRONG_PRICE = 25710, 25705, 25713, 25016
OK, NO_CONTENT, REFUSED, NOT_FOUND = 200, 204, 400, 404
Rows = Sequence[Mapping[str, object]]


@dataclass(slots=True)
class LastKnown:
    """The documents of some listings: items by eBay SKU, offers by id, groups by key."""

    items: dict[str, Json] = field(default_factory=dict[str, Json])
    offers: dict[str, Json] = field(default_factory=dict[str, Json])
    groups: dict[str, Json] = field(default_factory=dict[str, Json])

    def answer(self, call: Call) -> Answer:
        """Return what eBay would answer if it holds what is known, and take what is written."""
        return _ANSWERS[call.op](self, call)


def _get_items(known: LastKnown, call: Call) -> Answer:
    return _each(
        call,
        lambda row: {"inventoryItem": known.items[_sku(row)]} if _sku(row) in known.items else {},
        missing=NO_ITEM,
    )


def _put_items(known: LastKnown, call: Call) -> Answer:
    def put(row: Mapping[str, object]) -> Json:
        known.items[_sku(row)] = {k: v for k, v in row.items() if k not in {"sku", "locale"}}
        return {"locale": row.get("locale")}

    return _each(call, put)


def _put_prices(known: LastKnown, call: Call) -> Answer:
    def put(row: Mapping[str, object]) -> Json:
        if words := _amount_in_the_way(known, row):
            return {"statusCode": REFUSED, "errors": [{"errorId": WRONG_PRICE, "message": words}]}
        stocked = row.get("shipToLocationAvailability")
        if stocked is not None:
            item = known.items.setdefault(_sku(row), {})
            availability = wire.mapping(item.get("availability"))
            before = wire.mapping(availability.get("shipToLocationAvailability"))
            now = {**before, **wire.mapping(stocked)}
            item["availability"] = {**availability, "shipToLocationAvailability": now}
        for offer in wire.rows(row.get("offers")):
            _price(known.offers.setdefault(wire.text(offer.get("offerId")), {}), offer)
        return {"offerId": wire.text(wire.rows(row.get("offers"))[0].get("offerId"))}

    return _each(call, put)


def _amount_in_the_way(known: LastKnown, row: Mapping[str, object]) -> str:
    """Return which amount of the seller's eBay would refuse a new price for; empty for none."""
    for update in wire.rows(row.get("offers")):
        offer = known.offers.get(wire.text(update.get("offerId")), {})
        ours: Json = {"pricingSummary": {"price": update.get("price")}}
        owned = carrying.leaves_of(ours, OFFER)
        drops = carrying.carry(offer, ours, owned, OFFER).dropped if "price" in update else ()
        for drop in drops:
            if drop.path[:-1] in AMOUNT_HEADS:
                return drop.path[-1]
    return ""


def _price(offer: Json, update: Mapping[str, object]) -> None:
    if "availableQuantity" in update:
        offer["availableQuantity"] = update["availableQuantity"]
    if "price" in update:
        pricing = wire.mapping(offer.get("pricingSummary"))
        offer["pricingSummary"] = {**pricing, "price": update["price"]}


def _get_offer(known: LastKnown, call: Call) -> Answer:
    offer = known.offers.get(call.keys[0])
    return _missing(call, NO_OFFER) if offer is None else _done(call, offer)


def _get_offers(known: LastKnown, call: Call) -> Answer:
    offers = [
        offer
        for offer in known.offers.values()
        if (offer["sku"], offer["marketplaceId"]) == (call.keys[0], call.marketplace)
    ]
    return _done(call, {"offers": offers}) if offers else _missing(call, NO_OFFER)


def _create_offers(known: LastKnown, call: Call) -> Answer:
    def create(row: Mapping[str, object]) -> Json:
        offer_id = f"<offer of {_sku(row)}>"
        known.offers[offer_id] = {**row, "offerId": offer_id, "status": "UNPUBLISHED"}
        return {"offerId": offer_id}

    return _each(call, create)


def _update_offer(known: LastKnown, call: Call) -> Answer:
    kept = {"offerId", "sku", "marketplaceId", "format", "status", "listing"}
    before = known.offers.get(call.keys[0], {})
    fixed = {name: value for name, value in before.items() if name in kept}
    known.offers[call.keys[0]] = {**wire.mapping(call.body), **fixed}
    return _done(call, {"offerId": call.keys[0]})


def _publish_offers(known: LastKnown, call: Call) -> Answer:
    def publish(row: Mapping[str, object]) -> Json:
        offer_id = wire.text(row.get("offerId"))
        return {"listingId": _live(known, offer_id)}

    return _each(call, publish)


def _live(known: LastKnown, offer_id: str, listing_id: str = "") -> str:
    """Put an offer live; return the number of its listing."""
    offer = known.offers[offer_id]
    listing = wire.mapping(offer.get("listing"))
    is_live = offer["status"] == "PUBLISHED"
    number = wire.text(listing.get("listingId")) if is_live else listing_id
    number = number or f"<listing of {offer['sku']}>"
    sold = listing.get("soldQuantity", 0) if is_live else 0
    offer["status"] = "PUBLISHED"
    offer["listing"] = {"listingId": number, "listingStatus": "ACTIVE", "soldQuantity": sold}
    return number


def _end(known: LastKnown, offer_id: str) -> None:
    offer = known.offers[offer_id]
    offer["status"] = "UNPUBLISHED"
    offer["listing"] = {**wire.mapping(offer.get("listing")), "listingStatus": "ENDED"}


def _withdraw_offer(known: LastKnown, call: Call) -> Answer:
    _end(known, call.keys[0])
    return _done(call, {})


def _get_group(known: LastKnown, call: Call) -> Answer:
    group = known.groups.get(call.keys[0])
    return _missing(call, NO_GROUP) if group is None else _done(call, group)


def _put_group(known: LastKnown, call: Call) -> Answer:
    known.groups[call.keys[0]] = dict(wire.mapping(call.body))
    return Answer(call=call, status=NO_CONTENT)


def _of_group(known: LastKnown, call: Call) -> list[str]:
    skus = wire.items(known.groups.get(call.keys[0], {}).get("variantSKUs"))
    return [
        id_
        for id_, offer in known.offers.items()
        if offer["sku"] in skus and offer["marketplaceId"] == call.marketplace
    ]


def _publish_group(known: LastKnown, call: Call) -> Answer:
    ids = _of_group(known, call)
    live = [id_ for id_ in ids if known.offers[id_]["status"] == "PUBLISHED"]
    listing = wire.mapping(known.offers[live[0]].get("listing") if live else None)
    number = wire.text(listing.get("listingId")) or f"<listing of {call.keys[0]}>"
    for id_ in ids:
        _live(known, id_, number)
    return _done(call, {"listingId": number})


def _withdraw_group(known: LastKnown, call: Call) -> Answer:
    for id_ in _of_group(known, call):
        _end(known, id_)
    return Answer(call=call, status=NO_CONTENT)


_ANSWERS: Mapping[Operation, Callable[[LastKnown, Call], Answer]] = {
    Operation.BULK_CREATE_OFFER: _create_offers,
    Operation.BULK_GET_INVENTORY_ITEM: _get_items,
    Operation.BULK_PUBLISH_OFFER: _publish_offers,
    Operation.BULK_PUT_INVENTORY_ITEM: _put_items,
    Operation.BULK_UPDATE_PRICE_QUANTITY: _put_prices,
    Operation.GET_GROUP: _get_group,
    Operation.GET_OFFER: _get_offer,
    Operation.GET_OFFERS: _get_offers,
    Operation.PUBLISH_GROUP: _publish_group,
    Operation.PUT_GROUP: _put_group,
    Operation.UPDATE_OFFER: _update_offer,
    Operation.WITHDRAW_GROUP: _withdraw_group,
    Operation.WITHDRAW_OFFER: _withdraw_offer,
}


def last_known(works: Sequence[Work]) -> LastKnown:
    """Return what is known of eBay's documents about ``works``."""
    known = LastKnown()
    for work in works:
        _add(work, known)
    return known


def _add(work: Work, known: LastKnown) -> None:
    for key in work.items:
        part = work.part(key)
        held = part.held or Projection()
        marketplace = work.target.marketplace
        left = stock.left(part.item, held.quantity or 0)
        own = part.item.quantity if part.item.quantity is not None else left
        item, _ = payload.bodies(
            held, sku=part.item.sku, marketplace=marketplace, quantity=min(own, left)
        )
        _, offer = payload.bodies(held, sku=part.item.sku, marketplace=marketplace, quantity=left)
        if _has_item(part, held):
            known.items[part.item.sku] = _with_sellers(work, Document(Kind.ITEM, key), item)
        if part.item.offer_id is not None:
            whole = _with_sellers(work, Document(Kind.OFFER, key), offer)
            known.offers[part.item.offer_id] = whole | _state(part)
    if work.published is not None and group_of(work.published) is not None:
        skus = {key: item.sku for key, item in work.items.items() if key != SINGLE}
        body = payload.group(work.published, skus)
        known.groups[work.target.group_key or ""] = _with_sellers(work, THE_GROUP, body)


def _has_item(part: Part, held: Projection) -> bool:
    signs = (part.item.offer_id, part.item.item_hash, part.item.quantity, held.content)
    return any(sign is not None for sign in signs)


def _state(part: Part) -> Json:
    """Return what eBay shows of an offer and takes in no body."""
    item = part.item
    listing = {
        "listingId": item.listing_id,
        "listingStatus": "ACTIVE" if part.is_live else "ENDED",
        "soldQuantity": item.sold_quantity,
    }
    return {
        "offerId": item.offer_id,
        "sku": item.sku,
        "marketplaceId": part.work.target.marketplace,
        "format": payload.FORMAT,
        "status": "PUBLISHED" if part.is_live else "UNPUBLISHED",
        **({"listing": listing} if item.listing_id else {}),
    }


def _with_sellers(work: Work, name: Document, ours: Json) -> Json:
    rules, stored = RULES[name.kind], work.documents.stored.get(name)
    if stored is None or not stored.carried:
        return ours
    return carrying.nest(
        carrying.flatten(ours, rules) | carrying.flatten(stored.carried, rules), rules
    )


def _sku(row: Mapping[str, object]) -> str:
    return wire.text(row.get("sku"))


def _each(call: Call, take: Callable[[Mapping[str, object]], Json], *, missing: int = 0) -> Answer:
    """Return a row for each of a bulk call; one of which nothing is known is ``missing``."""
    responses: list[Json] = []
    for row in cast("Rows", wire.mapping(call.body)["requests"]):
        data = take(row)
        named = {name: row[name] for name in ("sku", "offerId") if name in row}
        refusal: Json = {"statusCode": NOT_FOUND, "errors": [{"errorId": missing}]}
        responses.append(named | ({"statusCode": OK, **data} if data or not missing else refusal))
    return _done(call, {"responses": responses})


def _done(call: Call, body: Mapping[str, object]) -> Answer:
    return Answer(call=call, status=OK, body=dict(body))


def _missing(call: Call, error_id: int) -> Answer:
    return Answer(call=call, status=NOT_FOUND, problems=(Problem(error_id=error_id),))
