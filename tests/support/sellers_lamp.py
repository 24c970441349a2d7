"""A live lamp that its seller edits on eBay: the document, and what eBay shows of it."""

from datetime import timedelta

from support.live_shop import Document, Shop, document

LAMP: Document = document("LAMP-1", price="24.90", condition="USED_VERY_GOOD")


def shown(shop: Shop, kind: str, sku: str = "LAMP-1") -> Document:
    if kind == "item":
        return shop.mock.items()[sku]
    return next(offer for offer in shop.mock.offers().values() if offer["sku"] == sku)


async def put(shop: Shop, *documents: Document) -> list[str]:
    """Send edits in once the last write is long ago, see them through, return the calls."""
    await shop.pass_time(timedelta(minutes=20))
    before = len(shop.calls())
    await shop.put(*documents)
    await shop.drain()
    return [call["op"] for call in shop.calls()[before:]]
