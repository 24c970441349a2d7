"""Health: looked at every few seconds, answered from memory even when the database is down."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import anyio

from baysync.api import observe
from baysync.base import clock
from baysync.db.connection import LOST, Db
from baysync.db.pool import Pool, failures, lack
from baysync.db.trouble import TROUBLES, Lack, Trouble, trouble
from baysync.insight import database, facts_store
from baysync.insight.census import service as census
from baysync.insight.model import Facts, Light
from baysync.insight.rules import lights
from baysync.telemetry.metrics import Series

LOOK_SECONDS = 2.0
PATIENCE_SECONDS = 2.0
STALE_SECONDS = 15.0


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """Whether requests can be served, and the causes of all lights that are lit."""

    ready: bool
    causes: list[str]


@dataclass(slots=True, kw_only=True)
class Watch:
    """Looks at the database in the background and keeps the last answer.

    ``unwritten`` says why this process could not write a moment ago, which looking does not tell.
    """

    pool: Pool
    version: str
    unwritten: Callable[[], Trouble | None] = lambda: None
    latest: Health = field(init=False)
    _looked: float = field(init=False, default=0.0)
    _failures: int = field(init=False, default=0)

    def __post_init__(self) -> None:
        self.latest = _without_database(self.version, TROUBLES[Lack.STARTING])

    async def turn(self) -> None:
        """Look once and wait for the next time."""
        await self.look()
        await anyio.sleep(LOOK_SECONDS * random.uniform(0.8, 1.2))  # noqa: S311

    async def count(self) -> None:
        """Count what is due and wait for the next time."""
        async with self.pool.connection() as db:
            await census.take_due(db)
        await anyio.sleep(LOOK_SECONDS)

    async def look(self) -> None:
        """Look once; a database that does not answer in time is down."""
        try:
            with anyio.fail_after(PATIENCE_SECONDS):
                async with self.pool.connection() as db:
                    self.latest = self._written(await _of(db, self.version))
            self._failures = failures(self.pool)
        except LOST as error:
            self.latest = _without_database(self.version, trouble(error))
        except TimeoutError:
            self.latest = _without_database(
                self.version, await lack(self.pool, before=self._failures)
            )
        self._looked = clock.monotonic()

    def _written(self, found: Health) -> Health:
        """Return what was found, or that nothing can be written."""
        lacks = self.unwritten()
        if lacks is None or lacks.lack not in {Lack.FULL, Lack.READ_ONLY}:
            return found
        light = database.light(lacks)
        return replace(
            found,
            status="down",
            database=str(lacks.lack),
            lights=[light, *found.lights],
            problems=[light.words, *found.problems],
        )

    def now(self) -> Health:
        """Return the last answer; one that is too old to be trusted counts as down."""
        if self._looked and clock.monotonic() - self._looked > STALE_SECONDS:
            return _without_database(self.version, TROUBLES[Lack.SLOW])
        return self.latest


async def _of(db: Db, version: str) -> Health:
    facts = await facts_store.facts(db)
    values = await observe.current(db, facts)
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


def _without_database(version: str, lacks: Trouble) -> Health:
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
