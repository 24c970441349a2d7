"""What an operator does over HTTP: health in figures, queue, dead letters."""

import json
from collections.abc import AsyncGenerator

import pytest

from api_site import Site, site_on
from baysync.base import clock
from baysync.db.connection import Db
from baysync.queue import dead_letters
from baysync.queue.model import Selection
from baysync.telemetry import metrics
from baysync.telemetry.metrics import GATHERED
from engine import account, ebay_listings_of, refuse, want


@pytest.fixture
async def site(database: str) -> AsyncGenerator[Site]:
    async with site_on(database) as served:
        yield served


async def test_health_has_the_way_to_ebay_in_figures(site: Site, db: Db) -> None:
    await site.watch.look()
    never = (await site.read("/api/health"))["ebay"]
    assert never == {
        "queue_depth": 0,
        "last_publish_success_age_ms": None,
        "last_publish_error_age_ms": None,
        "reconciliation": {"last_run_ms": None},
        "audit": {"last_run_ms": None},
        "dead_queue_count": 0,
        "failed_event_count": 0,
        "rate": {"near_depletion": False, "remaining": None},
    }
    lamps = await ebay_listings_of(db, await account(db), 3)
    first, *_ = await refuse(db, lamps[:2])
    await dead_letters.discard(db, Selection(ids=(first,)), by="cli:ann")
    await want(db, lamps[2:], "b")
    await db.execute(
        """
        INSERT INTO rate_bucket (key, tokens, capacity, refill_per_s, daily_remaining,
            daily_limit, daily_reset_at)
        SELECT 'mock/' || app || '/inventory', 1, 1, 1, left_over, 100, now() + interval '1 h'
        FROM (VALUES ('one', 90), ('two', 7)) AS x (app, left_over)
        """
    )
    GATHERED.take()
    metrics.happened("publish.last_success", clock.now().timestamp() - 2)
    metrics.happened("publish.last_error", clock.now().timestamp() + 2)
    await site.watch.look()
    found = (await site.read("/api/health"))["ebay"]
    assert 2_000 <= found.pop("last_publish_success_age_ms") < 30_000
    assert found == {
        "queue_depth": 1,
        "last_publish_error_age_ms": 0,
        "reconciliation": {"last_run_ms": None},
        "audit": {"last_run_ms": None},
        "dead_queue_count": 1,
        "failed_event_count": 1,
        "rate": {"near_depletion": True, "remaining": 7},
    }
    await site.pool.close()
    await site.watch.look()
    down = json.loads((await site.get("/api/health"))[2])["ebay"]
    assert (down["queue_depth"], down["rate"]["near_depletion"]) == (None, None)
