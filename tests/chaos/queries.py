"""What the histories ask the database."""

from collections.abc import Collection
from uuid import UUID

from baysync.db.connection import Db
from chaos.catalogue import place

COUNTED = ("throttled", "released", "reauth", "config")


async def claims(db: Db) -> dict[UUID, list[int]]:
    """Return the changes in flight by claim."""
    cursor = await db.execute(
        """
        SELECT claim_id, array_agg(id ORDER BY id) FROM ebay_change_queue
        WHERE status = 'processing' GROUP BY claim_id
        """
    )
    return {claim: list(ids) for claim, ids in await cursor.fetchall()}


async def fenced_and_believed(db: Db, *, claims: Collection[UUID]) -> list[object]:
    """Return the listings that ``claims`` came too late for and that are not in doubt."""
    cursor = await db.execute(
        """
        SELECT e.id FROM ebay_sync_log l JOIN ebay_listing e ON e.id = l.ebay_listing_id
        WHERE l.claim_id = ANY(%s) AND l.outcome = 'fenced' AND e.verify_at IS NULL
        """,
        (list(claims),),
    )
    return list(await cursor.fetchall())


async def outdated(db: Db) -> list[object]:
    """Return the pending changes that name another state than the one wanted."""
    cursor = await db.execute(
        """
        SELECT q.id FROM ebay_change_queue q JOIN ebay_listing e ON e.id = q.ebay_listing_id
        WHERE q.status = 'pending' AND q.payload_hash IS DISTINCT FROM e.desired_hash
        """
    )
    return list(await cursor.fetchall())


async def quiet(db: Db) -> set[str]:
    """Return the places of listings that are as wanted and not in doubt."""
    cursor = await db.execute(
        """
        SELECT l.sku, e.marketplace FROM ebay_listing e JOIN listing l ON l.id = e.listing_id
        WHERE e.desired_hash = e.published_hash AND e.verify_at IS NULL
        """
    )
    return {place(sku, marketplace) for sku, marketplace in await cursor.fetchall()}


async def ended_remotely(db: Db) -> set[str]:
    """Return the places of listings that were found ended on eBay."""
    cursor = await db.execute(
        """
        SELECT l.sku, e.marketplace FROM ebay_listing e JOIN listing l ON l.id = e.listing_id
        WHERE e.blocked_reason = 'ended_remotely'
        """
    )
    return {place(sku, marketplace) for sku, marketplace in await cursor.fetchall()}


async def overspent(db: Db) -> list[object]:
    """Return the changes that count more attempts than eBay gave answers."""
    cursor = await db.execute(
        """
        SELECT q.id, q.attempts FROM ebay_change_queue q
        WHERE q.attempts > (
            SELECT count(*) FROM ebay_sync_log l
            WHERE l.queue_id = q.id AND l.outcome <> ALL(%s))
        """,
        (list(COUNTED),),
    )
    return list(await cursor.fetchall())
