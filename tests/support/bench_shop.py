"""A shop of many listings for the benches, made in SQL: rows as baysync leaves them.

Of each 200 listings one waits to be published, two gave up, four are blocked, the others are live;
one of 1,000 ended, one of 500 is a draft, and ten in all are sold in Germany. Attempts, calls and
counters reach back 29 days.
"""

import psycopg

from baysync.db import migrate
from baysync.ebay_listing.document import document
from baysync.projection.model import Content, Lifecycle, Offer, Price, Projection

STRANGERS = 10
COUNTERS = 20
PARTITIONS = """
    DO $$ DECLARE log text; BEGIN
        FOREACH log IN ARRAY ARRAY['ebay_sync_log', 'ebay_call_log'] LOOP
            FOR ago IN 0..29 LOOP
                EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L)',
                    log || to_char((now() AT TIME ZONE 'UTC')::date - ago, '"_"YYYYMMDD'), log,
                    ((now() AT TIME ZONE 'UTC')::date - ago)::timestamp AT TIME ZONE 'UTC',
                    ((now() AT TIME ZONE 'UTC')::date - ago + 1)::timestamp AT TIME ZONE 'UTC');
            END LOOP;
        END LOOP;
    END $$
"""
# i: the listing. Every table has a row of each; fresh: not published yet.
SHOP = """
    CREATE TEMPORARY TABLE shop AS
    SELECT i, sha256(i::text::bytea) AS hash, i % 200 = 0 AS waits, i % 100 = 1 AS dead,
        i % 50 = 7 AS blocked, i % 1000 = 3 AS ended, i % 500 = 2 AS draft,
        i % 200 = 0 OR i % 100 = 1 AS fresh,
        now() - interval '29 days' * (1 - i::float / %(n)s) AS at
    FROM generate_series(1, %(n)s) AS i
"""
FILL = (
    """
    INSERT INTO account (name, environment, ebay_user_id, client_id)
    VALUES ('shop', 'mock', 'shop', 'shop')
    """,
    """
    INSERT INTO account_default (account_id, marketplace, body)
    SELECT a.id, m.name, '{}' FROM account a, unnest(ARRAY['EBAY_US', 'EBAY_DE']) AS m (name)
    """,
    """
    INSERT INTO listing (sku, projected_version, body, body_hash, status, title, source, updated_at)
    SELECT 'SKU-' || lpad(i::text, 8, '0'), 1,
        convert_to(jsonb_build_object('sku', i, 'description', repeat(md5(i::text), 8))::text,
            'UTF8'), hash,
        CASE WHEN draft THEN 'draft' WHEN ended THEN 'archived' ELSE 'active' END,
        'Lamp ' || md5(i::text) || ' ' || i, 'bench', at
    FROM shop ORDER BY i
    """,
    """
    INSERT INTO ebay_listing (listing_id, account_id, marketplace, desired_hash, desired_blob,
        desired_projection_version, published_hash, published_blob, published_projection_version,
        published_at, external_item_id, lifecycle_state, snapshot_seq, blocked_reason,
        blocked_scope, blocked_detail, waiting_since)
    SELECT l.id, a.id, CASE WHEN i <= %(strangers)s THEN 'EBAY_DE' ELSE 'EBAY_US' END, hash,
        %(blob)s, 2, CASE WHEN NOT fresh THEN hash END, CASE WHEN NOT fresh THEN %(blob)s END, 2,
        CASE WHEN NOT fresh THEN at END, CASE WHEN NOT fresh THEN 110000000000 + i END,
        CASE WHEN fresh THEN 'new' WHEN ended THEN 'ended' ELSE 'live' END, 1,
        CASE WHEN blocked THEN 'title_too_long' END, CASE WHEN blocked THEN 'content' END,
        CASE WHEN blocked THEN '{"blocks": [{"reason": "title_too_long", "pointer": "/title",
            "rule": "title_too_long", "fix": "shorten it"}]}'::jsonb END,
        CASE WHEN fresh THEN at END
    FROM shop JOIN listing l ON l.body_hash = shop.hash, account a ORDER BY i
    """,
    """
    INSERT INTO ebay_item (ebay_listing_id, account_id, ebay_sku, offer_id, item_hash, offer_hash,
        price, quantity)
    SELECT e.id, e.account_id, 'SKU-' || e.id,
        CASE WHEN e.published_hash IS NOT NULL THEN 9000000000 + e.id END, e.desired_hash,
        e.desired_hash, 9.9, 5
    FROM ebay_listing e ORDER BY e.id
    """,
    """
    INSERT INTO ebay_change_queue (ebay_listing_id, account_id, intent, payload_hash, status,
        first_enqueued_at, run_at, last_outcome, finished_at)
    SELECT e.id, e.account_id, 'create', hash,
        CASE WHEN waits THEN 'pending' WHEN dead THEN 'dead' ELSE 'done' END, at, at,
        CASE WHEN dead THEN 'rejected' WHEN NOT waits THEN 'done' END,
        CASE WHEN NOT waits THEN at END
    FROM shop JOIN ebay_listing e ON e.desired_hash = shop.hash ORDER BY i
    """,
    """
    INSERT INTO ebay_failed_event (queue_id, ebay_listing_id, account_id, payload_hash, verdict,
        errors, attempts, died_at)
    SELECT id, ebay_listing_id, account_id, payload_hash, 'rejected',
        '[{"error_id": 25019, "message": "no"}]', 1, finished_at
    FROM ebay_change_queue WHERE status = 'dead' ORDER BY id
    """,
    """
    INSERT INTO ebay_listing_snapshot (ebay_listing_id, seq, snapshot_hash, body,
        projection_version, source_event, correlation_id, created_at)
    SELECT e.id, 1, hash, decode(repeat(md5(i::text), 16), 'hex'), 2, 'publish_success',
        md5(i::text), at
    FROM shop JOIN ebay_listing e ON e.desired_hash = shop.hash WHERE NOT fresh ORDER BY i
    """,
    """
    INSERT INTO ebay_sync_log (created_at, queue_id, ebay_listing_id, account_id, claim_id,
        correlation_id, attempt, intent, sent_hash, outcome, verdict, errors, warnings, steps,
        duration_ms, finished_at)
    SELECT q.run_at, q.id, q.ebay_listing_id, q.account_id, gen_random_uuid(), md5(q.id::text), 1,
        'create', q.payload_hash, CASE q.status WHEN 'done' THEN 'done' ELSE 'failed' END,
        CASE q.status WHEN 'done' THEN 'done' ELSE 'rejected' END, '[]', '[]',
        '["content", "publish"]', 800, q.run_at
    FROM ebay_change_queue q WHERE q.status <> 'pending' ORDER BY q.id
    """,
    """
    INSERT INTO ebay_call_log (created_at, account_id, claim_id, correlation_id, ebay_listing_ids,
        operation, method, path, request, status, verdict, response, elapsed_ms, finished_at)
    SELECT s.created_at, s.account_id, s.claim_id, s.correlation_id, ARRAY[s.ebay_listing_id],
        'bulkPublishOffer', 'POST', '/sell/inventory/v1/bulk_publish_offer',
        decode(repeat(s.correlation_id, 8), 'hex'),
        CASE s.outcome WHEN 'done' THEN 200 ELSE 400 END,
        s.verdict, decode(repeat(s.correlation_id, 4), 'hex'), 250, s.created_at
    FROM ebay_sync_log s ORDER BY s.id
    """,
    """
    INSERT INTO metric_minute (minute, name, labels, value)
    SELECT date_trunc('minute', now()) - m * interval '1 minute', 'counter_' || c, '', 1
    FROM generate_series(1, least(29 * 1440, %(n)s)) AS m, generate_series(1, %(counters)s) AS c
    """,
)


# References are checked once at the end, not row by row.
REFERENCES = """
    SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname),
        format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname,
            pg_get_constraintdef(oid))
    FROM pg_constraint WHERE contype = 'f' AND conparentid = 0
"""


def _lamp() -> Projection:
    """Return what each place wants and shows; its digest is that of no listing."""
    return Projection(
        content=Content(title="Lamp", images=("https://pictures.example/lamp.jpg",)),
        lifecycle=Lifecycle.LIVE,
        offer=Offer(category="999", description="<p>Warm light.</p>" * 80),
        price=Price(currency="USD", value="9.9"),
        quantity=5,
    )


def build(url: str, count: int) -> None:
    """Give the database at ``url`` our schema and a shop of ``count`` listings."""
    migrate.upgrade(url)
    stored = document(_lamp())
    if stored is None:
        raise AssertionError
    values = {"n": count, "strangers": STRANGERS, "counters": COUNTERS, "blob": stored.blob}
    with psycopg.connect(url, autocommit=True) as db, psycopg.ClientCursor(db) as cursor:
        cursor.execute("SET synchronous_commit = off; SET work_mem = '256MB'")
        cursor.execute("SET maintenance_work_mem = '512MB'")
        references = cursor.execute(REFERENCES).fetchall()
        for drop, _ in references:
            cursor.execute(drop)
        cursor.execute(PARTITIONS)
        for statement in (SHOP, *FILL):
            cursor.execute(statement.replace(" % ", " %% "), values)
        for _, add in references:
            cursor.execute(add)
        cursor.execute("VACUUM ANALYZE")
