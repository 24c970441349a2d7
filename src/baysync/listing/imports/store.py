"""SQL of ``listing_import``."""

from collections.abc import Mapping

from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from baysync.db.connection import Db
from baysync.listing.imports.model import UNDO, Import


async def begin(db: Db, *, kind: str, name: str, actor: str, undoes: int | None = None) -> int:
    """Note that an import begins; return its id."""
    cursor = await db.execute(
        """
        INSERT INTO listing_import (kind, name, actor, undoes) VALUES (%s, %s, %s, %s)
        RETURNING id
        """,
        (kind, name, actor, undoes),
    )
    return int((await cursor.fetchall())[0][0])


async def count(db: Db, import_id: int, counts: Mapping[str, int]) -> None:
    """Note what an import that goes on has come to."""
    await db.execute(
        "UPDATE listing_import SET counts = %s WHERE id = %s", (Jsonb(dict(counts)), import_id)
    )


async def finish(db: Db, import_id: int, counts: Mapping[str, int]) -> None:
    """Note that an import came to its end, and what became of the listings."""
    await db.execute(
        "UPDATE listing_import SET counts = %s, finished_at = now() WHERE id = %s",
        (Jsonb(dict(counts)), import_id),
    )


async def get(db: Db, import_id: int) -> Import | None:
    """Return one import."""
    cursor = db.cursor(row_factory=class_row(Import))
    await cursor.execute(
        """
        SELECT i.id, i.kind, i.name, i.actor, i.started_at, i.finished_at, i.counts, i.undoes,
            (SELECT max(u.id) FROM listing_import u WHERE u.undoes = i.id) AS undone_by
        FROM listing_import i WHERE i.id = %s
        """,
        (import_id,),
    )
    return await cursor.fetchone()


async def page(db: Db, *, before: int | None, limit: int) -> list[Import]:
    """Return up to ``limit`` imports, the newest first; ``before`` goes on after an id."""
    cursor = db.cursor(row_factory=class_row(Import))
    await cursor.execute(
        """
        SELECT i.id, i.kind, i.name, i.actor, i.started_at, i.finished_at, i.counts, i.undoes,
            (SELECT max(u.id) FROM listing_import u WHERE u.undoes = i.id) AS undone_by
        FROM listing_import i WHERE %(before)s::bigint IS NULL OR i.id < %(before)s::bigint
        ORDER BY i.id DESC LIMIT %(limit)s
        """,
        {"before": before, "limit": limit},
    )
    return await cursor.fetchall()


async def unfinished_undo(db: Db, import_id: int) -> Import | None:
    """Return the undo of an import that was cut off, to go on with it."""
    cursor = db.cursor(row_factory=class_row(Import))
    await cursor.execute(
        """
        SELECT id, kind, name, actor, started_at, finished_at, counts, undoes,
            NULL::bigint AS undone_by
        FROM listing_import
        WHERE undoes = %s AND kind = %s AND finished_at IS NULL ORDER BY id DESC LIMIT 1
        """,
        (import_id, UNDO),
    )
    return await cursor.fetchone()
