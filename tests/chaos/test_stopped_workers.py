"""A worker stands still longer than its lease and wakes up when others have done its work."""

from psycopg import AsyncConnection

from chaos.workers import (
    LEASE_OVER,
    Workers,
    all_done,
    go_on,
    is_true,
    reached,
    sent,
    stop,
    taken_over,
    until,
    waiting_for,
)
from support.agreement import shown, wanted
from support.live_shop import Shop, document

SKU = "LAMP-1"
ITEM = "bulkCreateOrReplaceInventoryItem"
BRIEF = {"BAYSYNC_LEASE": "4s", "BAYSYNC_HTTP_TIMEOUT": "1s", "BAYSYNC_MARGIN": "500ms"}
ONE_FENCED = "SELECT count(*) = 1 FROM ebay_sync_log WHERE outcome = 'fenced'"

# It may stand still in the job that takes lost changes back; that turn is its own for a minute.
NO_JOB_HELD = "UPDATE job_schedule SET lease_until = NULL"


async def agreed(shop: Shop, title: str) -> None:
    await all_done(shop)
    assert shown(shop.mock) == wanted([document(SKU, title=title)])
    row = await shop.row(SKU)
    assert (row["in_step"], row["verify_at"], row["letters"]) == (True, None, 0)


async def test_a_worker_that_wakes_after_its_lease_settles_nothing_and_raises_doubt(
    shop: Shop, crew: Workers
) -> None:
    await shop.put(document(SKU))
    await shop.drain()
    hold = {"kind": "hold", "when": "before"}
    shop.mock.faults({"id": "hold", "match": {"op": ITEM}, "effects": [hold]})
    await shop.put(document(SKU, title="Old"))
    sleeper = crew.start()
    await reached(shop, "hold")
    stop(sleeper)
    await shop.put(document(SKU, title="New"))
    await shop.pass_time(LEASE_OVER)
    successor = crew.start()
    await all_done(shop)
    assert shown(shop.mock)[SKU].title == "New"
    assert not await doubtful(shop), "the successor has read back what the crash left in doubt"

    crew.kill(successor)
    shop.mock.release("hold")
    await until(lambda: shows(shop, "Old"), "the call of the sleeper lands")
    go_on(sleeper)
    async with shop.runtime.db() as db:
        await until(lambda: is_true(db, ONE_FENCED), "the sleeper is fenced")
    await until(lambda: shows(shop, "New"), "the doubt it raised leads to the repair")
    await agreed(shop, "New")


async def shows(shop: Shop, title: str) -> bool:
    return shown(shop.mock)[SKU].title == title


async def doubtful(shop: Shop) -> bool:
    return (await shop.row(SKU))["verify_at"] is not None


async def test_a_worker_that_wakes_before_its_call_does_not_send_it(
    shop: Shop, crew: Workers, database: str
) -> None:
    await shop.put(document(SKU))
    await shop.drain()
    await shop.put(document(SKU, title="Old"))
    async with shop.runtime.db() as db:
        async with await AsyncConnection.connect(database) as holder:
            await holder.execute("LOCK rate_bucket IN SHARE MODE")
            sleeper = crew.start(**BRIEF)
            await waiting_for(db, holder)
            stop(sleeper)
            await db.execute(NO_JOB_HELD)
            await shop.put(document(SKU, title="New"))
        lease_over = "SELECT count(*) = 1 FROM ebay_change_queue WHERE lease_until < now()"
        await until(lambda: is_true(db, lease_over), "the lease of the sleeper is over")
        successor = crew.start()
        await taken_over(shop)
        await sent(shop)
        assert shown(shop.mock)[SKU].title == "New"
        crew.kill(successor)

        writes = len(shop.calls(ITEM))
        go_on(sleeper)
        await until(lambda: is_true(db, ONE_FENCED), "the sleeper is fenced")
        assert len(shop.calls(ITEM)) == writes, "its time was over, so it sent nothing"
    await agreed(shop, "New")
