"""Who paused an account, and how often baysync has tried it again by itself."""

from baysync.db.revision import execute

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Keep the kind of a pause beside its reason; what no person paused is tried again."""
    execute("""
        ALTER TABLE account ADD COLUMN paused_kind text,
            ADD COLUMN pause_failures smallint NOT NULL DEFAULT 0;
        UPDATE account SET paused_kind = CASE
            WHEN state = 'disconnected' THEN 'disconnected'
            WHEN paused_reason IN ('reauth', 'config', 'outage', 'new') THEN paused_reason
            ELSE 'person' END
        WHERE paused_until IS NOT NULL;
        UPDATE account SET paused_until = now(), pause_failures = 1
        WHERE paused_kind IN ('reauth', 'config');
        ALTER TABLE account ADD CONSTRAINT account_pause_kind_check CHECK (
            paused_kind IN ('reauth', 'config', 'outage', 'person', 'new', 'disconnected'));
        COMMENT ON COLUMN account.paused_kind IS
            'who paused it; reauth, config and outage are tried again without a person';
        COMMENT ON COLUMN account.pause_failures IS
            'tries since access was lost: the pause after one is min(1 h, 1 min * 2^(n-1))';
    """)
