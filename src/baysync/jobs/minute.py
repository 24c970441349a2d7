"""The minute job: take back lost changes, look again at blocks, make partitions, check promises."""

from dataclasses import dataclass
from datetime import timedelta

from baysync.db import partitions
from baysync.db.connection import Db
from baysync.insight.census import service as census
from baysync.queue import upkeep
from baysync.telemetry import metrics
from baysync.telemetry.logs import logger

log = logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Upkeep:
    """What one round did: changes taken back, blocks ended, promises found broken."""

    reaped: int
    rechecked: int
    broken: int


async def keep_up(db: Db, *, verify_delay: timedelta) -> Upkeep:
    """Do one round of upkeep; each part is a transaction of its own."""
    reaped = await upkeep.reap(db, verify_after=verify_delay)
    rechecked = await upkeep.recheck(db)
    await partitions.keep_ahead(db)
    await census.take_due(db)
    broken = (await census.read(db)).broken
    metrics.count("queue.reaped", len(reaped))
    for violation in broken:
        log.error(
            "invariant.broken",
            invariant=violation.invariant,
            ebay_listing_id=violation.ebay_listing_id,
            detail=violation.detail,
        )
    return Upkeep(reaped=len(reaped), rechecked=len(rechecked), broken=len(broken))
