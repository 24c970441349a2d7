"""SQL of forecasts: what detection has decided about listings."""

from collections.abc import Sequence

from psycopg.rows import dict_row

from baysync.base.packing import opened
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
