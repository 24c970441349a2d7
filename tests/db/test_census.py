"""A small shop is counted for each look; a large one now and then, and all say as of when."""

import json
from collections.abc import AsyncGenerator
from datetime import timedelta

import pytest
from psycopg import AsyncConnection

from baysync.db.connection import Db
from baysync.insight.census import service as census
from baysync.insight.census import store
from baysync.insight.census.model import LONGEST_REST, CensusPart, Violation, rest
from baysync.insight.model import Cause
from baysync.jobs import minute
from support import engine
from support.api_site import Site, site_on
from support.large_shop import grow

AGED = "UPDATE census SET taken_at = taken_at - %s"


async def sold(db: Db, count: int = 1) -> int:
    """Have ``count`` listings for sale on an account's marketplace; return the account."""
    account = await engine.account(db)
    await engine.settled(db, await engine.ebay_listings_of(db, account, count), "a")
    return account


@pytest.fixture
async def site(database: str) -> AsyncGenerator[Site]:
    async with site_on(database) as served:
        yield served


@pytest.mark.parametrize(
    ("took", "rests"),
    [
        (timedelta(seconds=0.1), timedelta(seconds=2)),
        (timedelta(seconds=3), timedelta(minutes=1)),
        (timedelta(hours=1), LONGEST_REST),
    ],
)
def test_counting_rests_twenty_times_as_long_as_it_took(took: timedelta, rests: timedelta) -> None:
    assert rest(took) == rests


async def test_a_small_shop_is_counted_for_each_look(db: Db) -> None:
    await sold(db)
    await census.take_due(db)
    assert (await census.read(db)).figures.listings == 1
    await engine.ebay_listings_of(db, await engine.account(db, "other"))
    found = await census.read(db)
    assert (found.figures.listings, found.fresh) == (2, True)
    assert (await store.read(db, CensusPart.FIGURES)).body is None, "nothing is kept"


async def test_a_large_shop_is_as_it_was_counted_until_the_count_has_rested(db: Db) -> None:
    await sold(db)
    await grow(db)
    never = await census.read(db)
    assert (never.as_of, never.fresh, never.figures.listings) == (None, False, 0)
    await census.take_due(db)
    first = await census.read(db)
    assert (first.figures.listings, first.figures.states) == (1, {"new": 1})
    await engine.ebay_listings_of(db, await engine.account(db, "other"))
    await db.execute("UPDATE census SET took = '1 s'")
    await census.take_due(db)
    assert await census.read(db) == first, "it rests"
    await db.execute(AGED, (timedelta(seconds=20),))
    await census.take_due(db, beyond=timedelta(minutes=1))
    assert (await census.read(db)).figures.listings == 1, "not old enough for who asks"
    await census.take_due(db)
    second = await census.read(db)
    assert second.figures.listings == 2
    assert first.as_of
    assert second.as_of
    assert second.as_of > first.as_of


async def test_one_process_counts_at_a_time(db: Db, database: str) -> None:
    await sold(db)
    await grow(db)
    async with (
        await AsyncConnection.connect(database) as other,
        other.transaction(),
    ):
        assert await store.begin(other, CensusPart.FIGURES, patience=timedelta(seconds=5))
        await census.take_due(db)
        assert (await store.read(db, CensusPart.FIGURES)).body is None
        assert (await store.read(db, CensusPart.PROMISES)).body is not None
    await census.take_due(db)
    assert (await store.read(db, CensusPart.FIGURES)).body is not None


@pytest.mark.breaks_invariants
async def test_the_minute_job_counts_a_large_shop_and_finds_what_is_broken(db: Db) -> None:
    await sold(db)
    await grow(db)
    await db.execute("DELETE FROM ebay_listing_snapshot")
    done = await minute.keep_up(db, verify_delay=timedelta(minutes=1))
    assert done.broken == 1
    (row,) = (await census.read(db)).broken
    assert isinstance(row, Violation)
    assert row.invariant == "I4"


async def test_lights_of_now_do_not_wait_for_the_count(site: Site, db: Db) -> None:
    account = await sold(db)
    await grow(db)
    await site.watch.look()
    status, _, body = await site.get("/api/health")
    assert (status, json.loads(body)["as_of"]) == (200, None), "up, and nothing is counted yet"
    await census.take_due(db)
    await db.execute("UPDATE census SET took = '1 h'")
    await site.watch.look()
    counted = site.watch.now()
    await db.execute(
        """
        UPDATE account SET paused_until = 'infinity', paused_kind = 'reauth', paused_at = now()
        WHERE id = %s
        """,
        (account,),
    )
    await site.watch.look()
    found = site.watch.now()
    assert Cause.PAUSED not in {light.cause for light in counted.lights}
    assert Cause.PAUSED in {light.cause for light in found.lights}
    assert Cause.NO_WORKER in {light.cause for light in found.lights}
    assert found.as_of == counted.as_of
    assert found.as_of is not None
    assert found.checked_at > counted.checked_at
    assert (await site.read("/api/ebay/metrics"))["census.age_seconds"] > 0
    await site.pool.close()
    await site.watch.look()
    assert site.watch.now().status == "down"
