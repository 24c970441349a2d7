"""Rows that were accepted before: the same row again is not read, checked or written."""

from baysync.db.revision import execute

revision = "0029"
down_revision = "0028"


def upgrade() -> None:
    """No row is known yet: each is checked once more."""
    execute("""
        CREATE TABLE accepted_row (
            listing_id bigint PRIMARY KEY REFERENCES listing ON DELETE CASCADE,
            version bigint NOT NULL,
            digest bytea NOT NULL CHECK (octet_length(digest) = 32),
            answer bytea NOT NULL
        );
        CREATE INDEX ix_accepted_row_digest ON accepted_row (digest);
        COMMENT ON TABLE accepted_row IS 'the row that a listing came to its version by, or met';
        COMMENT ON COLUMN accepted_row.version IS
            'listing.version after the row: another version, and the row is judged anew';
        COMMENT ON COLUMN accepted_row.digest IS
            'SHA-256 of the row, its entrance, options and decisions, and of how rows are read';
        COMMENT ON COLUMN accepted_row.answer IS 'JSON: what is said of the row each time';
    """)
