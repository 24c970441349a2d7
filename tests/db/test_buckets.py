"""Rate buckets: shared, bounded, and still there after a restart."""

from datetime import datetime, timedelta

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
            blocked_until = blocked_until - make_interval(secs => %(s)s),
            daily_reset_at = daily_reset_at - make_interval(secs => %(s)s)
        """,
        {"s": seconds},
    )


async def test_a_full_bucket_holds_a_fifth_of_a_second(database: str) -> None:
    async with open_pool(database, size=2) as pool:
        bucket = store_of(pool, rate=10.0)
        assert [await bucket.take("inventory") for _ in range(2)] == [0.0, 0.0]
        wait = await bucket.take("inventory")
        assert 0.0 < wait <= 0.1


async def test_a_bucket_that_was_forgotten_since_is_made_anew(database: str, db: Db) -> None:
    async with open_pool(database, size=2) as pool:
        bucket = store_of(pool, rate=10.0)
        assert await bucket.take("inventory") == 0.0
        await db.execute("DELETE FROM rate_bucket")
        assert 0.0 < await bucket.take("inventory") <= 0.1
        assert await bucket.take("inventory") == 0.0


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


async def paces(db: Db) -> list[float]:
    cursor = await db.execute("SELECT pace FROM rate_bucket ORDER BY key")
    return [row[0] for row in await cursor.fetchall()]


async def until_tomorrow(db: Db) -> datetime:
    cursor = await db.execute("SELECT now() + interval '10 h'")
    return (await cursor.fetchall())[0][0]


async def test_silence_halves_the_pace_and_clean_answers_bring_it_back(
    database: str, db: Db
) -> None:
    async with open_pool(database, size=2) as pool:
        assert await store_of(pool).take("inventory", answered=-1) == 0.0
        assert await store_of(pool).take("inventory", answered=-1) == 0.0
        assert await paces(db) == [0.25]
        assert await store_of(pool).take("inventory", answered=5) == 0.0
        assert await paces(db) == [pytest.approx(0.5)]
        assert await store_of(pool).take("inventory", answered=1_000) == 0.0
        assert await paces(db) == [1.0], "never above the rate"


async def test_a_slowed_bucket_fills_at_its_pace(database: str, db: Db) -> None:
    async with open_pool(database, size=2) as pool:
        bucket = store_of(pool, rate=10.0)
        await bucket.block("inventory", 0)
        await bucket.take("inventory", tokens=2)
        assert 0.1 < await bucket.take("inventory") <= 0.2, "twice the usual tenth of a second"
        await backdate(db, 0.21)
        assert await bucket.take("inventory") == 0.0


async def test_failures_while_a_bucket_rests_are_one_failure(database: str, db: Db) -> None:
    async with open_pool(database, size=2) as pool:
        bucket = store_of(pool)
        await bucket.block("inventory", 30)
        await bucket.block("inventory", 60)
        assert await paces(db) == [0.5]
        await backdate(db, 61)
        await bucket.block("inventory", 0)
        assert await paces(db) == [0.25]


@pytest.mark.parametrize(("rate", "slowest"), [(100.0, 1 / 16), (1.0, 0.2), (0.1, 1.0)])
async def test_no_bucket_is_slowed_so_far_that_a_claim_could_not_end(
    database: str, db: Db, rate: float, slowest: float
) -> None:
    async with open_pool(database, size=2) as pool:
        for _ in range(9):
            await store_of(pool, rate).block("inventory", 0)
        assert await paces(db) == [slowest]
        await store_of(pool, rate).take("inventory", answered=-1)
        assert await paces(db) == [slowest]


async def test_every_token_is_one_less_for_the_day_and_at_none_the_bucket_rests(
    database: str, db: Db
) -> None:
    tomorrow = await until_tomorrow(db)
    async with open_pool(database, size=2) as pool:
        bucket = store_of(pool)
        await bucket.learn("inventory", limit=100, remaining=3, reset_at=tomorrow)
        assert [await bucket.take("inventory", tokens=2), await bucket.take("inventory")] == [0, 0]
        after_a_restart = await store_of(pool).take("inventory")
        assert timedelta(hours=9, minutes=59) < timedelta(seconds=after_a_restart)
        assert await bucket.take("account") == 0.0
        await backdate(db, timedelta(hours=10).total_seconds() + 1)
        assert await bucket.take("inventory") == 0.0, "the new day is not known yet"
        cursor = await db.execute("SELECT daily_remaining FROM rate_bucket ORDER BY key")
        assert await cursor.fetchall() == [(None,), (None,)]


async def test_a_share_of_the_day_is_left_to_more_urgent_work(database: str, db: Db) -> None:
    tomorrow = await until_tomorrow(db)
    async with open_pool(database, size=2) as pool:
        bucket = store_of(pool)
        await bucket.learn("inventory", limit=100, remaining=41, reset_at=tomorrow)
        assert await bucket.take("inventory", floor=0.4) == 0.0
        assert await bucket.take("inventory", floor=0.4) > 3600
        assert await bucket.take("inventory", floor=0.2) == 0.0


async def test_more_calls_than_were_thought_to_be_left_are_used_at_once(
    database: str, db: Db
) -> None:
    tomorrow = await until_tomorrow(db)
    async with open_pool(database, size=2) as pool:
        bucket = store_of(pool)
        await bucket.learn("inventory", limit=100, remaining=0, reset_at=tomorrow)
        assert await bucket.take("inventory") > 0
        await bucket.learn("inventory", limit=200, remaining=90, reset_at=tomorrow)
        assert await bucket.take("inventory") == 0.0
        await bucket.learn("inventory", limit=200, remaining=0, reset_at=None)
        assert await bucket.take("inventory") > 0


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
