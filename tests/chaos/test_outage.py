"""Ten minutes without eBay, with a whole catalogue waiting; then the flood that must not come."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from baysync.publish.worker import Publisher
from baysync.runtime import open_runtime
from mockbay.client import MockServer
from support.agreement import shown, wanted
from support.depth import many
from support.live_shop import CALM, Shop, document, open_shop, publisher

pytestmark = pytest.mark.usefixtures("unmeasured")

CHANGES, SLOTS = many(600, deep=2_000), 4
RATE = 20.0
OUTAGE = timedelta(minutes=10)


@pytest.fixture
async def shop(database: str, mockbay: MockServer, tmp_path: Path) -> AsyncIterator[Shop]:
    mockbay.reset(clock="real")  # its journal tells real moments
    async with open_shop(database, mockbay, tmp_path) as shop:
        yield shop


async def spent(shop: Shop) -> tuple[int, int]:
    """Return the attempts spent by what still waits, and the dead letters."""
    async with shop.runtime.db() as db:
        cursor = await db.execute(
            """
            SELECT (SELECT coalesce(sum(attempts), 0) FROM ebay_change_queue
                    WHERE status = 'pending'),
                (SELECT count(*) FROM ebay_failed_event)
            """
        )
        return (await cursor.fetchall())[0]


async def test_changes_outlive_ten_minutes_without_ebay_and_return_in_order(
    shop: Shop, tmp_path: Path
) -> None:
    listings = [document(f"SKU-{n:04}") for n in range(CHANGES)]
    await shop.put(*listings)
    down = {"kind": "unavailable", "answer": "reset"}
    for_ms = OUTAGE // timedelta(milliseconds=1)
    shop.mock.faults({"match": {}, "times": 0, "for_ms": for_ms, "effects": [down]})
    for _ in range(10):
        await shop.publish_due()
        assert await spent(shop) == (0, 0)
        await shop.pass_time(timedelta(minutes=1))

    await shop.pass_time(timedelta(minutes=5))  # the lane has waited long enough
    assert await pace(shop) == 1 / 16
    before = len(shop.mock.journal(bodies=False))
    await publish_with_real_rate(shop, tmp_path)
    calls = [datetime.fromisoformat(c["at"]) for c in shop.mock.journal(bodies=False)[before:]]
    assert len([at for at in calls if at - calls[0] < timedelta(seconds=1)]) <= 1.2 * RATE
    assert await pace(shop) > 1 / 16, "it climbs back"

    await shop.drain()
    assert await pace(shop) == 1
    assert shown(shop.mock) == wanted(listings)
    assert (await spent(shop))[1] == 0
    async with shop.runtime.db() as db:
        cursor = await db.execute("SELECT max(attempts) FROM ebay_change_queue")
        assert (await cursor.fetchall())[0][0] == 1


async def pace(shop: Shop) -> float:
    """Return the share of the rate that is in use."""
    async with shop.runtime.db() as db:
        cursor = await db.execute("SELECT pace FROM rate_bucket WHERE key LIKE '%/inventory'")
        return (await cursor.fetchall())[0][0]


async def publish_with_real_rate(shop: Shop, home: Path) -> None:
    """Let several publishers work for some real seconds at the configured rate."""
    settings = shop.runtime.settings.model_copy(update={"rate": RATE, "home": home})
    async with open_runtime(settings) as runtime:
        slots = [publisher(runtime, CALM) for _ in range(SLOTS)]

        async def work(slot: Publisher) -> None:
            while not slot.stopping.is_set() and await slot.publish_once():
                pass

        async with asyncio.TaskGroup() as group:
            for slot in slots:
                group.create_task(work(slot))
            await asyncio.sleep(4)  # not to wait for something: the time whose calls are counted
            for slot in slots:
                slot.stopping.set()
