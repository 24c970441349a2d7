"""SQL of what is blocked; nothing here writes."""

from collections.abc import Sequence

from psycopg import sql
from psycopg.rows import class_row

from baysync.db.connection import Db
from baysync.insight.condition_store import IS_BLOCKED
from baysync.insight.listing.model import BlockedListing

BLOCKED = sql.SQL("""
    SELECT e.id, l.sku, l.title, a.name AS account, e.marketplace, e.blocked_reason AS reason,
        e.blocked_scope AS scope, e.blocked_detail AS detail, e.recheck_at
    FROM ebay_listing e
    JOIN listing l ON l.id = e.listing_id
    JOIN account a ON a.id = e.account_id
    WHERE {is_blocked} AND (e.blocked_reason, e.id) > (%(after_reason)s::text, %(after_id)s::bigint)
        AND (%(reason)s::text IN ('', e.blocked_reason) OR e.blocked_detail -> 'blocks'
            @> jsonb_build_array(jsonb_build_object('reason', %(reason)s::text)))
        AND (%(all)s OR l.sku = ANY(%(skus)b::text[]))
    ORDER BY e.blocked_reason, e.id LIMIT %(limit)s
""").format(is_blocked=IS_BLOCKED)


async def blocked(
    db: Db,
    *,
    after: BlockedListing | None = None,
    limit: int,
    reason: str = "",
    skus: Sequence[str] = (),
) -> list[BlockedListing]:
    """Return up to ``limit`` blocked eBay listings that follow ``after``, by reason and id.

    ``reason`` keeps those that have it among their causes, ``skus`` those of some listings.
    """
    cursor = db.cursor(row_factory=class_row(BlockedListing))
    await cursor.execute(
        BLOCKED,
        {
            "after_reason": after.reason if after else "",
            "after_id": after.id if after else 0,
            "limit": limit,
            "reason": reason,
            "skus": list(skus),
            "all": not skus,
        },
    )
    return await cursor.fetchall()
