"""SQL of what has become of the demo's catalogue."""

from psycopg.rows import class_row

from baysync.db.connection import Db
from baysync.demo.result import DemoMarketplace, DemoProgress


async def progress(db: Db) -> DemoProgress:
    """Return how far the catalogue is, all as of one moment."""
    cursor = db.cursor(row_factory=class_row(DemoProgress))
    await cursor.execute(
        """
        SELECT l.listings, l.published, l.blocked, l.ebay_listings, l.settled, l.held, d.dead,
            q.waiting
        FROM (
            SELECT count(*) AS listings,
                count(*) FILTER (WHERE places > 0 AND live = places AND held = 0) AS published,
                count(*) FILTER (WHERE held > 0) AS blocked,
                coalesce(sum(places), 0)::int AS ebay_listings,
                coalesce(sum(settled), 0)::int AS settled, coalesce(sum(held), 0)::int AS held
            FROM (
                SELECT count(e.id) AS places,
                    count(nullif(e.blocked_reason, 'checking_rules')) AS held,
                    count(*) FILTER (WHERE e.lifecycle_state = 'live') AS live,
                    count(*) FILTER (WHERE e.lifecycle_state = 'live'
                        OR e.blocked_reason <> 'checking_rules') AS settled
                FROM listing l LEFT JOIN ebay_listing e ON e.listing_id = l.id
                GROUP BY l.id) each) l
        CROSS JOIN (
            SELECT count(*) AS dead FROM ebay_failed_event WHERE resolved_at IS NULL) d
        CROSS JOIN (
            SELECT (SELECT count(*) FROM ebay_change_queue
                    WHERE status IN ('pending', 'processing'))
                + (SELECT count(*) FROM ebay_listing
                    WHERE verify_at IS NOT NULL OR blocked_reason = 'checking_rules') AS waiting) q
        """
    )
    return (await cursor.fetchall())[0]


async def places(db: Db) -> list[DemoMarketplace]:
    """Return each marketplace with the ebay listings that buyers see there."""
    cursor = db.cursor(row_factory=class_row(DemoMarketplace))
    await cursor.execute(
        """
        SELECT e.marketplace, count(*) FILTER (WHERE e.lifecycle_state = 'live') AS live,
            count(*) FILTER (WHERE e.lifecycle_state = 'live' AND e.group_key IS NOT NULL)
                AS with_variants
        FROM ebay_listing e GROUP BY e.marketplace ORDER BY live DESC
        """
    )
    return await cursor.fetchall()
