"""The day of revisions as a date, which no program reads any more."""

from baysync.db.revision import execute

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Drop the column that ``revisions_until`` replaced."""
    execute("ALTER TABLE ebay_listing DROP COLUMN revisions_day;")
