"""SQL for looking at the queue, and for what a person does to single changes."""

from collections.abc import Sequence

from psycopg.rows import class_row

from baysync.db.connection import Db
from baysync.queue.model import Change, ChangeFilter, LaneStats, Standing


async def page(
    db: Db, chosen: ChangeFilter, *, before: int | None = None, limit: int
) -> list[Change]:
    """Return at most ``limit`` chosen changes older than the id ``before``, newest first."""
    cursor = db.cursor(row_factory=class_row(Change))
    await cursor.execute(
        """
        SELECT q.id, l.sku, a.name AS account, e.marketplace, q.intent, q.urgency, q.status,
            q.attempts, q.crashes, q.coalesced_count, q.first_enqueued_at, q.run_at,
            q.last_outcome, e.verify_at IS NOT NULL AS in_doubt
        FROM ebay_change_queue q
        JOIN ebay_listing e ON e.id = q.ebay_listing_id
        JOIN listing l ON l.id = e.listing_id
        JOIN account a ON a.id = q.account_id
        WHERE q.status = ANY(%(statuses)b::text[])
            AND (%(before)s::bigint IS NULL OR q.id < %(before)s::bigint)
            AND (%(account)s::text IS NULL OR a.name = %(account)s)
            AND (%(sku)s::text IS NULL OR l.sku = %(sku)s)
            AND (%(marketplace)s::text IS NULL OR e.marketplace = %(marketplace)s)
            AND (%(intent)s::text IS NULL OR q.intent = %(intent)s)
        ORDER BY q.id DESC
        LIMIT %(limit)s
        """,
        {
            "statuses": list(chosen.statuses),
            "before": before,
            "account": chosen.account,
            "sku": chosen.sku,
            "marketplace": chosen.marketplace,
            "intent": chosen.intent,
            "limit": limit,
        },
    )
    return await cursor.fetchall()


async def stats(db: Db) -> list[LaneStats]:
    """Return the state of every account's lane."""
    cursor = db.cursor(row_factory=class_row(LaneStats))
    await cursor.execute(
        """
        SELECT a.name AS account, q.due, q.waiting, q.processing, q.oldest_due,
            e.in_doubt, b.blocked, d.dead, f.done_last_hour,
            CASE WHEN a.state <> 'connected' THEN a.state
                 WHEN a.paused_until > now() OR a.pause_failures > 0
                THEN coalesce(a.paused_reason, 'paused')
            END AS paused_reason,
            CASE WHEN a.paused_until > now() OR a.pause_failures > 0 THEN a.paused_kind
            END AS paused_kind
        FROM account a
        CROSS JOIN LATERAL (
            SELECT count(*) FILTER (WHERE c.status = 'pending' AND c.run_at <= now()) AS due,
                count(*) FILTER (WHERE c.status = 'pending' AND c.run_at > now()) AS waiting,
                count(*) FILTER (WHERE c.status = 'processing') AS processing,
                now() - min(c.run_at) FILTER (
                    WHERE c.status = 'pending' AND c.run_at <= now()) AS oldest_due
            FROM ebay_change_queue c
            WHERE c.account_id = a.id AND c.status IN ('pending', 'processing')) q
        CROSS JOIN LATERAL (  -- in the words of ix_ebay_listing_unsettled
            SELECT count(*) AS in_doubt FROM ebay_listing y
            WHERE y.account_id = a.id AND y.verify_at IS NOT NULL
                AND (y.desired_hash IS DISTINCT FROM y.published_hash
                    OR y.verify_at IS NOT NULL)) e
        CROSS JOIN LATERAL (
            SELECT count(*) AS blocked FROM ebay_listing y
            WHERE y.account_id = a.id AND y.blocked_reason IS NOT NULL) b
        CROSS JOIN LATERAL (
            SELECT count(*) AS dead FROM ebay_failed_event x
            WHERE x.account_id = a.id AND x.resolved_at IS NULL) d
        CROSS JOIN LATERAL (
            SELECT count(*) AS done_last_hour FROM ebay_change_queue y
            WHERE y.account_id = a.id AND y.status = 'done'
                AND y.finished_at > now() - interval '1 hour') f
        ORDER BY a.name
        """
    )
    return await cursor.fetchall()


async def standing(db: Db, change_ids: Sequence[int]) -> list[Standing]:
    """Return what may be done to each of these changes; those that do not exist are left out."""
    cursor = db.cursor(row_factory=class_row(Standing))
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
