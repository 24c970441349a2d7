"""PostgreSQL dies by kill -9 under load and comes back; the workers recover by themselves."""

import os
import shutil
import signal
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from agreement import at_once, shown, wanted
from baysync.base import clock
from baysync.db import migrate
from baysync.db.connection import LOST
from baysync.db.embedded.binaries import Binaries
from baysync.db.embedded.cluster import EmbeddedPostgres
from chaos.workers import Workers, all_done, reached, until, workers
from live_shop import Shop, document, open_shop
from mockbay.client import MockServer
from processes import has_ended

LISTINGS, KILLS = 100, 2


@pytest.fixture
def own(binaries: Binaries) -> Iterator[EmbeddedPostgres]:
    """A cluster of this test's own, which keeps its promises over a crash."""
    home = Path(tempfile.mkdtemp(prefix="baysync-own-"))
    home.chmod(0o755)  # as root, the user who runs PostgreSQL must pass through
    with EmbeddedPostgres(home / "pg", binaries=binaries) as server:
        migrate.upgrade(server.url())
        yield server
    EmbeddedPostgres(home / "pg").wait_stopped()
    shutil.rmtree(home)


@pytest.fixture
async def shop(own: EmbeddedPostgres, mockbay: MockServer, tmp_path: Path) -> AsyncIterator[Shop]:
    async with open_shop(own.url(), mockbay, tmp_path) as shop:
        yield shop


@pytest.fixture
def crew(shop: Shop, own: EmbeddedPostgres) -> Iterator[Workers]:
    with workers(shop, own.url()) as crew:
        yield crew


def kill(server: EmbeddedPostgres) -> None:
    """Kill PostgreSQL; its orphans hold the shared memory a moment longer."""
    pid = int((server.home / "data" / "postmaster.pid").read_text().split("\n", 1)[0])
    os.kill(pid, signal.SIGKILL)
    assert has_ended(pid, within=30)


async def test_workers_outlive_the_database_and_finish_without_waiting_for_a_lease(
    shop: Shop, crew: Workers, own: EmbeddedPostgres
) -> None:
    listings = [document(f"SKU-{n:03}") for n in range(LISTINGS)]
    await shop.put(*listings)
    began = clock.monotonic()
    for kill_number in range(1, KILLS + 1):
        rule, hold = f"hold-{kill_number}", {"kind": "hold", "when": "after"}
        shop.mock.faults({"id": rule, "match": {"op": "bulkCreateOffer"}, "effects": [hold]})
        if not crew.running:
            crew.start()
            crew.start()
            await until(lambda: both_run(shop), "both workers have begun")
        await reached(shop, rule)
        kill(own)
        shop.mock.release(rule)
        with EmbeddedPostgres(own.home, binaries=own.server.binaries):
            await until(lambda: answers(shop), "the database answers again")

    await until(lambda: all_live(shop), "everything is live")
    assert clock.monotonic() - began < shop.publisher.limits.lease.total_seconds()
    assert all(process.is_alive() for process in crew.running), "nobody had to be started again"
    await all_done(shop)
    assert shown(shop.mock) == wanted(listings)
    assert at_once(shop.mock) == set()


async def both_run(shop: Shop) -> bool:
    async with shop.runtime.db() as db:
        cursor = await db.execute("SELECT count(*) FROM worker")
        return (await cursor.fetchall()) == [(2,)]


async def answers(shop: Shop) -> bool:
    try:
        return await shop.active() >= 0
    except LOST:
        return False


async def all_live(shop: Shop) -> bool:
    return len(shown(shop.mock)) == LISTINGS
