"""The pool: its limits, and its answer when there is no database."""

import tempfile
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from psycopg_pool import PoolTimeout

from baysync.base.errors import DatabaseError
from baysync.db import pool as pools
from baysync.db.pool import failures, lack, open_pool
from baysync.db.trouble import Lack
from support.database_door import door


async def test_connections_commit_by_themselves_and_have_limits(database: str) -> None:
    async with open_pool(database, size=2) as pool, pool.connection() as db:
        assert db.autocommit
        cursor = await db.execute(
            """
            SELECT current_setting('statement_timeout'), current_setting('application_name'),
                current_setting('idle_in_transaction_session_timeout')
            """
        )
        assert await cursor.fetchone() == ("5s", "baysync", "10s")


async def test_a_statement_that_takes_too_long_is_cancelled(database: str) -> None:
    limit = timedelta(milliseconds=50)
    async with (
        open_pool(database, size=2, statement_timeout=limit) as pool,
        pool.connection() as db,
    ):
        with pytest.raises(psycopg.errors.QueryCanceled):
            await db.execute("SELECT pg_sleep(5)")


async def test_settings_of_the_url_win(database: str) -> None:
    url = f"{database}&application_name=mine&options=-c%20statement_timeout%3D7000"
    async with open_pool(url, size=2) as pool, pool.connection() as db:
        cursor = await db.execute(
            "SELECT current_setting('application_name'), current_setting('statement_timeout')"
        )
        assert await cursor.fetchone() == ("mine", "7s")


async def test_a_checkout_survives_the_end_of_its_connection(database: str) -> None:
    async with open_pool(database, size=2) as pool:
        async with pool.connection() as db:
            pid = db.info.backend_pid
        async with await psycopg.AsyncConnection.connect(database, autocommit=True) as other:
            await other.execute("SELECT pg_terminate_backend(%s, 5000)", (pid,))
        async with pool.connection() as db:
            assert db.info.backend_pid != pid


async def test_a_database_that_is_not_there_is_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pools, "CHECKOUT_SECONDS", 0.3)
    with pytest.raises(DatabaseError, match="does not answer"):
        async with open_pool("postgresql://x@/x?host=/nowhere", size=2):
            pass


async def test_a_database_that_was_away_until_now_is_not_called_slow(database: str) -> None:
    with tempfile.TemporaryDirectory() as folder:  # a socket's path has 107 letters at most
        async with door(database, Path(folder)) as before, open_pool(before.url, size=1) as pool:
            worked = failures(pool)
            assert (await lack(pool, before=worked)).lack is Lack.SLOW, "nothing failed"
            await before.shut()
            with pytest.raises(PoolTimeout):
                async with pool.connection(timeout=0.3):
                    pass
            assert (await lack(pool, before=worked)).lack is Lack.AWAY
            await before.open()
            assert (await lack(pool, before=worked)).lack is Lack.STARTING
            assert (await lack(pool, before=failures(pool))).lack is Lack.SLOW
