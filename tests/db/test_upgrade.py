"""Upgrade day: a shop of the first release, in every state, costs eBay no call.

``upgrade_0014.sql`` is what that release wrote while it published to mockbay: live listings, sold
out, without a quantity, ended, archived, a group, one in doubt, one refused, one edit not sent.
"""

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from psycopg import AsyncConnection
from psycopg.rows import dict_row

from baysync.change import service as change
from baysync.db import migrate, revisions
from baysync.db.connection import Db
from baysync.db.embedded.cluster import EmbeddedPostgres
from baysync.listing import body
from baysync.queue import invariant_store
from baysync.queue.model import NO_WAIT

FIRST = "0014"
WRITTEN = Path(__file__).parents[1] / "data" / f"upgrade_{FIRST}.sql"
STATE = """
    SELECT l.sku, e.marketplace, e.desired_hash, e.published_hash, e.lifecycle_state,
        e.blocked_reason, e.blocked_scope, e.verify_at, l.version,
        l.projected_version, l.status,
        (SELECT array_agg((q.id, q.status, q.intent, q.payload_hash, q.attempts)::text)
         FROM ebay_change_queue q
         WHERE q.ebay_listing_id = e.id AND q.status IN ('pending', 'processing')) AS active,
        (SELECT array_agg((f.id, f.payload_hash)::text) FROM ebay_failed_event f
         WHERE f.ebay_listing_id = e.id AND f.resolved_at IS NULL) AS letters
    FROM listing l JOIN ebay_listing e ON e.listing_id = l.id
    ORDER BY l.sku COLLATE "C", e.marketplace
"""
Rows = list[dict[str, object]]


@pytest.fixture
async def upgraded(cluster: EmbeddedPostgres) -> AsyncIterator[tuple[Rows, Db]]:
    """What the first release stored, and the database as it is after the upgrade."""
    name = f"test_{uuid4().hex[:12]}"
    url = cluster.create(name)
    revisions.run(url, FIRST)
    with psycopg.connect(url, autocommit=True) as old:
        old.execute(WRITTEN.read_bytes())
        old.execute("RESET search_path")
        before = old.cursor(row_factory=dict_row).execute(STATE).fetchall()
    migrate.upgrade(url)
    async with await AsyncConnection.connect(url, autocommit=True) as db:
        yield before, db
    cluster.drop(name)


async def state(db: Db) -> Rows:
    cursor = db.cursor(row_factory=dict_row)
    await cursor.execute(STATE.encode())
    return await cursor.fetchall()


async def test_an_upgrade_of_the_first_release_queues_nothing_and_changes_no_document(
    upgraded: tuple[Rows, Db],
) -> None:
    before, db = upgraded
    assert {row["sku"] for row in before} >= {"SOLD-OUT", "UNSAID-LIVE", "SHIRT", "IN-DOUBT"}
    assert sum(row["active"] is not None for row in before) == 2, "in doubt, and not sent"
    assert sum(row["letters"] is not None for row in before) == 1
    assert await state(db) == before
    await change.respell(db, debounce=NO_WAIT)  # what a worker does as it starts
    assert await change.project_marked(db, 100, debounce=NO_WAIT) == 0, "nothing is marked"
    assert await state(db) == before
    assert await invariant_store.broken(db) == []


async def test_looked_at_again_everything_is_wanted_as_before_the_upgrade(
    upgraded: tuple[Rows, Db],
) -> None:
    before, db = upgraded
    await change.reproject(db, debounce=NO_WAIT)
    assert await state(db) == before


async def test_listings_of_the_first_release_say_the_0_that_they_meant(
    upgraded: tuple[Rows, Db],
) -> None:
    _, db = upgraded
    cursor = await db.execute("SELECT sku, body, body_hash FROM listing")
    rows = await cursor.fetchall()
    assert all(body.digest(stored) == digest for _, stored, digest in rows)
    listings = {sku: body.decode(stored) for sku, stored, _ in rows}
    assert all(
        part.quantity is not None
        for listing in listings.values()
        for part in (listing, *listing.variants)
    )
    assert listings["UNSAID-LIVE"].quantity == 0
    assert listings["LIVE"].quantity == 5
    assert [each.quantity for each in listings["SHIRT"].variants] == [5, 0, 0]
