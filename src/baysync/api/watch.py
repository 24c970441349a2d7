"""Health: looked at every few seconds, answered from memory even when the database is down."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field

import anyio

from baysync.base import clock
from baysync.db.connection import LOST
from baysync.db.pool import Pool, failures, lack
from baysync.db.trouble import TROUBLES, Lack, Trouble, trouble
from baysync.insight import health
from baysync.insight.census import service as census
from baysync.insight.health import Health

LOOK_SECONDS = 2.0
PATIENCE_SECONDS = 2.0
STALE_SECONDS = 15.0


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
        self.latest = health.without_database(self.version, TROUBLES[Lack.STARTING])

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
                    self.latest = self._written(await health.read(db, self.version))
            self._failures = failures(self.pool)
        except LOST as error:
            self.latest = health.without_database(self.version, trouble(error))
        except TimeoutError:
            self.latest = health.without_database(
                self.version, await lack(self.pool, before=self._failures)
            )
        self._looked = clock.monotonic()

    def _written(self, found: Health) -> Health:
        """Return what was found, or that nothing can be written."""
        lacks = self.unwritten()
        if lacks is None or lacks.lack not in {Lack.FULL, Lack.READ_ONLY}:
            return found
        return health.unwritable(found, lacks)

    def now(self) -> Health:
        """Return the last answer; one that is too old to be trusted counts as down."""
        if self._looked and clock.monotonic() - self._looked > STALE_SECONDS:
            return health.without_database(self.version, TROUBLES[Lack.SLOW])
        return self.latest
