"""What people did to one listing or account is read by its name."""

from baysync.db.revision import execute

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Index the audit log by target, the newest entry last."""
    execute("CREATE INDEX ix_audit_log_target ON audit_log (target, id)")
