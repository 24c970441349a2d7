"""Our statements under real concurrency: bursts with faults, drained and checked."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import timedelta
from random import Random, SystemRandom

import pytest
from psycopg import AsyncConnection

from baysync.base import clock
from baysync.db.connection import Db
from baysync.ebay_listing import service as ebay_listings
from baysync.ebay_listing import store as ebay_listing_store
from baysync.insight import invariant_store
from baysync.queue import store
from baysync.queue.model import Finish, Status
from chaos.world import World, edit, meddle, reap, work
from support import engine

ROUNDS = 4
EDITS = 25  # transactions of each of three writers in a round
LISTINGS = 60
LONGEST_DRAIN = 20.0  # seconds


async def until(db: Db, question: str) -> None:
    """Wait until the answer to ``question`` is true; fail when that takes too long."""
    end = clock.monotonic() + LONGEST_DRAIN
    while clock.monotonic() < end:
        cursor = await db.execute(question.encode())
        if (await cursor.fetchall())[0][0]:
            return
        await asyncio.sleep(0.02)
    pytest.fail(f"did not come true: {question}")


async def made(db: Db, database: str, seed: int) -> World:
    world = World(database, seed)
    for name in ("one", "two", "three"):
        account = await engine.account(db, name)
        world.ids += await engine.ebay_listings_of(db, account, LISTINGS // 3)
    world.ebay = dict.fromkeys(world.ids)
    return world


@asynccontextmanager
async def crowd(world: World) -> AsyncGenerator[None]:
    """Workers, a reaper and a person act until the block ends; the latecomers finish first."""
    actors = [work, work, work, work, reap]
    async with asyncio.TaskGroup() as group:
        for n, actor in enumerate(actors):
            group.create_task(world.act(actor, n))
        try:
            yield
        finally:
            world.stopped = True


async def burst(world: World, n: int) -> None:
    """Three writers and a person at once."""

    async def writer(luck: Random) -> None:
        async with await AsyncConnection.connect(world.url, autocommit=True) as db:
            for _ in range(EDITS):
                await edit(world, db, luck)

    async def person(luck: Random) -> None:
        async with await AsyncConnection.connect(world.url, autocommit=True) as db:
            for _ in range(EDITS // 2):
                await meddle(world, db, luck)

    async with asyncio.TaskGroup() as group:
        for k in range(3):
            group.create_task(writer(Random(world.seed + 100 * n + k)))  # noqa: S311
        group.create_task(person(Random(world.seed + 100 * n + 50)))  # noqa: S311


async def test_nothing_is_lost_or_silently_stale_whatever_happens_at_once(
    db: Db, database: str
) -> None:
    seed = SystemRandom().randrange(2**32)
    print(f"seed {seed}")  # noqa: T201 -- shown when the test fails
    world = await made(db, database, seed)
    async with crowd(world):
        for n in range(ROUNDS):
            await burst(world, n)
            await until(
                db,
                "SELECT NOT EXISTS (SELECT FROM ebay_change_queue"
                " WHERE status IN ('pending', 'processing'))",
            )
    await drain(db, world)
    assert world.errors() == [], "no deadlock, no broken uniqueness, no timeout"
    assert await invariant_store.broken(db) == []
    wanted = await engine.promised(db)
    assert {i: world.ebay[i] for i in wanted} == wanted, "nothing is silently stale"
    assert world.counts["fenced"] + world.counts["reaped"] > 0, "the faults really happened"
    assert world.counts["coalesced"] > 0
    print(dict(world.counts))  # noqa: T201


async def drain(db: Db, world: World) -> None:
    """Finish what the latecomers of the last round left, with no more faults."""
    world.stopped, world.calm = False, True
    async with crowd(world):
        await until(
            db,
            "SELECT NOT EXISTS (SELECT FROM ebay_change_queue"
            " WHERE status IN ('pending', 'processing'))",
        )


async def test_an_edit_that_commits_during_the_settle_is_not_lost(db: Db, database: str) -> None:
    (lamp,) = await engine.ebay_listings_of(db, await engine.account(db))
    await engine.want(db, [lamp], "b")
    claim_id, (row,) = await engine.claim(db)

    async def act(ids: list[int]) -> None:
        await engine.published(worker, ids, "b")
        done = Finish(id=row.id, status=Status.DONE, outcome="done")
        assert await store.finish(worker, claim_id, [done]) == [row.id]
        await store.cancel_reverted(worker, ids)
        await store.ensure(worker, ids, debounce=engine.AT_ONCE)

    async with await AsyncConnection.connect(database, autocommit=True) as worker:
        async with db.transaction():
            await engine.want(db, [lamp], "c")
            settling = asyncio.create_task(
                ebay_listings.with_locks(worker, [lamp], act, wait=timedelta(seconds=20))
            )
            async with await AsyncConnection.connect(database, autocommit=True) as watcher:
                await until(
                    watcher,
                    "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock')",
                )
        assert await settling == []
    assert await engine.changes(db, "status", "payload_hash") == [
        ("done", engine.digest("b")),
        ("pending", engine.digest("c")),
    ]


async def test_a_claim_during_an_edit_leaves_one_active_change(db: Db, database: str) -> None:
    (lamp,) = await engine.ebay_listings_of(db, await engine.account(db))
    await engine.want(db, [lamp], "b")
    async with await AsyncConnection.connect(database, autocommit=True) as worker:
        async with db.transaction():
            await engine.want(db, [lamp], "c")
            assert (await engine.claim(worker))[1] == [], "its row is locked: next time"
        claim_id, (row,) = await engine.claim(worker)
    (target,) = await ebay_listing_store.read_targets(db, [lamp])
    assert target.desired_blob == b"c", "the newest state is what is sent"
    assert await store.release(db, claim_id, [row.id]) == [row.id]
