"""SQL of what a person does to single changes."""

from collections.abc import Sequence

from psycopg.rows import class_row

from baysync.db.connection import Db
from baysync.queue.model import ChangeStanding


async def standing(db: Db, change_ids: Sequence[int]) -> list[ChangeStanding]:
    """Return what may be done to each of these changes; those that do not exist are left out."""
    cursor = db.cursor(row_factory=class_row(ChangeStanding))
    await cursor.execute(
        """
        SELECT q.id, q.ebay_listing_id, l.sku, q.status, e.verify_at IS NOT NULL AS in_doubt
        FROM ebay_change_queue q
        JOIN ebay_listing e ON e.id = q.ebay_listing_id
        JOIN listing l ON l.id = e.listing_id
        WHERE q.id = ANY(%(ids)b::bigint[])
        ORDER BY q.ebay_listing_id
        """,
        {"ids": list(change_ids)},
    )
    return await cursor.fetchall()


async def waiting(db: Db, account: str | None, sku: str | None) -> list[int]:
    """Return the pending changes that are not due, of all or of one account or SKU."""
    cursor = await db.execute(
        """
        SELECT q.id FROM ebay_change_queue q
        JOIN ebay_listing e ON e.id = q.ebay_listing_id
        JOIN listing l ON l.id = e.listing_id
        JOIN account a ON a.id = q.account_id
        WHERE q.status = 'pending' AND q.run_at > now()
            AND (%(account)s::text IS NULL OR a.name = %(account)s)
            AND (%(sku)s::text IS NULL OR l.sku = %(sku)s)
        ORDER BY q.id
        """,
        {"account": account, "sku": sku},
    )
    return [row[0] for row in await cursor.fetchall()]


async def hurry(db: Db, change_ids: Sequence[int]) -> list[int]:
    """Make pending changes due now; return those that still were pending.

    The caller holds the locks of their eBay listings.
    """
    cursor = await db.execute(
        """
        WITH mine AS (
            SELECT id FROM ebay_change_queue
            WHERE id = ANY(%(ids)b::bigint[]) AND status = 'pending'
            ORDER BY ebay_listing_id FOR NO KEY UPDATE
        )
        UPDATE ebay_change_queue q SET run_at = clock_timestamp(), not_before = '-infinity'
        FROM mine WHERE q.id = mine.id
        RETURNING q.id
        """,
        {"ids": list(change_ids)},
    )
    return sorted([row[0] for row in await cursor.fetchall()])


async def active(db: Db, ebay_listing_ids: Sequence[int]) -> dict[int, bool]:
    """Map eBay listings to True where a change is active, to False where everything is blocked.

    Those with neither are left out.
    """
    cursor = await db.execute(
        """
        SELECT e.id, q.id IS NOT NULL
        FROM ebay_listing e
        LEFT JOIN ebay_change_queue q
            ON q.ebay_listing_id = e.id AND q.status IN ('pending', 'processing')
        WHERE e.id = ANY(%(ids)b::bigint[]) AND (q.id IS NOT NULL OR e.blocked_scope = 'all')
        """,
        {"ids": list(ebay_listing_ids)},
    )
    return dict(await cursor.fetchall())
