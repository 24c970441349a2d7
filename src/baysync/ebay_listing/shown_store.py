"""SQL of what buyers see, for those who judge listings: the published documents of a few SKUs."""

from collections.abc import Sequence
from dataclasses import dataclass

from baysync.db.connection import Db
from baysync.db.rows import opened_row


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedDocument:
    """The canonical bytes of what eBay is known to hold of a SKU on one marketplace."""

    sku: str
    account_id: int
    marketplace: str
    blob: bytes


async def published(db: Db, skus: Sequence[str]) -> list[PublishedDocument]:
    """Return what eBay is known to hold of the listings with these SKUs."""
    if not skus:
        return []
    cursor = db.cursor(row_factory=opened_row(PublishedDocument, "blob"))
    await cursor.execute(
        """
        SELECT l.sku, e.account_id, e.marketplace, e.published_blob AS blob
        FROM listing l JOIN ebay_listing e ON e.listing_id = l.id
        WHERE l.sku = ANY(%b::text[]) AND e.published_blob IS NOT NULL
        """,
        (list(skus),),
    )
    return await cursor.fetchall()
