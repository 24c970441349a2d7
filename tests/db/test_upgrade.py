"""Upgrade day: a shop of the first release, in every state, costs eBay no call.

``upgrade_0014.sql`` is what that release wrote while it published to mockbay: live listings, sold
out, without a quantity, ended, archived, a group, one in doubt, one refused, one edit not sent.
"""

from collections.abc import AsyncIterator, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from msgspec import structs
from psycopg import AsyncConnection
from psycopg.rows import dict_row

from baysync.base.packing import pack
from baysync.change import service as change
from baysync.db import migrate, revisions
from baysync.db.connection import Db
from baysync.db.embedded.cluster import EmbeddedPostgres
from baysync.ebay_listing.document import document
from baysync.insight import invariant_store
from baysync.listing import body
from baysync.projection import canonical
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
    with old_shop(cluster) as url:
        with psycopg.connect(url, autocommit=True) as old:
            before = old.cursor(row_factory=dict_row).execute(STATE).fetchall()
        migrate.upgrade(url)
        async with await AsyncConnection.connect(url, autocommit=True) as db:
            yield before, db


@contextmanager
def old_shop(cluster: EmbeddedPostgres) -> Generator[str]:
    """Make a database as the first release left it; yield its address."""
    name = f"test_{uuid4().hex[:12]}"
    url = cluster.create(name)
    revisions.run(url, FIRST)
    with psycopg.connect(url, autocommit=True) as old:
        old.execute(WRITTEN.read_bytes())
    yield url
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


async def test_what_nobody_has_looked_at_waits_since_its_last_edit_before_the_upgrade(
    cluster: EmbeddedPostgres,
) -> None:
    with old_shop(cluster) as url:
        with psycopg.connect(url, autocommit=True) as old:
            old.execute("UPDATE listing SET version = version + 1 WHERE sku = 'EDITED'")
        migrate.upgrade(url)
        with psycopg.connect(url, autocommit=True) as new:
            waiting = new.execute(
                "SELECT sku, unprojected_since = updated_at FROM listing"
                " WHERE unprojected_since IS NOT NULL"
            ).fetchall()
    assert waiting == [("EDITED", True)]


async def test_a_subtitle_that_the_seller_set_is_no_difference_after_the_upgrade(
    cluster: EmbeddedPostgres,
) -> None:
    """The first release read it back as a difference, and was about to send its own state."""
    with old_shop(cluster) as url:
        with psycopg.connect(url, autocommit=True) as old:
            read_back_with_subtitle(old, "LIVE")
        migrate.upgrade(url)
        async with await AsyncConnection.connect(url, autocommit=True) as db:
            await change.respell(db, debounce=NO_WAIT)
            rows = [row for row in await state(db) if row["sku"] == "LIVE"]
            assert rows
            for row in rows:
                assert row["desired_hash"] == row["published_hash"]
                assert (row["active"], row["letters"]) == (None, None)
            assert await invariant_store.broken(db) == []


def read_back_with_subtitle(old: psycopg.Connection[tuple[Any, ...]], sku: str) -> None:
    """Let eBay have shown a subtitle that the shop never said."""
    published = old.execute(
        """
        SELECT e.id, e.published_blob, e.published_projection_version
        FROM ebay_listing e JOIN listing l ON l.id = e.listing_id WHERE l.sku = %s
        """,
        (sku,),
    ).fetchall()
    for at, blob, version in published:
        shown = canonical.decode(blob)
        assert shown.content is not None
        content = structs.replace(shown.content, subtitle="the seller's")
        read = document(structs.replace(shown, content=content), version=version)
        assert read is not None
        old.execute(
            """
            UPDATE ebay_listing SET published_blob = %s, published_hash = %s WHERE id = %s
            """,
            (read.blob, read.hash, at),
        )
        old.execute(
            """
            WITH listing AS (
                UPDATE ebay_listing SET snapshot_seq = snapshot_seq + 1
                WHERE id = %s RETURNING id, snapshot_seq
            )
            INSERT INTO ebay_listing_snapshot (ebay_listing_id, seq, snapshot_hash, body,
                projection_version, source_event, correlation_id)
            SELECT id, snapshot_seq, %s, %s, %s, 'read_back', 'test' FROM listing
            """,
            (at, read.hash, pack(read.blob), version),
        )
        old.execute(
            """
            INSERT INTO ebay_change_queue (ebay_listing_id, account_id, intent, payload_hash)
            SELECT id, account_id, 'update', desired_hash FROM ebay_listing WHERE id = %s
            """,
            (at,),
        )
