"""When a list of eBay's first came back shorter than it was known."""

from baysync.db.revision import execute

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    """Nothing is in doubt yet."""
    execute("""
        ALTER TABLE ebay_policy_cache ADD COLUMN doubted_at timestamptz;
        COMMENT ON COLUMN ebay_policy_cache.doubted_at IS
            'when eBay first left out what it had shown; NULL while it does not';
    """)
