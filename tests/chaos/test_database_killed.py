"""PostgreSQL dies by kill -9 under load and comes back; the workers recover by themselves."""

import os
import signal

from baysync.base import clock
from baysync.db.connection import LOST
from baysync.db.embedded.cluster import EmbeddedPostgres
from chaos.workers import Workers, all_done, reached, until
from support.agreement import at_once, shown, wanted
from support.live_shop import Shop, document
from support.processes import has_ended

LISTINGS, KILLS = 100, 2


def kill(server: EmbeddedPostgres) -> None:
    """Kill PostgreSQL; its orphans hold the shared memory a moment longer."""
    pid = int((server.home / "data" / "postmaster.pid").read_text().split("\n", 1)[0])
    os.kill(pid, signal.SIGKILL)
    assert has_ended(pid, within=30)


async def test_workers_outlive_the_database_and_finish_without_waiting_for_a_lease(
    own_shop: Shop, own_crew: Workers, own: EmbeddedPostgres
) -> None:
    listings = [document(f"SKU-{n:03}") for n in range(LISTINGS)]
    await own_shop.put(*listings)
    began = clock.monotonic()
    for kill_number in range(1, KILLS + 1):
        rule, hold = f"hold-{kill_number}", {"kind": "hold", "when": "after"}
        own_shop.mock.faults({"id": rule, "match": {"op": "bulkCreateOffer"}, "effects": [hold]})
        if not own_crew.running:
            own_crew.start()
            own_crew.start()
            await until(lambda: both_run(own_shop), "both workers have begun")
        await reached(own_shop, rule)
        kill(own)
        own_shop.mock.release(rule)
        with EmbeddedPostgres(own.home, binaries=own.server.binaries):
            await until(lambda: answers(own_shop), "the database answers again")

    await until(lambda: all_live(own_shop), "everything is live")
    assert clock.monotonic() - began < own_shop.publisher.limits.lease.total_seconds()
    assert all(process.is_alive() for process in own_crew.running), "nobody had to be started again"
    await all_done(own_shop)
    assert shown(own_shop.mock) == wanted(listings)
    assert at_once(own_shop.mock) == set()


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
