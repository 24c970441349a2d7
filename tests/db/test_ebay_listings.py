"""Enrolment, locks, doubts and blocks of eBay listings."""

from datetime import timedelta

from psycopg import AsyncConnection

from baysync.db.connection import Db
from baysync.ebay_listing import service, store
from baysync.ebay_listing.model import Enrolment, Lifecycle, Published, SellableItem
from baysync.publish import store as attempts
from support import engine


async def skus(db: Db) -> list[str]:
    cursor = await db.execute("SELECT ebay_sku FROM ebay_item ORDER BY id")
    return [row[0] for row in await cursor.fetchall()]


async def test_a_second_marketplace_sells_under_a_derived_sku(db: Db) -> None:
    account = await engine.account(db)
    (lamp,) = await engine.ebay_listings_of(db, account)
    (target,) = await store.read_targets(db, [lamp])
    rows = [
        Enrolment(listing_id=target.listing_id, account_id=account, marketplace=site)
        for site in ("EBAY_US", "EBAY_DE")
    ]
    assert [made.marketplace for made in await service.enrol(db, rows)] == ["EBAY_DE"]
    await service.name(db, [SellableItem(listing_id=target.listing_id)])
    first, second = await skus(db)
    assert first == target.sku
    assert second.startswith(target.sku + "-")


async def test_a_read_back_ends_only_the_doubt_that_it_saw(db: Db) -> None:
    (lamp,) = await engine.ebay_listings_of(db, await engine.account(db))
    await store.set_verify(db, [lamp], timedelta())
    (seen,) = await store.read_targets(db, [lamp])
    assert seen.verify_due
    await store.set_verify(db, [lamp], timedelta())
    answered = Published(id=lamp, document=engine.document("a"), clears=seen.verify_at)
    await store.write_published(db, [answered])
    (doubted,) = await store.read_targets(db, [lamp])
    assert doubted.verify_at is not None
    assert doubted.published_blob == b"a"
    gone = Published(id=lamp, document=None, lifecycle=Lifecycle.ENDED, clears=doubted.verify_at)
    await store.write_published(db, [gone])
    (quiet,) = await store.read_targets(db, [lamp])
    assert (quiet.verify_at, quiet.published_hash, quiet.lifecycle_state) == (None, None, "ended")


async def test_a_listing_that_somebody_holds_does_not_hold_up_its_neighbours(
    db: Db, database: str
) -> None:
    ids = await engine.ebay_listings_of(db, await engine.account(db), 3)
    acted: list[list[int]] = []

    async def act(group: list[int]) -> None:
        acted.append(group)

    async with await AsyncConnection.connect(database) as other:
        await store.lock(other, ids[1:2])
        held = await service.with_locks(db, ids, act, wait=timedelta(milliseconds=20))
    assert held == ids[1:2]
    assert acted == [[ids[0], ids[2]]]
    assert await service.with_locks(db, held, act, wait=timedelta(milliseconds=20)) == []
    assert acted[1:] == [ids[1:2]]


async def test_a_lock_that_comes_in_time_is_waited_for(db: Db) -> None:
    (lamp,) = await engine.ebay_listings_of(db, await engine.account(db))
    async with db.transaction():
        assert await store.lock_within(db, lamp, timedelta(milliseconds=20))


async def test_failing_counts_from_the_first_failure_until_an_end(db: Db) -> None:
    (lamp,) = await engine.ebay_listings_of(db, await engine.account(db))
    await store.set_failing(db, [lamp])
    first = (await attempts.failing(db, [lamp]))[lamp]
    await store.set_failing(db, [lamp])
    assert (await attempts.failing(db, [lamp]))[lamp] > first
    await store.set_clean(db, [lamp])
    assert await attempts.failing(db, [lamp]) == {}
