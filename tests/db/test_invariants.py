"""Each promise is broken once by hand and its view shows exactly that."""

import pytest

from baysync.config import store as config
from baysync.db.connection import Db
from baysync.insight import invariant_store
from baysync.queue import dead_store
from baysync.queue.model import Finish, Letter, Status
from support import engine


async def broken(db: Db) -> list[tuple[str, int | None]]:
    return [(row.invariant, row.ebay_listing_id) for row in await invariant_store.broken(db)]


async def peaceful(db: Db, count: int = 2) -> list[int]:
    """Return eBay listings that are as they should be."""
    ids = await engine.ebay_listings_of(db, await engine.account(db), count)
    await engine.settled(db, ids, "a")
    assert await broken(db) == []
    return ids


@pytest.mark.breaks_invariants
async def test_i1_shows_a_difference_that_nobody_will_send(db: Db) -> None:
    _, lamp = await peaceful(db)
    await engine.want(db, [lamp], "b")
    await db.execute("DELETE FROM ebay_change_queue WHERE status = 'pending'")
    assert await broken(db) == [("I1", lamp)]


@pytest.mark.breaks_invariants
async def test_i1_shows_a_doubt_that_nobody_will_settle(db: Db) -> None:
    _, lamp = await peaceful(db)
    await db.execute("UPDATE ebay_listing SET verify_at = now() WHERE id = %s", (lamp,))
    assert await broken(db) == [("I1", lamp)]


@pytest.mark.breaks_invariants
async def test_i1_asks_for_a_letter_about_this_very_hash(db: Db) -> None:
    (lamp,) = await engine.ebay_listings_of(db, await engine.account(db))
    await engine.want(db, [lamp], "b")
    claim_id, (row,) = await engine.claim(db)
    await engine.want(db, [lamp], "c")
    dead = Finish(id=row.id, status=Status.DEAD, outcome="rejected")
    async with db.transaction():
        await engine.finish(db, claim_id, dead)
        letter = Letter(queue_id=row.id, payload_hash=engine.digest("b"), verdict="rejected")
        await dead_store.open(db, [letter])
    assert await broken(db) == [], "what is wanted now is queued"
    await db.execute("DELETE FROM ebay_change_queue WHERE status = 'pending'")
    assert await broken(db) == [("I1", lamp)]


@pytest.mark.breaks_invariants
async def test_i1_shows_a_listing_that_stays_unprojected(db: Db) -> None:
    await peaceful(db)
    await db.execute(
        "UPDATE listing SET version = 2, unprojected_since = now() - interval '61 s' WHERE id = 1"
    )
    assert await broken(db) == [("I1", None)]


@pytest.mark.breaks_invariants
async def test_i2_shows_a_lease_that_nobody_takes_back(db: Db) -> None:
    lamp, _ = await peaceful(db)
    await engine.want(db, [lamp], "b")
    await engine.claim(db)
    await db.execute(
        "UPDATE ebay_change_queue SET lease_until = now() - interval '6 min'"
        " WHERE status = 'processing'"
    )
    assert await broken(db) == [("I2", lamp)]


@pytest.mark.breaks_invariants
async def test_i2_shows_a_change_that_waits_too_long(db: Db) -> None:
    lamp, _ = await peaceful(db)
    await engine.want(db, [lamp], "b")
    await db.execute(
        "UPDATE ebay_change_queue SET run_at = now() + interval '61 min' WHERE status = 'pending'"
    )
    assert await broken(db) == [("I2", lamp)]


async def test_i2_lets_a_change_wait_for_ebays_next_day(db: Db) -> None:
    lamp, _ = await peaceful(db)
    await engine.want(db, [lamp], "b")
    await db.execute(
        "UPDATE ebay_change_queue SET run_at = now() + interval '24 h', last_outcome = 'capped'"
        " WHERE status = 'pending'"
    )
    assert await broken(db) == []


@pytest.mark.breaks_invariants
async def test_i4_shows_a_published_state_without_its_snapshot(db: Db) -> None:
    _, lamp = await peaceful(db)
    await db.execute("DELETE FROM ebay_listing_snapshot WHERE ebay_listing_id = %s", (lamp,))
    assert await broken(db) == [("I4", lamp)]


async def test_i4_asks_for_no_snapshot_of_what_was_published_while_they_were_off(db: Db) -> None:
    _, lamp = await peaceful(db)
    await db.execute("DELETE FROM ebay_listing_snapshot WHERE ebay_listing_id = %s", (lamp,))
    await config.put(db, "snapshots.enabled", value=False, by="environment")
    assert await broken(db) == []
    await config.put(db, "snapshots.enabled", value=True, by="environment")
    assert await broken(db) == []
    await db.execute("UPDATE ebay_listing SET published_at = clock_timestamp()")
    assert await broken(db) == [("I4", lamp)]
    await config.put(db, "snapshots.enabled", value=False, by="environment")


@pytest.mark.breaks_invariants
async def test_i5_shows_both_items_that_share_an_offer(db: Db) -> None:
    lamp, shade = await peaceful(db)
    await db.execute("UPDATE ebay_item SET offer_id = '7'")
    assert await broken(db) == [("I5", lamp), ("I5", shade)]


@pytest.mark.breaks_invariants
async def test_i6_shows_a_dead_change_without_a_letter(db: Db) -> None:
    lamp, _ = await peaceful(db)
    await engine.want(db, [lamp], "b")
    claim_id, (row,) = await engine.claim(db)
    await engine.finish(db, claim_id, Finish(id=row.id, status=Status.DEAD, outcome="rejected"))
    assert await broken(db) == [("I6", lamp)]
