"""Do something in the database and keep nothing of it."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import timedelta

from psycopg.errors import LockNotAvailable

from baysync.base.errors import Conflict
from baysync.db.connection import Db

WAIT = timedelta(seconds=1)


@asynccontextmanager
async def rolled_back(db: Db, *, wait: timedelta = WAIT) -> AsyncGenerator[None]:
    """Take back all that is written inside; it can be read there meanwhile.

    Raises:
        Conflict: another transaction held a row for longer than ``wait``.
    """
    try:
        async with db.transaction(force_rollback=True):
            await db.execute(
                "SELECT set_config('lock_timeout', %s, true)",
                (f"{wait / timedelta(milliseconds=1):.0f}ms",),
            )
            yield
    except LockNotAvailable as error:
        raise Conflict(
            "Another transaction is writing the listing.", fix="try again in a moment."
        ) from error
