"""SQL of the processes that publish; for display only, nothing is decided by it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from baysync.db.connection import Db

FORGET = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Worker:
    """A process that said a short while ago that it is there."""

    id: UUID
    host: str
    pid: int
    version: str
    started_at: datetime
    seen_at: datetime


async def seen(db: Db, worker_id: UUID, *, host: str, pid: int, version: str) -> None:
    """Say that a process is there; forget those that have said nothing for 10 minutes."""
    await db.execute(
        """
        INSERT INTO worker AS w (id, host, pid, version) VALUES (%s, %s, %s, %s)
        ON CONFLICT (id) DO UPDATE SET seen_at = now()
        """,
        (worker_id, host, pid, version),
    )
    await db.execute("DELETE FROM worker WHERE seen_at < now() - %s::interval", (FORGET,))


async def gone(db: Db, worker_id: UUID) -> None:
    """Say that a process ends."""
    await db.execute("DELETE FROM worker WHERE id = %s", (worker_id,))


async def read_all(db: Db) -> list[Worker]:
    """Return the processes that are there, oldest first."""
    cursor = await db.execute(
        "SELECT id, host, pid, version, started_at, seen_at FROM worker ORDER BY started_at, id"
    )
    return [Worker(*row) for row in await cursor.fetchall()]
