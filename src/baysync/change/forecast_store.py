"""SQL of forecasts: what detection has decided about listings."""

from collections.abc import Sequence

from psycopg.rows import class_row

from baysync.change.forecast import Decided
from baysync.db.connection import Db
from baysync.projection.canonical import section_digests
from baysync.projection.model import Projection, Section

NOTHING_FOR_SALE = section_digests(Projection(quantity=0))[Section.QUANTITY].hex()


async def decided(db: Db, listing_ids: Sequence[int]) -> list[Decided]:
    """Return what is decided about listings in each place, in the order of their ids.

    A listing that is in no place has one row without an account.
    """
    cursor = db.cursor(row_factory=class_row(Decided))
    await cursor.execute(
        """
        SELECT l.id AS listing_id, l.sku, a.name AS account, e.marketplace,
            e.wanted_intent AS intent, e.lifecycle_state AS state,
            e.wanted_limit IS NOT NULL AS follows, e.blocked_reason, e.blocked_detail,
            EXISTS (SELECT FROM ebay_failed_event f
                WHERE f.ebay_listing_id = e.id AND f.resolved_at IS NULL
                    AND f.payload_hash = e.desired_hash) AS refused,
            -- a group has a digest of its own for each set of SKUs: its sum is read
            coalesce(CASE WHEN e.group_key IS NULL THEN e.desired_sections ->> 'quantity' = %(none)s
                ELSE convert_from(e.desired_blob, 'UTF8')::jsonb -> 'quantity' = '0' END,
                false) AS sold_out
        FROM listing l
        LEFT JOIN ebay_listing e ON e.listing_id = l.id
        LEFT JOIN account a ON a.id = e.account_id
        WHERE l.id = ANY(%(ids)b::bigint[])
        ORDER BY l.id, e.id
        """,
        {"ids": list(listing_ids), "none": NOTHING_FOR_SALE},
    )
    return await cursor.fetchall()
