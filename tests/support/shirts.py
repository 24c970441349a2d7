"""A shirt in sizes, to sell as a group: the document, and what eBay has of it."""

from support.live_shop import SELLER, Document, Shop, document

SIZES = ("S", "M", "L")
PRICES = "bulkUpdatePriceQuantity"
ITEMS = "bulkCreateOrReplaceInventoryItem"
GROUP = "createOrReplaceInventoryItemGroup"
OFFERS = "bulkCreateOffer"
PUBLISH = "publishOfferByInventoryItemGroup"
LOOK = "getOffer"
READ_GROUP = "getInventoryItemGroup"
READ_ITEMS = "bulkGetInventoryItem"
WITHDRAW = "withdrawOfferByInventoryItemGroup"
LOST = {"kind": "reset", "when": "after"}


def variant(size: str, **fields: object) -> Document:
    complete: Document = {"quantity": 5, "price": "10.00"}
    return {"sku": f"SHIRT-{size}", "options": {"Size": size}, **complete, **fields}


def shirt(*variants: Document, **fields: object) -> Document:
    own: Document = {"price": None, "quantity": 0, "title": "A shirt"}
    chosen = variants or tuple(variant(size) for size in SIZES)
    document_ = document("SHIRT", **{**own, **fields}, variants=list(chosen))
    return {name: value for name, value in document_.items() if value is not None}


def ops(shop: Shop) -> list[str]:
    """Return the operations of all calls about items and offers."""
    return [call["op"] for call in shop.calls()]


async def change(shop: Shop, edited: Document) -> list[str]:
    """Send an edit in, see it through, and return the operations that it took."""
    before = len(ops(shop))
    await shop.put(edited)
    await shop.drain()
    assert (await shop.row("SHIRT"))["in_step"]
    return ops(shop)[before:]


def sold_as(shop: Shop) -> dict[str, tuple[int, str]]:
    return {
        sku: (offer["availableQuantity"], offer["pricingSummary"]["price"]["value"])
        for sku, offer in shop.live().items()
    }


def groups(shop: Shop) -> list[Document]:
    return list(shop.mock.state()["accounts"][SELLER]["groups"].values())
