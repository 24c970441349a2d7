"""What is so now and what happened so far, of all processes together."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta

from baysync.db.connection import Db
from baysync.insight import facts_store, rate_store
from baysync.insight.census import service as census
from baysync.insight.census.model import Census
from baysync.insight.model import Cause, Facts, Light
from baysync.insight.rules import lights
from baysync.telemetry import rollup
from baysync.telemetry.metrics import Series

CHANGED = ("queue.enqueue", "queue.coalesced", "queue.enqueue_skipped_duplicate")
SAME = "queue.enqueue_skipped_hash"


async def values(db: Db) -> dict[Series, float]:
    """Return counters, timers, moments and gauges; what this process counted is handed over."""
    facts = await facts_store.facts(db)
    found = {**await census.totals(db), **await current(db, facts)}
    changed = sum(found.get(Series(name), 0.0) for name in CHANGED)
    looked = changed + found.get(Series(SAME), 0.0)
    found[Series("projection.hash_miss_ratio")] = changed / looked if looked else 0.0
    return found


async def current(db: Db, facts: Facts) -> dict[Series, float]:
    """Return moments and gauges: what one look is enough for."""
    return {
        **await rollup.moments(db),
        **await rate_store.rates(db),
        **counted(facts.census, facts.now),
        **known(facts),
    }


def counted(found: Census, now: datetime) -> dict[Series, float]:
    """Return a census as gauges, and its age."""
    figures = found.figures
    gauges: dict[Series, float] = {
        Series("queue.processing_depth"): figures.processing,
        Series("queue.oldest_due_seconds"): found.oldest_due.total_seconds(),
        Series("listing.unprojected"): figures.unprojected,
        Series("dead.open"): figures.dead,
        Series("invariant.broken"): len(found.broken),
    }
    gauges |= {Series("queue.pending_depth", intent): n for intent, n in figures.pending.items()}
    gauges |= {Series("listing.blocked", reason): n for reason, n in figures.blocked.items()}
    if found.as_of:
        gauges[Series("census.age_seconds")] = (now - found.as_of).total_seconds()
    return gauges


def known(facts: Facts) -> dict[Series, float]:
    """Return the facts as metrics; of what is unknown there is none."""
    paused = Counter(one.paused_kind for one in facts.accounts if one.paused_kind)
    ends = [one.consent_until for one in facts.accounts if one.consent_until]
    found = {
        Series("worker.alive"): facts.workers,
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
