"""SQL that tells which listings and variants are live on eBay, anywhere."""

from collections.abc import Sequence

from baysync.db.connection import Db


async def live(db: Db, listing_ids: Sequence[int]) -> list[int]:
    """Return those of the listings that are live on a marketplace, in order."""
    cursor = await db.execute(
        """
        SELECT DISTINCT listing_id FROM ebay_listing
        WHERE listing_id = ANY(%b) AND lifecycle_state = 'live' ORDER BY listing_id
        """,
        (list(listing_ids),),
    )
    return [row[0] for row in await cursor.fetchall()]


async def count_variants(db: Db) -> int:
    """Return how many variants are live on a marketplace."""
    cursor = await db.execute(
        """
        SELECT count(DISTINCT (e.listing_id, i.variant_key))
        FROM ebay_listing e JOIN ebay_item i ON i.ebay_listing_id = e.id
        WHERE e.lifecycle_state = 'live' AND i.variant_key <> '' AND i.offer_id IS NOT NULL
        """
    )
    return int((await cursor.fetchall())[0][0])


async def live_variants(db: Db, variants: Sequence[tuple[int, str]]) -> list[str]:
    """Return the SKUs of those variants, given with their listing, that are live somewhere."""
    cursor = await db.execute(
        """
        SELECT DISTINCT i.variant_key
        FROM unnest(%b::bigint[], %b::text[]) AS given (listing_id, sku)
        JOIN ebay_listing e ON e.listing_id = given.listing_id AND e.lifecycle_state = 'live'
        JOIN ebay_item i ON i.ebay_listing_id = e.id AND i.variant_key = given.sku
            AND i.offer_id IS NOT NULL
        ORDER BY i.variant_key
        """,
        ([listing_id for listing_id, _ in variants], [sku for _, sku in variants]),
    )
    return [row[0] for row in await cursor.fetchall()]
