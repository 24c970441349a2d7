"""SQL of the pages about listings; nothing here writes."""

from psycopg.rows import class_row

from baysync.dashboard.model import Happened, ListingHead, ListingRow, Standing
from baysync.db.connection import Db


async def page(db: Db, *, after: str, q: str, state: str, limit: int) -> list[ListingRow]:
    """Return up to ``limit`` listings whose SKU follows ``after``, by SKU.

    ``q`` is part of a SKU or title, case aside; ``state`` is live, blocked, queued, dead, ended,
    or empty for all.
    """
    cursor = db.cursor(row_factory=class_row(ListingRow))
    await cursor.execute(
        """
        SELECT l.sku, l.title, l.status, l.updated_at, e.marketplaces, e.states, e.blocked,
            e.active, e.dead
        FROM listing l
        CROSS JOIN LATERAL (
            SELECT coalesce(array_agg(x.marketplace ORDER BY x.marketplace), '{}') AS marketplaces,
                coalesce(array_agg(DISTINCT x.lifecycle_state), '{}') AS states,
                coalesce(array_agg(DISTINCT x.blocked_reason)
                    FILTER (WHERE x.blocked_reason IS NOT NULL), '{}') AS blocked,
                count(*) FILTER (WHERE EXISTS (
                    SELECT FROM ebay_change_queue c WHERE c.ebay_listing_id = x.id
                        AND c.status IN ('pending', 'processing'))) AS active,
                count(*) FILTER (WHERE EXISTS (
                    SELECT FROM ebay_failed_event f WHERE f.ebay_listing_id = x.id
                        AND f.resolved_at IS NULL)) AS dead
            FROM ebay_listing x WHERE x.listing_id = l.id) e
        WHERE l.sku > %(after)s::text
            AND position(lower(%(q)s::text) IN lower(l.sku || ' ' || l.title)) > 0
            AND CASE %(state)s::text
                WHEN '' THEN true
                WHEN 'live' THEN 'live' = ANY(e.states)
                WHEN 'ended' THEN e.states && ARRAY['ended', 'removed']
                WHEN 'blocked' THEN cardinality(e.blocked) > 0
                WHEN 'queued' THEN e.active > 0
                WHEN 'dead' THEN e.dead > 0
                ELSE false END
        ORDER BY l.sku LIMIT %(limit)s
        """,
        {"after": after, "q": q, "state": state, "limit": limit},
    )
    return await cursor.fetchall()


async def head(db: Db, sku: str) -> ListingHead | None:
    """Return the listing of a SKU, or None."""
    cursor = db.cursor(row_factory=class_row(ListingHead))
    await cursor.execute(
        """
        SELECT id, sku, title, status, source, version, body, created_at, updated_at,
            projected_version < version AS unprojected
        FROM listing WHERE sku = %s
        """,
        (sku,),
    )
    return await cursor.fetchone()


async def standings(db: Db, listing_id: int) -> list[Standing]:
    """Return the ebay listings of a listing, by account and marketplace."""
    cursor = db.cursor(row_factory=class_row(Standing))
    await cursor.execute(
        """
        SELECT e.id, a.name AS account, a.environment, e.marketplace, i.ebay_sku, i.offer_id,
            e.external_item_id, e.lifecycle_state, e.published_at, e.desired_blob AS desired,
            e.published_blob AS published, e.blocked_reason, e.blocked_scope, e.blocked_detail,
            e.recheck_at, e.verify_at, coalesce(s.units_sold, 0) AS units_sold, s.last_sold_at
        FROM ebay_listing e
        JOIN account a ON a.id = e.account_id
        LEFT JOIN v_sold s ON s.ebay_listing_id = e.id
        LEFT JOIN ebay_item i ON i.ebay_listing_id = e.id AND i.variant_key = ''
        WHERE e.listing_id = %s
        ORDER BY a.name, e.marketplace
        """,
        (listing_id,),
    )
    return await cursor.fetchall()


async def timeline(db: Db, ebay_listing_id: int, *, limit: int) -> list[Happened]:
    """Return the last ``limit`` things that happened to an ebay listing, newest first."""
    cursor = db.cursor(row_factory=class_row(Happened))
    await cursor.execute(
        """
        (SELECT 'change' AS kind, q.first_enqueued_at AS at, q.status AS word,
            q.intent || ' · ' || q.coalesced_count || ' coalesced' AS detail,
            NULL::text AS correlation_id, NULL::bigint AS seq
        FROM ebay_change_queue q WHERE q.ebay_listing_id = %(id)s
        ORDER BY q.id DESC LIMIT %(limit)s)
        UNION ALL
        (SELECT 'attempt', coalesce(s.finished_at, s.created_at), s.outcome,
            'attempt ' || s.attempt || coalesce(' · ' || s.duration_ms || ' ms', ''),
            s.correlation_id, NULL
        FROM ebay_sync_log s WHERE s.ebay_listing_id = %(id)s
        ORDER BY s.created_at DESC LIMIT %(limit)s)
        UNION ALL
        (SELECT 'snapshot', p.created_at, p.source_event,
            'no. ' || p.seq || CASE WHEN p.dedup_of_snapshot_id IS NULL
                THEN '' ELSE ' · same as before' END,
            p.correlation_id, p.seq
        FROM ebay_listing_snapshot p WHERE p.ebay_listing_id = %(id)s
        ORDER BY p.seq DESC LIMIT %(limit)s)
        UNION ALL
        (SELECT 'dead letter', f.died_at, f.verdict,
            coalesce('closed: ' || f.resolution, 'open'), NULL, NULL
        FROM ebay_failed_event f WHERE f.ebay_listing_id = %(id)s
        ORDER BY f.id DESC LIMIT %(limit)s)
        UNION ALL
        (SELECT 'sale', o.sold_at, CASE WHEN o.cancelled THEN 'cancelled' ELSE 'sold' END,
            concat_ws(' · ', o.quantity || ' sold', o.total || ' ' || o.currency,
                'order ' || o.order_id), NULL, NULL
        FROM ebay_order_line o WHERE o.ebay_listing_id = %(id)s
        ORDER BY o.id DESC LIMIT %(limit)s)
        ORDER BY at DESC LIMIT %(limit)s
        """,
        {"id": ebay_listing_id, "limit": limit},
    )
    return await cursor.fetchall()
