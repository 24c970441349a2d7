"""What a seller keeps beside the shop's stock and price, where eBay takes both or neither."""

from typing import cast

from support.live_shop import Document, Shop, document
from support.settable import value_at
from support.survival import ON_HAND, PICKUP, TERMS, WAREHOUSES, everything

QUANTITY = f"{ON_HAND}.quantity"


async def test_stock_that_goes_down_takes_the_stock_at_warehouses_and_shops_along(
    shop: Shop,
) -> None:
    row = document("LAMP-1")
    await shop.put(row)
    await shop.drain()
    shelf = {"merchantLocationKey": "main-warehouse", "quantity": 3}
    other = {"merchantLocationKey": "annex", "quantity": 2}
    shop.mock.seller_set("LAMP-1", {
        WAREHOUSES.removeprefix("item."): [shelf, other],
        PICKUP.removeprefix("item."): [shelf | {"availabilityType": "IN_STOCK"}],
    })  # fmt: skip
    await shop.put(row | {"title": "Read and replaced"})
    await shop.drain()
    for number, left, picked in ((4, [3, 1], 3), (1, [1, 0], 1), (50, [1, 0], 1)):
        await shop.put(row | {"title": "Read and replaced", "quantity": number})
        await shop.drain()
        after = everything(shop.mock)["LAMP-1"]
        assert after[QUANTITY] == number
        assert [one["quantity"] for one in cast("list[Document]", after[WAREHOUSES])] == left
        assert [one["quantity"] for one in cast("list[Document]", after[PICKUP])] == [picked]


async def test_a_price_that_ebay_refuses_for_a_best_offer_goes_out_without_it(shop: Shop) -> None:
    row = document("LAMP-1")
    await shop.put(row)
    await shop.drain()
    accept = f"{TERMS}.autoAcceptPrice".removeprefix("offer.")
    decline = f"{TERMS}.autoDeclinePrice".removeprefix("offer.")
    shop.mock.seller_set("LAMP-1", {
        accept: {"value": "9.00", "currency": "USD"}, decline: {"value": "5.00", "currency": "USD"},
        "quantityLimitPerBuyer": 3,
    }, of="offer")  # fmt: skip
    calls = len(shop.calls())
    await shop.put(row | {"price": "7.00"})
    await shop.drain()
    offer = shop.live()["LAMP-1"]
    assert offer["pricingSummary"]["price"]["value"] == "7.00"
    assert value_at(offer, accept) is None
    assert value_at(offer, f"{decline}.value") == "5.00"
    assert offer["quantityLimitPerBuyer"] == 3
    ops = [call["op"] for call in shop.calls()[calls:]]
    assert ops == ["bulkUpdatePriceQuantity", "getOffer", "updateOffer"]
