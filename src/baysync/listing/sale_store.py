"""SQL of sale prices: listings that are projected again when one begins or ends."""

from collections.abc import Mapping
from datetime import datetime

from baysync.db.connection import Db


async def lock_due(db: Db, *, limit: int) -> list[int]:
    """Lock up to ``limit`` listings whose time to be projected again has come, if nobody has."""
    cursor = await db.execute(
        """
        SELECT id FROM listing WHERE reproject_at <= now()
        ORDER BY reproject_at LIMIT %s FOR NO KEY UPDATE SKIP LOCKED
        """,
        (limit,),
    )
    return [row[0] for row in await cursor.fetchall()]


async def schedule(db: Db, due: Mapping[int, datetime | None]) -> None:
    """Have listings, locked by the caller, projected again when ``due`` says so; None: never."""
    await db.execute(
        """
        UPDATE listing SET reproject_at = given.due
        FROM unnest(%b::bigint[], %b::timestamptz[]) AS given (id, due)
        WHERE listing.id = given.id AND listing.reproject_at IS DISTINCT FROM given.due
        """,
        (list(due), list(due.values())),
    )
