"""The logs have a partition for each of the next days."""

import pytest
from psycopg import AsyncConnection
from psycopg.errors import LockNotAvailable

from baysync.db import partitions
from baysync.db.connection import Db


async def names(db: Db, log: str) -> list[str]:
    cursor = await db.execute(
        "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = %s::regclass"
        " ORDER BY 1",
        (log,),
    )
    return [row[0] for row in await cursor.fetchall()]


async def test_partitions_are_kept_ahead_and_made_once(db: Db) -> None:
    await partitions.keep_ahead(db)
    made = await names(db, "ebay_sync_log")
    assert len(made) == 5, "today, three days ahead, and the default"
    await partitions.keep_ahead(db)
    assert await names(db, "ebay_sync_log") == made
    assert len(await names(db, "ebay_call_log")) == 5


async def test_a_day_with_rows_in_the_default_partition_stays_there(db: Db) -> None:
    await db.execute(
        "INSERT INTO ebay_call_log (account_id, correlation_id, operation, method, path)"
        " VALUES (1, 'c', 'getOffer', 'GET', '/')"
    )
    await partitions.keep_ahead(db)
    assert len(await names(db, "ebay_call_log")) == 4
    await db.execute(
        "INSERT INTO ebay_call_log (account_id, correlation_id, operation, method, path)"
        " VALUES (1, 'd', 'getOffer', 'GET', '/')"
    )
    cursor = await db.execute("SELECT count(*) FROM ebay_call_log_default")
    assert await cursor.fetchone() == (2,)


async def test_a_log_that_somebody_reads_holds_nobody_up(db: Db, database: str) -> None:
    await db.execute("SET statement_timeout = '5s'")  # else this would wait for ever
    async with await AsyncConnection.connect(database) as backup:
        await backup.execute("LOCK ebay_call_log IN ACCESS SHARE MODE")
        with pytest.raises(LockNotAvailable):
            await partitions.keep_ahead(db)
    assert len(await names(db, "ebay_sync_log")) == 1
    await partitions.keep_ahead(db)
    assert len(await names(db, "ebay_call_log")) == 5
