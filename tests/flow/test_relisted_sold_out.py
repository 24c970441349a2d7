"""The shop sells out while a relist is in flight: it is shown at 0, with its newest words."""

import asyncio

from support.agreement import shown, wanted
from support.live_shop import Shop, document

PUBLISH = "bulkPublishOffer"


async def test_what_comes_back_while_the_shop_sells_out_shows_zero_and_the_newest_words(
    shop: Shop,
) -> None:
    for listing in (document(), document(status="ended")):
        await shop.put(listing)
        await shop.drain()
    await shop.put(document())
    hold = {"kind": "hold", "when": "before"}
    (rule,) = shop.mock.faults({"match": {"op": PUBLISH}, "effects": [hold]})
    relisting = asyncio.create_task(shop.publish_due())
    assert await asyncio.to_thread(shop.mock.reached, rule)
    sold_out = document(quantity=0, title="A lamp with newer words")
    await shop.put(sold_out)
    assert (await shop.row("LAMP-1"))["blocked_reason"] == "out_of_stock"
    shop.mock.release(rule)
    await relisting
    await shop.drain()
    await shop.reap()
    await shop.drain()
    assert shown(shop.mock) == wanted([sold_out])
    assert (await shop.row("LAMP-1"))["blocked_reason"] is None
