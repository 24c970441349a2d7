"""Periodic work: due times in SQL, one run at a time, loops that start and stop cleanly."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from uuid import uuid4

import anyio
import pytest
from psycopg import AsyncConnection

from baysync.base.errors import NotFound
from baysync.config.settings import Settings
from baysync.db import job_schedule as store
from baysync.db.connection import Db
from baysync.db.doorbell import Doorbell
from baysync.db.pool import Pool, open_pool
from baysync.jobs.projector import Projector
from baysync.jobs.runner import Job, Runner
from baysync.jobs.schedule import jobs
from baysync.telemetry.metrics import GATHERED, Series

MINUTE = timedelta(minutes=1)
SOON = timedelta(milliseconds=5)


def job(name: str, run: Callable[[], Awaitable[object]], every: timedelta = MINUTE) -> Job:
    return Job(name, every, timedelta(seconds=5), run)


def runner(pool: Pool, *work: Job) -> Runner:
    bell = Doorbell("", pool)
    return Runner(pool=pool, bell=bell, jobs=work, poll=SOON, stopping=anyio.Event())


async def schedule_of(db: Db, name: str) -> store.Scheduled:
    return next(row for row in await store.read_all(db) if row.name == name)


async def test_a_job_runs_when_it_is_due_and_not_before(database: str, db: Db) -> None:
    ran: list[str] = []

    async def note() -> None:
        ran.append("x")

    async with open_pool(database, size=2) as pool:
        loop = runner(pool, job("a", note))
        await loop.declare()
        assert await loop.run_once()
        assert not await loop.run_once()
        await db.execute("UPDATE job_schedule SET last_started_at = now() - interval '61 s'")
        assert await loop.run_once()
    assert ran == ["x", "x"]
    assert (await schedule_of(db, "a")).last_error is None


async def test_a_request_runs_a_job_at_once(database: str, db: Db) -> None:
    async def nothing() -> None:
        return None

    async with open_pool(database, size=2) as pool:
        loop = runner(pool, job("a", nothing))
        await loop.declare()
        await loop.run_once()
        await store.request(db, "a", by="cli:ann")
        with pytest.raises(NotFound):
            await store.request(db, "b", by="cli:ann")
        assert await loop.run_once()
        assert not await loop.run_once()


async def test_a_job_runs_in_one_process_at_a_time(database: str, db: Db) -> None:
    await store.declare(db, [("a", MINUTE)])
    one, two = uuid4(), uuid4()
    assert await store.take(db, {"a": MINUTE}, owner=one) == "a"
    await store.request(db, "a", by="cli:ann")
    assert await store.take(db, {"a": MINUTE}, owner=two) is None
    await db.execute("UPDATE job_schedule SET lease_until = now() - interval '1 s'")
    assert await store.take(db, {"a": MINUTE}, owner=two) == "a"
    assert not await store.finish(db, "a", owner=one, error=None), "its lease is another's"
    assert (await schedule_of(db, "a")).running
    assert await store.finish(db, "a", owner=two, error=None)
    assert database


async def test_each_job_is_held_for_its_own_time_whatever_else_a_process_runs(db: Db) -> None:
    await store.declare(db, [("long", 60 * MINUTE), ("short", MINUTE)])
    leases = {"long": 10 * MINUTE, "short": MINUTE}
    taken = {await store.take(db, leases, owner=uuid4()) for _ in range(2)}
    assert taken == {"long", "short"}
    cursor = await db.execute(
        "SELECT name FROM job_schedule WHERE lease_until <= now() + interval '1 min'"
    )
    assert await cursor.fetchall() == [("short",)], "who dies in it holds it no longer than that"


async def test_a_job_of_another_program_or_disabled_is_left_alone(db: Db) -> None:
    await store.declare(db, [("a", MINUTE)])
    assert await store.take(db, {"b": MINUTE}, owner=uuid4()) is None
    await db.execute("UPDATE job_schedule SET enabled = false")
    assert await store.take(db, {"a": MINUTE}, owner=uuid4()) is None


async def test_a_job_that_fails_or_hangs_is_noted_and_stops_no_other(database: str, db: Db) -> None:
    GATHERED.take()

    async def fail() -> None:
        raise RuntimeError("no luck")

    async def hang() -> None:
        await anyio.sleep_forever()

    async with open_pool(database, size=2) as pool:
        hanging = Job("b", MINUTE, timedelta(milliseconds=10), hang)
        loop = runner(pool, job("a", fail), hanging)
        await loop.declare()
        assert await loop.run_once()
        assert await loop.run_once()
    assert (await schedule_of(db, "a")).last_error == "RuntimeError: no luck"
    assert "TimeoutError" in str((await schedule_of(db, "b")).last_error)
    assert GATHERED.take()[0] == {Series("job.failure", "a"): 1, Series("job.failure", "b"): 1}


async def test_a_new_interval_reaches_the_schedule(db: Db) -> None:
    await store.declare(db, [("a", MINUTE)])
    await store.declare(db, [("a", MINUTE * 2)])
    assert (await schedule_of(db, "a")).every == MINUTE * 2


async def test_the_job_loop_starts_and_stops_cleanly_many_times(database: str) -> None:
    ran = 0

    async def note() -> None:
        nonlocal ran
        ran += 1

    async with open_pool(database, size=2) as pool:
        for turn in range(20):
            loop = runner(pool, job("a", note, every=timedelta()))
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(loop.run)
                if turn % 2:
                    await anyio.lowlevel.checkpoint()
                loop.stopping.set()
        loop = runner(pool, job("a", note, every=timedelta()))
        assert await loop.run_once(), "no run was left behind with its lease"
    assert ran >= 1


async def test_the_job_loop_outlives_the_loss_of_its_database(database: str, db: Db) -> None:
    again = anyio.Event()

    async def cut() -> None:
        async with await AsyncConnection.connect(database, autocommit=True) as other:
            await other.execute(
                """
                SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
                WHERE datname = current_database() AND pid <> pg_backend_pid()
                    AND application_name = 'baysync'
                """
            )
        await db.execute("UPDATE job_schedule SET lease_until = NULL, requested_at = now()")

    turns = 0

    async def work() -> None:
        nonlocal turns
        turns += 1
        if turns == 1:
            await cut()
        else:
            again.set()

    async with open_pool(database, size=2, check=False) as pool:
        loop = runner(pool, job("a", work))
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(loop.run)
            with anyio.fail_after(20):
                await again.wait()
            loop.stopping.set()


async def test_our_own_jobs_run_on_an_empty_database(database: str, db: Db) -> None:
    async with open_pool(database, size=2) as pool:
        loop = runner(pool, *jobs(pool, Doorbell(database, pool), Settings()))
        await loop.declare()
        while await loop.run_once():
            pass
    rows = await store.read_all(db)
    assert {row.name for row in rows} == {
        "change.stragglers",
        "listing.versions",
        "metrics.fold",
        "queue.upkeep",
    }
    assert [row.name for row in rows if row.last_error or row.last_finished_at is None] == []


async def test_the_projector_takes_batches_until_none_is_left_and_rings(database: str) -> None:
    batches = [200, 7]
    empty = anyio.Event()

    async def project(_: Db) -> int:
        if not batches:
            empty.set()
            return 0
        return batches.pop(0)

    async with open_pool(database, size=2) as pool:
        bell = Doorbell(database, pool)
        loop = Projector(pool=pool, bell=bell, project=project, poll=SOON, stopping=anyio.Event())
        async with bell.waiter() as ear, anyio.create_task_group() as tasks:
            assert await ear.wait(0)
            tasks.start_soon(loop.run)
            assert await ear.wait(10)
            with anyio.fail_after(10):
                await empty.wait()
            loop.stopping.set()
    assert batches == []


async def test_a_batch_that_cannot_be_read_does_not_stop_the_projector(database: str) -> None:
    asked: list[int] = []
    again = anyio.Event()

    async def project(_: Db) -> int:
        asked.append(1)
        if len(asked) > 1:
            again.set()
            return 0
        raise ValueError("a field of a newer program")

    async with open_pool(database, size=2) as pool:
        bell = Doorbell(database, pool)
        loop = Projector(pool=pool, bell=bell, project=project, poll=SOON, stopping=anyio.Event())
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(loop.run)
            with anyio.fail_after(10):
                await again.wait()
            loop.stopping.set()
    assert len(asked) >= 2


@pytest.mark.parametrize("turn", range(5))
async def test_the_projector_starts_and_stops_cleanly(database: str, turn: int) -> None:
    async def project(_: Db) -> int:
        return turn % 2

    async with open_pool(database, size=2) as pool:
        bell = Doorbell(database, pool)
        loop = Projector(pool=pool, bell=bell, project=project, poll=SOON, stopping=anyio.Event())
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(loop.run)
            loop.stopping.set()
    assert loop.stopping.is_set()
