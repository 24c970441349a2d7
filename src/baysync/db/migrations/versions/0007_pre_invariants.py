"""What must never be there: one view a promise, and one over all.

Evaluated each minute, on the health page and after every test.
"""

from baysync.db.revision import execute

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Create the views and the index that keeps them cheap."""
    _nothing_is_lost()
    _nothing_is_stuck()
    _history_is_whole()
    _all()


def _nothing_is_lost() -> None:
    execute("""
        CREATE VIEW v_i1_lost AS
        SELECT 'I1' AS invariant, e.id AS ebay_listing_id,
            CASE WHEN e.verify_at IS NOT NULL
                 THEN 'is in doubt, but no change is active and no letter is open'
                 ELSE 'differs from eBay, but no change is active and no letter is open'
            END AS detail
        FROM ebay_listing e
        WHERE (e.desired_hash IS DISTINCT FROM e.published_hash OR e.verify_at IS NOT NULL)
            AND e.blocked_scope IS DISTINCT FROM 'all'
            AND NOT EXISTS (
                SELECT FROM ebay_change_queue q
                WHERE q.ebay_listing_id = e.id AND q.status IN ('pending', 'processing'))
            AND NOT EXISTS (
                SELECT FROM ebay_failed_event d
                WHERE d.ebay_listing_id = e.id AND d.resolved_at IS NULL
                    AND d.payload_hash IS NOT DISTINCT FROM e.desired_hash);

        CREATE VIEW v_i1_unprojected AS
        SELECT 'I1' AS invariant, NULL::bigint AS ebay_listing_id,
            format('listing %s is not projected since %s', sku, updated_at) AS detail
        FROM listing
        WHERE projected_version < version AND updated_at < now() - interval '1 minute';
    """)


def _nothing_is_stuck() -> None:
    execute("""
        CREATE VIEW v_i2_stuck AS
        SELECT 'I2' AS invariant, ebay_listing_id,
            CASE WHEN status = 'processing'
                 THEN format('change %s: its lease ended at %s', id, lease_until)
                 ELSE format('change %s waits until %s', id, run_at) END AS detail
        FROM ebay_change_queue
        WHERE (status = 'processing' AND lease_until < now() - interval '5 minutes')
            OR (status = 'pending' AND run_at > now() + interval '1 hour');
    """)


def _history_is_whole() -> None:
    execute("""
        CREATE VIEW v_i4_unrecorded AS
        SELECT 'I4' AS invariant, e.id AS ebay_listing_id,
            'no snapshot has the published hash' AS detail
        FROM ebay_listing e
        WHERE e.published_hash IS NOT NULL
            AND NOT EXISTS (
                SELECT FROM ebay_listing_snapshot s
                WHERE s.ebay_listing_id = e.id AND s.snapshot_hash = e.published_hash)
            AND NOT EXISTS (
                SELECT FROM appconfig c WHERE c.name = 'snapshots.enabled'
                    AND (c.value = 'false' OR e.published_at < c.changed_at));

        CREATE VIEW v_i5_shared_offer AS
        SELECT 'I5' AS invariant, i.ebay_listing_id,
            format('offer %s belongs to another item too', i.offer_id) AS detail
        FROM ebay_item i
        WHERE i.offer_id IS NOT NULL
            AND EXISTS (
                SELECT FROM ebay_item o
                WHERE o.account_id = i.account_id AND o.offer_id = i.offer_id AND o.id <> i.id);

        CREATE INDEX ix_ebay_item_offer ON ebay_item (account_id, offer_id)
            WHERE offer_id IS NOT NULL;

        CREATE VIEW v_i6_silent_death AS
        SELECT 'I6' AS invariant, q.ebay_listing_id,
            format('change %s is dead without a letter', q.id) AS detail
        FROM ebay_change_queue q
        WHERE q.status = 'dead'
            AND NOT EXISTS (SELECT FROM ebay_failed_event d WHERE d.queue_id = q.id);

        CREATE INDEX ix_ebay_change_queue_dead ON ebay_change_queue (id) WHERE status = 'dead';
    """)


def _all() -> None:
    execute("""
        CREATE VIEW v_invariant_violations AS
        SELECT invariant, ebay_listing_id, detail FROM v_i1_lost
        UNION ALL SELECT invariant, ebay_listing_id, detail FROM v_i1_unprojected
        UNION ALL SELECT invariant, ebay_listing_id, detail FROM v_i2_stuck
        UNION ALL SELECT invariant, ebay_listing_id, detail FROM v_i4_unrecorded
        UNION ALL SELECT invariant, ebay_listing_id, detail FROM v_i5_shared_offer
        UNION ALL SELECT invariant, ebay_listing_id, detail FROM v_i6_silent_death;
    """)
