"""SQL that reads many listings: pages in the order of their SKU, and counts."""

from dataclasses import dataclass
from datetime import datetime

from psycopg.rows import class_row

from baysync.db.connection import Db
from baysync.db.rows import opened_row
from baysync.listing.store import StoredBody


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingLine:
    """One line of a list of listings."""

    id: int
    sku: str
    status: str
    title: str
    version: int
    source: str
    updated_at: datetime


async def page(db: Db, *, after: str, limit: int, status: str | None = None) -> list[ListingLine]:
    """Return up to ``limit`` lines whose SKU comes after ``after``, of one status or all."""
    cursor = db.cursor(row_factory=class_row(ListingLine))
    await cursor.execute(
        """
        SELECT id, sku, status, title, version, source, updated_at FROM listing
        WHERE sku > %(after)s AND (%(status)s::text IS NULL OR status = %(status)s)
        ORDER BY sku LIMIT %(limit)s
        """,
        {"after": after, "status": status, "limit": limit},
    )
    return await cursor.fetchall()


async def bodies(db: Db, *, after: str, limit: int) -> list[StoredBody]:
    """Return up to ``limit`` stored listings whose SKU comes after ``after``."""
    cursor = db.cursor(row_factory=opened_row(StoredBody, "body"))
    await cursor.execute(
        """
        SELECT id, sku, version, body, body_hash, source, updated_at FROM listing
        WHERE sku > %s ORDER BY sku LIMIT %s
        """,
        (after, limit),
    )
    return await cursor.fetchall()


async def counts(db: Db) -> dict[str, int]:
    """Return how many listings have each status."""
    cursor = await db.execute("SELECT status, count(*) FROM listing GROUP BY status")
    return dict(await cursor.fetchall())
