"""Lists of eBay's that would block more listings than may be blocked without a person."""

from baysync.db.revision import execute

revision = "0028"
down_revision = "0027"


def upgrade() -> None:
    """Nothing is withheld yet."""
    execute("""
        ALTER TABLE ebay_policy_cache
            ADD COLUMN withheld bytea,
            ADD COLUMN withheld_listings bigint,
            ADD COLUMN withheld_at timestamptz,
            ADD CONSTRAINT ebay_policy_cache_withheld_whole CHECK (
                num_nonnulls(withheld, withheld_listings, withheld_at) IN (0, 3));
        COMMENT ON COLUMN ebay_policy_cache.withheld IS
            'JSON as eBay shows it now; it is used once a person agrees. NULL while body is';
        COMMENT ON COLUMN ebay_policy_cache.withheld_listings IS
            'how many listings it would block';
    """)
