"""Ensure, revert, claim, finish, release, reap: one change at a time."""

from datetime import timedelta
from uuid import uuid4

from baysync.db.connection import Db
from baysync.ebay_listing import store as ebay_listing_store
from baysync.ebay_listing.model import Block, Scope, Urgency
from baysync.publish.store import Begun
from baysync.queue import store
from baysync.queue.model import Debounce, Ensured, Finish, Status
from support import engine

PATIENT = Debounce(window=timedelta(seconds=2), longest=timedelta(seconds=30))


async def wanting(db: Db, count: int = 1, word: str = "b") -> list[int]:
    """Return eBay listings of one account, each with a due change."""
    ids = await engine.ebay_listings_of(db, await engine.account(db), count)
    await engine.want(db, ids, word)
    return ids


async def test_what_differs_from_ebay_gets_a_change_once(db: Db) -> None:
    (lamp,) = await wanting(db)
    assert await engine.changes(db, "status", "payload_hash") == [("pending", engine.digest("b"))]
    assert await engine.want(db, [lamp], "b") == [], "the same hash is a duplicate"
    assert await engine.want(db, [lamp], "c") == [Ensured(ebay_listing_id=lamp, inserted=False)]
    assert await engine.changes(db, "payload_hash", "coalesced_count") == [(engine.digest("c"), 1)]


async def test_an_edit_taken_back_cancels_its_change(db: Db) -> None:
    (lamp,) = await wanting(db, word="a")
    claim_id, (row,) = await engine.claim(db)
    await engine.published(db, [lamp], "a")
    await engine.finish(db, claim_id, Finish(id=row.id, status=Status.DONE, outcome="done"))
    await engine.want(db, [lamp], "b")
    assert await engine.want(db, [lamp], "a") == []
    assert await engine.changes(db, "status", "last_outcome") == [
        ("done", "done"),
        ("cancelled", "reverted"),
    ]


async def test_edits_inside_the_window_wait_but_not_for_ever(db: Db) -> None:
    (lamp,) = await engine.ebay_listings_of(db, await engine.account(db))
    await engine.want(db, [lamp], "b", debounce=PATIENT)
    assert (await engine.claim(db))[1] == [], "more edits may come"
    await db.execute("UPDATE ebay_change_queue SET first_enqueued_at = now() - interval '30 s'")
    await engine.want(db, [lamp], "c", debounce=PATIENT)
    assert len((await engine.claim(db))[1]) == 1, "thirty seconds are the longest"


async def test_falling_stock_does_not_wait(db: Db) -> None:
    (lamp,) = await engine.ebay_listings_of(db, await engine.account(db))
    await engine.want(db, [lamp], "b", debounce=PATIENT)
    await engine.want(db, [lamp], "c", urgency=Urgency.STOCK, debounce=PATIENT)
    ((row,),) = [(await engine.claim(db))[1]]
    assert (row.ebay_listing_id, row.urgency, row.attempts) == (lamp, Urgency.STOCK, 1)


async def test_an_edit_during_a_flight_is_queued_by_the_settle(db: Db) -> None:
    (lamp,) = await wanting(db)
    claim_id, (row,) = await engine.claim(db)
    assert await engine.want(db, [lamp], "c") == [], "one is in flight"
    await engine.published(db, [lamp], "b")
    done = await engine.finish(db, claim_id, Finish(id=row.id, status=Status.DONE, outcome="done"))
    assert done == [row.id]
    assert await engine.changes(db, "status", "payload_hash") == [
        ("done", engine.digest("b")),
        ("pending", engine.digest("c")),
    ]


async def test_a_settle_with_another_claim_changes_nothing(db: Db) -> None:
    await wanting(db)
    await engine.claim(db)
    before = await engine.changes(db, "status", "attempts", "lease_until", "claim_id")
    row = Finish(id=1, status=Status.DONE, outcome="done")
    assert await engine.finish(db, uuid4(), row) == []
    assert await engine.begin_call(db, uuid4(), [1]) == Begun(call_id=None, held=[])
    assert await store.release(db, uuid4(), [1]) == []
    assert await engine.changes(db, "status", "attempts", "lease_until", "claim_id") == before


async def test_a_counted_failure_binds_later_edits_and_a_given_back_one_does_not(db: Db) -> None:
    counted, given = await wanting(db, 2)
    claim_id, rows = await engine.claim(db)
    late = timedelta(minutes=5)
    await engine.finish(
        db,
        claim_id,
        *[
            Finish(
                id=row.id,
                status=Status.PENDING,
                outcome="retry",
                run_after=late,
                give_back=row.ebay_listing_id == given,
                clean=row.ebay_listing_id == counted,
                error={"ids": [25001]},
            )
            for row in rows
        ],
    )
    assert await engine.changes(db, "attempts", "last_error") == [
        (1, {"ids": [25001]}),
        (0, {"ids": [25001]}),
    ]
    await engine.want(db, [counted, given], "c")
    _, (row,) = await engine.claim(db)
    assert row.ebay_listing_id == given


async def test_unsent_changes_are_given_back_as_they_were(db: Db) -> None:
    (lamp,) = await wanting(db)
    claim_id, (row,) = await engine.claim(db)
    assert (await engine.begin_call(db, claim_id, [row.id])).held == [row.id]
    assert await store.release(db, claim_id, [row.id]) == [row.id]
    _, (again,) = await engine.claim(db)
    assert (again.id, again.ebay_listing_id, again.attempts) == (row.id, lamp, 1)


async def test_a_call_begins_only_while_its_claim_holds_every_change(db: Db) -> None:
    await wanting(db, 2)
    claim_id, rows = await engine.claim(db, lease=timedelta())
    first, second = sorted(row.id for row in rows)
    begun = await engine.begin_call(db, claim_id, [second, first])
    assert sorted(begun.held) == [first, second]
    assert await store.expired(db, 500) == [], "the lease begins anew"
    await store.release(db, claim_id, [first])
    refused = await engine.begin_call(db, claim_id, [first, second])
    assert refused == Begun(call_id=None, held=[second])
    cursor = await db.execute("SELECT id FROM ebay_call_log")
    assert await cursor.fetchall() == [(begun.call_id,)]


async def test_what_is_blocked_whole_is_not_queued(db: Db) -> None:
    (lamp,) = await wanting(db)
    await ebay_listing_store.block(db, [Block(id=lamp, reason="paused", scope=Scope.ALL)])
    assert await store.cancel_reverted(db, [lamp]) == [lamp]
    assert await engine.want(db, [lamp], "c") == []
    assert await ebay_listing_store.unblock(db, [lamp]) == [lamp]
    assert len(await engine.want(db, [lamp], "c")) == 1


async def test_doubt_about_equal_documents_is_a_change_that_waits_for_its_time(db: Db) -> None:
    (lamp,) = await wanting(db)
    claim_id, (row,) = await engine.claim(db)
    await engine.published(db, [lamp], "b")
    await ebay_listing_store.set_verify(db, [lamp], timedelta(seconds=90))
    await engine.finish(db, claim_id, Finish(id=row.id, status=Status.DONE, outcome="done"))
    assert (await engine.changes(db, "intent", "status"))[1] == ("verify", "pending")
    assert (await engine.claim(db))[1] == []
    (target,) = await ebay_listing_store.read_targets(db, [lamp])
    assert target.verify_at is not None
    assert not target.verify_due


async def test_a_lost_worker_costs_a_crash_and_no_attempt(db: Db) -> None:
    (lamp,) = await wanting(db)
    await engine.claim(db, lease=timedelta())
    assert await store.expired(db, 500) == [lamp]
    (reaped,) = await store.reap(db, [lamp])
    assert reaped.crashes == 1
    assert await engine.changes(db, "status", "attempts", "crashes") == [("pending", 0, 1)]
