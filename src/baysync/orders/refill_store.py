"""SQL of filling up again: sales that nobody has looked at, and the numbers that they lower."""

from collections.abc import Sequence
from dataclasses import dataclass

from psycopg.rows import class_row

from baysync.db.connection import Db


@dataclass(frozen=True, slots=True, kw_only=True)
class SoldUnits:
    """Units that a sale took of one variant; ``variant_key`` is empty for a single listing."""

    ebay_listing_id: int
    variant_key: str
    units: int


async def unfilled(db: Db, account_id: int, *, after: int, limit: int) -> list[int]:
    """Return listings, by id, with sales that nobody has looked at."""
    cursor = await db.execute(
        """
        SELECT DISTINCT e.listing_id
        FROM ebay_order_line o JOIN ebay_listing e ON e.id = o.ebay_listing_id
        WHERE o.account_id = %s AND NOT o.refilled AND e.listing_id > %s
        ORDER BY e.listing_id LIMIT %s
        """,
        (account_id, after, limit),
    )
    return [row[0] for row in await cursor.fetchall()]


async def lock_changes(db: Db, ebay_listing_ids: Sequence[int]) -> set[int]:
    """Lock the changes of eBay listings against claims; return those of which one is in flight.

    The caller holds the locks of the eBay listings.
    """
    cursor = await db.execute(
        """
        SELECT ebay_listing_id, status FROM ebay_change_queue
        WHERE ebay_listing_id = ANY(%b::bigint[]) AND status IN ('pending', 'processing')
        ORDER BY id FOR NO KEY UPDATE
        """,
        (list(ebay_listing_ids),),
    )
    return {at for at, status in await cursor.fetchall() if status == "processing"}


async def take(db: Db, ebay_listing_ids: Sequence[int]) -> list[SoldUnits]:
    """Return the sales of eBay listings that nobody has looked at, and note that they are."""
    cursor = db.cursor(row_factory=class_row(SoldUnits))
    await cursor.execute(
        """
        UPDATE ebay_order_line o SET refilled = true
        FROM ebay_order_line n LEFT JOIN ebay_item i ON i.id = n.ebay_item_id
        WHERE o.id = n.id AND n.ebay_listing_id = ANY(%b::bigint[]) AND NOT n.refilled
        RETURNING o.ebay_listing_id, coalesce(i.variant_key, '') AS variant_key,
            CASE WHEN o.cancelled THEN 0 ELSE o.quantity END AS units
        """,
        (list(ebay_listing_ids),),
    )
    return await cursor.fetchall()


async def take_off(db: Db, rows: Sequence[tuple[int, str, int]]) -> None:
    """Lower the shop's number that went out last by (eBay listing, variant, units).

    The units count as sold before it, so that what is left of it stays what it is.
    """
    await db.execute(
        """
        UPDATE ebay_item i
        SET pushed_quantity = greatest(0, i.pushed_quantity - r.units),
            sold_at_push = i.sold_at_push + r.units
        FROM unnest(%b::bigint[], %b::text[], %b::int[]) AS r (ebay_listing_id, key, units)
        WHERE i.ebay_listing_id = r.ebay_listing_id AND i.variant_key = r.key
        """,
        ([row[0] for row in rows], [row[1] for row in rows], [row[2] for row in rows]),
    )
