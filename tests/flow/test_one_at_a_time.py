"""One SKU or group is written by one call at a time, however many workers there are."""

from asyncio import TaskGroup

import pytest
from anyio import to_thread

from support.live_shop import CALM, Document, Shop, document, publisher

ITEMS = "bulkCreateOrReplaceInventoryItem"
GROUP = "createOrReplaceInventoryItemGroup"
LAMP = document("LAMP-1")
SHIRT = {name: value for name, value in document("SHIRT").items() if name != "price"} | {
    "quantity": 0,
    "variants": [
        {"sku": f"SHIRT-{size}", "options": {"Size": size}, "quantity": 2, "price": "9.00"}
        for size in ("S", "M")
    ],
}


@pytest.mark.parametrize(("listing", "op"), [(LAMP, ITEMS), (SHIRT, ITEMS), (SHIRT, GROUP)])
async def test_a_newer_edit_waits_for_the_call_under_way_and_no_worker_takes_it(
    shop: Shop, listing: Document, op: str
) -> None:
    await shop.put(listing)
    await shop.drain()
    hold = {"kind": "hold", "when": "after"}
    shop.mock.faults({"id": "held", "match": {"op": op}, "effects": [hold]})
    await shop.put(listing | {"title": "Newer"}, document("OTHER"))
    others = [publisher(shop.runtime, CALM) for _ in range(3)]
    async with TaskGroup() as group:
        first = group.create_task(shop.publish_due())
        assert await to_thread.run_sync(shop.mock.reached, "held")
        before = len(shop.calls())
        await shop.put(listing | {"title": "Newest"}, document("OTHER", price="7.00"))
        for other in others:
            assert not await other.publish_once(), "all that is due is in the first one's hands"
        assert len(shop.calls()) == before
        shop.mock.release("held")
        await first
    await shop.drain()
    assert all(25025 not in call["errors"] for call in shop.calls())
    assert (await shop.row(listing["sku"]))["in_step"]
    titles = {shop.mock.items()[sku]["product"]["title"] for sku in shop.live() if sku != "OTHER"}
    assert titles == {"Newest"}


async def test_where_somebody_else_writes_it_is_tried_again_later(shop: Shop) -> None:
    busy = {"kind": "rows", "skus": ["LAMP-1"], "status": 500, "error_id": 25025}
    shop.mock.faults({"match": {"op": ITEMS}, "times": 2, "effects": [busy]})
    await shop.put(LAMP)
    await shop.drain()
    assert sorted(shop.live()) == ["LAMP-1"]
    assert (await shop.row("LAMP-1"))["letters"] == 0
