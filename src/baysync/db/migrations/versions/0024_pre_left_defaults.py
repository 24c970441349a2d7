"""What an account said for a marketplace that it left, for the day it comes back."""

from baysync.db.revision import execute

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    """Create the table; it fills as accounts leave marketplaces."""
    execute("""
        CREATE TABLE account_left_default (
            account_id bigint NOT NULL REFERENCES account ON DELETE CASCADE,
            marketplace text NOT NULL,
            body bytea NOT NULL,
            left_at timestamptz NOT NULL DEFAULT now(),
            PRIMARY KEY (account_id, marketplace)
        );
        COMMENT ON TABLE account_left_default IS
            'the defaults of an account on a marketplace it left, to begin with if it comes back; '
            'one row each, kept with the account';
    """)
