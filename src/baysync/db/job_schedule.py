"""SQL of the job schedule: what is due, who runs it, how it ended. No leader decides."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from psycopg.rows import class_row

from baysync.base.errors import Conflict, NotFound
from baysync.db import audit
from baysync.db.connection import Db

DECLARE = """
    INSERT INTO job_schedule AS j (name, every)
    SELECT name, every FROM unnest(%(names)s::text[], %(every)s::interval[]) AS new (name, every)
    ORDER BY name
    ON CONFLICT (name) DO UPDATE SET every = excluded.every WHERE j.every <> excluded.every
"""
TAKE = """
    UPDATE job_schedule AS j
    SET last_started_at = now(), requested_at = NULL, lease_owner = %(owner)s,
        lease_until = now() + due.lease
    FROM (
        SELECT name, known.lease
        FROM job_schedule
        JOIN unnest(%(names)s::text[], %(leases)s::interval[]) AS known (name, lease)
            USING (name)
        WHERE enabled
            AND coalesce(lease_until, '-infinity') < now()
            AND (requested_at IS NOT NULL OR name = ANY (%(early)s::text[])
                OR coalesce(last_started_at, '-infinity') + every <= now())
        ORDER BY last_started_at NULLS FIRST, name
        LIMIT 1
        FOR UPDATE OF job_schedule SKIP LOCKED
    ) AS due
    WHERE j.name = due.name
    RETURNING j.name
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheduled:
    """A periodic job as people see it; ``running`` while somebody holds its lease."""

    name: str
    every: timedelta
    enabled: bool
    requested_at: datetime | None
    last_started_at: datetime | None
    last_finished_at: datetime | None
    last_error: str | None
    running: bool


async def declare(db: Db, jobs: Sequence[tuple[str, timedelta]]) -> None:
    """Put jobs that are new on the schedule, and give the others their new interval."""
    names, every = [name for name, _ in jobs], [interval for _, interval in jobs]
    await db.execute(DECLARE, {"names": names, "every": every})


async def take(
    db: Db, leases: Mapping[str, timedelta], *, early: Sequence[str] = (), owner: UUID
) -> str | None:
    """Take one due job among ``leases`` for as long as they say; None if none is due.

    The one that waited longest comes first. Whoever dies holds up no job for longer than its own.
    Those called ``early`` are due whenever they last ran.
    """
    cursor = await db.execute(
        TAKE,
        {
            "names": list(leases),
            "leases": list(leases.values()),
            "early": list(early),
            "owner": owner,
        },
    )
    row = await cursor.fetchone()
    return str(row[0]) if row else None


async def finish(db: Db, name: str, *, owner: UUID, error: str | None) -> bool:
    """Note how a run ended and give its lease back; False if somebody else has it by now."""
    cursor = await db.execute(
        """
        UPDATE job_schedule
        SET last_finished_at = now(), last_error = %(error)s, lease_owner = NULL,
            lease_until = NULL
        WHERE name = %(name)s AND lease_owner = %(owner)s
        """,
        {"name": name, "owner": owner, "error": error},
    )
    return cursor.rowcount == 1


async def request(db: Db, name: str, *, by: str) -> None:
    """Ask for a run at the next look of a worker; ``by`` goes into the audit log.

    Raises:
        NotFound: there is no such job.
        Conflict: it is switched off.
    """
    async with db.transaction():
        cursor = await db.execute(
            "UPDATE job_schedule SET requested_at = now() WHERE name = %s RETURNING enabled",
            (name,),
        )
        row = await cursor.fetchone()
        if row is None:
            raise NotFound(f"There is no job {name}.", fix="`baysync jobs list` names them.")
        if not row[0]:
            raise Conflict(
                f"The job {name} is switched off.", fix="set `enabled` in the table job_schedule."
            )
        await audit.record(db, "job.run", [f"job {name}"], by=by)


async def read_all(db: Db) -> list[Scheduled]:
    """Return the whole schedule by name."""
    cursor = db.cursor(row_factory=class_row(Scheduled))
    await cursor.execute(
        """
        SELECT name, every, enabled, requested_at, last_started_at, last_finished_at, last_error,
            coalesce(lease_until > now(), false) AS running
        FROM job_schedule ORDER BY name
        """
    )
    return await cursor.fetchall()
