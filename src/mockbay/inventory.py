"""Inventory items: stored whole, replaced whole, revising what is live at once."""

from typing import cast

from mockbay import beside, listings
from mockbay.answers import Document, Refusal, Reply, describe, part
from mockbay.call import Call, Operation
from mockbay.paging import Page, page_of
from mockbay.rules import CODES, item_problems, sku_problem
from mockbay.shapes import ITEM, known
from mockbay.state import Item, Seller, World, pack
from mockbay.taxonomy import IDENTITIES

BASE = "/sell/inventory/v1"
LONGEST_PAGE, USUAL_PAGE = 200, 25
STORED = ITEM.keys() - {"sku", "locale"}
QUANTITIES = ("quantity", "allocationByFormat")


def put(call: Call) -> Reply:
    """Create an item (201) or replace it (204, or 200 with warnings)."""
    sku = call.params["sku"]
    existed = sku in call.seller.items
    warnings = replace(call, sku, call.locale, call.document)
    if not existed:
        return Reply(201, {"warnings": warnings} if warnings else {})
    return replaced(call, warnings)


def replaced(call: Call, warnings: list[Document]) -> Reply:
    """Return the answer to a replacement: 204 without a word, or as is switched."""
    said = warnings or call.world.switches.updated == 200  # noqa: PLR2004
    return Reply(200, {"warnings": warnings}) if said else Reply(204)


def replace(call: Call, sku: str, locale: str, document: Document) -> list[Document]:
    """Store an item in place of what was there and revise its live listings; return warnings.

    Raises:
        Refusal: the document is wrong, or a listing on hold or at its cap cannot be revised.
    """
    _check(call, sku, document)
    kept = kept_of(document)
    verdict = judged(call.world, kept)
    if verdict.refused:
        raise Refusal(400, verdict.refused)
    live = listings.live_listings(call.seller, sku)
    warnings = [w for listing in live for w in listings.check_revision(call.world, listing)]
    quantity = given_quantity(document)
    packed = pack(beside.without(kept, verdict.dropped))
    item = call.seller.items.get(sku)
    if item is None:
        call.seller.items[sku] = Item(sku, locale, packed, quantity)
    else:
        item.locale, item.packed, item.quantity = locale, packed, quantity
    for listing in live:
        listings.revise(call.world, call.seller, listing)
    return warnings + verdict.warnings


def judged(world: World, kept: Document) -> beside.Verdict:
    """Judge an item in itself; who first names an ePID says what its product is."""
    epid = part(kept, "product").get("epid")
    product = world.products.setdefault(epid, beside.identity(kept)) if epid else None
    return beside.judged(beside.item_clashes(kept, product), world.switches)


def _check(call: Call, sku: str, document: Document) -> None:
    if wrong := sku_problem(sku, strict=call.world.switches.strict_sku):
        raise Refusal(400, [wrong])
    if found := list(item_problems(document)):
        raise Refusal(400, found)


def kept_of(document: Document) -> Document:
    """Return what is stored of a body: known fields, without the quantity."""
    stored = {name: value for name, value in document.items() if name in STORED}
    kept = cast("Document", known(stored, ITEM))
    ship = part(kept, "availability", "shipToLocationAvailability")
    for name in QUANTITIES:
        ship.pop(name, None)
    available = {name: value for name, value in part(kept, "availability").items() if value}
    product = _picked_up(part(kept, "product"))
    whole = kept | {"availability": available, "product": product}
    return {name: value for name, value in whole.items() if value != {}}


def _picked_up(product: Document) -> Document:
    """Return a product with what its aspects say of brand, part number and product codes."""
    aspects = part(product, "aspects")
    for name, values in aspects.items():
        field = IDENTITIES.get(name.casefold(), "")
        if field and values and not product.get(field):
            product[field] = values if field in CODES else values[0]
    return product


def given_quantity(document: Document) -> int | None:
    """Return the quantity a body names."""
    return part(document, "availability", "shipToLocationAvailability").get("quantity")


def shown(item: Item) -> Document:
    """Return an item as eBay gives it back."""
    document = item.document
    if item.quantity is not None:
        available = document.setdefault("availability", {})
        ship = available.setdefault("shipToLocationAvailability", {})
        ship["quantity"] = item.quantity
        ship["allocationByFormat"] = {"auction": 0, "fixedPrice": item.quantity}
    groups = [item.group] if item.group else []
    return document | {
        "sku": item.sku, "locale": item.locale,
        "groupIds": groups, "inventoryItemGroupKeys": groups,
    }  # fmt: skip


def find(call: Call, sku: str) -> Item:
    """Return an item of the seller.

    Raises:
        Refusal: there is none: 404 with 25710, or as is switched.
    """
    if (item := call.seller.items.get(sku)) is not None:
        return item
    status, _, error_id = call.world.switches.missing_item.partition(" ")
    errors = [describe(int(error_id), f"SKU {sku}")] if error_id else []
    raise Refusal(int(status), errors)


def get(call: Call) -> Reply:
    """Return one item."""
    return Reply(200, shown(find(call, call.params["sku"])))


def get_all(call: Call) -> Reply:
    """Return a page of items in the order in which they were made."""
    page = page_of(call, longest=LONGEST_PAGE, usual=USUAL_PAGE)
    if call.world.switches.item_offset == "pages":
        page = Page(page.limit, page.offset * page.limit, step=1, unit=page.limit)
    items = list(call.seller.items.values())
    body = page.answer(call, len(items)) | {
        "size": -(-len(items) // page.limit),
        "inventoryItems": [shown(item) for item in page.cut(items)],
    }
    return Reply(200, body)


def delete(call: Call) -> Reply:
    """Delete an item, its offers, and the single listings that sold it."""
    remove(call.world, call.seller, find(call, call.params["sku"]))
    return Reply(204)


def remove(world: World, seller: Seller, item: Item) -> None:
    """Forget an item: single listings end, a group goes on without it."""
    for offer in seller.offers_for(item.sku):
        listings.leave(world, seller, offer)
        seller.remove_offer(offer)
    if item.group and (group := seller.groups.get(item.group)):
        group["variantSKUs"] = [sku for sku in group["variantSKUs"] if sku != item.sku]
    del seller.items[item.sku]


OPERATIONS = [
    Operation("createOrReplaceInventoryItem", "PUT", f"{BASE}/inventory_item/{{sku}}", put,
              language=True),
    Operation("getInventoryItem", "GET", f"{BASE}/inventory_item/{{sku}}", get),
    Operation("deleteInventoryItem", "DELETE", f"{BASE}/inventory_item/{{sku}}", delete),
    Operation("getInventoryItems", "GET", f"{BASE}/inventory_item", get_all),
]  # fmt: skip
