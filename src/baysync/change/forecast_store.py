"""SQL of forecasts and blocks: what detection has decided about listings."""

from collections.abc import Sequence

from psycopg.rows import class_row, dict_row

from baysync.base.packing import opened
from baysync.change.causes import BlockedListing
from baysync.change.forecast import Decided
from baysync.db.connection import Db
from baysync.projection import canonical


async def decided(db: Db, listing_ids: Sequence[int]) -> list[Decided]:
    """Return what is decided about listings in each place, in the order of their ids.

    A listing that is in no place has one row without an account.
    """
    cursor = db.cursor(row_factory=dict_row)
    await cursor.execute(
        """
        SELECT l.id AS listing_id, l.sku, a.name AS account, e.marketplace,
            -- the intent is that of the last decision: what was sent since is wanted no more
            CASE WHEN e.desired_hash = e.published_hash THEN 'verify' ELSE e.wanted_intent END
                AS intent, e.lifecycle_state AS state,
            e.wanted_limit IS NOT NULL AS follows, e.blocked_reason, e.blocked_detail,
            EXISTS (SELECT FROM ebay_failed_event f
                WHERE f.ebay_listing_id = e.id AND f.resolved_at IS NULL
                    AND f.payload_hash = e.desired_hash) AS refused,
            e.desired_blob
        FROM listing l
        LEFT JOIN ebay_listing e ON e.listing_id = l.id
        LEFT JOIN account a ON a.id = e.account_id
        WHERE l.id = ANY(%(ids)b::bigint[])
        ORDER BY l.id, e.id
        """,
        {"ids": list(listing_ids)},
    )
    return [
        Decided(
            **row, sold_out=stored is not None and canonical.decode(opened(stored)).quantity == 0
        )
        for row in await cursor.fetchall()
        for stored in [row.pop("desired_blob")]
    ]


async def blocked(
    db: Db, *, after: int, limit: int, reason: str = "", skus: Sequence[str] = ()
) -> list[BlockedListing]:
    """Return up to ``limit`` blocked ebay listings with a higher id than ``after``, by id.

    ``reason`` keeps those that have it among their causes, ``skus`` those of some listings.
    """
    cursor = db.cursor(row_factory=class_row(BlockedListing))
    await cursor.execute(
        """
        SELECT e.id, l.sku, a.name AS account, e.marketplace, e.blocked_reason AS reason,
            e.blocked_scope AS scope, e.blocked_detail AS detail, e.recheck_at
        FROM ebay_listing e
        JOIN listing l ON l.id = e.listing_id
        JOIN account a ON a.id = e.account_id
        WHERE e.blocked_reason IS NOT NULL AND e.id > %(after)s
            AND (%(reason)s::text IN ('', e.blocked_reason) OR e.blocked_detail -> 'blocks'
                @> jsonb_build_array(jsonb_build_object('reason', %(reason)s::text)))
            AND (%(all)s OR l.sku = ANY(%(skus)b::text[]))
        ORDER BY e.id LIMIT %(limit)s
        """,
        {"after": after, "limit": limit, "reason": reason, "skus": list(skus), "all": not skus},
    )
    return await cursor.fetchall()
