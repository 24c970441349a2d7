"""What runs by itself: job schedule, workers, rollups for graphs."""

from baysync.db.revision import execute

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Create the tables in the order in which they refer to each other."""
    _job_schedule()


def _job_schedule() -> None:
    execute("""
        CREATE TABLE job_schedule (
            name text PRIMARY KEY,
            every interval NOT NULL,
            enabled boolean NOT NULL DEFAULT true,
            requested_at timestamptz,
            last_started_at timestamptz,
            last_finished_at timestamptz,
            last_error text,
            lease_owner uuid,
            lease_until timestamptz
        );
        CREATE TABLE worker (
            id uuid PRIMARY KEY,
            host text NOT NULL,
            pid integer NOT NULL,
            version text NOT NULL,
            started_at timestamptz NOT NULL DEFAULT now(),
            seen_at timestamptz NOT NULL DEFAULT now()
        );
        CREATE TABLE metric_minute (
            minute timestamptz NOT NULL,
            name text NOT NULL,
            labels text NOT NULL DEFAULT '',
            value double precision NOT NULL,
            PRIMARY KEY (minute, name, labels)
        );
    """)
