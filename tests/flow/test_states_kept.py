"""Each state that eBay showed and that we did not know is kept before anything overwrites it."""

import asyncio
import json
from datetime import timedelta
from typing import Any, NamedTuple

import msgspec
import pytest

from baysync.base.packing import unpack
from baysync.projection import canonical
from baysync.queue import service as queue
from support.live_shop import Document, Shop, document
from support.shirts import SIZES, shirt, variant

LATER = timedelta(hours=1)
ITEMS, OFFER = "bulkCreateOrReplaceInventoryItem", "updateOffer"
GROUP, PRICES = "createOrReplaceInventoryItemGroup", "bulkUpdatePriceQuantity"


class Kind(NamedTuple):
    """What a seller edits, what then stands in a snapshot, and what an edit of ours writes."""

    leaves: Document
    of: str
    edit: Document
    writes: str


KINDS = {
    "content of ours": Kind({"product.title": "SELLERS"}, "item", {"brand": "New"}, ITEMS),
    "content of his": Kind({"product.subtitle": "SELLERS"}, "item", {"title": "New"}, ITEMS),
    "offer of ours": Kind(
        {"listingDescription": "<p>SELLERS</p>"}, "offer", {"store_categories": ["/New"]}, OFFER
    ),
    "offer of his": Kind(
        {"charity.charityId": "SELLERS"}, "offer", {"description": "<p>New.</p>"}, OFFER
    ),
    "group of ours": Kind({"description": "<p>SELLERS</p>"}, "group", {"title": "New"}, GROUP),
    "group of his": Kind({"videoIds": ["SELLERS"]}, "group", {"title": "New"}, GROUP),
    "price": Kind(
        {"pricingSummary.price.value": "77.77"}, "offer", {"description": "<p>New.</p>"}, OFFER
    ),
}


def listing(kind: Kind) -> Document:
    return shirt() if kind.of == "group" else document("LAMP-1")


def sku(kind: Kind) -> str:
    return "SHIRT-S" if kind.of == "group" else "LAMP-1"


def mark(kind: Kind) -> str:
    return "77.77" if "77.77" in str(kind.leaves) else "SELLERS"


async def kept(shop: Shop) -> list[str]:
    """Return each snapshot as text, the oldest first: the document, and what the seller set."""
    async with shop.runtime.db() as db:
        cursor = await db.execute("SELECT body, carried FROM ebay_listing_snapshot ORDER BY id")
        rows = await cursor.fetchall()
    return [_text(body, carried) for body, carried in rows]


def _text(body: bytes | None, carried: bytes | None) -> str:
    shown: Any = canonical.decode(unpack(body)) if body else None
    own = unpack(carried).decode() if carried else ""
    return msgspec.json.encode(shown).decode() + own


async def verify(shop: Shop, name: str) -> None:
    async with shop.runtime.db() as db:
        await queue.verify(db, [name], by="test")
    await shop.publish_due()


async def live(shop: Shop, kind: Kind) -> Document:
    """Put a listing live and let its seller edit it."""
    said = listing(kind)
    await shop.put(said)
    await shop.drain()
    await verify(shop, said["sku"])  # the first read of a document is where it begins
    await shop.pass_time(LATER)
    shop.mock.seller_set(sku(kind), kind.leaves, of=kind.of)
    return said


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
async def test_verify_keeps_what_a_seller_made_of_a_listing(shop: Shop, kind: Kind) -> None:
    said = await live(shop, kind)
    assert not any(mark(kind) in one for one in await kept(shop))
    await verify(shop, said["sku"])
    await shop.drain()
    assert any(mark(kind) in one for one in await kept(shop))
    count = len(await kept(shop))
    await verify(shop, said["sku"])
    await shop.drain()
    assert len([one for one in await kept(shop) if mark(kind) in one]) <= count


READ_FIRST = {n: kind for n, kind in KINDS.items() if n != "price"} | {
    "title of a group": Kind({"title": "SELLERS"}, "group", {"brand": "New"}, GROUP),
}
"""The price is carried, not overwritten."""


@pytest.mark.parametrize("kind", READ_FIRST.values(), ids=READ_FIRST)
async def test_a_fresh_read_is_kept_before_the_replacement_is_sent(shop: Shop, kind: Kind) -> None:
    said = await live(shop, kind)
    await sees_kept_before(shop, said | kind.edit, writes=kind.writes, text=mark(kind))
    await shop.drain()
    assert (await shop.row(said["sku"]))["in_step"]


@pytest.mark.parametrize(
    ("leaves", "of"),
    [({"product.mpn": "SELLERS"}, "item"), ({"storeCategoryNames": ["/SELLERS"]}, "offer")],
)
async def test_what_a_fresh_read_shows_of_a_member_is_kept_too(
    shop: Shop, leaves: Document, of: str
) -> None:
    variants = [variant(size, mpn=f"m-{size}") for size in SIZES]
    said = shirt(*variants, store_categories=["/Ours"])
    await shop.put(said)
    await shop.drain()
    await verify(shop, "SHIRT")
    await shop.pass_time(LATER)
    shop.mock.seller_set("SHIRT-L", leaves, of=of)  # the first to be written
    edit, writes = ({"title": "New"}, ITEMS) if of == "item" else ({"category": "101"}, OFFER)
    await sees_kept_before(shop, said | edit, writes=writes, text="SELLERS")


async def sees_kept_before(shop: Shop, edited: Document, *, writes: str, text: str) -> None:
    """Send an edit in and see a snapshot with ``text`` before its call takes effect."""
    await shop.put(edited)
    held: Document = {"id": "held", "match": {"op": writes}, "effects": [{"kind": "hold"}]}
    shop.mock.faults(held)
    publishing = asyncio.create_task(shop.publish_due())
    assert await asyncio.to_thread(shop.mock.reached, "held")
    assert any(text in one for one in await kept(shop)), "before the call takes effect"
    shop.mock.release("held")
    await publishing


async def test_an_end_on_the_site_and_stock_set_there_are_kept(shop: Shop) -> None:
    await shop.put(document("LAMP-1"), document("LAMP-2"))
    await shop.drain()
    await shop.pass_time(LATER)
    quantity = "availability.shipToLocationAvailability.quantity"
    shop.mock.seller_set("LAMP-1", {quantity: 3})
    shop.mock.seller_set("LAMP-1", {"availableQuantity": 3}, of="offer")
    shop.mock.end_listing("LAMP-2")
    before = len(await kept(shop))
    await verify(shop, "LAMP-1")
    await verify(shop, "LAMP-2")
    await shop.drain()
    new = [json.loads(one) for one in (await kept(shop))[before:]]
    assert any(one["quantity"] == 3 for one in new if one.get("lifecycle") == "live")
    assert any(one.get("lifecycle") == "ended" for one in new)
