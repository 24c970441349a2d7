"""SQL of the page of a listing; nothing here writes."""

from psycopg.rows import class_row

from baysync.dashboard.model import (
    Exposed,
    Happened,
    ListingHead,
    SoldItem,
    Standing,
)
from baysync.db.connection import Db
from baysync.db.rows import opened_row


async def head(db: Db, sku: str) -> ListingHead | None:
    """Return the listing of a SKU, or None."""
    cursor = db.cursor(row_factory=opened_row(ListingHead, "body"))
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
    cursor = db.cursor(row_factory=opened_row(Standing, "desired", "published"))
    await cursor.execute(
        """
        SELECT e.id, a.name AS account, a.environment, e.marketplace, e.external_item_id,
            e.lifecycle_state, e.published_at, e.desired_blob AS desired,
            e.published_blob AS published, e.blocked_reason, e.blocked_scope, e.blocked_detail,
            e.recheck_at, e.verify_at, coalesce(s.units_sold, 0) AS units_sold, s.last_sold_at,
            CASE WHEN e.revisions_until > now() THEN e.revisions_used ELSE 0 END AS revisions,
            CASE WHEN q.last_outcome = 'capped' THEN q.run_at END AS capped_until,
            q.id IS NOT NULL AS waits
        FROM ebay_listing e
        JOIN account a ON a.id = e.account_id
        LEFT JOIN v_sold s ON s.ebay_listing_id = e.id
        LEFT JOIN ebay_change_queue q ON q.ebay_listing_id = e.id AND q.status = 'pending'
        WHERE e.listing_id = %s
        ORDER BY a.name, e.marketplace
        """,
        (listing_id,),
    )
    return await cursor.fetchall()


async def items(db: Db, ebay_listing_id: int) -> list[SoldItem]:
    """Return what an ebay listing sells: one item, or one for each variant it ever had."""
    cursor = db.cursor(row_factory=class_row(SoldItem))
    await cursor.execute(
        """
        SELECT i.variant_key, i.ebay_sku, i.offer_id,
            (SELECT coalesce(sum(o.quantity), 0)::int FROM ebay_order_line o
             WHERE o.ebay_listing_id = i.ebay_listing_id AND o.ebay_item_id = i.id
                AND NOT o.cancelled) AS units_sold
        FROM ebay_item i WHERE i.ebay_listing_id = %s ORDER BY i.id
        """,
        (ebay_listing_id,),
    )
    return await cursor.fetchall()


async def warnings(db: Db, ebay_listing_id: int) -> list[dict[str, object]]:
    """Return what eBay remarked on the last that was sent for an ebay listing."""
    cursor = await db.execute(
        """
        SELECT warning.value FROM (
            SELECT warnings FROM ebay_sync_log
            WHERE ebay_listing_id = %s AND jsonb_array_length(steps) > 0
            ORDER BY created_at DESC LIMIT 1) AS last
        CROSS JOIN jsonb_array_elements(last.warnings) AS warning
        """,
        (ebay_listing_id,),
    )
    return [row[0] for row in await cursor.fetchall()]


async def exposures(db: Db, ebay_listing_id: int) -> list[Exposed]:
    """Return what of an ebay listing was for sale twice within a day, or is, newest first."""
    cursor = db.cursor(row_factory=class_row(Exposed))
    await cursor.execute(
        """
        SELECT ebay_sku, units, since, taken_back_at FROM ebay_exposure
        WHERE ebay_listing_id = %s
            AND (taken_back_at IS NULL OR found_at > now() - interval '1 day')
        ORDER BY found_at DESC LIMIT 10
        """,
        (ebay_listing_id,),
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
            concat_ws(' · ', 'attempt ' || s.attempt, s.duration_ms || ' ms',
                (SELECT nullif(concat_ws(' · ', 'warned ' || string_agg(DISTINCT w.error_id, ' ')
                     FILTER (WHERE w.own IS NULL),
                     CASE WHEN bool_or(w.own) THEN 'see remarks' END), '')
                 FROM jsonb_to_recordset(s.warnings) AS w (error_id text, own boolean))),
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
        UNION ALL
        (SELECT 'exposure', x.found_at,
            CASE WHEN x.taken_back_at IS NULL THEN 'on_sale_twice' ELSE 'taken_back' END,
            concat_ws(' · ', x.units || ' sold, on sale once more', x.ebay_sku),
            x.correlation_id, NULL
        FROM ebay_exposure x WHERE x.ebay_listing_id = %(id)s
        ORDER BY x.found_at DESC LIMIT %(limit)s)
        ORDER BY at DESC LIMIT %(limit)s
        """,
        {"id": ebay_listing_id, "limit": limit},
    )
    return await cursor.fetchall()
