"""Every accepted version of a listing, and the imports that made them."""

from baysync.db.revision import execute

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Create the two tables; what is stored today becomes a version when it first changes."""
    execute("""
        CREATE TABLE listing_import (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            kind text NOT NULL,
            name text NOT NULL,
            actor text NOT NULL,
            started_at timestamptz NOT NULL DEFAULT now(),
            finished_at timestamptz,
            counts jsonb NOT NULL DEFAULT '{}',
            undoes bigint REFERENCES listing_import
        );
        COMMENT ON TABLE listing_import IS
            'one file of listings, or the undo of one; its id stands in the versions it made';
        COMMENT ON COLUMN listing_import.finished_at IS
            'NULL while it runs, or where it was cut off';
        COMMENT ON COLUMN listing_import.undoes IS 'the import that this one took back';

        CREATE TABLE listing_version (
            listing_id bigint NOT NULL REFERENCES listing ON DELETE CASCADE,
            version bigint NOT NULL,
            form text NOT NULL CHECK (form IN ('plain', 'whole', 'patch')),
            body bytea NOT NULL,
            kind text NOT NULL,
            actor text NOT NULL,
            import_id bigint REFERENCES listing_import ON DELETE SET NULL,
            accepted_at timestamptz NOT NULL DEFAULT now(),
            superseded_at timestamptz,
            PRIMARY KEY (listing_id, version)
        );
        CREATE INDEX ix_listing_version_plain ON listing_version (listing_id, version)
            WHERE form = 'plain';
        CREATE INDEX ix_listing_version_import ON listing_version (import_id, listing_id)
            WHERE import_id IS NOT NULL;
        CREATE INDEX ix_listing_version_superseded ON listing_version (superseded_at)
            WHERE superseded_at IS NOT NULL;
        COMMENT ON COLUMN listing_version.form IS
            'plain as accepted; whole zstd; patch zstd against the body of the next version';
        COMMENT ON COLUMN listing_version.kind IS 'the entrance, as in listing.source';
        COMMENT ON COLUMN listing_version.superseded_at IS
            'when the next version was accepted, noted when this one is packed';

        ALTER TABLE listing ADD COLUMN missing_from text
            CHECK (missing_from IN ('draft', 'active', 'ended', 'archived'));
        COMMENT ON COLUMN listing.missing_from IS
            'the status that --missing took: the next file that names the SKU gives it back';
    """)
