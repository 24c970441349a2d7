"""When a listing is projected again although nobody edits it: a sale price begins or ends."""

from baysync.db.revision import execute

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    """Keep that time; no stored listing has a sale price yet."""
    execute("""
        ALTER TABLE listing ADD COLUMN reproject_at timestamptz;
        COMMENT ON COLUMN listing.reproject_at IS
            'when a sale price of it begins or ends next; written when it is projected';
        CREATE INDEX ix_listing_reproject ON listing (reproject_at)
            WHERE reproject_at IS NOT NULL;
    """)
