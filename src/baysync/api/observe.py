"""What is so now and what happened so far, of all processes together."""

from baysync.api import gauge_store
from baysync.db.connection import Db
from baysync.telemetry import rollup
from baysync.telemetry.metrics import Series

CHANGED = ("queue.enqueue", "queue.coalesced", "queue.enqueue_skipped_duplicate")
SAME = "queue.enqueue_skipped_hash"


async def values(db: Db) -> dict[Series, float]:
    """Return counters, timers, moments and gauges; what this process counted is handed over."""
    found = {**await rollup.totals(db), **await gauge_store.gauges(db)}
    changed = sum(found.get(Series(name), 0.0) for name in CHANGED)
    looked = changed + found.get(Series(SAME), 0.0)
    found[Series("projection.hash_miss_ratio")] = changed / looked if looked else 0.0
    return found
