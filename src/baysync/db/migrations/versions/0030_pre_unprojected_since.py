"""Since when a listing has not been looked at: its first edit since then, not its last."""

from baysync.db.revision import execute

revision = "0030"
down_revision = "0029"


def upgrade() -> None:
    """What is marked already counts from its last edit: the first one is not known.

    So does what a program of before this revision edits while it still runs: it leaves NULL.
    """
    execute("""
        ALTER TABLE listing ADD COLUMN unprojected_since timestamptz;
        COMMENT ON COLUMN listing.unprojected_since IS
            'the first edit or mark since it was last projected; NULL while it is';
        UPDATE listing SET unprojected_since = updated_at WHERE projected_version < version;
        ALTER TABLE listing ALTER COLUMN unprojected_since SET DEFAULT now();
        DROP INDEX ix_listing_marked;
        CREATE INDEX ix_listing_unprojected ON listing (unprojected_since, id)
            WHERE projected_version < version;
        CREATE OR REPLACE VIEW v_i1_unprojected AS
        SELECT 'I1' AS invariant, NULL::bigint AS ebay_listing_id,
            format('listing %s is not projected since %s', sku,
                coalesce(unprojected_since, updated_at)) AS detail
        FROM listing
        WHERE projected_version < version
            AND coalesce(unprojected_since, updated_at) < now() - interval '1 minute';
    """)
