"""What eBay's daily quotas allow, and how much of the rate is used after it was silent."""

from baysync.db.revision import execute

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Let a bucket know its quota and its pace."""
    execute("""
        ALTER TABLE rate_bucket
            ADD COLUMN daily_limit bigint,
            ADD COLUMN pace double precision NOT NULL DEFAULT 1 CHECK (pace > 0 AND pace <= 1);
        COMMENT ON COLUMN rate_bucket.daily_remaining IS
            'calls left until daily_reset_at, as eBay said last, less those made since';
        COMMENT ON COLUMN rate_bucket.pace IS
            'share of the rate in use: halved by silence and 429, grows with clean answers';
    """)
