"""Changes that gave up: letters, retry, discard."""

from baysync.db.connection import Db
from baysync.ebay_listing import store as ebay_listing_store
from baysync.ebay_listing.model import Block, Scope
from baysync.insight.queue import store as queues
from baysync.queue import dead_letters, dead_store, store
from baysync.queue.model import Fate, Finish, Letter, Resolution, Selection, Status
from support import engine

ANN = "cli:ann"


async def dying(db: Db, count: int = 1) -> list[int]:
    ids = await engine.ebay_listings_of(db, await engine.account(db), count)
    await engine.refuse(db, ids)
    return ids


async def test_the_same_state_is_not_tried_again_and_another_one_is(db: Db) -> None:
    (lamp,) = await dying(db)
    assert await engine.want(db, [lamp], "b") == []
    assert len(await engine.want(db, [lamp], "c")) == 1
    await engine.want(db, [lamp], "b")
    assert (await engine.changes(db, "status", "last_outcome"))[-1] == ("cancelled", "reverted")


async def test_retry_sends_todays_state_with_no_attempt_spent(db: Db) -> None:
    (lamp,) = await dying(db)
    (replayed,) = await dead_letters.replay(db, Selection(), by=ANN, reason="fixed at eBay")
    assert replayed.fate is Fate.QUEUED
    assert (await engine.changes(db, "ebay_listing_id", "status", "attempts"))[-1] == (
        lamp,
        "pending",
        0,
    )
    assert await dead_letters.replay(db, Selection(), by=ANN) == []
    letter = await queues.letter(db, replayed.id)
    assert letter is not None
    assert letter.resolution == Resolution.REPLAYED
    cursor = await db.execute("SELECT actor, action, reason FROM audit_log")
    assert await cursor.fetchall() == [(ANN, "dead.retry", "fixed at eBay")]


async def test_retry_says_where_nothing_was_queued(db: Db) -> None:
    newer, blocked, equal = await dying(db, 3)
    await engine.want(db, [newer], "c")
    await ebay_listing_store.block(db, [Block(id=blocked, reason="paused", scope=Scope.ALL)])
    await engine.published(db, [equal], "b")
    replayed = await dead_letters.replay(db, Selection(), by=ANN)
    assert [row.fate for row in sorted(replayed, key=lambda row: row.id)] == [
        Fate.ACTIVE,
        Fate.BLOCKED,
        Fate.EQUAL,
    ]


async def test_letters_are_chosen_by_what_they_say(db: Db) -> None:
    await dying(db, 2)
    (other,) = await engine.ebay_listings_of(db, await engine.account(db, "second"))
    await engine.refuse(db, [other], verdict="retry")

    async def chosen(**words: object) -> int:
        return len(await queues.letters(db, Selection(**words), limit=9))  # type: ignore[arg-type]

    assert await chosen() == 3 == await queues.open_letters(db)
    assert await chosen(verdict="retry") == 1
    assert await chosen(account="shop") == 2
    assert await chosen(sku="sku-1-1") == 1
    assert await chosen(error_id=25718) == 3
    assert await chosen(error_id=1) == 0
    assert await chosen(ids=(1, 2), account="second") == 0


async def test_discard_blocks_what_is_wanted_today_and_leaves_newer_work(db: Db) -> None:
    lamp, newer = await dying(db, 2)
    await engine.want(db, [newer], "c")
    discarded = await dead_letters.discard(db, Selection(account="shop"), by=ANN)
    assert sorted([(row.ebay_listing_id, row.current) for row in discarded]) == [
        (lamp, True),
        (newer, False),
    ]
    (claimed,) = (await engine.claim(db))[1]
    assert claimed.ebay_listing_id == newer
    assert await engine.want(db, [lamp], "b") == []


async def test_a_second_death_of_the_same_state_supersedes_the_first_letter(db: Db) -> None:
    (lamp,) = await engine.ebay_listings_of(db, await engine.account(db))
    (first,) = await engine.refuse(db, [lamp])
    await engine.want(db, [lamp], "c")
    claim_id, (row,) = await engine.claim(db)
    async with db.transaction():
        await store.finish(
            db, claim_id, [Finish(id=row.id, status=Status.DEAD, outcome="rejected")]
        )
        (second,) = await dead_store.open(
            db, [Letter(queue_id=row.id, payload_hash=engine.digest("b"), verdict="rejected")]
        )
        await store.ensure(db, [lamp], debounce=engine.AT_ONCE)
    letter = await queues.letter(db, first)
    assert letter is not None
    assert letter.resolution == Resolution.SUPERSEDED
    assert [row.id for row in await queues.letters(db, Selection(), limit=9)] == [second]


async def test_success_closes_all_letters_of_a_listing(db: Db) -> None:
    (lamp,) = await dying(db)
    await engine.refuse(db, [lamp], "c")
    assert len(await dead_store.close_all(db, [lamp], Resolution.SUPERSEDED)) == 2
    await engine.want(db, [lamp], "d")
    assert await queues.open_letters(db) == 0


async def test_a_letter_that_nobody_wrote_is_none(db: Db) -> None:
    assert await queues.letter(db, 7) is None
