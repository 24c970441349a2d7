"""SIGTERM in every state of a worker: it ends within 10 s and loses nothing."""

import os
import signal
from collections.abc import Generator
from contextlib import contextmanager
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from psycopg import AsyncConnection

from baysync.base import clock
from baysync.cli.processes import CUT
from baysync.db.embedded.cluster import EmbeddedPostgres
from chaos.test_database_killed import answers, kill
from chaos.workers import LEASE_OVER, Workers, all_done, reached, until, waiting_for
from support.agreement import at_once, shown, wanted
from support.live_shop import Shop, document

ITEM = "bulkCreateOrReplaceInventoryItem"
SKUS = ("LAMP-1", "LAMP-2", "LAMP-3")
LISTINGS = [document(sku) for sku in SKUS]
WITHIN = 10.0  # seconds


def ended(process: ForkServerProcess) -> tuple[int | None, float]:
    """Tell a worker to end; return its exit code, and after how many seconds."""
    began = clock.monotonic()
    process.terminate()
    process.join(2 * WITHIN)
    return process.exitcode, clock.monotonic() - began


async def held(shop: Shop, *, when: str = "before") -> None:
    """Let eBay stand still in the first call about an item."""
    effects = [{"kind": "hold", "when": when}]
    shop.mock.faults({"id": "hold", "match": {"op": ITEM}, "effects": effects})
    await shop.put(*LISTINGS)


async def states(shop: Shop) -> set[tuple[str, int, bool]]:
    """Return status, attempts and doubt of the changes."""
    async with shop.runtime.db() as db:
        cursor = await db.execute(
            """
            SELECT q.status, q.attempts, e.verify_at IS NOT NULL FROM ebay_change_queue q
            JOIN ebay_listing e ON e.id = q.ebay_listing_id
            """
        )
        return set(await cursor.fetchall())


async def agreed(shop: Shop, crew: Workers) -> None:
    """Another worker brings everything to its end: live once, nothing in doubt or given up."""
    await shop.pass_time(LEASE_OVER)
    crew.start()
    await all_done(shop)
    assert shown(shop.mock) == wanted(LISTINGS)
    assert at_once(shop.mock) == set()
    for sku in SKUS:
        row = await shop.row(sku)
        assert (row["in_step"], row["verify_at"], row["letters"]) == (True, None, 0)


async def test_in_a_call_that_ebay_does_not_answer_what_was_sent_is_in_doubt(
    shop: Shop, crew: Workers
) -> None:
    await held(shop)
    worker = crew.start()
    await reached(shop, "hold")
    code, seconds = ended(worker)
    assert (code, seconds < WITHIN) == (0, True), seconds
    assert await states(shop) == {("pending", 0, True)}
    shop.mock.release("hold")
    await agreed(shop, crew)


async def test_while_it_waits_for_the_rate_limit_everything_is_given_back(
    shop: Shop, crew: Workers
) -> None:
    await shop.put(*LISTINGS)
    worker = crew.start(BAYSYNC_RATE="0.01")  # the second call waits for 100 s

    async def one_call() -> bool:
        return len(shop.calls(ITEM)) == 1

    await until(one_call, "the first call is answered")
    code, seconds = ended(worker)
    assert (code, seconds < WITHIN / 2) == (0, True), seconds
    assert await states(shop) == {("pending", 0, False)}
    await agreed(shop, crew)


async def test_while_somebody_else_holds_the_listings_the_lease_gives_them_back(
    shop: Shop, crew: Workers, database: str
) -> None:
    await held(shop)
    worker = crew.start()
    await reached(shop, "hold")
    async with await AsyncConnection.connect(database) as holder, shop.runtime.db() as db:
        await holder.execute("SELECT id FROM ebay_listing FOR NO KEY UPDATE")
        shop.mock.release("hold")
        await waiting_for(db, holder)
        code, seconds = ended(worker)
        assert (code, seconds < WITHIN) == (0, True), seconds
        await holder.rollback()
    await agreed(shop, crew)


@contextmanager
def frozen(server: EmbeddedPostgres) -> Generator[None]:
    """Stop every process of PostgreSQL: it takes connections and answers none."""
    head = int((server.home / "data" / "postmaster.pid").read_text().split("\n", 1)[0])
    everyone = [head, *_children(head)]
    for pid in everyone:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in everyone:
            os.kill(pid, signal.SIGCONT)


def _children(pid: int) -> list[int]:
    text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(word) for word in text.split()]


async def test_without_its_database_it_ends_in_time_and_the_lease_gives_back_what_it_had(
    own_shop: Shop, own_crew: Workers, own: EmbeddedPostgres
) -> None:
    await held(own_shop, when="after")
    worker = own_crew.start()
    await reached(own_shop, "hold")
    with frozen(own):
        own_shop.mock.release("hold")
        code, seconds = ended(worker)
        assert (code, seconds < WITHIN) == (CUT, True), seconds
    idle = own_crew.start()
    await own_shop.pass_time(LEASE_OVER)
    await all_done(own_shop)
    kill(own)
    code, seconds = ended(idle)
    assert (code, seconds < WITHIN) == (0, True), seconds
    with EmbeddedPostgres(own.home, binaries=own.server.binaries):
        await until(lambda: answers(own_shop), "the database answers again")
        await agreed(own_shop, own_crew)
