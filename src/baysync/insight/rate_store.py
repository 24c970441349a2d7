"""SQL of eBay's quotas as they are now."""

from baysync.db.connection import Db
from baysync.insight.rules import NEAR_END
from baysync.telemetry.metrics import Series


async def rates(db: Db) -> dict[Series, float]:
    """Return what is left of the scarcest quota, if known, and how many are near their end."""
    cursor = await db.execute(
        """
        SELECT min(daily_remaining) FILTER (WHERE daily_reset_at > now()),
            count(*) FILTER (WHERE blocked_until > now()
                OR (daily_remaining < daily_limit * %(near)s::float8 AND daily_reset_at > now()))
        FROM rate_bucket
        """,
        {"near": NEAR_END},
    )
    ((remaining, near),) = await cursor.fetchall()
    known = {} if remaining is None else {Series("rate.remaining"): float(remaining)}
    return {Series("rate.near_depletion"): near, **known}
