"""Bodies and documents packed by us; no digests of sections; a first snapshot once, not twice."""

from baysync.db.revision import execute

revision = "0031"
down_revision = "0030"


def upgrade() -> None:
    """Rewrite nothing: what is stored plain stays so until it is written again."""
    execute("""
        ALTER TABLE ebay_listing DROP COLUMN desired_sections, DROP COLUMN published_sections;
        ALTER TABLE ebay_listing ALTER COLUMN desired_blob SET STORAGE EXTERNAL,
            ALTER COLUMN published_blob SET STORAGE EXTERNAL;
        ALTER TABLE ebay_listing_snapshot ALTER COLUMN body SET STORAGE EXTERNAL,
            ALTER COLUMN diff DROP NOT NULL, ALTER COLUMN diff DROP DEFAULT;
        ALTER TABLE listing ALTER COLUMN body SET STORAGE EXTERNAL;
        ALTER TABLE listing_version ALTER COLUMN body SET STORAGE EXTERNAL,
            DROP CONSTRAINT listing_version_form_check,
            ADD CONSTRAINT listing_version_form_check CHECK (
                form IN ('accepted', 'plain', 'whole', 'patch'));
        DROP INDEX ix_listing_version_plain;
        CREATE INDEX ix_listing_version_accepted ON listing_version (listing_id, version)
            WHERE form IN ('accepted', 'plain');
        COMMENT ON COLUMN ebay_listing.desired_blob IS
            'canonical JSON of what eBay should show, one zstd frame; plain from older programs';
        COMMENT ON COLUMN ebay_listing.published_blob IS
            'canonical JSON of what eBay is known to show, packed as desired_blob';
        COMMENT ON COLUMN ebay_listing_snapshot.diff IS
            'what changed since the one before, by pointer; NULL: the whole document is new';
        COMMENT ON COLUMN listing.body IS
            'the listing as compact JSON, keys sorted, one zstd frame; plain from older programs';
        COMMENT ON COLUMN listing_version.form IS
            'accepted zstd as accepted, of older programs plain; whole zstd; patch zstd against '
            'the body of the next version';
    """)
