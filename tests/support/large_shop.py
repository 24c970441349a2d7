"""A shop too large to be counted for each look, without its listings."""

from baysync.db.connection import Db
from baysync.insight.census.model import SMALL


async def grow(db: Db) -> None:
    """Let the queue remember more than that of a small shop does; one eBay listing is there."""
    await db.execute(
        """
        INSERT INTO ebay_change_queue (ebay_listing_id, account_id, intent, status, last_error,
            finished_at)
        SELECT id, account_id, 'update', 'done', to_jsonb(repeat(md5(n::text), 55)), now()
        FROM (SELECT id, account_id FROM ebay_listing LIMIT 1) AS first,
            generate_series(1, %(bytes)s / 1800) AS n
        """,
        {"bytes": SMALL},
    )
