"""SQL that answers why a listing is as it is: how it stands, and the chain that led there."""

from psycopg.rows import class_row

from baysync.db.connection import Db
from baysync.ebay_listing.model import Link, Standing

# An edit leads to changes, a change to attempts, an attempt to calls, a call to a snapshot or a
# dead letter; between them stand the acts of people, what was sold, and what was for sale twice.
CHAIN = """
    WITH mine AS (
        SELECT e.id, l.id AS listing_id FROM listing l JOIN ebay_listing e ON e.listing_id = l.id
        WHERE l.sku = %(sku)s
    ), attempt AS (
        SELECT s.created_at, s.id, s.queue_id, s.ebay_listing_id, s.correlation_id, s.attempt,
            s.outcome, s.verdict, s.duration_ms,
            coalesce(s.errors, '[]') || coalesce(s.warnings, '[]') AS said,
            (SELECT concat_ws(', ',
                'warned ' || string_agg(DISTINCT w.error_id, ' ') FILTER (WHERE w.own IS NULL),
                'left out ' || string_agg(DISTINCT w.parameters ->> 'field', ' ')
                    FILTER (WHERE w.own))
             FROM jsonb_to_recordset(s.warnings)
                 AS w (error_id text, own boolean, parameters jsonb)) AS warned
        FROM mine JOIN ebay_sync_log s ON s.ebay_listing_id = mine.id
        ORDER BY s.created_at DESC LIMIT %(limit)s
    ), link AS (
        SELECT updated_at AS at, 'edit' AS kind, version AS id, source AS of,
            NULL::bigint AS ebay_listing_id, 'version ' || version || ' stored' AS words,
            NULL::jsonb AS detail
        FROM listing WHERE sku = %(sku)s
        UNION ALL
        SELECT q.first_enqueued_at, 'change', q.id, 'edit', q.ebay_listing_id,
            concat_ws(', ', q.intent || ' ' || q.status,
                CASE WHEN q.coalesced_count > 0 THEN q.coalesced_count || ' more edits' END,
                'attempts ' || q.attempts, q.last_outcome),
            q.last_error
        FROM mine JOIN ebay_change_queue q ON q.ebay_listing_id = mine.id
        UNION ALL
        SELECT created_at, 'attempt', id, 'change ' || queue_id, ebay_listing_id,
            concat_ws(', ', 'attempt ' || attempt, outcome, verdict, duration_ms || ' ms',
                nullif(warned, '')),
            said
        FROM attempt
        UNION ALL
        SELECT c.created_at, 'call', c.id, 'attempt ' || a.id, a.ebay_listing_id,
            concat_ws(', ', c.operation, coalesce(c.status::text, c.failure, 'no answer yet'),
                c.verdict, c.elapsed_ms || ' ms'),
            NULL
        FROM attempt a JOIN ebay_call_log c
            ON c.correlation_id = a.correlation_id AND a.ebay_listing_id = ANY(c.ebay_listing_ids)
        UNION ALL
        SELECT d.died_at, 'dead letter', d.id, 'change ' || d.queue_id, d.ebay_listing_id,
            concat_ws(', ', d.verdict, coalesce(d.resolution, 'open')), d.errors
        FROM mine JOIN ebay_failed_event d ON d.ebay_listing_id = mine.id
        UNION ALL
        SELECT p.created_at, 'snapshot', p.id, coalesce('change ' || p.queue_id, 'reading'),
            p.ebay_listing_id, 'number ' || p.seq || ', ' || p.source_event, NULL
        FROM mine JOIN ebay_listing_snapshot p ON p.ebay_listing_id = mine.id
        UNION ALL
        SELECT at, 'act', id, actor, NULL, concat_ws(', ', action, reason), NULL
        FROM audit_log WHERE target = 'listing ' || %(sku)s
        UNION ALL
        SELECT o.sold_at, 'sale', o.id, 'order ' || o.order_id, o.ebay_listing_id,
            concat_ws(', ', o.quantity || ' sold', o.total || ' ' || o.currency,
                CASE WHEN o.cancelled THEN 'cancelled' END),
            NULL
        FROM mine JOIN ebay_order_line o ON o.ebay_listing_id = mine.id
        UNION ALL
        SELECT x.found_at, 'exposure', x.id, coalesce('attempt ' || a.id, 'reading'),
            x.ebay_listing_id,
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
    SELECT at, kind, id, of, ebay_listing_id, words, detail FROM link
    ORDER BY at DESC, id DESC LIMIT %(limit)s
"""


async def standing(db: Db, sku: str) -> list[Standing]:
    """Return how each eBay listing of ``sku`` stands; empty when there is none."""
    cursor = db.cursor(row_factory=class_row(Standing))
    await cursor.execute(
        """
        SELECT e.id, l.sku, a.name AS account, a.environment, e.marketplace, l.status, l.version,
            l.projected_version >= l.version AS projected,
            e.lifecycle_state, e.external_item_id,
            left(encode(e.desired_hash, 'hex'), 12) AS desired,
            left(encode(e.published_hash, 'hex'), 12) AS published,
            e.blocked_reason, e.blocked_scope, e.blocked_detail, e.recheck_at, e.verify_at,
            q.intent || ' ' || q.status AS change,
            CASE WHEN e.revisions_until > now() THEN e.revisions_used ELSE 0 END AS revisions,
            CASE WHEN q.status = 'pending' AND q.last_outcome = 'capped' THEN q.run_at END
                AS capped_until,
            CASE WHEN q.status = 'pending' AND q.run_at > now() THEN q.run_at END AS due_at,
            CASE WHEN a.state <> 'connected' THEN a.state
                 WHEN a.paused_until > now() OR a.pause_failures > 0
                THEN coalesce(a.paused_reason, 'paused')
            END AS paused,
            CASE WHEN a.paused_until > now() OR a.pause_failures > 0 THEN a.paused_kind
            END AS paused_kind,
            (SELECT count(*) FROM ebay_failed_event d
             WHERE d.ebay_listing_id = e.id AND d.resolved_at IS NULL) AS dead,
            coalesce(s.units_sold, 0) AS sold, s.last_sold_at
        FROM listing l
        JOIN ebay_listing e ON e.listing_id = l.id
        JOIN account a ON a.id = e.account_id
        LEFT JOIN ebay_change_queue q
            ON q.ebay_listing_id = e.id AND q.status IN ('pending', 'processing')
        LEFT JOIN v_sold s ON s.ebay_listing_id = e.id
        WHERE l.sku = %(sku)s
        ORDER BY e.id
        """,
        {"sku": sku},
    )
    return await cursor.fetchall()


async def chain(db: Db, sku: str, *, limit: int) -> list[Link]:
    """Return the newest ``limit`` links that led to how ``sku`` stands, oldest first."""
    cursor = db.cursor(row_factory=class_row(Link))
    await cursor.execute(CHAIN, {"sku": sku, "limit": limit})
    return list(reversed(await cursor.fetchall()))
