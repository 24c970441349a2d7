"""Run what is due, in whichever process looks first, one run at a time in all of them."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID, uuid4

import anyio

from baysync.base.ending import CALL_SECONDS, cut_off
from baysync.db import job_schedule
from baysync.db.connection import Db
from baysync.db.doorbell import Doorbell
from baysync.db.pool import Pool
from baysync.telemetry import metrics
from baysync.telemetry.logs import logger
from baysync.telemetry.turns import take_turns

log = logger(__name__)
GRACE = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class Job:
    """Periodic work: safe to stop at any point and to run twice.

    ``run`` returns what it did, for the log; it is cancelled after ``timeout``. ``early`` tells
    whether there is work before ``every`` has passed.
    """

    name: str
    every: timedelta
    timeout: timedelta
    run: Callable[[], Awaitable[object]]
    early: Callable[[Db], Awaitable[bool]] | None = None


@dataclass(slots=True, kw_only=True)
class Runner:
    """The job loop of one process; ``stopping`` ends it after the run under way.

    It looks at the schedule each ``poll``, and when the bell rings.
    """

    pool: Pool
    bell: Doorbell
    jobs: Sequence[Job]
    poll: timedelta
    stopping: anyio.Event
    owner: UUID = field(default_factory=uuid4)

    async def run(self) -> None:
        """Run due jobs until ``stopping`` is set; a lost database is waited for."""
        declared = False
        async with self.bell.waiter() as ear:

            async def turn() -> None:
                nonlocal declared
                if not declared:
                    await self.declare()
                    declared = True
                if not await self.run_once():
                    await ear.wait(self.poll.total_seconds())

            await take_turns(turn, name="runner", stopping=self.stopping)

    async def declare(self) -> None:
        """Put the jobs on the schedule."""
        async with self.pool.connection() as db:
            await job_schedule.declare(db, [(job.name, job.every) for job in self.jobs])

    async def run_once(self) -> bool:
        """Run one due job; False when none was due."""
        leases = {job.name: job.timeout + GRACE for job in self.jobs}
        async with self.pool.connection() as db:
            early = [job.name for job in self.jobs if job.early and await job.early(db)]
            name = await job_schedule.take(db, leases, early=early, owner=self.owner)
        if name is None:
            return False
        job = next(job for job in self.jobs if job.name == name)
        error = await self._outcome(job)
        async with self.pool.connection() as db:
            await job_schedule.finish(db, name, owner=self.owner, error=error)
        return True

    async def _outcome(self, job: Job) -> str | None:
        """Run a job; return None, or why it failed. One job's failure is no other's."""
        did = None
        try:
            async with cut_off(self.stopping, CALL_SECONDS) as limit:
                with anyio.fail_after(job.timeout.total_seconds()):
                    did = await job.run()
        except Exception as error:
            log.exception("job.failed", job=job.name)
            metrics.count("job.failure", label=job.name)
            return f"{type(error).__name__}: {error}"[:500]
        if limit.expired():
            return "cut off: the process was told to end"
        log.debug("job.ran", job=job.name, did=did)
        metrics.count("job.run", label=job.name)
        return None
