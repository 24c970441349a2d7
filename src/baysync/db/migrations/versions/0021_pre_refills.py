"""Whether a sale was looked at to fill up again what the shop does not count."""

from baysync.db.revision import execute

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    """Sales that were read before are looked at already: nothing was untracked then."""
    execute("""
        ALTER TABLE ebay_order_line ADD COLUMN refilled boolean NOT NULL DEFAULT true;
        ALTER TABLE ebay_order_line ALTER COLUMN refilled SET DEFAULT false;
        COMMENT ON COLUMN ebay_order_line.refilled IS
            'whether the stock of what the shop does not count was filled up for it, where due';
        CREATE INDEX ix_ebay_order_line_unfilled ON ebay_order_line (account_id, ebay_listing_id)
            WHERE NOT refilled AND ebay_listing_id IS NOT NULL;
    """)
