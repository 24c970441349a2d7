"""SQL of what buyers are to be offered of a listing, as it was projected last."""

from collections.abc import Sequence

from baysync.base.packing import opened
from baysync.db.connection import Db


async def desired(db: Db, listing_ids: Sequence[int]) -> list[tuple[int, str, str, bytes | None]]:
    """Return listing, account, marketplace and desired document of all that is offered on eBay."""
    cursor = await db.execute(
        """
        SELECT e.listing_id, a.name, e.marketplace, e.desired_blob
        FROM ebay_listing e JOIN account a ON a.id = e.account_id
        WHERE e.listing_id = ANY(%b::bigint[]) AND e.lifecycle_state <> 'removed'
        ORDER BY e.listing_id, a.name, e.marketplace
        """,
        (list(listing_ids),),
    )
    return [
        (at, account, marketplace, stored and opened(stored))
        for at, account, marketplace, stored in await cursor.fetchall()
    ]
