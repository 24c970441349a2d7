"""Since when eBay has not held what is wanted: the age of an edit, not of the next try."""

from baysync.db.revision import execute

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    """What waits already waits since its change was first queued."""
    execute("""
        ALTER TABLE ebay_listing ADD COLUMN waiting_since timestamptz;
        COMMENT ON COLUMN ebay_listing.waiting_since IS
            'the first edit since eBay last held what is wanted; NULL while it does';
        UPDATE ebay_listing e SET waiting_since = coalesce(q.first_enqueued_at, now())
        FROM ebay_listing w
        LEFT JOIN ebay_change_queue q
            ON q.ebay_listing_id = w.id AND q.status IN ('pending', 'processing')
        WHERE w.id = e.id AND e.desired_hash IS DISTINCT FROM e.published_hash;
        CREATE INDEX ix_ebay_listing_waiting ON ebay_listing (account_id, waiting_since)
            WHERE waiting_since IS NOT NULL;
    """)
