"""SQL of what is so now: depths, blocks and letters, for metrics, health and status."""

from dataclasses import dataclass

from baysync.db.connection import Db
from baysync.telemetry.metrics import Series

NEAR_DEPLETION = 0.2  # of the calls of a day

GAUGES = """
    SELECT 'queue.pending_depth', intent, count(*)::float8
    FROM ebay_change_queue WHERE status = 'pending' GROUP BY intent
    UNION ALL
    SELECT 'queue.processing_depth', '', count(*)
    FROM ebay_change_queue WHERE status = 'processing'
    UNION ALL
    SELECT 'queue.oldest_due_seconds', '',
        coalesce(extract(epoch FROM now() - min(run_at)), 0)::float8
    FROM ebay_change_queue WHERE status = 'pending' AND run_at <= now()
    UNION ALL
    SELECT 'listing.blocked', blocked_reason, count(*)
    FROM ebay_listing WHERE blocked_reason IS NOT NULL GROUP BY blocked_reason
    UNION ALL
    SELECT 'listing.unprojected', '', count(*) FROM listing WHERE projected_version < version
    UNION ALL
    SELECT 'rate.remaining', '', min(daily_remaining) FROM rate_bucket
    WHERE daily_reset_at > now() HAVING min(daily_remaining) IS NOT NULL
    UNION ALL
    SELECT 'rate.near_depletion', '', count(*)
    FROM rate_bucket WHERE blocked_until > now()
        OR (daily_remaining < daily_limit * %(near)s::float8 AND daily_reset_at > now())
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many listings there are, and how many eBay listings in each state."""

    listings: int
    states: dict[str, int]


async def gauges(db: Db) -> dict[Series, float]:
    """Return every gauge that can be read from the tables."""
    cursor = await db.execute(GAUGES, {"near": NEAR_DEPLETION})
    return {Series(name, label): float(value) for name, label, value in await cursor.fetchall()}


async def counts(db: Db) -> Counts:
    """Return how many listings there are, and eBay listings by lifecycle state."""
    cursor = await db.execute("SELECT count(*) FROM listing")
    (row,) = await cursor.fetchall()
    grouped = await db.execute(
        "SELECT lifecycle_state, count(*) FROM ebay_listing GROUP BY 1 ORDER BY 1"
    )
    return Counts(listings=row[0], states=dict(await grouped.fetchall()))
