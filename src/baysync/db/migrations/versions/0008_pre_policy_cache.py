"""What eBay asks on each marketplace: cached reference data, and how often it changed."""

from baysync.db.revision import execute

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Create the cache; defaults count its changes, so that listings are projected again."""
    execute("""
        CREATE TABLE ebay_policy_cache (
            account_id bigint NOT NULL REFERENCES account ON DELETE CASCADE,
            marketplace text NOT NULL,
            kind text NOT NULL CHECK (kind IN ('tree', 'category', 'policies', 'locations')),
            key text NOT NULL DEFAULT '',
            body bytea,
            version bigint NOT NULL DEFAULT 0,
            fetched_at timestamptz,
            expires_at timestamptz NOT NULL DEFAULT now(),
            PRIMARY KEY (account_id, marketplace, kind, key)
        );
        COMMENT ON COLUMN ebay_policy_cache.body IS 'JSON; NULL while eBay has not been asked yet';
        COMMENT ON COLUMN ebay_policy_cache.version IS 'how often the body changed';
        CREATE INDEX ix_ebay_policy_cache_due ON ebay_policy_cache (account_id, expires_at);
        ALTER TABLE account_default ADD COLUMN reference_version bigint NOT NULL DEFAULT 0;
        COMMENT ON COLUMN account_default.reference_version IS
            'how often reference data of this marketplace changed; part of what is projected from';
    """)
