"""Health: looked at every few seconds, answered from memory even when the database is down."""

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime

import anyio

from baysync.api import observe
from baysync.base import clock
from baysync.db.connection import LOST, Db
from baysync.db.pool import Pool
from baysync.queue import invariant_store
from baysync.telemetry.metrics import Series

LOOK_SECONDS = 2.0
PATIENCE_SECONDS = 2.0
STALE_SECONDS = 15.0
OLDEST_DUE_SECONDS = 300.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """The state of the whole installation.

    ``status`` is ``ok``, ``degraded`` (``problems`` says why) or ``down``.
    """

    status: str
    version: str
    problems: list[str]
    database: str
    invariants_broken: dict[str, int]
    queue_pending: int
    queue_processing: int
    oldest_due_seconds: float
    dead_letters: int
    blocked: dict[str, int]
    last_success: str | None
    last_error: str | None
    checked_at: str


@dataclass(slots=True, kw_only=True)
class Watch:
    """Looks at the database in the background and keeps the last answer."""

    pool: Pool
    version: str
    latest: Health = field(init=False)
    _looked: float = field(init=False, default=0.0)

    def __post_init__(self) -> None:
        self.latest = _without_database(self.version, "not looked yet")

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            await self.look()
            await anyio.sleep(LOOK_SECONDS * random.uniform(0.8, 1.2))  # noqa: S311

    async def look(self) -> None:
        """Look once; a database that does not answer in time is down."""
        try:
            with anyio.fail_after(PATIENCE_SECONDS):
                async with self.pool.connection() as db:
                    self.latest = await _of(db, self.version)
        except (*LOST, TimeoutError):
            self.latest = _without_database(self.version, "does not answer")
        self._looked = clock.monotonic()

    def now(self) -> Health:
        """Return the last answer; one that is too old to be trusted counts as down."""
        if self._looked and clock.monotonic() - self._looked > STALE_SECONDS:
            return _without_database(self.version, "was not looked at for too long")
        return self.latest


async def _of(db: Db, version: str) -> Health:
    values = await observe.values(db)
    broken: dict[str, int] = {}
    for violation in await invariant_store.broken(db):
        broken[violation.invariant] = broken.get(violation.invariant, 0) + 1
    problems = _problems(values, broken)
    return Health(
        status="degraded" if problems else "ok",
        version=version,
        problems=problems,
        database="up",
        invariants_broken=broken,
        queue_pending=round(sum(_labelled(values, "queue.pending_depth").values())),
        queue_processing=round(values.get(Series("queue.processing_depth"), 0)),
        oldest_due_seconds=round(values.get(Series("queue.oldest_due_seconds"), 0), 1),
        dead_letters=round(values.get(Series("dead.open"), 0)),
        blocked=_labelled(values, "listing.blocked"),
        last_success=_moment(values.get(Series("publish.last_success"))),
        last_error=_moment(values.get(Series("publish.last_error"))),
        checked_at=_rfc3339(clock.now()),
    )


def _problems(values: dict[Series, float], broken: dict[str, int]) -> list[str]:
    found = [f"{name}: {count} rows break it" for name, count in sorted(broken.items())]
    if dead := values.get(Series("dead.open"), 0):
        found.append(f"{dead:.0f} dead letters are open: baysync dead list")
    if (late := values.get(Series("queue.oldest_due_seconds"), 0)) > OLDEST_DUE_SECONDS:
        found.append(f"a change is due for {late:.0f} s: is a worker running? baysync work")
    return found


def _without_database(version: str, why: str) -> Health:
    return Health(
        status="down",
        version=version,
        problems=[f"the database {why}"],
        database="down",
        invariants_broken={},
        queue_pending=0,
        queue_processing=0,
        oldest_due_seconds=0.0,
        dead_letters=0,
        blocked={},
        last_success=None,
        last_error=None,
        checked_at=_rfc3339(clock.now()),
    )


def _labelled(values: dict[Series, float], name: str) -> dict[str, int]:
    return {s.label: round(v) for s, v in sorted(values.items()) if s.name == name}


def _moment(seconds: float | None) -> str | None:
    return None if seconds is None else _rfc3339(datetime.fromtimestamp(seconds, UTC))


def _rfc3339(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
