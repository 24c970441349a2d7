"""The pool of database connections, with limits that turn a hang into an error.

A connection is in autocommit mode: a transaction is what stands inside
``async with db.transaction()``, and none is ever left open over a call to eBay.
"""

import select
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import anyio
from psycopg import AsyncConnection
from psycopg.conninfo import conninfo_to_dict
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from baysync.base.errors import DatabaseBusy
from baysync.db.connection import Db
from baysync.db.trouble import TROUBLES, Lack, Trouble, diagnose, failure

Pool = AsyncConnectionPool[Db]
STATEMENT_TIMEOUT = timedelta(seconds=5)
CHECKOUT_SECONDS = 5.0
LIFETIME_SECONDS = 1800.0
IDLE_TRANSACTION_MS = 10_000
_CONNECTION: dict[str, Any] = {
    "application_name": "baysync",
    "connect_timeout": 3,
    "keepalives_idle": 10,
    "keepalives_interval": 3,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
    "target_session_attrs": "read-write",
}


@asynccontextmanager
async def open_pool(
    url: str,
    *,
    size: int,
    statement_timeout: timedelta = STATEMENT_TIMEOUT,
    check: bool = True,
    answers: bool = True,
) -> AsyncGenerator[Pool]:
    """Yield a pool of at most ``size`` autocommit connections to ``url``, open and tested.

    One whose server need not answer yet (``answers`` False) is not tested.
    ``check`` hides a restart of the server: a connection that has ended is not given out. A
    statement longer than ``statement_timeout`` is cancelled, and so is a transaction idle for 10 s.
    Settings in the URL win over ours.

    Raises:
        DatabaseError: the database does not answer.
    """
    pool: Pool = AsyncConnectionPool(
        url,
        connection_class=AsyncConnection[Any],
        kwargs=_arguments(url, statement_timeout),
        min_size=1,
        max_size=size,
        open=False,
        timeout=CHECKOUT_SECONDS,
        max_lifetime=LIFETIME_SECONDS,
        check=_check if check else None,
        name="baysync",
    )
    async with pool:
        if answers:
            await _answers(pool, url)
        yield pool


def failures(pool: Pool) -> int:
    """Return how many connections of a pool have failed or were lost so far."""
    stats = pool.get_stats()
    return stats.get("connections_errors", 0) + stats.get("connections_lost", 0)


async def lack(pool: Pool, *, before: int) -> Trouble:
    """Return why a pool lent no connection in time, or none on which an answer came.

    ``before`` are its failures when it last worked. A database that answers though there were
    more was away until now: the pool waits a moment before it connects again.
    """
    found = await diagnose(pool.conninfo) if isinstance(pool.conninfo, str) else None
    back = Lack.STARTING if failures(pool) > before else Lack.SLOW
    return found or TROUBLES[back]


class Share:
    """A share of a pool: at most ``most`` of its connections are lent to one kind of borrower.

    However many of them come, the rest of the pool is left to the others.
    """

    def __init__(self, pool: Pool, *, most: int) -> None:
        self._pool = pool
        self._free = anyio.Semaphore(most)

    @asynccontextmanager
    async def connection(self) -> AsyncGenerator[Db]:
        """Lend a connection in autocommit mode.

        Raises:
            DatabaseBusy: the whole share is in use, and none of it became free within 5 s.
        """
        try:
            with anyio.fail_after(CHECKOUT_SECONDS):
                await self._free.acquire()
        except TimeoutError as error:
            raise DatabaseBusy(
                "Too many requests at once: no database connection became free within "
                f"{CHECKOUT_SECONDS:.0f} s.",
                fix="try again in a moment; BAYSYNC_POOL_SIZE allows more at once.",
            ) from error
        try:
            async with self._pool.connection() as db:
                yield db
        finally:
            self._free.release()


async def _check(db: Db) -> None:
    """Ask the server whether it is there, but only where the connection has something to say.

    An idle one is silent as long as it lives: so it costs no round trip, of which there were more
    than of all other statements of a kind.
    """
    said = select.poll()
    said.register(db.fileno(), select.POLLIN)
    if said.poll(0):
        await AsyncConnectionPool.check_connection(db)


async def _answers(pool: Pool, url: str) -> None:
    try:
        await pool.wait(CHECKOUT_SECONDS)
    except PoolTimeout as error:
        found = await diagnose(url) or TROUBLES[Lack.SLOW]
        raise failure(found) from error


def _arguments(url: str, statement_timeout: timedelta) -> dict[str, Any]:
    asked = conninfo_to_dict(url)
    options = (
        f"-c statement_timeout={round(statement_timeout.total_seconds() * 1000)} "
        f"-c idle_in_transaction_session_timeout={IDLE_TRANSACTION_MS} "
        f"-c timezone=UTC {asked.get('options') or ''}"
    )
    ours = {name: value for name, value in _CONNECTION.items() if name not in asked}
    return {**ours, "options": options, "autocommit": True}
