"""A worker dies by kill -9 at every point of its work; another one finishes it."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import NamedTuple

import pytest
from psycopg import AsyncConnection, sql

from baysync.db import partitions
from baysync.db.connection import Db
from chaos.workers import (
    LEASE_OVER,
    Workers,
    all_done,
    is_true,
    reached,
    sent,
    taken_over,
    until,
    waiting_for,
)
from support.agreement import at_once, numbers, shown, wanted
from support.live_shop import Document, Shop, document

SKUS = ("LAMP-1", "LAMP-2", "LAMP-3")


class Case(NamedTuple):
    """A call, the edit that needs it (None: the listings are new), and a newer edit."""

    op: str
    edit: Document | None
    newer: Document


CASES = [
    Case("bulkCreateOrReplaceInventoryItem", None, {"title": "Newer"}),
    Case("bulkCreateOffer", None, {"price": "7.50"}),
    Case("bulkPublishOffer", None, {"quantity": 3}),
    Case("bulkUpdatePriceQuantity", {"quantity": 2}, {"quantity": 1}),
    Case("updateOffer", {"description": "<p>New.</p>"}, {"description": "<p>Newer.</p>"}),
    Case("withdrawOffer", {"status": "ended"}, {"status": "active"}),
]


def catalogue(edit: Document | None = None) -> list[Document]:
    return [document(sku, **(edit or {})) for sku in SKUS]


async def agreed(shop: Shop, listings: list[Document]) -> None:
    """Everything is done, eBay shows what the shop said, no letter and no block is left."""
    await all_done(shop)
    assert shown(shop.mock) == wanted(listings)
    assert at_once(shop.mock) == set()
    for listing in listings:
        row = await shop.row(listing["sku"])
        assert row["in_step"], row
        assert (row["verify_at"], row["letters"], row["blocked_reason"]) == (None, 0, None)


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("case", CASES, ids=[case.op for case in CASES])
async def test_a_worker_killed_at_a_call_loses_nothing(
    shop: Shop, crew: Workers, case: Case, when: str
) -> None:
    if case.edit is not None:
        await shop.put(*catalogue())
        await shop.drain()
    hold = {"kind": "hold", "when": when}
    shop.mock.faults({"id": "hold", "match": {"op": case.op}, "effects": [hold]})
    await shop.put(*catalogue(case.edit))
    victim = crew.start()
    await reached(shop, "hold")
    crew.kill(victim)
    await shop.put(*catalogue(case.newer))
    await shop.pass_time(LEASE_OVER)
    crew.start()
    await taken_over(shop)
    await sent(shop)
    shop.mock.release("hold")  # a call held before its effect lands now, over the newer state
    await agreed(shop, catalogue(case.newer))
    if case.op != "withdrawOffer":
        assert {sku: len(found) for sku, found in numbers(shop.mock).items()} == dict.fromkeys(
            SKUS, 1
        )


@asynccontextmanager
async def locked(url: str, statement: sql.SQL) -> AsyncGenerator[Db]:
    """Hold a lock while the block runs."""
    async with await AsyncConnection.connect(url) as db:
        await db.execute(statement)
        yield db
        await db.rollback()


class Point(NamedTuple):
    """Where a worker is stopped by a lock, and the attempts and calls it has written by then."""

    lock: sql.SQL
    attempts: int
    calls: int


POINTS = {
    "after the claim": Point(sql.SQL("LOCK ebay_sync_log IN SHARE MODE"), 0, 0),
    "after the attempt row": Point(sql.SQL("LOCK ebay_call_log IN SHARE MODE"), 3, 0),
    "before the settling transaction": Point(
        sql.SQL("SELECT id FROM ebay_listing FOR NO KEY UPDATE"), 3, 3
    ),
    "before the finalising commit": Point(
        sql.SQL("LOCK ebay_listing_snapshot IN SHARE MODE"), 3, 3
    ),
}


# A statement that waits for a lock is carried out though its client has died.
QUIET = """
    SELECT NOT EXISTS (SELECT FROM pg_stat_activity
                       WHERE datname = current_database() AND pid <> pg_backend_pid()
                           AND state <> 'idle')
"""


async def written(db: Db) -> tuple[int, int, int]:
    """Return how many changes are in flight, and how many attempts and calls are written."""
    cursor = await db.execute(
        """
        SELECT (SELECT count(*) FROM ebay_change_queue WHERE status = 'processing'),
            (SELECT count(*) FROM ebay_sync_log), (SELECT count(*) FROM ebay_call_log)
        """
    )
    return (await cursor.fetchall())[0]


@pytest.mark.parametrize("point", POINTS)
async def test_a_worker_killed_between_calls_loses_nothing(
    shop: Shop, crew: Workers, database: str, point: str
) -> None:
    lock, attempts, calls = POINTS[point]
    await shop.put(*catalogue())
    async with shop.runtime.db() as db:
        await partitions.keep_ahead(db)  # else the job of the victim waits for the lock too
    async with shop.runtime.db() as db, locked(database, lock) as holder:
        victim = crew.start()
        await waiting_for(db, holder)
        crew.kill(victim)
        assert await written(db) == (len(SKUS), attempts, calls)
        assert len(shop.calls()) == calls
    async with shop.runtime.db() as db:
        await until(lambda: is_true(db, QUIET), "the last statement of the victim is over")
    await shop.pass_time(LEASE_OVER)
    crew.start()
    await agreed(shop, catalogue())
    assert {sku: len(found) for sku, found in numbers(shop.mock).items()} == dict.fromkeys(SKUS, 1)
