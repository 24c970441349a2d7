"""A live listing's content changes: what its item says about stock meanwhile."""

from typing import Any, cast

from support.live_shop import Shop, body_of, document


async def test_a_new_title_goes_out_with_the_stock_that_ebay_has_confirmed(shop: Shop) -> None:
    await shop.put(document(quantity=5))
    await shop.drain()
    await shop.put(document(quantity=9, title="Brighter lamp"))
    await shop.drain()
    call = shop.calls("bulkCreateOrReplaceInventoryItem")[-1]
    [row] = cast("dict[str, Any]", body_of(call))["requests"]
    assert row["product"]["title"] == "Brighter lamp"
    assert row["availability"]["shipToLocationAvailability"]["quantity"] == 5
    [offer] = shop.live().values()
    assert offer["availableQuantity"] == 9, "the stock itself is raised by its own call"
