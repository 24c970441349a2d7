"""What is to do: the queue of changes and its dead letters."""

from baysync.db.revision import execute

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Create the tables in the order in which they refer to each other."""
    _ebay_change_queue()
    _ebay_failed_event()


def _ebay_change_queue() -> None:
    execute("""
        CREATE TABLE ebay_change_queue (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            ebay_listing_id bigint NOT NULL REFERENCES ebay_listing,
            account_id bigint NOT NULL REFERENCES account,
            intent text NOT NULL CHECK (intent IN ('create', 'update', 'end', 'relist', 'verify')),
            payload_hash bytea,
            status text NOT NULL DEFAULT 'pending'
                CHECK (status IN ('pending', 'processing', 'done', 'dead', 'cancelled')),
            urgency smallint NOT NULL DEFAULT 0 CHECK (urgency BETWEEN 0 AND 4),
            attempts integer NOT NULL DEFAULT 0 CHECK (attempts >= 0),
            crashes integer NOT NULL DEFAULT 0,
            coalesced_count integer NOT NULL DEFAULT 0,
            first_enqueued_at timestamptz NOT NULL DEFAULT now(),
            run_at timestamptz NOT NULL DEFAULT now(),
            not_before timestamptz NOT NULL DEFAULT '-infinity',
            claim_id uuid,
            lease_until timestamptz,
            failed_at timestamptz,
            last_outcome text,
            last_error jsonb,
            finished_at timestamptz,
            CHECK ((status = 'processing') = (claim_id IS NOT NULL)),
            CHECK ((status = 'processing') = (lease_until IS NOT NULL))
        ) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02);
        COMMENT ON COLUMN ebay_change_queue.failed_at IS
            'last silence of eBay about it; the next costs an attempt if the lane answered since';
        CREATE UNIQUE INDEX ux_ebay_change_queue_listing_active
            ON ebay_change_queue (ebay_listing_id) WHERE status IN ('pending', 'processing');
        CREATE INDEX ix_ebay_change_queue_claim
            ON ebay_change_queue (account_id, urgency, run_at, id) WHERE status = 'pending';
        CREATE INDEX ix_ebay_change_queue_lease
            ON ebay_change_queue (lease_until) WHERE status = 'processing';
        CREATE INDEX ix_ebay_change_queue_finished
            ON ebay_change_queue (finished_at) WHERE status IN ('done', 'dead', 'cancelled');
        CREATE INDEX ix_ebay_change_queue_listing ON ebay_change_queue (ebay_listing_id, id);
    """)


def _ebay_failed_event() -> None:
    execute("""
        CREATE TABLE ebay_failed_event (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            queue_id bigint NOT NULL REFERENCES ebay_change_queue,
            ebay_listing_id bigint NOT NULL REFERENCES ebay_listing,
            account_id bigint NOT NULL REFERENCES account,
            payload_hash bytea,
            verdict text NOT NULL,
            errors jsonb NOT NULL DEFAULT '[]',
            attempts integer NOT NULL,
            died_at timestamptz NOT NULL DEFAULT now(),
            resolved_at timestamptz,
            resolution text CHECK (resolution IN ('replayed', 'superseded', 'discarded')),
            CHECK ((resolved_at IS NULL) = (resolution IS NULL)),
            UNIQUE (queue_id)
        );
        CREATE UNIQUE INDEX ux_ebay_failed_event_open
            ON ebay_failed_event (ebay_listing_id, payload_hash) NULLS NOT DISTINCT
            WHERE resolved_at IS NULL;
        CREATE INDEX ix_ebay_failed_event_died ON ebay_failed_event (died_at)
            WHERE resolved_at IS NULL;
    """)
