"""What was: attempts, calls, snapshots, and who did what."""

from baysync.db.revision import execute

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Create the tables in the order in which they refer to each other."""
    _ebay_sync_log()
    _ebay_call_log()
    _ebay_listing_snapshot()
    _audit_log()


def _ebay_sync_log() -> None:
    execute("""
        CREATE TABLE ebay_sync_log (
            id bigint GENERATED ALWAYS AS IDENTITY,
            created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
            queue_id bigint NOT NULL,
            ebay_listing_id bigint NOT NULL,
            account_id bigint NOT NULL,
            claim_id uuid NOT NULL,
            correlation_id text NOT NULL,
            attempt integer NOT NULL,
            intent text NOT NULL,
            sent_hash bytea,
            outcome text NOT NULL DEFAULT 'started',
            verdict text,
            errors jsonb,
            warnings jsonb,
            steps jsonb,
            duration_ms integer,
            finished_at timestamptz,
            PRIMARY KEY (id, created_at)
        ) PARTITION BY RANGE (created_at);
        CREATE TABLE ebay_sync_log_default PARTITION OF ebay_sync_log DEFAULT;
        CREATE INDEX ix_ebay_sync_log_listing ON ebay_sync_log (ebay_listing_id, created_at DESC);
        CREATE INDEX ix_ebay_sync_log_claim ON ebay_sync_log (claim_id);
    """)


def _ebay_call_log() -> None:
    execute("""
        CREATE TABLE ebay_call_log (
            id bigint GENERATED ALWAYS AS IDENTITY,
            created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
            account_id bigint NOT NULL,
            claim_id uuid,
            correlation_id text NOT NULL,
            ebay_listing_ids bigint[] NOT NULL DEFAULT '{}',
            operation text NOT NULL,
            method text NOT NULL,
            path text NOT NULL,
            request bytea,
            status smallint,
            failure text,
            verdict text,
            response bytea,
            rlogid text,
            elapsed_ms integer,
            finished_at timestamptz,
            PRIMARY KEY (id, created_at)
        ) PARTITION BY RANGE (created_at);
        CREATE TABLE ebay_call_log_default PARTITION OF ebay_call_log DEFAULT;
        CREATE INDEX ix_ebay_call_log_correlation ON ebay_call_log (correlation_id);
        COMMENT ON COLUMN ebay_call_log.request IS 'redacted JSON, zstd';
    """)


def _ebay_listing_snapshot() -> None:
    execute("""
        CREATE TABLE ebay_listing_snapshot (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            ebay_listing_id bigint NOT NULL REFERENCES ebay_listing,
            seq bigint NOT NULL,
            snapshot_hash bytea CHECK (length(snapshot_hash) = 32),
            dedup_of_snapshot_id bigint REFERENCES ebay_listing_snapshot,
            body bytea,
            projection_version smallint NOT NULL,
            source_event text NOT NULL CHECK (source_event IN ('publish_success',
                'lifecycle_change', 'read_back', 'drift_detected', 'policy_dependency_change',
                'manual', 'restore')),
            diff jsonb NOT NULL DEFAULT '{}',
            correlation_id text NOT NULL,
            queue_id bigint,
            created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
            UNIQUE (ebay_listing_id, seq)
        );
        COMMENT ON COLUMN ebay_listing_snapshot.body IS 'canonical JSON, zstd; NULL when deduped';
    """)


def _audit_log() -> None:
    execute("""
        CREATE TABLE audit_log (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            at timestamptz NOT NULL DEFAULT now(),
            actor text NOT NULL,
            action text NOT NULL,
            target text NOT NULL,
            reason text,
            detail jsonb NOT NULL DEFAULT '{}'
        );
    """)
