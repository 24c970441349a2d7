"""What eBay says is left of the day: asked for, stored, kept to, shown; and what it may say."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from baysync.app import remote_jobs
from baysync.insight import gauges
from baysync.telemetry.metrics import Series
from mockbay.client import MockServer
from support.live_shop import Document, Shop, document, open_shop

LIMITS = "getRateLimits"
STUB: Document = {"rateLimits": [{"apiContext": "api context test", "resources": "test"}]}


@pytest.fixture
async def shop(database: str, mockbay: MockServer, tmp_path: Path) -> AsyncIterator[Shop]:
    mockbay.reset(clock="real")  # its day ends when California's does
    async with open_shop(database, mockbay, tmp_path) as shop:
        yield shop


async def sync(shop: Shop) -> object:
    [job] = [job for job in remote_jobs(shop.runtime) if job.name == "quota.sync"]
    return await job.run()


async def quotas(shop: Shop) -> dict[str, int | None]:
    """Return what is left of each family's day, as far as is known."""
    async with shop.runtime.db() as db:
        cursor = await db.execute(
            "SELECT split_part(key, '/', 3), daily_remaining FROM rate_bucket"
        )
        return dict(await cursor.fetchall())


async def gauge(shop: Shop, name: str) -> float | None:
    async with shop.runtime.db() as db:
        return (await gauges.values(db)).get(Series(name))


async def test_quotas_are_asked_for_with_the_applications_token_and_shown(shop: Shop) -> None:
    shop.mock.switch(quota=50)
    assert await sync(shop) == 6
    assert [call["status"] for call in shop.mock.journal(op=LIMITS)] == [200], "403 for a seller's"
    assert (await quotas(shop))["inventory"] == 50
    assert (await gauge(shop, "rate.remaining"), await gauge(shop, "rate.near_depletion")) == (
        49,
        0,
    )
    await shop.put(*[document(f"LAMP-{n}") for n in range(13)])
    await shop.drain()
    assert (await quotas(shop))["inventory"] == 50 - len(shop.calls())


async def test_a_day_without_calls_left_is_waited_out_and_costs_no_call(shop: Shop) -> None:
    shop.mock.switch(quota=3)
    await shop.put(document("LAMP-1"))
    await shop.drain()
    await sync(shop)
    assert await gauge(shop, "rate.near_depletion") == 1
    await shop.put(document("LAMP-1", price="25.00"))
    before = len(shop.calls())
    await shop.publish_due()
    assert len(shop.calls()) == before, "not even one that is refused"
    await shop.pass_time(timedelta(days=1))
    await shop.drain()
    assert [call["status"] for call in shop.calls()[before:]] == [401, 200], "a new token, too"
    assert (await shop.row("LAMP-1"))["in_step"]


@pytest.mark.parametrize(
    "effect",
    [
        {"kind": "patch", "set": STUB},
        {"kind": "patch", "remove": ["rateLimits"]},
        {"kind": "empty", "status": 204},
        {"kind": "html", "status": 502},
        {"kind": "truncate"},
        {"kind": "throttle"},
        {"kind": "error", "status": 403, "error_id": 1100},
    ],
)
async def test_an_answer_without_quotas_changes_nothing(shop: Shop, effect: Document) -> None:
    shop.mock.faults({"match": {"op": LIMITS}, "times": 0, "effects": [effect]})
    assert await sync(shop) == 0
    await shop.put(document("LAMP-1"))
    await shop.drain()
    assert (await quotas(shop))["inventory"] is None
    assert sorted(shop.live()) == ["LAMP-1"]


async def test_a_refusal_for_quota_is_believed_whatever_the_forecast_says(shop: Shop) -> None:
    await sync(shop)
    shop.mock.switch(quota=0, retry_after=600)
    await shop.put(document("LAMP-1"))
    await shop.publish_due()
    await shop.publish_due()
    assert [call["status"] for call in shop.calls()] == [429]
