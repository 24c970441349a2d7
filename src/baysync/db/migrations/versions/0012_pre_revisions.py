"""When the day ends in which eBay counts the revisions of a listing."""

from baysync.db.revision import execute

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Count revisions until a moment; a change that eBay's day holds back is not stuck.

    A day in California has up to 25 hours.
    """
    execute("""
        ALTER TABLE ebay_listing ADD COLUMN revisions_until timestamptz;
        COMMENT ON COLUMN ebay_listing.revisions_used IS
            'item, offer, price and quantity calls about it while live, until revisions_until';
        CREATE OR REPLACE VIEW v_i2_stuck AS
        SELECT 'I2' AS invariant, ebay_listing_id,
            CASE WHEN status = 'processing'
                 THEN format('change %s: its lease ended at %s', id, lease_until)
                 ELSE format('change %s waits until %s', id, run_at) END AS detail
        FROM ebay_change_queue
        WHERE (status = 'processing' AND lease_until < now() - interval '5 minutes')
            OR (status = 'pending' AND run_at > now() + CASE
                WHEN last_outcome = 'capped' THEN interval '25 hours' ELSE interval '1 hour' END);
    """)
