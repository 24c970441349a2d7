"""SQL that has listings looked at again: marked rows are projected anew within the poll."""

from collections.abc import Sequence

from baysync.db.connection import Db


async def mark(db: Db, ebay_listing_ids: Sequence[int]) -> None:
    """Lock the listings of these eBay listings and mark them; first in the order of locks."""
    await db.execute(
        """
        WITH mine AS (
            SELECT id FROM listing
            WHERE id IN (SELECT listing_id FROM ebay_listing WHERE id = ANY(%(ids)b::bigint[]))
            ORDER BY sku FOR NO KEY UPDATE
        )
        UPDATE listing l SET projected_version = 0,
            unprojected_since = CASE WHEN l.projected_version < l.version
                THEN coalesce(l.unprojected_since, l.updated_at) ELSE clock_timestamp() END
        FROM mine WHERE l.id = mine.id
        """,
        {"ids": list(ebay_listing_ids)},
    )


async def mark_due(db: Db, limit: int) -> list[int]:
    """Mark the listings of blocks that time may have cured; return the eBay listings.

    Listings that somebody holds are passed over until the next time.
    """
    cursor = await db.execute(
        """
        WITH due AS (
            SELECT id, listing_id FROM ebay_listing WHERE recheck_at <= now()
            ORDER BY recheck_at LIMIT %(limit)s
        ), mine AS (
            SELECT id FROM listing WHERE id IN (SELECT listing_id FROM due)
            ORDER BY sku FOR NO KEY UPDATE SKIP LOCKED
        ), marked AS (
            UPDATE listing l SET projected_version = 0,
                unprojected_since = CASE WHEN l.projected_version < l.version
                    THEN coalesce(l.unprojected_since, l.updated_at) ELSE clock_timestamp() END
            FROM mine WHERE l.id = mine.id
            RETURNING l.id
        )
        SELECT due.id FROM due JOIN marked ON marked.id = due.listing_id
        """,
        {"limit": limit},
    )
    return [row[0] for row in await cursor.fetchall()]


async def named(
    db: Db, skus: Sequence[str], marketplace: str | None = None
) -> list[tuple[int, str]]:
    """Return (eBay listing, SKU) of all eBay listings of ``skus``, or those of a marketplace."""
    cursor = await db.execute(
        """
        SELECT e.id, l.sku FROM listing l JOIN ebay_listing e ON e.listing_id = l.id
        WHERE l.sku = ANY(%(skus)b::text[])
            AND (%(marketplace)s::text IS NULL OR e.marketplace = %(marketplace)s)
        ORDER BY e.id
        """,
        {"skus": list(skus), "marketplace": marketplace},
    )
    return await cursor.fetchall()


async def unblock_due(db: Db, ids: Sequence[int]) -> list[int]:
    """Remove the blocks of ``ids`` whose time has come; return them. The caller holds the locks."""
    cursor = await db.execute(
        """
        UPDATE ebay_listing
        SET blocked_reason = NULL, blocked_scope = NULL, blocked_detail = NULL, recheck_at = NULL
        WHERE id = ANY(%(ids)b::bigint[]) AND recheck_at <= now()
        RETURNING id
        """,
        {"ids": list(ids)},
    )
    return sorted([row[0] for row in await cursor.fetchall()])
