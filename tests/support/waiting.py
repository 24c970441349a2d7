"""Two connections at once: when one of them waits for the other."""

import anyio

from baysync.db.connection import Db


async def until_waiting(db: Db, other: Db) -> None:
    """Return once the other connection waits for a lock."""
    with anyio.fail_after(30):
        while True:
            cursor = await db.execute(
                "SELECT FROM pg_stat_activity WHERE pid = %s AND wait_event_type = 'Lock'",
                (other.info.backend_pid,),
            )
            if cursor.rowcount:
                return
            await db.execute("SELECT pg_stat_clear_snapshot()")
