"""The minute job takes back what was lost and looks again at what is blocked."""

from datetime import timedelta

from psycopg import AsyncConnection

from baysync.db.connection import Db
from baysync.ebay_listing import store as ebay_listing_store
from baysync.ebay_listing.model import Block, Scope
from baysync.queue import upkeep
from baysync.queue.model import Finish, Status
from support import engine

DELAY = timedelta(seconds=90)


async def one(db: Db) -> int:
    (lamp,) = await engine.ebay_listings_of(db, await engine.account(db))
    await engine.want(db, [lamp], "b")
    return lamp


async def test_a_lost_change_comes_back_and_its_listing_is_in_doubt(db: Db) -> None:
    lamp = await one(db)
    await engine.claim(db, lease=timedelta())
    (reaped,) = await upkeep.reap(db, verify_after=DELAY)
    assert (reaped.ebay_listing_id, reaped.crashes) == (lamp, 1)
    (target,) = await ebay_listing_store.read_targets(db, [lamp])
    assert target.verify_at is not None
    _, (again,) = await engine.claim(db)
    assert (again.attempts, again.crashes) == (1, 1)
    assert await upkeep.reap(db, verify_after=DELAY) == [], "its lease runs"


async def test_a_lost_change_that_comes_back_names_the_edit_made_meanwhile(db: Db) -> None:
    lamp = await one(db)
    await engine.claim(db, lease=timedelta())
    await engine.want(db, [lamp], "c")
    await upkeep.reap(db, verify_after=DELAY)
    assert await engine.changes(db, "payload_hash", "attempts") == [(engine.digest("c"), 0)]


async def test_a_listing_that_somebody_holds_is_taken_back_later(db: Db, database: str) -> None:
    lamp = await one(db)
    await engine.claim(db, lease=timedelta())
    async with await AsyncConnection.connect(database) as other:
        await ebay_listing_store.lock(other, [lamp])
        assert await upkeep.reap(db, verify_after=DELAY) == []
    assert len(await upkeep.reap(db, verify_after=DELAY)) == 1


async def test_four_crashes_in_a_row_block_the_listing(db: Db) -> None:
    await one(db)
    for _ in range(4):
        assert len((await engine.claim(db, lease=timedelta()))[1]) == 1
        await upkeep.reap(db, verify_after=DELAY)
    cursor = await db.execute("SELECT blocked_reason, blocked_detail FROM ebay_listing")
    assert await cursor.fetchall() == [("crash_loop", {"crashes": 4})]
    assert await engine.changes(db, "status", "last_outcome") == [("cancelled", "crash_loop")]


async def test_an_answer_forgets_the_crashes(db: Db) -> None:
    await one(db)
    await engine.claim(db, lease=timedelta())
    await upkeep.reap(db, verify_after=DELAY)
    claim_id, (row,) = await engine.claim(db)
    answer = Finish(id=row.id, status=Status.PENDING, outcome="retry")
    await engine.finish(db, claim_id, answer)
    assert await engine.changes(db, "crashes", "attempts") == [(0, 1)]


async def test_a_change_that_took_a_worker_down_travels_alone(db: Db) -> None:
    ids = await engine.ebay_listings_of(db, await engine.account(db), 3)
    await engine.want(db, ids, "b")
    await db.execute(
        "UPDATE ebay_change_queue SET crashes = 1, run_at = now() - interval '1 s'"
        " WHERE ebay_listing_id = %s",
        (ids[1],),
    )
    first = (await engine.claim(db))[1]
    second = (await engine.claim(db))[1]
    assert [[row.ebay_listing_id for row in rows] for rows in (first, second)] == [
        [ids[1]],
        [ids[0], ids[2]],
    ]


async def test_a_block_whose_time_has_come_is_looked_at_again(db: Db) -> None:
    lamp = await one(db)
    await ebay_listing_store.block(db, [Block(id=lamp, reason="held", scope=Scope.ALL)])
    assert await upkeep.recheck(db) == [], "only a person or an edit ends it"
    await db.execute("UPDATE ebay_listing SET recheck_at = now() - interval '1 s'")
    assert await upkeep.recheck(db) == [lamp]
    assert len((await engine.claim(db))[1]) == 1
    assert await upkeep.recheck(db) == []
