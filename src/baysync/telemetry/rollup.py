"""Hand over what this process has counted, and read what all of them have."""

from datetime import timedelta

from baysync.db.connection import Db
from baysync.telemetry import metric_store
from baysync.telemetry.metric_store import Values
from baysync.telemetry.metrics import GATHERED
from baysync.telemetry.names import ALL, MetricKind

KEEP = timedelta(days=30)
MOMENTS = [metric.name for metric in ALL if metric.kind is MetricKind.TIMESTAMP]


async def hand_over(db: Db) -> int:
    """Add what has gathered to this minute's rows; return the number of series.

    What could not be written is kept for the next time. After a COMMIT of unknown outcome it may
    be counted twice: a counter is no ledger.
    """
    sums, moments = GATHERED.take()
    try:
        async with db.transaction():
            await metric_store.add(db, sums, moments)
    except BaseException:
        GATHERED.give_back(sums, moments)
        raise
    return len(sums) + len(moments)


async def fold(db: Db) -> int:
    """Fold minutes older than 30 days into the totals; return how many series that touched."""
    return await metric_store.fold(db, keep=KEEP)


async def moments(db: Db) -> Values:
    """Return when what happens now and then last did, this process's newest included."""
    await hand_over(db)
    return await metric_store.moments(db, MOMENTS)
