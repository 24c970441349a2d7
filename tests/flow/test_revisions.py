"""At most so many revisions of a listing a day: what waits, what never does, and until when."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from baysync.insight.listing import store as standings
from baysync.insight.why import reason
from mockbay.client import MockServer
from support.live_shop import CALM, SELLER, Document, Shop, document, open_shop, publisher

SKU = "LAMP-1"
DAY = timedelta(days=1)
LIMITS = replace(CALM, revisions=8, revisions_kept=3)


@pytest.fixture
async def shop(database: str, mockbay: MockServer, tmp_path: Path) -> AsyncIterator[Shop]:
    mockbay.reset(clock="real", revision_cap=8)  # its day ends when California's does
    async with open_shop(database, mockbay, tmp_path, limits=LIMITS) as shop:
        await shop.put(document(SKU))
        await shop.drain()
        yield shop


async def edit(shop: Shop, **changes: object) -> None:
    """Send an edit in and publish what may be published now."""
    await shop.put(document(SKU, **changes))
    await shop.publish_due()


async def used(shop: Shop, sku: str = SKU) -> int:
    async with shop.runtime.db() as db:
        cursor = await db.execute(
            "SELECT e.revisions_used FROM ebay_listing e JOIN listing l ON l.id = e.listing_id"
            " WHERE l.sku = %s",
            (sku,),
        )
        return (await cursor.fetchall())[0][0]


async def waits(shop: Shop) -> tuple[str, timedelta, int]:
    """Return the outcome, the wait and the attempts of the only change that is active."""
    async with shop.runtime.db() as db:
        cursor = await db.execute(
            "SELECT last_outcome, run_at - now(), attempts FROM ebay_change_queue"
            " WHERE status = 'pending'"
        )
        [row] = await cursor.fetchall()
        return row


def title(shop: Shop) -> str:
    return str(shop.mock.items()[SKU]["product"]["title"])


def price(shop: Shop) -> str:
    return str(shop.live()[SKU]["pricingSummary"]["price"]["value"])


def revisions(shop: Shop) -> list[int]:
    """Return how often eBay counts each live listing as revised."""
    owned = shop.mock.state()["accounts"][SELLER]["listings"].values()
    return [one["revisions"] for one in owned if one["status"] in {"ACTIVE", "OUT_OF_STOCK"}]


async def test_content_waits_for_the_next_day_while_price_and_stock_go(shop: Shop) -> None:
    for n in range(5):
        await edit(shop, title=f"Lamp {n}")
    assert (title(shop), await used(shop), revisions(shop)) == ("Lamp 4", 5, [5])
    await edit(shop, title="Lamp 5", description="<p>New.</p>", price="25.00", quantity=9)
    assert (title(shop), price(shop)) == ("Lamp 4", "25.00")
    assert shop.live()[SKU]["availableQuantity"] == 9, "what follows the content in the plan, too"
    outcome, wait, attempts = await waits(shop)
    assert (outcome, attempts) == ("capped", 0)
    assert timedelta() < wait <= DAY
    row = await shop.row(SKU)
    assert (row["blocked_reason"], row["letters"], row["in_step"]) == (None, 0, False)
    await shop.pass_time(wait + timedelta(minutes=1))
    await shop.publish_due()
    assert title(shop) == "Lamp 5"
    assert shop.live()[SKU]["listingDescription"] == "<p>New.</p>"
    assert ((await shop.row(SKU))["in_step"], await used(shop)) == (True, 2)


async def test_when_all_is_used_only_less_stock_and_the_end_are_sent(shop: Shop) -> None:
    shop.mock.switch(revision_cap=None)  # eBay may know better than we
    for n in range(8):
        await edit(shop, price=f"3{n}.00")
    await edit(shop, price="50.00", quantity=9)
    assert (price(shop), await used(shop)) == ("37.00", 8)
    await edit(shop, price="50.00", quantity=2)
    assert shop.live()[SKU]["availableQuantity"] == 2, "what is sold out cannot wait"
    assert (price(shop), await used(shop)) == ("37.00", 9)
    await edit(shop, status="ended")
    assert shop.live() == {}


@pytest.mark.parametrize("error_id", [25019, 25026, 25001, 99_999])
async def test_ebays_own_refusal_ends_in_the_same_state(shop: Shop, error_id: int) -> None:
    shop.mock.switch(revision_cap=2, revision_error_id=error_id)
    for n in range(3):
        await edit(shop, title=f"Lamp {n}")
    assert (title(shop), await used(shop)) == ("Lamp 1", 8)
    outcome, wait, attempts = await waits(shop)
    assert (outcome, attempts, (await shop.row(SKU))["blocked_reason"]) == ("capped", 0, None)
    calls = len(shop.calls())
    await edit(shop, title="Lamp 4", price="25.00")
    assert len(shop.calls()) == calls, "nothing is asked for again that day"
    await shop.pass_time(wait + timedelta(minutes=1))
    await shop.publish_due()
    assert (title(shop), price(shop)) == ("Lamp 4", "25.00")


async def test_stock_that_ebay_does_not_lower_is_lowered_on_the_next_day(shop: Shop) -> None:
    shop.mock.switch(revision_cap=0)
    await edit(shop, quantity=0)
    outcome, wait, _ = await waits(shop)
    assert (outcome, shop.live()[SKU]["availableQuantity"]) == ("capped", 5)
    shop.mock.switch(revision_cap=8)
    await shop.pass_time(wait + timedelta(minutes=1))
    await shop.publish_due()
    assert shop.live()[SKU]["listing"]["listingStatus"] == "OUT_OF_STOCK"


async def test_a_restart_forgets_no_revision(shop: Shop) -> None:
    for n in range(5):
        shop.publisher = publisher(shop.runtime, LIMITS)
        await edit(shop, title=f"Lamp {n}")
    shop.publisher = publisher(shop.runtime, LIMITS)
    await edit(shop, title="Lamp 5")
    assert (title(shop), (await waits(shop))[0]) == ("Lamp 4", "capped")


async def test_a_revision_whose_reply_is_lost_is_counted(shop: Shop) -> None:
    lost = {"kind": "reset", "when": "after"}
    shop.mock.faults({"match": {"op": "bulkUpdatePriceQuantity"}, "effects": [lost]})
    await edit(shop, price="25.00")
    assert (await used(shop), revisions(shop)) == (1, [1])


async def test_a_new_listing_begins_at_none(shop: Shop) -> None:
    for n in range(5):
        await edit(shop, title=f"Lamp {n}")
    await edit(shop, status="ended")
    await edit(shop, title="Lamp 5")
    assert title(shop) == "Lamp 5"
    assert [await used(shop)] == revisions(shop) == [1], "its quantity, after the publish"


async def test_an_edit_taken_back_while_it_waits_is_waited_for_no_more(shop: Shop) -> None:
    for n in range(6):
        await edit(shop, title=f"Lamp {n}")
    await edit(shop, title="Lamp 4")
    assert ((await shop.row(SKU))["in_step"], await shop.active()) == (True, 0)


SIZES = ("S", "M", "L", "XL")


def shirt(words: str, price: str = "10.00") -> Document:
    rows = [
        {"sku": f"SHIRT-{s}", "options": {"Size": s}, "quantity": 5, "price": price} for s in SIZES
    ]
    own = {"title": words, "description": words, "store_categories": [f"/{words}"]}
    document_ = document("SHIRT", variants=rows, **own)
    return {n: value for n, value in document_.items() if n not in {"price", "quantity"}}


async def test_a_group_that_cannot_be_told_in_a_day_is_told_on_the_next(shop: Shop) -> None:
    await shop.put(shirt("A shirt"))
    await shop.drain()
    await shop.put(document(SKU, status="ended"), shirt("Shirt of linen", "12.00"))
    await shop.publish_due()
    assert await used(shop, "SHIRT") <= 8
    days = 0
    while await shop.active():
        assert max(revisions(shop)) <= 8
        _, wait, attempts = await waits(shop)
        assert attempts == 0
        await shop.pass_time(wait + timedelta(minutes=1))
        await shop.publish_due()
        days += 1
    assert 1 <= days <= 3
    items, live = shop.mock.items(), shop.live()
    assert {items[f"SHIRT-{s}"]["product"]["title"] for s in SIZES} == {"Shirt of linen"}
    [group] = shop.mock.state()["accounts"][SELLER]["groups"].values()
    assert (group["title"], group["description"]) == ("Shirt of linen", "Shirt of linen")
    assert [live[f"SHIRT-{s}"]["storeCategoryNames"] for s in SIZES] == [["/Shirt of linen"]] * 4
    assert {live[f"SHIRT-{s}"]["pricingSummary"]["price"]["value"] for s in SIZES} == {"12.00"}
    assert (await shop.row("SHIRT"))["in_step"]


async def test_a_group_that_ebay_takes_no_more_waits_with_all_its_items(shop: Shop) -> None:
    await shop.put(shirt("A shirt"))
    await shop.drain()
    shop.mock.switch(revision_cap=len(SIZES))  # the items, and then not the group
    await shop.put(shirt("Shirt of linen"))
    await shop.publish_due()
    assert len(shop.calls("createOrReplaceInventoryItemGroup")) == 2, "made, and refused once"
    outcome, wait, attempts = await waits(shop)
    assert (outcome, attempts) == ("capped", 0)
    shop.mock.switch(revision_cap=None)
    for _ in range(2):
        await shop.pass_time(wait + timedelta(minutes=1))
        await shop.publish_due()
    [group] = shop.mock.state()["accounts"][SELLER]["groups"].values()
    assert (group["title"], (await shop.row("SHIRT"))["in_step"]) == ("Shirt of linen", True)


async def test_why_and_the_page_say_until_when_it_waits(shop: Shop) -> None:
    for n in range(6):
        await edit(shop, title=f"Lamp {n}")
    async with shop.runtime.db() as db:
        [standing] = await standings.standing(db, SKU)
    assert standing.capped_until is not None
    until = f"{standing.capped_until:%F %H:%M} UTC"
    assert reason(standing).startswith("5 revisions today, eBay takes no more")
    assert reason(standing).endswith(until)
    assert standing.revisions == 5
