"""What all processes counted meets in metric_minute."""

from datetime import timedelta

import psycopg
import pytest

from baysync.db.connection import Db
from baysync.insight.census import service as census
from baysync.telemetry import metric_store, rollup
from baysync.telemetry.metrics import GATHERED, Series, count, happened


@pytest.fixture(autouse=True)
def nothing_gathered() -> None:
    GATHERED.take()


async def test_handing_over_adds_to_what_others_counted(db: Db) -> None:
    for moment in (20.0, 10.0):
        count("queue.enqueue", 2)
        happened("publish.last_success", moment)
        assert await rollup.hand_over(db) == 2
    assert await census.totals(db) == {
        Series("queue.enqueue"): 4,
        Series("publish.last_success"): 20.0,
    }


async def test_what_cannot_be_written_is_kept_for_the_next_time(db: Db) -> None:
    count("queue.enqueue", 2)
    await db.execute("ALTER TABLE metric_minute RENAME TO gone")
    with pytest.raises(psycopg.errors.UndefinedTable):
        await rollup.hand_over(db)
    await db.execute("ALTER TABLE gone RENAME TO metric_minute")
    assert await census.totals(db) == {Series("queue.enqueue"): 2}


async def test_folding_old_minutes_changes_no_total(db: Db) -> None:
    for _ in range(2):
        count("queue.enqueue", 2)
        count("snapshot.created", 1, label="manual")
        await rollup.hand_over(db)
        await db.execute(
            "UPDATE metric_minute SET minute = minute - interval '40 d' WHERE minute > '-infinity'"
        )
        assert await rollup.fold(db) == 2
    before = await census.totals(db)
    assert before == {Series("queue.enqueue"): 4, Series("snapshot.created", "manual"): 2}
    assert await metric_store.fold(db, keep=timedelta(days=1)) == 0
    cursor = await db.execute("SELECT count(*) FROM metric_minute")
    assert await cursor.fetchone() == (2,)


async def test_whole_and_broken_numbers_are_added_together(db: Db) -> None:
    whole, broken = Series("publish.attempt", ""), Series("publish.duration_ms", "")
    await metric_store.add(db, {whole: 2, broken: 0.5}, {whole: 3, broken: 1.5})
    found = await metric_store.totals(db)
    assert (found[whole], found[broken]) == (5, 2)
