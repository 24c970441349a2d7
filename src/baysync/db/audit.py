"""The audit log: who did what to which thing, and why; one entry per thing."""

from collections.abc import Mapping, Sequence

from psycopg.types.json import Jsonb

from baysync.db.connection import Db


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
