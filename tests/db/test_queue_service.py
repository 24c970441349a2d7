"""What people do to changes and listings, and what the log of it says."""

from datetime import timedelta

import pytest

from baysync.base.errors import Conflict, NotFound
from baysync.db.connection import Db
from baysync.ebay_listing import store as ebay_listing_store
from baysync.insight.queue import store as queues
from baysync.insight.queue.model import ChangeFilter
from baysync.queue import change_store, service
from baysync.queue.model import Debounce
from support import engine

PATIENT = Debounce(window=timedelta(seconds=20), longest=timedelta(seconds=30))
ANN = "cli:ann"


async def waiting(db: Db, count: int = 1) -> list[int]:
    """Return eBay listings of one account, each with a change that waits for more edits."""
    ids = await engine.ebay_listings_of(db, await engine.account(db), count)
    await engine.want(db, ids, "b", debounce=PATIENT)
    return ids


async def audit(db: Db) -> list[tuple[str, str, str | None]]:
    cursor = await db.execute("SELECT action, target, reason FROM audit_log ORDER BY id")
    return await cursor.fetchall()


async def block_of(db: Db, ebay_listing_id: int) -> tuple[str | None, str | None]:
    cursor = await db.execute(
        "SELECT blocked_reason, blocked_scope FROM ebay_listing WHERE id = %s", (ebay_listing_id,)
    )
    return (await cursor.fetchall())[0]


async def test_cancel_blocks_the_listing_until_its_next_edit(db: Db) -> None:
    (lamp,) = await waiting(db)
    (change,) = await queues.changes(db, ChangeFilter(), limit=10)
    (cancelled,) = await service.cancel(db, [change.id], by=ANN, reason="typo")
    assert (cancelled.ebay_listing_id, cancelled.sku) == (lamp, change.sku)
    assert await block_of(db, lamp) == ("cancelled", "all")
    assert await engine.changes(db, "status", "last_outcome") == [("cancelled", "cancelled")]
    assert await audit(db) == [("queue.cancel", f"listing {change.sku}", "typo")]


async def test_cancel_refuses_what_is_in_flight_and_touches_nothing(db: Db) -> None:
    lamp, shade = await waiting(db, 2)
    await db.execute("UPDATE ebay_change_queue SET run_at = now() WHERE id = 1")
    await engine.claim(db)
    with pytest.raises(Conflict, match="is processing"):
        await service.cancel(db, [1, 2], by=ANN)
    assert [await block_of(db, i) for i in (lamp, shade)] == [(None, None), (None, None)]
    assert await audit(db) == []


async def test_cancel_refuses_what_is_in_doubt(db: Db) -> None:
    (lamp,) = await waiting(db)
    await ebay_listing_store.set_verify(db, [lamp], timedelta())
    with pytest.raises(Conflict, match="in doubt"):
        await service.cancel(db, [1], by=ANN)


async def test_a_change_that_does_not_exist_is_named(db: Db) -> None:
    await waiting(db)
    with pytest.raises(NotFound, match="no change 7, 9"):
        await service.cancel(db, [1, 7, 9], by=ANN)
    with pytest.raises(NotFound, match="no change 7"):
        await service.retry(db, [7], by=ANN)


async def test_retry_makes_what_waits_due_now(db: Db) -> None:
    await waiting(db, 2)
    assert (await engine.claim(db))[1] == []
    ids = await change_store.waiting(db, "shop", None)
    assert await service.retry(db, ids, by=ANN) == ids
    assert len((await engine.claim(db))[1]) == 2
    assert await service.retry(db, ids, by=ANN) == [], "they are in flight"
    assert len(await audit(db)) == 2


async def test_a_paused_listing_sends_nothing_until_it_is_resumed(db: Db) -> None:
    (lamp,) = await waiting(db)
    (change,) = await queues.changes(db, ChangeFilter(), limit=10)
    assert await service.pause(db, [change.sku], by=ANN, reason="photos") == [lamp]
    assert await block_of(db, lamp) == ("paused", "all")
    assert await engine.want(db, [lamp], "c") == []
    assert await service.resume(db, [change.sku], by=ANN) == [lamp]
    (again,) = (await engine.claim(db))[1]
    assert again.ebay_listing_id == lamp
    assert [row[0] for row in await audit(db)] == ["listing.pause", "listing.resume"]


async def test_resume_ends_only_a_pause_and_unblock_any_block(db: Db) -> None:
    (lamp,) = await waiting(db)
    (change,) = await queues.changes(db, ChangeFilter(), limit=10)
    await service.cancel(db, [change.id], by=ANN)
    assert await service.resume(db, [change.sku], by=ANN) == []
    assert await service.unblock(db, [change.sku], by=ANN) == [lamp]
    cursor = await db.execute("SELECT projected_version < version FROM listing")
    assert await cursor.fetchall() == [(True,)], "what blocks its content is found again"


async def test_a_sku_that_nobody_sells_is_named(db: Db) -> None:
    with pytest.raises(NotFound, match="No account sells LAMP"):
        await service.pause(db, ["LAMP"], by=ANN)


async def test_the_lanes_are_counted(db: Db) -> None:
    ids = await waiting(db, 4)
    await service.retry(db, [1, 2], by=ANN)
    await service.cancel(db, [3], by=ANN)
    await ebay_listing_store.set_verify(db, ids[:1], timedelta())
    (lane,) = await queues.lanes(db)
    assert (lane.due, lane.waiting, lane.processing) == (2, 1, 0)
    assert (lane.in_doubt, lane.blocked, lane.dead, lane.paused_reason) == (1, 1, 0, None)
