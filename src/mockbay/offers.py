"""Offers: a SKU on a marketplace at a price; publishing one makes a listing."""

from typing import cast

from mockbay import listings
from mockbay.answers import Document, Lacking, Refusal, Reply, describe, part, refuse
from mockbay.call import Call, Operation
from mockbay.clock import from_iso
from mockbay.inventory import BASE, replaced
from mockbay.listings import check_revision, live_listing, revise
from mockbay.marketplaces import MARKETPLACES
from mockbay.paging import page_of
from mockbay.publishable import candidate, problems, refusal
from mockbay.rules import FORMATS, normal_amount, offer_problems
from mockbay.shapes import OFFER, known
from mockbay.state import Offer, Seller, World, pack

LONGEST_PAGE = 100
BESIDE = {"sku", "marketplaceId", "format", "availableQuantity", "offerId"}
DEFAULTS: Document = {
    "includeCatalogProductDetails": True,
    "hideBuyerDetails": False,
    "listingDuration": "GTC",
}


def create(call: Call) -> Reply:
    """Create an offer; only SKU, marketplace and format are asked for now."""
    offer, warnings = make(call, call.document)
    return Reply(201, {"offerId": offer.offer_id, "warnings": warnings})


def make(call: Call, document: Document) -> tuple[Offer, list[Document]]:
    """Create and store the offer of a body; return it with warnings.

    Raises:
        Refusal: wrong fields; 501 for an auction, which the mock lacks; 25702 unknown SKU; 25002
            with the parameter ``offerId``, or as is switched, there is one for this SKU,
            marketplace and format.
    """
    _check(document)
    key = _key(document)
    if key[2] == "AUCTION":
        raise Lacking("offers with the format AUCTION")
    if key[0] not in call.seller.items:
        raise refuse(25702, key[0], parameters={"sku": key[0]})
    if existing := call.seller.offer_ids.get(key):
        raise _duplicate(call, existing)
    offer = Offer(call.world.offer_id(), *key, b"", None, None)
    document, warnings = _dated(call.world, document, {}, live=False)
    fill(offer, document)
    call.seller.add_offer(offer)
    return offer, warnings


def _duplicate(call: Call, existing: str) -> Refusal:
    error_id, _, named = call.world.switches.duplicate_offer.partition(" with ")
    parameters = {named: existing} if named else {}
    return refuse(int(error_id), "Offer entity already exists.", parameters=parameters)


def _key(document: Document) -> tuple[str, str, str]:
    sku, marketplace, kind = (document.get(n) for n in ("sku", "marketplaceId", "format"))
    if not sku or marketplace not in MARKETPLACES or kind not in FORMATS:
        raise refuse(25735, f"Got {sku!r}, {marketplace!r}, {kind!r}.")
    return sku, marketplace, kind


def _check(document: Document) -> None:
    if found := list(offer_problems(document)):
        raise Refusal(400, found)


def _dated(
    world: World, document: Document, before: Document, *, live: bool
) -> tuple[Document, list[Document]]:
    """Return a body with its start date as eBay takes it: of a live offer the old one stays."""
    start = document.get("listingStartDate")
    if not start or (not live and from_iso(start) > world.clock.ms):
        return document, []
    kept = document | {"listingStartDate": before.get("listingStartDate")}
    return kept, [describe(25753, "", {"fieldName": "listingStartDate"})]


def fill(offer: Offer, document: Document) -> None:
    """Put a body into an offer, in place of all it held."""
    before = offer.document if offer.packed else {}
    stored = {name: value for name, value in document.items() if name in OFFER.keys() - BESIDE}
    kept = cast("Document", known(stored, OFFER))
    price = part(kept, "pricingSummary").pop("price", None)
    if not part(kept, "pricingSummary"):
        kept.pop("pricingSummary", None)
    offer.packed = pack(DEFAULTS | kept)
    if _overrides(kept) != _overrides(before):
        policy = part(kept, "listingPolicies").get("fulfillmentPolicyId")
        offer.overridden = policy if _overrides(kept) else None
    offer.quantity = document.get("availableQuantity")
    offer.price = (normal_amount(price["value"]), price["currency"]) if price else None


def _overrides(document: Document) -> object:
    return part(document, "listingPolicies").get("shippingCostOverrides")


def update(call: Call) -> Reply:
    """Replace an offer whole; a live one is judged as at publishing and revised at once."""
    offer = call.offer(call.params["offerId"])
    document = {n: v for n, v in call.document.items() if n not in BESIDE - {"availableQuantity"}}
    _check(document)
    listing = live_listing(call.seller, offer)
    warnings = check_revision(call.world, listing) if listing else []
    before = offer.packed, offer.quantity, offer.price, offer.overridden
    document, late = _dated(call.world, document, offer.document, live=listing is not None)
    fill(offer, document)
    if listing is not None:
        if found := _live_problems(call, offer, document):
            offer.packed, offer.quantity, offer.price, offer.overridden = before
            raise refusal(found)
        late += listings.settle(call.world, call.seller, offer)
        revise(call.world, call.seller, listing)
    return replaced(call, warnings + late)


def _live_problems(call: Call, offer: Offer, document: Document) -> list[Document]:
    item = call.seller.items[offer.sku]
    if not item.group and not document.get("listingDescription"):
        raise refuse(25016, "listingDescription is missing.",
                     parameters={"fieldName": "listingDescription"})  # fmt: skip
    return problems(candidate(call.world, call.seller, item, offer))


def shown(world: World, seller: Seller, offer: Offer) -> Document:
    """Return an offer as eBay gives it back."""
    document = offer.document
    if offer.price is not None:
        value, currency = offer.price
        pricing = document.setdefault("pricingSummary", {})
        pricing["price"] = {"value": value, "currency": currency}
    item = seller.items.get(offer.sku)
    quantity = offer.quantity if offer.quantity is not None else item.quantity if item else None
    if quantity is not None:
        document["availableQuantity"] = quantity
    return document | {
        "offerId": offer.offer_id, "sku": offer.sku, "marketplaceId": offer.marketplace,
        "format": offer.format, "status": "PUBLISHED" if offer.published else "UNPUBLISHED",
    } | _container(world, seller, offer)  # fmt: skip


def _container(world: World, seller: Seller, offer: Offer) -> Document:
    """Return the listing part: for live offers, for dead bindings, and by switch for the rest."""
    listing = seller.listings.get(offer.listing_id or "")
    stale = offer.dead_binding or world.switches.stale_listing_after_withdraw
    if listing is None or not (offer.published or listing.status == "EBAY_ENDED" or stale):
        return {}
    container: Document = {
        "listingId": listing.listing_id,
        "listingStatus": listing.status,
        "soldQuantity": listing.sold.get(offer.sku, 0),
    }
    if listing.on_hold:
        container["listingOnHold"] = True
    return {"listing": container}


def get(call: Call) -> Reply:
    """Return one offer."""
    return Reply(200, shown(call.world, call.seller, call.offer(call.params["offerId"])))


def get_for_sku(call: Call) -> Reply:
    """Return the offers of one SKU; there is no list of all offers.

    Raises:
        Refusal: 400 with 25707 without a SKU; 404 with 25713 when the SKU has no offer, unless
            that is switched to an empty list.
    """
    sku = call.query.get("sku")
    if not sku:
        raise refuse(25707, "sku is required.", parameters={"sku": ""})
    page = page_of(call, longest=LONGEST_PAGE, usual=LONGEST_PAGE, clipped=True)
    asked = call.query.get("marketplace_id"), call.query.get("format")
    found = [
        offer for offer in call.seller.offers_for(sku)
        if asked[0] in {None, offer.marketplace} and asked[1] in {None, offer.format}
    ]  # fmt: skip
    if not found and call.world.switches.no_offers == "25713":
        raise refuse(25713, f"SKU {sku}")
    offers = [shown(call.world, call.seller, offer) for offer in page.cut(found)]
    return Reply(200, page.answer(call, len(found)) | {"size": len(offers), "offers": offers})


def delete(call: Call) -> Reply:
    """Delete an offer and end what it sold; a variation that has sold stays."""
    offer = call.offer(call.params["offerId"])
    listing = live_listing(call.seller, offer)
    if listing and listing.group and listing.sold.get(offer.sku):
        raise refuse(25002, f"{offer.sku} has sold; set its quantity to 0.")
    listings.leave(call.world, call.seller, offer)
    call.seller.remove_offer(offer)
    return Reply(204)


def publish(call: Call) -> Reply:
    """Put an offer live."""
    offer = call.offer(call.params["offerId"])
    listing_id, warnings = listings.publish(call.world, call.seller, offer)
    return Reply(200, {"listingId": listing_id, "warnings": warnings})


def withdraw(call: Call) -> Reply:
    """End the listing of an offer; the offer stays, unpublished."""
    offer = call.offer(call.params["offerId"])
    listing_id = listings.withdraw(call.world, call.seller, offer)
    return Reply(200, {"listingId": listing_id, "warnings": []})


OPERATIONS = [
    Operation("createOffer", "POST", f"{BASE}/offer", create, language=True),
    Operation("getOffers", "GET", f"{BASE}/offer", get_for_sku),
    Operation("getOffer", "GET", f"{BASE}/offer/{{offerId}}", get),
    Operation("updateOffer", "PUT", f"{BASE}/offer/{{offerId}}", update, language=True),
    Operation("deleteOffer", "DELETE", f"{BASE}/offer/{{offerId}}", delete),
    Operation("publishOffer", "POST", f"{BASE}/offer/{{offerId}}/publish", publish),
    Operation("withdrawOffer", "POST", f"{BASE}/offer/{{offerId}}/withdraw", withdraw),
]
