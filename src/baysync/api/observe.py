"""What is so now and what happened so far, of all processes together."""

from collections import Counter
from collections.abc import Iterable
from datetime import timedelta

from baysync.api import gauge_store
from baysync.db.connection import Db
from baysync.insight import facts_store
from baysync.insight.model import Cause, Facts, Light
from baysync.insight.rules import lights
from baysync.telemetry import rollup
from baysync.telemetry.metrics import Series

CHANGED = ("queue.enqueue", "queue.coalesced", "queue.enqueue_skipped_duplicate")
SAME = "queue.enqueue_skipped_hash"


async def values(db: Db, facts: Facts | None = None) -> dict[Series, float]:
    """Return counters, timers, moments and gauges; what this process counted is handed over.

    ``facts`` are read unless the caller has them.
    """
    facts = facts or await facts_store.facts(db)
    found = {**await rollup.totals(db), **await gauge_store.gauges(db), **known(facts)}
    changed = sum(found.get(Series(name), 0.0) for name in CHANGED)
    looked = changed + found.get(Series(SAME), 0.0)
    found[Series("projection.hash_miss_ratio")] = changed / looked if looked else 0.0
    return found


def known(facts: Facts) -> dict[Series, float]:
    """Return the facts as metrics; of what is unknown there is none."""
    paused = Counter(one.paused_kind for one in facts.accounts if one.paused_kind)
    ends = [one.consent_until for one in facts.accounts if one.consent_until]
    found = {
        Series("worker.alive"): facts.workers,
        Series("dead.open"): facts.dead,
        Series("invariant.broken"): sum(facts.broken.values()),
        Series("edit.oldest_seconds"): (facts.oldest_edit_age or timedelta()).total_seconds(),
        **lit(lights(facts)),
        **{Series("account.paused", kind): count for kind, count in paused.items()},
    }
    if ends:
        left = (min(ends) - facts.now).total_seconds()
        found[Series("consent.remaining_seconds")] = max(0.0, left)
    return found


def lit(found: Iterable[Light]) -> dict[Series, float]:
    """Return how many lights are lit by cause, also 0."""
    counts = Counter(light.cause for light in found)
    return {Series("light.lit", str(cause)): counts[cause] for cause in Cause}
