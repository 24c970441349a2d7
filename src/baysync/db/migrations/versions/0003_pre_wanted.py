"""What is wanted on eBay and known to be there."""

from baysync.db.revision import execute

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Create the tables in the order in which they refer to each other."""
    _ebay_listing()
    _ebay_item()


def _ebay_listing() -> None:
    execute("""
        CREATE TABLE ebay_listing (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            listing_id bigint NOT NULL REFERENCES listing,
            account_id bigint NOT NULL REFERENCES account,
            marketplace text NOT NULL,
            desired_hash bytea CHECK (length(desired_hash) = 32),
            desired_blob bytea,
            desired_sections jsonb NOT NULL DEFAULT '{}',
            desired_projection_version smallint,
            published_hash bytea CHECK (length(published_hash) = 32),
            published_blob bytea,
            published_sections jsonb NOT NULL DEFAULT '{}',
            published_projection_version smallint,
            wanted_intent text NOT NULL DEFAULT 'create'
                CHECK (wanted_intent IN ('create', 'update', 'end', 'relist', 'verify')),
            wanted_urgency smallint NOT NULL DEFAULT 0 CHECK (wanted_urgency BETWEEN 0 AND 4),
            wanted_limit jsonb,
            inputs_version bigint NOT NULL DEFAULT 0,
            published_at timestamptz,
            external_item_id text,
            group_key text,
            lifecycle_state text NOT NULL DEFAULT 'new'
                CHECK (lifecycle_state IN ('new', 'live', 'ended', 'removed')),
            blocked_reason text,
            blocked_scope text CHECK (blocked_scope IN ('content', 'all')),
            blocked_detail jsonb,
            recheck_at timestamptz,
            verify_at timestamptz,
            verified_at timestamptz,
            failing_since timestamptz,
            revisions_day date,
            revisions_used integer NOT NULL DEFAULT 0,
            snapshot_seq bigint NOT NULL DEFAULT 0,
            created_at timestamptz NOT NULL DEFAULT now(),
            UNIQUE (listing_id, account_id, marketplace),
            CHECK ((blocked_reason IS NULL) = (blocked_scope IS NULL))
        ) WITH (fillfactor = 80);
        COMMENT ON COLUMN ebay_listing.wanted_limit IS
            'set while desired may only follow published (ended, content blocked): see follow';
        CREATE INDEX ix_ebay_listing_account ON ebay_listing (account_id, id);
        CREATE INDEX ix_ebay_listing_blocked ON ebay_listing (blocked_reason, id)
            WHERE blocked_reason IS NOT NULL;
        CREATE INDEX ix_ebay_listing_recheck ON ebay_listing (recheck_at)
            WHERE recheck_at IS NOT NULL;
        CREATE INDEX ix_ebay_listing_unsettled ON ebay_listing (id)
            WHERE desired_hash IS DISTINCT FROM published_hash OR verify_at IS NOT NULL;
    """)


def _ebay_item() -> None:
    execute("""
        CREATE TABLE ebay_item (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            ebay_listing_id bigint NOT NULL REFERENCES ebay_listing,
            account_id bigint NOT NULL REFERENCES account,
            variant_key text NOT NULL DEFAULT '',
            ebay_sku text NOT NULL CHECK (length(ebay_sku) <= 50),
            offer_id text,
            item_hash bytea,
            offer_hash bytea,
            price numeric,
            quantity integer,
            sold_quantity integer NOT NULL DEFAULT 0,
            UNIQUE (ebay_listing_id, variant_key),
            UNIQUE (account_id, ebay_sku)
        ) WITH (fillfactor = 80);
        COMMENT ON COLUMN ebay_item.item_hash IS
            'SHA-256 of the last item body that eBay confirmed; an equal body is never sent again';
        COMMENT ON COLUMN ebay_item.offer_hash IS
            'SHA-256 of the last offer body that eBay confirmed';
    """)
