"""A listing is not published before it is known what eBay asks of it, nor held for ever."""

import dataclasses
from datetime import timedelta

import anyio

from baysync.account import store as accounts
from baysync.account.model import PauseKind
from baysync.app import refresh, remote_jobs, run
from baysync.jobs.runner import Runner
from support.live_shop import Shop, document

SHIRTS, BOOKS, LAMPS = "201", "401", "101"
LAMP = {"category": LAMPS, "aspects": {"Type": ["Desk lamp"]}}
SIZELESS = {"category": SHIRTS, "aspects": {"Department": ["Women"]}}


async def test_a_live_listing_waits_for_no_answer(asking: Shop) -> None:
    await refresh(asking.runtime).run()
    await asking.put(document("LAMP-1"))
    await refresh(asking.runtime).run()
    await asking.drain()
    await asking.put(
        document("LAMP-1", category=LAMPS, price="21.00", quantity=2, aspects=LAMP["aspects"])
    )
    await asking.drain()
    offer = asking.live()["LAMP-1"]
    assert (offer["categoryId"], offer["availableQuantity"]) == (LAMPS, 2)
    await asking.put(document("LAMP-1", category=BOOKS, status="ended"))
    await asking.drain()
    assert asking.live() == {}
    await asking.put(document("LAMP-1", category=SHIRTS))
    assert {reason for reason, _, _ in (await asking.blocked()).values()} == {"checking_rules"}


async def test_a_listing_waits_ten_minutes_at_most_where_nobody_asks(asking: Shop) -> None:
    await asking.put(document("LAMP-1", **LAMP))
    await asking.pass_time(timedelta(minutes=9))
    await asking.reap()
    assert {reason for reason, _, _ in (await asking.blocked()).values()} == {"checking_rules"}
    await asking.pass_time(timedelta(minutes=2))
    await asking.reap()
    await asking.drain()
    assert set(asking.live()) == {"LAMP-1"}


async def test_ebay_is_asked_before_a_paused_account_sends_anything(asking: Shop) -> None:
    async with asking.runtime.db() as db:
        await accounts.pause(db, asking.account_id, "new")
    await asking.put(document("TEE-1", **SIZELESS), document("LAMP-1", **LAMP))
    await refresh(asking.runtime).run()
    assert {sku: reason for sku, (reason, _, _) in (await asking.blocked()).items()} == {
        "TEE-1": "missing_aspect"
    }
    async with asking.runtime.db() as db:
        await accounts.resume(db, asking.account_id)
        await accounts.hold(db, asking.account_id, PauseKind.REAUTH)
        await db.execute("UPDATE ebay_policy_cache SET expires_at = now()")
    before = len(asking.mock.journal())
    assert await refresh(asking.runtime).run() == 0
    assert len(asking.mock.journal()) == before


async def test_where_the_workers_ask_for_nothing_no_listing_waits(asking: Shop) -> None:
    await asking.put(document("LAMP-1", **LAMP))
    off = asking.runtime.settings.model_copy(
        update={"policy_enabled": False, "queue_enabled": False}
    )
    stopping = anyio.Event()
    stopping.set()
    runtime = dataclasses.replace(asking.runtime, settings=off)
    await run(runtime, stopping=stopping, works=True, listener=None)
    assert await asking.blocked() == {}
    await asking.put(document("LAMP-2", **LAMP))
    await asking.drain()
    assert set(asking.live()) == {"LAMP-1", "LAMP-2"}


async def test_what_is_asked_for_first_is_fetched_before_the_minute_is_over(asking: Shop) -> None:
    runtime, ran = asking.runtime, anyio.Event()
    quick = [job for job in remote_jobs(runtime) if job.name == "policy.refresh"]
    runner = Runner(
        pool=runtime.pool, bell=runtime.bell, jobs=quick, poll=timedelta(hours=1), stopping=ran
    )
    await runner.declare()
    assert await runner.run_once(), "the first time it is due by itself"
    assert not await runner.run_once()
    await asking.put(document("LAMP-1", **LAMP))
    assert await runner.run_once()
    assert not await runner.run_once()
    await asking.drain()
    assert set(asking.live()) == {"LAMP-1"}


async def test_an_ebay_that_does_not_answer_blocks_nothing(asking: Shop) -> None:
    asked = [
        "getDefaultCategoryTreeId", "getItemAspectsForCategory", "getItemConditionPolicies",
        "getPaymentPolicies", "getInventoryLocations",
    ]  # fmt: skip
    down = {"kind": "error", "status": 500, "error_id": 2003}
    asking.mock.faults({"match": {"op": asked}, "times": 0, "effects": [down]})
    await asking.put(document("LAMP-1", **SIZELESS))
    assert await refresh(asking.runtime).run() == 0
    assert await asking.blocked() == {}
