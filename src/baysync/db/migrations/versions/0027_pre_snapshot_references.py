"""Find the snapshots that refer to one that is deleted, in place of reading the whole table."""

from baysync.db.revision import execute

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    """Only snapshots that equal an earlier one refer to any."""
    execute("""
        CREATE INDEX ix_ebay_listing_snapshot_dedup ON ebay_listing_snapshot (dedup_of_snapshot_id)
            WHERE dedup_of_snapshot_id IS NOT NULL;
    """)
