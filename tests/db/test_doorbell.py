"""The doorbell: other processes hear it, a lost connection is made anew."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from functools import partial

import anyio
import pytest
from psycopg import AsyncConnection

from baysync.db.doorbell import Doorbell, Waiter
from baysync.db.pool import open_pool
from baysync.telemetry import turns
from baysync.telemetry.turns import take_turns


@asynccontextmanager
async def bell_on(database: str) -> AsyncGenerator[Doorbell]:
    """A running doorbell that listens already."""
    async with open_pool(database, size=2) as pool, anyio.create_task_group() as tasks:
        bell = Doorbell(database, pool)
        async with bell.waiter() as waiter:
            assert await waiter.wait(0)
            for turn in (bell.listen, bell.carry):
                tasks.start_soon(partial(take_turns, turn, name="bell", stopping=anyio.Event()))
            assert await waiter.wait(10), "listening wakes everyone once"
        yield bell
        tasks.cancel_scope.cancel()


async def test_a_ring_is_heard_in_another_process_and_in_ours(database: str) -> None:
    async with (
        bell_on(database) as ours,
        bell_on(database) as theirs,
        ours.waiter() as here,
        theirs.waiter() as there,
    ):
        assert await here.wait(0)
        assert await there.wait(0)
        ours.ring()
        assert await here.wait(10)
        assert await there.wait(10)


async def test_a_wait_without_a_ring_ends_by_itself() -> None:
    waiter = Waiter()
    assert not await waiter.wait(0.01)


async def test_a_ring_before_the_wait_is_not_lost() -> None:
    waiter = Waiter()
    waiter.wake()
    assert await waiter.wait(0)
    assert not await waiter.wait(0)


async def test_a_lost_connection_is_made_anew(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "RETRY_SECONDS", 0.01)
    async with bell_on(database) as bell, bell.waiter() as waiter:
        assert await waiter.wait(0)
        async with await AsyncConnection.connect(database, autocommit=True) as db:
            await db.execute(
                """
                SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
                WHERE datname = current_database() AND query LIKE 'LISTEN%'
                """
            )
        assert await waiter.wait(10), "the new connection wakes everyone once"
        bell.ring()
        assert await waiter.wait(10)
        assert bell.listening
