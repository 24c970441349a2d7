"""Rate buckets: shared, bounded, and still there after a restart."""

import anyio
import pytest

from baysync.account.bucket_store import BucketStore
from baysync.db.connection import Db
from baysync.db.pool import Pool, open_pool

KEY = "app/inventory"


def store_of(pool: Pool, rate: float = 100.0) -> BucketStore:
    return BucketStore(pool=pool, application="app", rate=rate)


async def backdate(db: Db, seconds: float) -> None:
    """Let time pass for every bucket."""
    await db.execute(
        """
        UPDATE rate_bucket SET updated_at = updated_at - make_interval(secs => %(s)s),
            blocked_until = blocked_until - make_interval(secs => %(s)s)
        """,
        {"s": seconds},
    )


async def test_a_full_bucket_holds_a_fifth_of_a_second(database: str) -> None:
    async with open_pool(database, size=2) as pool:
        bucket = store_of(pool, rate=10.0)
        assert [await bucket.take("inventory") for _ in range(2)] == [0.0, 0.0]
        wait = await bucket.take("inventory")
        assert 0.0 < wait <= 0.1


async def test_time_fills_it_again_up_to_its_size(database: str, db: Db) -> None:
    async with open_pool(database, size=2) as pool:
        bucket = store_of(pool, rate=10.0)
        await bucket.take("inventory", tokens=2)
        await backdate(db, 3600)
        taken = [await bucket.take("inventory") for _ in range(3)]
        assert taken[:2] == [0.0, 0.0]
        assert taken[2] > 0.0


async def test_what_is_left_to_others_is_not_taken(database: str) -> None:
    async with open_pool(database, size=2) as pool:
        bucket = store_of(pool, rate=50.0)
        assert await bucket.take("inventory", tokens=6, floor=0.5) == 0.0
        assert await bucket.take("inventory", tokens=4, floor=0.9) > 0.0
        assert await bucket.take("inventory", tokens=4) == 0.0


async def test_families_and_applications_have_buckets_of_their_own(database: str) -> None:
    async with open_pool(database, size=2) as pool:
        other = BucketStore(pool=pool, application="other", rate=5.0)
        mine = store_of(pool, rate=5.0)
        assert await mine.take("inventory") == 0.0
        assert await mine.take("inventory") > 0.0
        assert await mine.take("account") == 0.0
        assert await other.take("inventory") == 0.0


async def test_a_block_holds_everyone_and_is_never_shortened(database: str, db: Db) -> None:
    async with open_pool(database, size=2) as pool:
        bucket, another = store_of(pool), store_of(pool)
        await bucket.block("inventory", 60)
        await bucket.block("inventory", 1)
        assert 58 < await another.take("inventory") <= 60
        await backdate(db, 61)
        assert await another.take("inventory") == 0.0


async def test_many_workers_share_one_bucket_and_a_restart_does_not_fill_it(database: str) -> None:
    taken: list[float] = []

    async def worker(pool: Pool) -> None:
        bucket = store_of(pool, rate=25.0)  # a process of its own
        taken.append(await bucket.take("inventory"))

    async with open_pool(database, size=8) as pool, anyio.create_task_group() as tasks:
        for _ in range(30):
            tasks.start_soon(worker, pool)
    assert 5 <= taken.count(0.0) < 30


async def test_a_new_rate_reaches_the_bucket(database: str, db: Db) -> None:
    async with open_pool(database, size=2) as pool:
        await store_of(pool, rate=5.0).take("inventory")
        await store_of(pool, rate=100.0).take("inventory")
        cursor = await db.execute("SELECT capacity, refill_per_s FROM rate_bucket")
        assert await cursor.fetchall() == [(20.0, 100.0)]


async def test_more_than_fits_is_a_mistake(database: str) -> None:
    async with open_pool(database, size=2) as pool:
        with pytest.raises(ValueError, match="6 tokens of a bucket that holds 1"):
            await store_of(pool, rate=5.0).take("inventory", tokens=6)
