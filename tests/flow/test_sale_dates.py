"""A dated sale price begins and ends on eBay without an import, at its time and not before."""

from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from baysync.change import service as change
from baysync.config import store as live_settings
from support.live_shop import NO_DEBOUNCE, Shop, document
from support.shirts import shirt, variant
from support.timetravel import advance

MINUTES, HOUR = timedelta(minutes=5), timedelta(hours=1)


async def now(shop: Shop) -> datetime:
    async with shop.runtime.db() as db:
        return await live_settings.moment(db)


def prices(shop: Shop) -> dict[str, Decimal]:
    return {
        sku: Decimal(offer["pricingSummary"]["price"]["value"])
        for sku, offer in shop.live().items()
    }


async def pass_time(shop: Shop, by: timedelta) -> int:
    """Let time pass and do what a projector does; return how many listings it took up."""
    async with shop.runtime.db() as db:
        await advance(db, shop.mock, by)
        done = await change.project_marked(db, 100, debounce=NO_DEBOUNCE)
    await shop.drain()
    return done


async def test_a_sale_price_starts_and_ends_by_itself(shop: Shop) -> None:
    begin = await now(shop) + HOUR
    await shop.put(
        document(
            "A",
            price="20.00",
            sale_price="15.00",
            sale_from=begin.isoformat(),
            sale_until=(begin + HOUR).isoformat(),
        ),
        document("B", price="20.00"),
    )
    await shop.drain()
    assert prices(shop) == {"A": 20, "B": 20}
    assert await pass_time(shop, HOUR - MINUTES) == 0
    assert prices(shop)["A"] == 20
    assert await pass_time(shop, MINUTES) == 1
    assert prices(shop)["A"] == 15
    assert await pass_time(shop, HOUR - MINUTES) == 0
    assert prices(shop)["A"] == 15
    assert await pass_time(shop, MINUTES) == 1
    assert prices(shop) == {"A": 20, "B": 20}
    assert await pass_time(shop, 99 * HOUR) == 0, "nothing begins or ends any more"


async def test_a_variant_has_a_sale_of_its_own(shop: Shop) -> None:
    end = (await now(shop) + HOUR).isoformat()
    sale = variant("S", sale_price="7.00", sale_until=end)
    await shop.put(shirt(sale, variant("M")))
    await shop.drain()
    assert prices(shop) == {
        "SHIRT-S": 7,
        "SHIRT-M": 10,
    }
    await pass_time(shop, HOUR)
    assert prices(shop) == {
        "SHIRT-S": 10,
        "SHIRT-M": 10,
    }


async def test_a_sale_price_that_is_taken_out_ends_at_once(shop: Shop) -> None:
    await shop.put(document("A", price="20.00", sale_price="15.00"))
    await shop.drain()
    await shop.put(document("A", price="20.00"))
    await shop.drain()
    assert prices(shop)["A"] == 20


# The day that is today in the last of all time zones is over in the first.
@pytest.mark.parametrize(("zone", "price"), [("Pacific/Kiritimati", 20), ("Etc/GMT+12", 15)])
async def test_a_date_is_a_day_of_the_shops_time_zone(shop: Shop, zone: str, price: int) -> None:
    today = (await now(shop)).astimezone(ZoneInfo("Etc/GMT+12")).date().isoformat()
    async with shop.runtime.db() as db:
        await live_settings.put(db, live_settings.TIME_ZONE, zone, by="test")
    await shop.put(document("A", price="20.00", sale_price="15.00", sale_until=today))
    await shop.drain()
    assert prices(shop)["A"] == price
    async with shop.runtime.db() as db:
        await live_settings.put(db, live_settings.TIME_ZONE, "UTC", by="test")


async def test_another_time_zone_has_dated_listings_looked_at_again(shop: Shop) -> None:
    end = (await now(shop) + 48 * HOUR).date().isoformat()
    await shop.put(document("A", sale_price="15.00", sale_until=end), document("B"))
    await shop.drain()
    async with shop.runtime.db() as db:
        detected = await change.reproject_dated(db, debounce=NO_DEBOUNCE)
    assert detected.skipped_hash == 1
