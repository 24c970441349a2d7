"""The audit log: who did what to which thing, and why; one entry per thing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from baysync.db.connection import Db

SHOWN = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One entry: what somebody did, when, and why."""

    at: datetime
    actor: str
    action: str
    reason: str | None
    detail: dict[str, object]


async def read(db: Db, target: str, *, limit: int = SHOWN) -> list[Act]:
    """Return the newest ``limit`` acts on one target, the newest first."""
    cursor = db.cursor(row_factory=class_row(Act))
    await cursor.execute(
        """
        SELECT at, actor, action, reason, detail FROM audit_log
        WHERE target = %(target)s ORDER BY id DESC LIMIT %(limit)s
        """,
        {"target": target, "limit": limit},
    )
    return await cursor.fetchall()


async def record(
    db: Db,
    action: str,
    targets: Sequence[str],
    *,
    by: str,
    reason: str | None = None,
    detail: Mapping[str, object] | None = None,
) -> None:
    """Write that ``by`` did ``action`` (``dead.retry``) to each target (``listing LAMP-1``).

    ``by`` is ``cli:<os user>`` or whoever else acts; in the caller's transaction.
    """
    await db.execute(
        """
        INSERT INTO audit_log (actor, action, target, reason, detail)
        SELECT %(by)s, %(action)s, target, %(reason)s, %(detail)s
        FROM unnest(%(targets)b::text[]) AS target
        """,
        {
            "by": by,
            "action": action,
            "targets": list(targets),
            "reason": reason,
            "detail": Jsonb(dict(detail or {})),
        },
    )
