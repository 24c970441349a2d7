"""Inventory item groups: several SKUs as the variations of one listing."""

from typing import cast

from mockbay import group_checks, listings, publishable
from mockbay.answers import Document, Refusal, Reply, describe, refuse
from mockbay.call import Call, Operation
from mockbay.inventory import BASE, replaced
from mockbay.shapes import GROUP, known
from mockbay.state import Listing, Offer, Seller, World

Asked = tuple[str, Document, str]


def put(call: Call) -> Reply:
    """Create a group (201) or replace it whole (204); a SKU left out stops being a variation."""
    key, world, seller = call.params["key"], call.world, call.seller
    document = kept_of(call.document)
    if found := problems(world, seller, key, document):
        raise Refusal(400, found)
    existed = key in seller.groups
    warnings = [
        w for listing in live_listings(seller, key) for w in listings.check_revision(world, listing)
    ]
    replace(world, seller, key, document)
    if existed:
        return replaced(call, warnings)
    return Reply(201, {"warnings": warnings} if warnings else {})


def kept_of(document: Document) -> Document:
    """Return what is stored of a body: known fields."""
    kept = cast("Document", known(document, GROUP))
    kept.pop("inventoryItemGroupKey", None)
    return kept


def problems(world: World, seller: Seller, key: str, document: Document) -> list[Document]:
    """Return what is wrong with a group, in itself and with its members."""
    wrong = list(group_checks.shape_problems(key, document, world.switches))
    return wrong + _members(seller, key, document)


def replace(world: World, seller: Seller, key: str, document: Document) -> None:
    """Store a group in place of what was there and revise its live listings.

    Raises:
        Refusal: 25013, a member that leaves has sold.
    """
    _drop(world, seller, key, set(document["variantSKUs"]))
    seller.groups[key] = document
    for sku in document["variantSKUs"]:
        seller.items[sku].group = key
    for listing in live_listings(seller, key):
        listings.revise(world, seller, listing)


def _members(seller: Seller, key: str, document: Document) -> list[Document]:
    """Return what keeps the SKUs of a body from being members."""
    skus: list[str] = document.get("variantSKUs") or []
    return [problem for sku in skus if (problem := _member(seller, key, sku)) is not None]


def _member(seller: Seller, key: str, sku: str) -> Document | None:
    item = seller.items.get(sku)
    if item is None:
        return describe(25701, sku, {"sku": sku})
    if item.group not in {None, key}:
        return describe(25703, f"{sku} is in {item.group}.",
                        {"sku": sku, "inventoryItemGroupKey": str(item.group)})  # fmt: skip
    single = [one for one in listings.live_listings(seller, sku) if one.group is None]
    if single:
        return describe(25704, sku, {"sku": sku, "listingId": single[0].listing_id})
    return None


def _drop(world: World, seller: Seller, key: str, kept: set[str]) -> None:
    """Take the SKUs that are not kept out of the group and of its listings.

    Raises:
        Refusal: 25013, one of them has sold and must stay with quantity 0.
    """
    before = seller.groups.get(key, {"variantSKUs": []})["variantSKUs"]
    leaving = [sku for sku in before if sku not in kept and sku in seller.items]
    for listing in live_listings(seller, key):
        if sold := [sku for sku in leaving if listing.sold.get(sku)]:
            raise refuse(25013, f"{sold[0]} has sold; set its quantity to 0.",
                         parameters={"sku": sold[0]})  # fmt: skip
    for sku in leaving:
        seller.items[sku].group = None
        for offer in seller.offers_for(sku):
            listings.leave(world, seller, offer)


def live_listings(seller: Seller, key: str) -> list[Listing]:
    """Return the live listings of a group, one per marketplace."""
    return [one for one in seller.listings.values() if one.alive and one.group == key]


def find(seller: Seller, key: str) -> Document:
    """Return a group of the seller.

    Raises:
        Refusal: 404 with 25705, there is none.
    """
    if key not in seller.groups:
        raise refuse(25705, key, parameters={"inventoryItemGroupKey": key})
    return seller.groups[key]


def get(call: Call) -> Reply:
    """Return a group."""
    key = call.params["key"]
    return Reply(200, find(call.seller, key) | {"inventoryItemGroupKey": key})


def delete(call: Call) -> Reply:
    """Delete a group and end its listings; items and offers stay."""
    key, seller = call.params["key"], call.seller
    find(seller, key)
    for listing in live_listings(seller, key):
        listings.end(call.world, seller, listing)
    for item in seller.items.values():
        item.group = None if item.group == key else item.group
    del seller.groups[key]
    return Reply(204)


def _asked(call: Call) -> Asked:
    key, marketplace = (call.document.get(n) for n in ("inventoryItemGroupKey", "marketplaceId"))
    if not key or not marketplace:
        raise refuse(25709, "inventoryItemGroupKey and marketplaceId are required.")
    return key, find(call.seller, key), marketplace


def _offers(seller: Seller, group: Document, marketplace: str) -> list[Offer]:
    keys = [(sku, marketplace, "FIXED_PRICE") for sku in group["variantSKUs"]]
    return [seller.offers[seller.offer_ids[key]] for key in keys if key in seller.offer_ids]


def publish(call: Call) -> Reply:
    """Put a group live, or add to its listing what is new; incomplete members are left out."""
    key, group, marketplace = _asked(call)
    world, seller = call.world, call.seller
    offers = _offers(seller, group, marketplace)
    if not offers:
        raise refuse(25725, f"{key} in {marketplace}.")
    if found := group_checks.publish_problems(world, seller, group, offers):
        raise Refusal(400, found)
    ready = _complete(world, seller, offers)
    listing = next(
        (one for one in live_listings(seller, key) if one.marketplace == marketplace), None
    )
    if listing is None:
        listings.check_selling_limit(world, seller, ready)
        warnings = [w for offer in ready for w in listings.settle(world, seller, offer)]
        listing = listings.start(world, seller, ready, group=key)
        return Reply(200, {"listingId": listing.listing_id, "warnings": warnings})
    warnings = listings.check_revision(world, listing)
    warnings += [w for offer in ready for w in listings.settle(world, seller, offer)]
    for offer in ready:
        if offer.offer_id not in listing.offer_ids:
            listing.offer_ids.append(offer.offer_id)
            offer.published, offer.listing_id = True, listing.listing_id
    listings.revise(world, seller, listing)
    return Reply(200, {"listingId": listing.listing_id, "warnings": warnings})


def _complete(world: World, seller: Seller, offers: list[Offer]) -> list[Offer]:
    """Return the offers that can go live.

    Raises:
        Refusal: none can; the errors are those of the first. One is bound to a dead listing.
    """
    for offer in offers:
        listings.check_binding(seller, offer)
    judged = [publishable.candidate(world, seller, seller.items[o.sku], o) for o in offers]
    found = [publishable.problems(one) for one in judged]
    ready = [offer for offer, problems in zip(offers, found, strict=True) if not problems]
    if not ready:
        raise publishable.refusal(found[0])
    return ready


def withdraw(call: Call) -> Reply:
    """End the listing of a group on one marketplace."""
    key, _, marketplace = _asked(call)
    live = [one for one in live_listings(call.seller, key) if one.marketplace == marketplace]
    if not live:
        raise refuse(25726, f"{key} in {marketplace}.")
    for listing in live:
        listings.check_hold(listing)
    for listing in live:
        listings.end(call.world, call.seller, listing)
    return Reply(204)


ONE = f"{BASE}/inventory_item_group/{{key}}"
OPERATIONS = [
    Operation("createOrReplaceInventoryItemGroup", "PUT", ONE, put, language=True),
    Operation("getInventoryItemGroup", "GET", ONE, get),
    Operation("deleteInventoryItemGroup", "DELETE", ONE, delete),
    Operation("publishOfferByInventoryItemGroup", "POST",
              f"{BASE}/offer/publish_by_inventory_item_group", publish),
    Operation("withdrawOfferByInventoryItemGroup", "POST",
              f"{BASE}/offer/withdraw_by_inventory_item_group", withdraw),
]  # fmt: skip
