"""The bulk calls for offers, and for prices and quantities."""

from mockbay import beside, bulk, listings, offers
from mockbay.answers import Document, Refusal, Reply, part, refuse
from mockbay.call import Call, Operation
from mockbay.inventory import BASE, find
from mockbay.marketplaces import MARKETPLACES
from mockbay.rules import amount_problems, normal_amount, quantity_problems, unreadable
from mockbay.state import Item, Listing, Offer, World, pack

MOST_FEES = 250


def create(call: Call) -> Reply:
    """Create up to 25 offers of one marketplace."""
    found = bulk.rows(call)
    bulk.at_most(found, bulk.MOST_ROWS, 25730)
    bulk.distinct(
        ((str(row.get("sku")), str(row.get("marketplaceId")), str(row.get("format")))
         for row in found), 25729,
    )  # fmt: skip
    if len({str(row.get("marketplaceId")) for row in found}) > 1:
        raise refuse(25735, "The offers of one request are for one marketplace.")
    return bulk.answer(call, found, _create)


def _create(call: Call, row: Document) -> list[Document]:
    offer, warnings = offers.make(call, row)
    answered = {"statusCode": 200, "offerId": offer.offer_id, "warnings": warnings}
    return [bulk.named(row) | answered]


def publish(call: Call) -> Reply:
    """Put up to 25 offers live."""
    found = bulk.rows(call)
    bulk.at_most(found, bulk.MOST_ROWS, 25730)
    if not all(row.get("offerId") for row in found):
        raise refuse(25709, "offerId", parameters={"fieldName": "offerId"})
    bulk.distinct((row["offerId"] for row in found), 25731)
    return bulk.answer(call, found, _publish)


def _publish(call: Call, row: Document) -> list[Document]:
    offer = call.offer(row["offerId"])
    listing_id, warnings = listings.publish(call.world, call.seller, offer)
    answered = {"statusCode": 200, "offerId": offer.offer_id, "listingId": listing_id}
    return [answered | {"warnings": warnings}]


def update_price_quantity(call: Call) -> Reply:
    """Set prices and quantities of live offers; one answer per offer, or per SKU without any."""
    found = bulk.rows(call)
    limit = call.world.switches.price_quantity_max_skus
    if len(found) > limit:
        raise refuse(
            25709, f"requests: at most {limit}, got {len(found)}.",
            parameters={"fieldName": "requests"},
        )  # fmt: skip
    bulk.distinct((change["offerId"] for row in found for change in _changes(row)), 25731)
    return bulk.answer(call, found, _set)


def _changes(row: Document) -> list[Document]:
    changes: list[Document] = row.get("offers") or []
    if not all(change.get("offerId") for change in changes):
        raise refuse(25709, "offerId", parameters={"fieldName": "offerId"})
    return changes


def _set(call: Call, row: Document) -> list[Document]:
    """Check everything of a row, then write all of it: a row takes effect whole or not."""
    item = find(call, str(row.get("sku", "")))
    ship = part(row, "shipToLocationAvailability")
    changes = [(call.offer(change["offerId"]), change) for change in _changes(row)]
    wrong = [*quantity_problems(ship.get("quantity"), "quantity")]
    for offer, change in changes:
        wrong += _wrong(call.world, item, offer, change)
    if wrong:
        raise Refusal(400, wrong)
    live = _touched(call, item, [] if "quantity" in ship else [offer for offer, _ in changes])
    warnings = [w for listing in live for w in listings.check_revision(call.world, listing)]
    warnings += _write(call.world, item, ship, changes)
    for listing in live:
        listings.revise(call.world, call.seller, listing)
    done = {"statusCode": 200, "sku": item.sku, "warnings": warnings}
    return [done | {"offerId": offer.offer_id} for offer, _ in changes] or [done]


def _wrong(world: World, item: Item, offer: Offer, change: Document) -> list[Document]:
    if offer.sku != item.sku or not offer.published:
        raise refuse(25002, f"Offer {offer.offer_id} is not a live offer of {item.sku}.")
    found = [*quantity_problems(change.get("availableQuantity"), "availableQuantity")]
    if (price := change.get("price")) is not None:
        found += amount_problems(price, MARKETPLACES[offer.marketplace].currency)
        found += [] if found else _judged(world, offer, price).refused
    if change.keys() <= {"offerId"}:
        found.append(unreadable("offers"))
    return found


def _judged(world: World, offer: Offer, price: Document) -> beside.Verdict:
    """Judge what stands beside a new price."""
    amount = price["value"], price["currency"]
    found = beside.price_clashes(offer.marketplace, offer.document, amount)
    return beside.judged(found, world.switches)


def _touched(call: Call, item: Item, changed: list[Offer]) -> list[Listing]:
    """Return the live listings a row revises: of its offers, or all that draw on the item."""
    if not changed:
        return listings.live_listings(call.seller, item.sku)
    found = [listings.live_listing(call.seller, offer) for offer in changed]
    return [listing for listing in found if listing is not None]


def _write(
    world: World, item: Item, ship: Document, changes: list[tuple[Offer, Document]]
) -> list[Document]:
    """Write what a row says; return warnings of what a new price drops."""
    warnings: list[Document] = []
    if ship.get("quantity") is not None:
        item.quantity = ship["quantity"]
    for offer, change in changes:
        if change.get("availableQuantity") is not None:
            offer.quantity = change["availableQuantity"]
        if (price := change.get("price")) is not None:
            verdict = _judged(world, offer, price)
            if verdict.dropped:
                offer.packed = pack(beside.without(offer.document, verdict.dropped))
            offer.price = normal_amount(price["value"]), price["currency"]
            warnings += verdict.warnings
    return warnings


def fees(call: Call) -> Reply:
    """Return what publishing some unpublished offers would cost, per marketplace: nothing."""
    found = bulk.rows(call, "offers")
    bulk.at_most(found, MOST_FEES, 25709)
    asked = [call.seller.offers.get(str(row.get("offerId"))) for row in found]
    offered = [offer for offer in asked if offer is not None and not offer.published]
    if len(offered) < len(asked):
        raise refuse(25754, "Only offers that are not published have fees to come.")
    summaries = [_fee(name) for name in sorted({offer.marketplace for offer in offered})]
    return Reply(200, {"feeSummaries": summaries})


def _fee(marketplace: str) -> Document:
    nothing = {"value": "0.00", "currency": MARKETPLACES[marketplace].currency}
    fee = {"feeType": "INSERTION_FEE", "amount": nothing, "promotionalDiscount": nothing}
    return {"marketplaceId": marketplace, "fees": [fee], "warnings": []}


OPERATIONS = [
    Operation("getListingFees", "POST", f"{BASE}/offer/get_listing_fees", fees),
    Operation("bulkCreateOffer", "POST", f"{BASE}/bulk_create_offer", create, language=True),
    Operation("bulkPublishOffer", "POST", f"{BASE}/bulk_publish_offer", publish),
    Operation("bulkUpdatePriceQuantity", "POST", f"{BASE}/bulk_update_price_quantity",
              update_price_quantity),
]  # fmt: skip
