"""What is known: listings, accounts with their defaults and tokens, rate buckets."""

from baysync.db.revision import execute

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Create the tables in the order in which they refer to each other."""
    _listing()
    _account()
    _account_default()
    _ebay_auth_token()
    _rate_bucket()


def _listing() -> None:
    execute("""
        CREATE TABLE listing (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            sku text COLLATE "C" NOT NULL UNIQUE CHECK (sku <> '' AND length(sku) <= 200),
            version bigint NOT NULL DEFAULT 1,
            projected_version bigint NOT NULL DEFAULT 0,
            body bytea NOT NULL,
            body_hash bytea NOT NULL CHECK (length(body_hash) = 32),
            client_hash bytea CHECK (length(client_hash) <= 64),
            status text NOT NULL CHECK (status IN ('draft', 'active', 'ended', 'archived')),
            title text NOT NULL,
            source text NOT NULL,
            created_at timestamptz NOT NULL DEFAULT now(),
            updated_at timestamptz NOT NULL DEFAULT now()
        );
        CREATE INDEX ix_listing_marked ON listing (id) WHERE projected_version < version;
        COMMENT ON COLUMN listing.body IS 'the listing as compact JSON, keys sorted';
    """)


def _account() -> None:
    execute("""
        CREATE TABLE account (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            name text NOT NULL UNIQUE,
            environment text NOT NULL CHECK (environment IN ('mock', 'sandbox', 'production')),
            ebay_user_id text NOT NULL,
            username text NOT NULL DEFAULT '',
            client_id text NOT NULL,
            ru_name text NOT NULL DEFAULT '',
            base_urls jsonb NOT NULL DEFAULT '{}',
            state text NOT NULL DEFAULT 'connected' CHECK (state IN ('connected', 'disconnected')),
            paused_until timestamptz,
            paused_reason text,
            paused_at timestamptz,
            lane_failures smallint NOT NULL DEFAULT 0,
            answered_at timestamptz NOT NULL DEFAULT '-infinity',
            last_claimed_at timestamptz NOT NULL DEFAULT '-infinity',
            price_quantity_rows smallint NOT NULL DEFAULT 25,
            created_at timestamptz NOT NULL DEFAULT now(),
            UNIQUE (environment, ebay_user_id)
        );
        CREATE INDEX ix_account_last_claimed ON account (last_claimed_at);
        COMMENT ON COLUMN account.answered_at IS
            'when eBay last said something about an item of this account';
        COMMENT ON COLUMN account.price_quantity_rows IS
            'SKUs that one price and quantity call may carry: 25, or 1 once eBay refused more';
    """)


def _account_default() -> None:
    execute("""
        CREATE TABLE account_default (
            account_id bigint NOT NULL REFERENCES account,
            marketplace text NOT NULL,
            body bytea NOT NULL,
            version bigint NOT NULL DEFAULT 1,
            changed_at timestamptz NOT NULL DEFAULT now(),
            PRIMARY KEY (account_id, marketplace)
        );
    """)


def _ebay_auth_token() -> None:
    execute("""
        CREATE TABLE ebay_auth_token (
            account_id bigint NOT NULL REFERENCES account ON DELETE CASCADE,
            kind text NOT NULL
                CHECK (kind IN ('client_secret', 'refresh', 'access', 'application')),
            ciphertext text NOT NULL CHECK (ciphertext LIKE 'bs1.%'),
            expires_at timestamptz,
            changed_at timestamptz NOT NULL DEFAULT now(),
            PRIMARY KEY (account_id, kind)
        );
    """)


def _rate_bucket() -> None:
    execute("""
        CREATE TABLE rate_bucket (
            key text PRIMARY KEY,
            tokens double precision NOT NULL,
            capacity double precision NOT NULL,
            refill_per_s double precision NOT NULL,
            updated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
            blocked_until timestamptz NOT NULL DEFAULT '-infinity',
            daily_remaining bigint,
            daily_reset_at timestamptz
        ) WITH (fillfactor = 50);
        COMMENT ON COLUMN rate_bucket.key IS 'application client id / API family [/ account id]';
    """)
