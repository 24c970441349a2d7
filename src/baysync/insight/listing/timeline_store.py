"""SQL of the timeline of a listing; nothing here writes."""

from collections.abc import Collection

from psycopg.rows import class_row

from baysync.db.connection import Db
from baysync.insight.listing.model import TimelineEvent

# An edit leads to changes, a change to attempts, an attempt to calls, a call to a snapshot or a
# dead letter; between them stand the acts of people, what was sold, and what was for sale twice.
TIMELINE = """
    WITH mine AS (  -- the places of the listing, or the one that is meant
        SELECT e.id FROM listing l JOIN ebay_listing e ON e.listing_id = l.id
        WHERE l.sku = %(sku)s AND (%(place)s::bigint IS NULL OR e.id = %(place)s::bigint)
    ), attempt AS (  -- the newest ones, on which calls and exposures hang
        SELECT s.created_at, s.id, s.queue_id, s.ebay_listing_id, s.correlation_id,
            s.attempt, s.outcome, s.verdict, s.duration_ms,
            coalesce(s.errors, '[]') || coalesce(s.warnings, '[]') AS remarks,
            (SELECT concat_ws(', ',
                'warned ' || string_agg(DISTINCT w.error_id, ' ') FILTER (WHERE w.own IS NULL),
                'left out ' || string_agg(DISTINCT w.parameters ->> 'field', ' ')
                    FILTER (WHERE w.own))
             FROM jsonb_to_recordset(s.warnings)
                 AS w (error_id text, own boolean, parameters jsonb)) AS warned
        FROM mine JOIN ebay_sync_log s ON s.ebay_listing_id = mine.id
        ORDER BY s.created_at DESC LIMIT %(limit)s
    ), event AS (  -- all kinds in one shape
        SELECT updated_at AS at, 'edit' AS kind, version AS id, source AS of,
            NULL::bigint AS ebay_listing_id, 'stored' AS state,
            'version ' || version || ' stored' AS words, NULL::jsonb AS detail
        FROM listing WHERE sku = %(sku)s
        UNION ALL
        SELECT q.first_enqueued_at, 'change', q.id, 'edit', q.ebay_listing_id, q.status,
            concat_ws(', ', q.intent || ' ' || q.status,
                CASE WHEN q.coalesced_count > 0 THEN q.coalesced_count || ' more edits' END,
                'attempts ' || q.attempts, q.last_outcome),
            q.last_error
        FROM mine JOIN ebay_change_queue q ON q.ebay_listing_id = mine.id
        UNION ALL
        SELECT created_at, 'attempt', id, 'change ' || queue_id, ebay_listing_id, outcome,
            concat_ws(', ', 'attempt ' || attempt, outcome, verdict, duration_ms || ' ms',
                nullif(warned, '')),
            remarks
        FROM attempt
        UNION ALL
        SELECT c.created_at, 'call', c.id, 'attempt ' || a.id, a.ebay_listing_id,
            coalesce(c.verdict, c.failure, 'no answer yet'),
            concat_ws(', ', c.operation, coalesce(c.status::text, c.failure, 'no answer yet'),
                c.verdict, c.elapsed_ms || ' ms'),
            NULL
        FROM attempt a JOIN ebay_call_log c
            ON c.correlation_id = a.correlation_id AND a.ebay_listing_id = ANY(c.ebay_listing_ids)
        UNION ALL
        SELECT d.died_at, 'dead letter', d.id, 'change ' || d.queue_id, d.ebay_listing_id,
            d.verdict, concat_ws(', ', d.verdict, coalesce(d.resolution, 'open')), d.errors
        FROM mine JOIN ebay_failed_event d ON d.ebay_listing_id = mine.id
        UNION ALL
        SELECT p.created_at, 'snapshot', p.id, coalesce('change ' || p.queue_id, 'reading'),
            p.ebay_listing_id, p.source_event, 'number ' || p.seq || ', ' || p.source_event, NULL
        FROM mine JOIN ebay_listing_snapshot p ON p.ebay_listing_id = mine.id
        UNION ALL
        SELECT at, 'act', id, actor, NULL, action, concat_ws(', ', action, reason), NULL
        FROM audit_log WHERE target = 'listing ' || %(sku)s
        UNION ALL
        SELECT o.sold_at, 'sale', o.id, 'order ' || o.order_id, o.ebay_listing_id,
            CASE WHEN o.cancelled THEN 'cancelled' ELSE 'sold' END,
            concat_ws(', ', o.quantity || ' sold', o.total || ' ' || o.currency,
                CASE WHEN o.cancelled THEN 'cancelled' END),
            NULL
        FROM mine JOIN ebay_order_line o ON o.ebay_listing_id = mine.id
        UNION ALL
        SELECT x.found_at, 'exposure', x.id, coalesce('attempt ' || a.id, 'reading'),
            x.ebay_listing_id,
            CASE WHEN x.taken_back_at IS NULL THEN 'on_sale_twice' ELSE 'taken_back' END,
            concat(x.units, ' sold of ', x.ebay_sku, ', on sale once more from ',
                date_trunc('second', x.since), coalesce(
                    ' to ' || date_trunc('second', x.taken_back_at) || ', then taken back',
                    ', not taken back yet')),
            jsonb_build_object('ebay_sku', x.ebay_sku, 'units', x.units, 'since', x.since,
                'found_at', x.found_at, 'taken_back_at', x.taken_back_at)
        FROM mine JOIN ebay_exposure x ON x.ebay_listing_id = mine.id
        LEFT JOIN attempt a ON a.correlation_id = x.correlation_id
            AND a.ebay_listing_id = x.ebay_listing_id
    )
    SELECT at, kind, id, of, ebay_listing_id, state, words, detail FROM event
    WHERE kind <> ALL(%(without)b::text[])
    ORDER BY at DESC, id DESC LIMIT %(limit)s
"""


async def timeline(
    db: Db, sku: str, *, place: int | None = None, without: Collection[str] = (), limit: int
) -> list[TimelineEvent]:
    """Return the newest ``limit`` events of ``sku``, newest first; empty: no such listing.

    ``place`` is the eBay listing that is meant, None all of them; ``without`` leaves out kinds.
    """
    cursor = db.cursor(row_factory=class_row(TimelineEvent))
    await cursor.execute(
        TIMELINE, {"sku": sku, "place": place, "without": list(without), "limit": limit}
    )
    return await cursor.fetchall()
