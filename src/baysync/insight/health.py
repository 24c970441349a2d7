"""Health as API and pages show it: figures and lights of the whole installation."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from baysync.base import clock
from baysync.db.connection import Db
from baysync.db.trouble import Trouble
from baysync.insight import database, facts_store, gauges
from baysync.insight.model import Facts, Light
from baysync.insight.rules import lights
from baysync.telemetry.metrics import Series


@dataclass(frozen=True, slots=True, kw_only=True)
class LastRun:
    """How long ago a job last ran, in ms; null: never."""

    last_run_ms: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """eBay's quotas of the day: whether one is nearly used up, and the least that is left.

    ``remaining`` is the least of all applications; null while eBay has not said it.
    """

    near_depletion: bool | None = None
    remaining: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EbayHealth:
    """The way to eBay in figures; null where it never was, or nothing is known without a database.

    ``queue_depth`` counts changes that wait, ages are in ms. ``dead_queue_count`` counts dead
    changes whose letter nobody resolved, ``failed_event_count`` open dead letters.
    """

    queue_depth: int | None = None
    last_publish_success_age_ms: int | None = None
    last_publish_error_age_ms: int | None = None
    reconciliation: LastRun = LastRun()
    audit: LastRun = LastRun()
    dead_queue_count: int | None = None
    failed_event_count: int | None = None
    rate: Rate = Rate()


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """The state of the whole installation.

    ``status`` is ``ok``, ``degraded`` (``problems`` says why, ``lights`` the same in parts) or
    ``down``. ``oldest_edit_seconds`` is the age of the oldest accepted edit that waits to reach
    eBay, null where none does. What is counted is as of ``as_of``, null: not counted yet; lights
    of the database, of workers and of accounts are as of ``checked_at``.
    """

    status: str
    version: str
    problems: list[str]
    lights: list[Light]
    database: str
    workers: int
    invariants_broken: dict[str, int]
    queue_pending: int
    queue_processing: int
    oldest_due_seconds: float
    oldest_edit_seconds: float | None
    dead_letters: int
    blocked: dict[str, int]
    last_success: str | None
    last_error: str | None
    ebay: EbayHealth
    as_of: str | None
    checked_at: str


async def read(db: Db, version: str) -> Health:
    """Return the state of the whole installation as of now."""
    facts = await facts_store.facts(db)
    values = await gauges.current(db, facts)
    found = list(lights(facts))
    return Health(
        status="degraded" if found else "ok",
        version=version,
        problems=[light.words for light in found],
        lights=found,
        database="up",
        workers=facts.workers,
        invariants_broken=facts.broken,
        queue_pending=round(sum(_labelled(values, "queue.pending_depth").values())),
        queue_processing=round(values.get(Series("queue.processing_depth"), 0)),
        oldest_due_seconds=round(values.get(Series("queue.oldest_due_seconds"), 0), 1),
        oldest_edit_seconds=facts.oldest_edit_seconds,
        dead_letters=facts.dead,
        blocked=_labelled(values, "listing.blocked"),
        last_success=_moment(values.get(Series("publish.last_success"))),
        last_error=_moment(values.get(Series("publish.last_error"))),
        ebay=_ebay(values, facts),
        as_of=facts.census.as_of and _rfc3339(facts.census.as_of),
        checked_at=_rfc3339(clock.now()),
    )


def unwritable(health: Health, lacks: Trouble) -> Health:
    """Return ``health`` of an installation that can read its database and not write it."""
    light = database.light(lacks)
    return replace(
        health,
        status="down",
        database=str(lacks.lack),
        lights=[light, *health.lights],
        problems=[light.words, *health.problems],
    )


def _ebay(values: dict[Series, float], facts: Facts) -> EbayHealth:
    remaining = values.get(Series("rate.remaining"))
    return EbayHealth(
        queue_depth=round(sum(_labelled(values, "queue.pending_depth").values())),
        last_publish_success_age_ms=_age_ms(values, "publish.last_success"),
        last_publish_error_age_ms=_age_ms(values, "publish.last_error"),
        reconciliation=LastRun(last_run_ms=_age_ms(values, "reconciliation.last_run")),
        audit=LastRun(last_run_ms=_age_ms(values, "audit.last_run")),
        dead_queue_count=facts.census.figures.dead_changes,
        failed_event_count=facts.dead,
        rate=Rate(
            near_depletion=values.get(Series("rate.near_depletion"), 0) > 0,
            remaining=None if remaining is None else round(remaining),
        ),
    )


def _age_ms(values: dict[Series, float], name: str) -> int | None:
    """Return how long ago something last happened; None: never."""
    happened = values.get(Series(name))
    return None if happened is None else max(0, round((clock.now().timestamp() - happened) * 1000))


def without_database(version: str, lacks: Trouble) -> Health:
    """Return what is known while the database lacks something: no figure, one light."""
    light = database.light(lacks)
    return Health(
        status="down",
        version=version,
        problems=[light.words],
        lights=[light],
        database="down",
        workers=0,
        invariants_broken={},
        queue_pending=0,
        queue_processing=0,
        oldest_due_seconds=0.0,
        oldest_edit_seconds=None,
        dead_letters=0,
        blocked={},
        last_success=None,
        last_error=None,
        ebay=EbayHealth(),
        as_of=None,
        checked_at=_rfc3339(clock.now()),
    )


def _labelled(values: dict[Series, float], name: str) -> dict[str, int]:
    return {s.label: round(v) for s, v in sorted(values.items()) if s.name == name}


def _moment(seconds: float | None) -> str | None:
    return None if seconds is None else _rfc3339(datetime.fromtimestamp(seconds, UTC))


def _rfc3339(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
