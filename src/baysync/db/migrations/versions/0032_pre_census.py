"""What there is, counted now and then, and the indexes by which lists of a large shop narrow."""

from baysync.db.revision import execute

revision = "0032"
down_revision = "0031"


def upgrade() -> None:
    """Nothing is counted yet: a program of today counts as it starts."""
    execute("""
        CREATE TABLE census (
            part text PRIMARY KEY,
            taken_at timestamptz NOT NULL,
            took interval NOT NULL,
            body bytea NOT NULL
        );
        COMMENT ON TABLE census IS
            'what was counted last: a large shop is not counted for everybody who looks';
        COMMENT ON COLUMN census.took IS 'how long it took: the next waits 20 times as long';
        COMMENT ON COLUMN census.body IS 'JSON';

        CREATE INDEX ix_ebay_listing_state ON ebay_listing
            (lifecycle_state, marketplace, listing_id);
        CREATE INDEX ix_listing_status ON listing (status, sku);
    """)
