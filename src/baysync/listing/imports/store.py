"""SQL of ``listing_import``."""

from collections.abc import Mapping
from datetime import timedelta

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


async def was(db: Db, import_id: int) -> bool:
    """Tell whether there ever was an import with this id, kept or not."""
    cursor = await db.execute(
        "SELECT coalesce(pg_sequence_last_value('listing_import_id_seq') >= %s, false)",
        (import_id,),
    )
    return bool((await cursor.fetchall())[0][0]) and import_id > 0


async def prune(db: Db, *, older_than: timedelta, limit: int) -> int:
    """Delete up to ``limit`` imports, begun longer ago, of which no version is kept any more.

    One of which the undo is kept stays with it. Returns how many.
    """
    cursor = await db.execute(
        """
        DELETE FROM listing_import WHERE id = ANY(ARRAY(
            SELECT i.id FROM listing_import i
            WHERE i.started_at < now() - %s::interval
                AND NOT EXISTS (SELECT FROM listing_version v WHERE v.import_id = i.id)
                AND NOT EXISTS (SELECT FROM listing_import u WHERE u.undoes = i.id)
            ORDER BY i.id LIMIT %s))
        """,
        (older_than, limit),
    )
    return cursor.rowcount


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
