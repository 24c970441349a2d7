"""What eBay refuses of a seller's fields, stock in places, offers made anew, and snapshots."""

from datetime import timedelta
from typing import Any

import pytest

from baysync.cli.why import explanations
from baysync.insight.listing import store as standings
from baysync.insight.listing import timeline_store
from baysync.ownership import store as ownership
from support.live_shop import Document, Shop, body_of, document
from support.sellers_lamp import LAMP, put, shown
from support.settable import value_at
from support.timetravel import advance

TERMS = "listingPolicies.bestOfferTerms"
BEST_OFFER: dict[str, object] = {
    f"{TERMS}.bestOfferEnabled": True,
    f"{TERMS}.autoAcceptPrice.currency": "USD",
    f"{TERMS}.autoAcceptPrice.value": "20.00",
}


@pytest.fixture
async def lamp(shop: Shop) -> Shop:
    await shop.put(LAMP)
    await shop.drain()
    return shop


def refused(op: str, field: str, *, times: int = 1) -> Document:
    problem = {
        "status": 400,
        "error_id": 25003,
        "message": f"Invalid {field}",
        "parameters": {"fieldName": field},
    }
    return {"match": {"op": op}, "times": times, "effects": [{"kind": "error", **problem}]}


async def warned(shop: Shop) -> list[str]:
    async with shop.runtime.db() as db:
        cursor = await db.execute("SELECT warnings FROM ebay_sync_log ORDER BY id DESC LIMIT 1")
        ((warnings,),) = await cursor.fetchall()
    return [each["parameters"]["field"] for each in warnings if "field" in each["parameters"]]


async def test_a_price_below_a_sellers_amount_goes_out_without_the_amount(lamp: Shop) -> None:
    lamp.mock.seller_set("LAMP-1", BEST_OFFER, of="offer")
    calls = await put(lamp, LAMP | {"price": "15.00"})
    assert calls == ["bulkUpdatePriceQuantity", "getOffer", "updateOffer"]
    offer = shown(lamp, "offer")
    assert offer["pricingSummary"]["price"]["value"] == "15.00"
    assert value_at(offer, f"{TERMS}.bestOfferEnabled") is True
    assert value_at(offer, f"{TERMS}.autoAcceptPrice.value") is None
    assert f"{TERMS}.autoAcceptPrice" in await warned(lamp)
    assert (await lamp.row("LAMP-1"))["in_step"]


async def test_why_names_what_of_the_seller_could_not_stay_after_later_edits_too(
    lamp: Shop,
) -> None:
    lamp.mock.seller_set("LAMP-1", {"conditionDescription": "A scratch below."})
    await put(lamp, LAMP | {"condition": "NEW"})
    await put(lamp, LAMP | {"condition": "NEW", "quantity": 2})
    async with lamp.runtime.db() as db:
        standing = await standings.standing(db, "LAMP-1")
        chain = (await timeline_store.timeline(db, "LAMP-1", limit=50))[::-1]
    assert any(link.words.endswith("left out conditionDescription") for link in chain)
    (told,) = explanations(standing, chain)
    assert told.startswith("What the seller set in conditionDescription is not kept as it was: ")


async def test_a_field_that_ebay_refuses_by_name_is_left_out_once_and_named(lamp: Shop) -> None:
    lamp.mock.seller_set("LAMP-1", {"product.subtitle": "with a shade"})
    lamp.mock.seller_set("LAMP-1", {"conditionDescription": "A scratch below."})
    lamp.mock.faults(refused("bulkCreateOrReplaceInventoryItem", "subtitle"))
    await put(lamp, LAMP | {"title": "Lamp two"})
    item = shown(lamp, "item")
    assert item["product"]["title"] == "Lamp two"
    assert "subtitle" not in item["product"]
    assert item["conditionDescription"] == "A scratch below."
    assert await warned(lamp) == ["product.subtitle"]


async def test_a_field_unknown_to_ebays_files_is_tried_once_for_an_account(lamp: Shop) -> None:
    other = LAMP | {"sku": "LAMP-2"}
    await put(lamp, other)
    seen = {"responses.inventoryItem.product.madeUp": "new at eBay"}
    lamp.mock.faults(
        {
            "match": {"op": "bulkGetInventoryItem"},
            "times": 0,
            "effects": [{"kind": "patch", "set": seen}],
        },
        refused("bulkCreateOrReplaceInventoryItem", "Nummer"),
    )
    writes = "bulkCreateOrReplaceInventoryItem"
    calls = await put(lamp, LAMP | {"title": "Lamp two"})
    assert calls.count(writes) == 2
    assert (await lamp.row("LAMP-1"))["in_step"]
    calls = await put(lamp, other | {"title": "Lamp three"})
    assert calls.count(writes) == 1, "what eBay refused of one item no other says"
    assert await warned(lamp) == ["product.madeUp"]
    async with lamp.runtime.db() as db:
        (one,) = await ownership.all_refused(db, lamp.account_id)
        await advance(db, None, timedelta(days=31))
    assert (one.kind, one.leaf) == ("item", "/product/madeUp")
    await put(lamp, other | {"title": "Lamp four"})
    assert "madeUp" in str(body_of(lamp.calls(writes)[-1]))


async def test_a_refusal_that_names_a_field_of_the_shop_is_the_shops(lamp: Shop) -> None:
    lamp.mock.seller_set("LAMP-1", {"product.subtitle": "with a shade"})
    lamp.mock.faults(refused("bulkCreateOrReplaceInventoryItem", "title", times=0))
    await put(lamp, LAMP | {"title": "Lamp two"})
    assert len(lamp.calls("bulkCreateOrReplaceInventoryItem")) == 2
    assert (await lamp.row("LAMP-1"))["letters"] == 1
    assert shown(lamp, "item")["product"]["subtitle"] == "with a shade"


async def test_stock_in_places_goes_down_before_the_stock_that_buyers_see(lamp: Shop) -> None:
    place = {"merchantLocationKey": "main-warehouse", "quantity": 4}
    path = "availability.shipToLocationAvailability.availabilityDistributions"
    lamp.mock.seller_set("LAMP-1", {path: [place]})
    await put(lamp, LAMP | {"title": "Lamp two"})
    assert value_at(shown(lamp, "item"), path) == [place]
    calls = await put(lamp, LAMP | {"title": "Lamp two", "quantity": 1})
    assert calls == [
        "bulkGetInventoryItem",
        "bulkCreateOrReplaceInventoryItem",
        "bulkUpdatePriceQuantity",
    ]
    assert value_at(shown(lamp, "item"), path) == [place | {"quantity": 1}]
    assert shown(lamp, "offer")["availableQuantity"] == 1
    await put(lamp, LAMP | {"title": "Lamp two", "quantity": 9})
    assert value_at(shown(lamp, "item"), path) == [place | {"quantity": 1}], "never raised by us"


async def test_what_the_seller_changed_is_kept_as_a_snapshot_before_it_is_replaced(
    lamp: Shop,
) -> None:
    lamp.mock.seller_set("LAMP-1", {"product.subtitle": "one"})
    await put(lamp, LAMP | {"title": "Lamp two"})
    lamp.mock.seller_set("LAMP-1", {"product.subtitle": "two"})
    await put(lamp, LAMP | {"title": "Lamp three"})
    async with lamp.runtime.db() as db:
        cursor = await db.execute(
            """
            SELECT source_event, carried_hash IS NOT NULL FROM ebay_listing_snapshot ORDER BY seq
            """
        )
        rows: list[Any] = await cursor.fetchall()
    assert rows == [
        ("publish_success", False),
        ("publish_success", True),
        ("read_back", True),
        ("publish_success", True),
    ]


async def test_a_title_that_somebody_changed_on_ebay_is_kept_before_the_shops_goes_out(
    lamp: Shop,
) -> None:
    lamp.mock.seller_set("LAMP-1", {"product.title": "The seller's title"})
    await put(lamp, LAMP | {"title": "Lamp two"})
    assert shown(lamp, "item")["product"]["title"] == "Lamp two"
    async with lamp.runtime.db() as db:
        cursor = await db.execute(
            """
            SELECT source_event, diff -> '/content/title' ->> 'after'
            FROM ebay_listing_snapshot WHERE seq > 1 ORDER BY seq
            """
        )
        assert await cursor.fetchall() == [
            ("read_back", "The seller's title"),
            ("publish_success", "Lamp two"),
        ]


async def test_a_read_from_before_the_last_write_lets_the_change_wait(lamp: Shop) -> None:
    await put(lamp, LAMP | {"title": "Lamp two"})
    lamp.mock.seller_set("LAMP-1", {"product.title": LAMP["title"]})
    before = len(lamp.calls())
    await lamp.put(LAMP | {"title": "Lamp three"})
    await lamp.publish_due()
    calls = [call["op"] for call in lamp.calls()[before:]]
    assert calls == ["bulkGetInventoryItem"], "it shows what eBay held before Lamp two"
    await lamp.drain()
    assert shown(lamp, "item")["product"]["title"] == "Lamp three"
    assert (await lamp.row("LAMP-1"))["in_step"]


async def test_an_offer_that_is_not_live_is_read_before_it_is_replaced(lamp: Shop) -> None:
    await put(lamp, LAMP | {"status": "ended"})
    lamp.mock.seller_set("LAMP-1", {"quantityLimitPerBuyer": 3}, of="offer")
    calls = await put(lamp, LAMP | {"description": "<p>Back again.</p>"})
    assert calls.count("getOffer") == 2, "one for the offer, one for the stock that is raised"
    assert shown(lamp, "offer")["quantityLimitPerBuyer"] == 3


async def test_a_new_listing_is_written_unread(shop: Shop) -> None:
    await shop.put(document("LAMP-1"))
    await shop.drain()
    assert [body_of(call) for call in shop.calls("bulkGetInventoryItem")] == []
