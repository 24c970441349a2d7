"""Real worker processes of ``baysync work``: started, killed, stopped and waited for."""

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from multiprocessing import get_context
from multiprocessing.context import ForkServerProcess

import pytest
from psycopg import OperationalError

from baysync.base import clock
from baysync.cli import processes
from baysync.db.connection import Db
from support.live_shop import Shop
from support.timetravel import advance

# Times are the real ones where a test moves them, and short where somebody only looks.
QUICK = {
    "BAYSYNC_POLL": "50ms",
    "BAYSYNC_REAP_INTERVAL": "200ms",
    "BAYSYNC_DEBOUNCE_WINDOW": "0",
    "BAYSYNC_DEBOUNCE_LONGEST": "0",
    "BAYSYNC_RATE": "1000",
    "BAYSYNC_PUBLISHERS": "1",
    # Whoever is killed while it asks for reference data keeps that turn for three minutes.
    "EBAY_POLICY_ENABLED": "false",
    "BAYSYNC_LOG_FORMAT": "json",
}
LEASE_OVER = timedelta(seconds=121)
STEP = timedelta(minutes=2)
LOG = "workers.log"
LONGEST = 120.0  # seconds; a busy machine is slow
MOST_STEPS = 3 * 24 * 30  # of two minutes: three days, in which whatever fails is given up

BUSY = """
    SELECT EXISTS (SELECT FROM ebay_change_queue
                   WHERE status = 'processing' AND lease_until > now())
        OR EXISTS (SELECT FROM ebay_change_queue q JOIN account a ON a.id = q.account_id
                   WHERE q.status = 'pending' AND q.run_at <= now()
                       AND coalesce(a.paused_until, '-infinity') <= now()
                       AND NOT EXISTS (SELECT FROM rate_bucket WHERE blocked_until > now()))
"""
NO_LEASE_OVER = """
    SELECT count(*) = 0 FROM ebay_change_queue WHERE status = 'processing' AND lease_until < now()
"""
WAITS_FOR = """
    SELECT EXISTS (SELECT FROM pg_stat_activity
                   WHERE datname = current_database()
                       AND %(holder)s = ANY(pg_blocking_pids(pid)))
"""

# A server process imports everything once; each worker is a fork of it, so it starts at once.
_FORKS = get_context("forkserver")
_FORKS.set_forkserver_preload(["baysync.cli.processes"])


def _work(environment: dict[str, str], log: str) -> None:
    """Be a worker: the command ``baysync work`` under ``environment``."""
    output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.environ.update(environment)
    processes.work()


@dataclass(slots=True)
class Workers:
    """The worker processes of one shop; ``url`` names their database."""

    shop: Shop
    url: str
    running: list[ForkServerProcess] = field(default_factory=list[ForkServerProcess])

    def start(self, **settings: str) -> ForkServerProcess:
        """Start one more worker; ``settings`` by their environment names."""
        home = self.shop.runtime.settings.home
        environment = QUICK | {"DATABASE_URL": self.url, "BAYSYNC_HOME": str(home)} | settings
        process = _FORKS.Process(target=_work, args=(environment, str(home / LOG)))
        process.start()
        self.running.append(process)
        return process

    def kill(self, process: ForkServerProcess) -> None:
        """Kill a worker with SIGKILL and wait until it is gone."""
        process.kill()
        process.join()
        self.running.remove(process)

    def end(self) -> None:
        """Kill every worker that is left."""
        for process in list(self.running):
            self.kill(process)


@contextmanager
def workers(shop: Shop, url: str) -> Generator[Workers]:
    """Lend the workers of a shop; none outlives the block."""
    crew = Workers(shop, url)
    try:
        yield crew
    finally:
        crew.end()
        log = shop.runtime.settings.home / LOG
        print(log.read_text() if log.exists() else "no worker was started")  # noqa: T201


def stop(process: ForkServerProcess) -> None:
    """Freeze a worker."""
    os.kill(process.pid or 0, signal.SIGSTOP)


def go_on(process: ForkServerProcess) -> None:
    """Let a frozen worker go on."""
    os.kill(process.pid or 0, signal.SIGCONT)


async def until(holds: Callable[[], Awaitable[bool]], what: str) -> None:
    """Wait until ``holds``; fail with ``what`` when that takes too long."""
    end = clock.monotonic() + LONGEST
    while clock.monotonic() < end:
        if await holds():
            return
        await asyncio.sleep(0.02)
    pytest.fail(f"did not come true: {what}")


async def is_true(db: Db, question: str) -> bool:
    """Return the database's answer to a question."""
    cursor = await db.execute(question.encode())
    return bool((await cursor.fetchall())[0][0])


async def taken_over(shop: Shop) -> None:
    """Wait until somebody has taken back every change whose lease is over."""
    async with shop.runtime.db() as db:
        await until(lambda: is_true(db, NO_LEASE_OVER), "the lost changes are taken back")


async def reached(shop: Shop, rule: str, *, count: int = 1) -> None:
    """Wait until the mock holds a call by ``rule``."""
    assert await asyncio.to_thread(shop.mock.reached, rule, count=count, seconds=LONGEST)


async def waiting_for(db: Db, holder: Db) -> None:
    """Wait until somebody waits for a lock that ``holder`` has."""

    async def waits() -> bool:
        cursor = await db.execute(WAITS_FOR, {"holder": holder.info.backend_pid})
        return bool((await cursor.fetchall())[0][0])

    await until(waits, "somebody waits for the lock")


async def all_done(shop: Shop) -> None:
    """Let the workers finish, however long it takes; where they only wait for a time, let it pass.

    Fails when neither a call nor a change has ended for two minutes, or time has passed for days.
    """
    steps, before, end = 0, await _progress(shop), clock.monotonic() + LONGEST
    while await shop.active():
        async with shop.runtime.db() as db:
            idle = not await is_true(db, BUSY)
            with suppress(OperationalError):  # a deadlock with a worker: look again
                steps += idle and await _pass_if_idle(db, shop)
        if idle and (now := await _progress(shop)) != before:
            before, end = now, clock.monotonic() + LONGEST
        if clock.monotonic() > end or steps > MOST_STEPS:
            pytest.fail(
                f"did not come true: all is done; {before} calls and changes, {steps} steps"
            )
        await asyncio.sleep(0.02)


async def _progress(shop: Shop) -> tuple[int, int]:
    """Return how many calls were begun and how many changes are over."""
    async with shop.runtime.db() as db:
        cursor = await db.execute(
            """
            SELECT (SELECT count(*) FROM ebay_call_log),
                (SELECT count(*) FROM ebay_change_queue WHERE finished_at IS NOT NULL)
            """
        )
        return (await cursor.fetchall())[0]


async def _pass_if_idle(db: Db, shop: Shop) -> bool:
    """Let time pass while nobody can claim: a claim passes over an account that is locked."""
    async with db.transaction():
        await db.execute("SELECT FROM account FOR NO KEY UPDATE")
        if await is_true(db, BUSY):
            return False
        await advance(db, shop.mock, STEP)
    return True


async def sent(shop: Shop) -> None:
    """Wait until nothing is due or in flight, without letting time pass."""

    async def idle() -> bool:
        async with shop.runtime.db() as db:
            return not await is_true(db, BUSY)

    await until(idle, "nothing is due")
