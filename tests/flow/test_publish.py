"""The loop end to end: what goes in, what eBay then holds, and what it cost."""

from datetime import timedelta
from math import ceil

import pytest
from msgspec.structs import replace

from baysync.account import store as accounts
from support.depth import many
from support.live_shop import CATEGORY, MARKETPLACE, Shop, body_of, document

RAISE = ["getOffer", "bulkUpdatePriceQuantity", "getOffer"]
CREATE = ["bulkCreateOrReplaceInventoryItem", "bulkCreateOffer", "bulkPublishOffer"]


def ops(shop: Shop) -> list[str]:
    return [call["op"] for call in shop.calls()]


async def test_a_listing_goes_live_with_three_calls_and_says_what_the_shop_said(
    shop: Shop,
) -> None:
    assert await shop.put(document("LAMP-1", title="Desk lamp", quantity=3)) == ["created"]
    await shop.drain()
    assert ops(shop) == CREATE
    [offer] = shop.live().values()
    assert (offer["sku"], offer["listing"]["listingStatus"]) == ("LAMP-1", "ACTIVE")
    assert shop.mock.items()["LAMP-1"]["product"]["title"] == "Desk lamp"
    assert (offer["availableQuantity"], offer["categoryId"]) == (3, CATEGORY)
    assert await shop.row("LAMP-1") == {
        "lifecycle_state": "live",
        "blocked_reason": None,
        "blocked_scope": None,
        "verify_at": None,
        "in_step": True,
        "letters": 0,
    }


async def test_listings_cost_three_calls_a_batch_and_no_read(shop: Shop) -> None:
    count = many(250, deep=1_000)
    await shop.put(*[document(f"SKU-{n:04}") for n in range(count)])
    await shop.drain()
    assert len(shop.live()) == count
    writes = [call for call in shop.calls() if call["method"] != "GET"]
    assert len(writes) <= 3 * ceil(count / 25) + 5
    assert len(writes) == len(shop.calls()), "nothing was read"

    before = len(shop.calls())
    await shop.put(*[document(f"SKU-{n:04}", price="21.50") for n in range(count)])
    await shop.drain()
    assert len(shop.calls()) - before <= ceil(count / 25) + 1

    again = await shop.put(*[document(f"SKU-{n:04}", price="21.50") for n in range(count)])
    assert set(again) == {"unchanged"}
    before = len(shop.calls())
    assert await shop.active() == 0
    await shop.drain()
    assert len(shop.calls()) == before


async def test_an_account_that_takes_one_sku_a_call_is_learnt_once(shop: Shop) -> None:
    skus = [f"SKU-{n}" for n in range(30)]
    await shop.put(*[document(sku) for sku in skus])
    await shop.drain()
    shop.mock.switch(price_quantity_max_skus=1)
    await shop.put(*[document(sku, price="21.50") for sku in skus])
    await shop.drain()
    calls = shop.calls("bulkUpdatePriceQuantity")
    assert len(calls) == 1 + len(skus), "one batch refused, then each alone"
    await shop.put(*[document(sku, price="22.50") for sku in skus])
    await shop.drain()
    assert len(shop.calls("bulkUpdatePriceQuantity")) == 1 + 2 * len(skus)
    offers = shop.mock.offers().values()
    assert {offer["pricingSummary"]["price"]["value"] for offer in offers} == {"22.50"}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"quantity": 2}, ["bulkUpdatePriceQuantity"]),
        ({"quantity": 9}, RAISE),
        ({"price": "9.99"}, ["bulkUpdatePriceQuantity"]),
        ({"price": "9.99", "quantity": 9}, RAISE),
        ({"title": "Another lamp"}, ["bulkGetInventoryItem", CREATE[0]]),
        ({"description": "<p>Brighter.</p>"}, ["getOffer", "updateOffer", "getOffer"]),
        ({"status": "ended"}, ["withdrawOffer"]),
    ],
)
async def test_an_edit_sends_only_the_call_that_it_needs(
    shop: Shop, changes: dict[str, object], expected: list[str]
) -> None:
    await shop.put(document("LAMP-1"))
    await shop.drain()
    before = len(shop.calls())
    await shop.put(document("LAMP-1", **changes))
    await shop.drain()
    assert ops(shop)[before:] == expected
    assert (await shop.row("LAMP-1"))["in_step"]


async def test_a_description_keeps_the_price_and_quantity_that_ebay_shows(shop: Shop) -> None:
    await shop.put(document("LAMP-1", quantity=5))
    await shop.drain()
    shop.mock.buy("LAMP-1", 2)
    await shop.put(document("LAMP-1", quantity=5, description="<p>Brighter.</p>"))
    await shop.drain()
    [offer] = shop.mock.offers().values()
    assert offer["availableQuantity"] == 3, "the two that were sold are not offered again"
    assert offer["listingDescription"] == "<p>Brighter.</p>"


async def test_twenty_edits_in_a_burst_are_one_change(shop: Shop) -> None:
    for n in range(20):
        await shop.put(document("LAMP-1", title=f"Lamp {n}"))
    assert await shop.active() == 1
    await shop.drain()
    assert ops(shop) == CREATE
    assert shop.mock.items()["LAMP-1"]["product"]["title"] == "Lamp 19"


async def test_an_ended_listing_comes_back_under_a_new_number_with_its_stock(shop: Shop) -> None:
    shop.mock.switch(republish_at_zero=True)
    await shop.put(document("LAMP-1"))
    await shop.drain()
    first = shop.live()["LAMP-1"]
    await shop.put(document("LAMP-1", status="ended"))
    await shop.drain()
    assert shop.live() == {}
    before = len(shop.calls())
    await shop.put(document("LAMP-1"))
    await shop.drain()
    assert ops(shop)[before:] == ["bulkPublishOffer", *RAISE[1:]], "of a new one nothing was sold"
    again = shop.live()["LAMP-1"]
    assert again["listing"]["listingId"] != first["listing"]["listingId"]
    [offer] = shop.mock.offers().values()
    assert offer["availableQuantity"] == 5


async def test_an_archived_listing_is_ended_and_then_removed(shop: Shop) -> None:
    await shop.put(document("LAMP-1"))
    await shop.drain()
    await shop.put(document("LAMP-1", status="archived"))
    await shop.drain()
    assert shop.live() == {}
    assert (await shop.row("LAMP-1"))["lifecycle_state"] == "removed"


async def test_no_body_is_sent_twice_in_a_row_for_the_same_sku(shop: Shop) -> None:
    steps: list[dict[str, object]] = [
        {},
        {"title": "B"},
        {"title": "A"},
        {"status": "ended"},
        {"quantity": 5},
        {"quantity": 0},
        {"quantity": 5},
        {"price": "3", "quantity": 1},
        {"status": "ended", "price": "4"},
        {"price": "4"},
    ]
    for changes in steps:
        await shop.put(document("LAMP-1", **changes))
        await shop.drain()
    last: dict[str, object] = {}
    for call in shop.calls():
        if call["op"] in {"bulkPublishOffer", "withdrawOffer"}:
            last.pop("bulkUpdatePriceQuantity", None)  # a new listing starts from nothing
        elif call["method"] != "GET" and call["op"] != "bulkGetInventoryItem":
            body = body_of(call)
            assert last.get(call["op"]) != body, call["op"]
            last[call["op"]] = body
            if call["op"] == "bulkUpdatePriceQuantity":
                last.pop("bulkCreateOrReplaceInventoryItem", None)
                last.pop("updateOffer", None)
    assert shop.mock.offers()


@pytest.mark.parametrize("at_once", [True, False])
async def test_a_title_that_cannot_be_sold_never_keeps_stock_on_sale(
    shop: Shop, *, at_once: bool
) -> None:
    await shop.put(document("LAMP-1"))
    await shop.drain()
    if not at_once:
        await shop.put(document("LAMP-1", title="x" * 81))
        await shop.drain()
    await shop.put(document("LAMP-1", title="x" * 81, quantity=0))
    await shop.drain()
    assert shop.live()["LAMP-1"]["listing"]["listingStatus"] == "OUT_OF_STOCK"
    row = await shop.row("LAMP-1")
    assert (row["blocked_reason"], row["blocked_scope"]) == ("title_too_long", "content")


async def test_stock_goes_down_after_the_content_became_a_dead_letter(shop: Shop) -> None:
    await shop.put(document("LAMP-1"))
    await shop.drain()
    shop.mock.faults(
        {
            "match": {"op": "bulkCreateOrReplaceInventoryItem"},
            "times": 0,
            "effects": [{"kind": "rows", "skus": ["LAMP-1"], "status": 400, "error_id": 25003}],
        }
    )
    await shop.put(document("LAMP-1", title="Refused lamp"))
    await shop.drain()
    assert (await shop.row("LAMP-1"))["letters"] == 1
    await shop.put(document("LAMP-1", title="Refused lamp", quantity=0))
    await shop.drain()
    assert shop.live()["LAMP-1"]["listing"]["listingStatus"] == "OUT_OF_STOCK"
    assert (await shop.row("LAMP-1"))["letters"] >= 1
    shop.mock.clear_faults()
    await shop.put(document("LAMP-1", title="Good lamp", quantity=4))
    await shop.drain()
    assert (await shop.row("LAMP-1"))["letters"] == 0
    assert shop.mock.items()["LAMP-1"]["product"]["title"] == "Good lamp"


async def test_one_row_that_ebay_cannot_read_costs_its_neighbours_nothing(shop: Shop) -> None:
    skus = [f"SKU-{n:02}" for n in range(25)]
    shop.mock.faults(
        {
            "match": {"op": "bulkCreateOrReplaceInventoryItem", "sku": "SKU-13"},
            "times": 0,
            "effects": [{"kind": "error", "status": 400, "error_id": 2004}],
        }
    )
    await shop.put(*[document(sku) for sku in skus])
    await shop.drain()
    assert sorted(shop.live()) == [sku for sku in skus if sku != "SKU-13"]
    assert (await shop.row("SKU-13"))["letters"] == 1
    assert len(shop.calls()) <= 3 + 12


async def test_ten_minutes_without_ebay_cost_nothing_but_time(shop: Shop) -> None:
    count = 200
    await shop.put(*[document(f"SKU-{n:03}") for n in range(count)])
    shop.mock.faults(
        {
            "match": {},
            "times": 0,
            "for_ms": 600_000,
            "effects": [{"kind": "unavailable", "answer": "reset"}],
        }
    )
    for _ in range(12):
        await shop.publish_due()
        await shop.pass_time(timedelta(minutes=1))
    await shop.drain()
    assert len(shop.live()) == count
    async with shop.runtime.db() as db:
        cursor = await db.execute(
            "SELECT count(*) FILTER (WHERE status = 'dead'), max(attempts) FROM ebay_change_queue"
        )
        assert (await cursor.fetchall())[0] == (0, 1)


async def test_an_account_of_plain_skus_tells_ebay_letters_and_digits_only(shop: Shop) -> None:
    shop.mock.switch(strict_sku=True)
    where = (shop.account_id, MARKETPLACE)
    async with shop.runtime.db() as db:
        known = (await accounts.defaults(db, [where]))[where]
        await accounts.put_defaults(db, *where, replace(known, plain_skus=True))
    await shop.put(document("LAMP1"), document("LAMP-1"))
    await shop.drain()
    assert all(sku.isalnum() for sku in shop.live())
    assert len(shop.live()) == 2
    assert "LAMP1" in shop.live(), "a SKU that is plain already is kept"
