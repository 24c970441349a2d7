"""Which fields that eBay's files do not know eBay takes from an account in no document."""

from baysync.db.revision import execute

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    """Create the table; it fills with the next refusals."""
    execute("""
        CREATE TABLE refused_leaf (
            account_id bigint NOT NULL REFERENCES account ON DELETE CASCADE,
            kind text NOT NULL CHECK (kind IN ('item', 'offer', 'group')),
            leaf text NOT NULL,
            seen_at timestamptz NOT NULL DEFAULT now(),
            PRIMARY KEY (account_id, kind, leaf)
        );
        COMMENT ON TABLE refused_leaf IS
            'leaves (JSON pointers) unknown to eBay''s files that eBay shows and does not take: '
            'left out for 30 days, then tried again. One row each, kept with the account';
    """)
