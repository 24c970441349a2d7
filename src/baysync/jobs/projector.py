"""The projector: turn listings that were written since the last look into changes."""

import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

import anyio

from baysync.db.connection import LOST, Db
from baysync.db.doorbell import Doorbell
from baysync.db.pool import Pool
from baysync.telemetry.logs import logger

RETRY_SECONDS = 0.2
log = logger(__name__)


@dataclass(slots=True, kw_only=True)
class Projector:
    """One projector loop; run it in every process, they share the work by SKIP LOCKED.

    ``project`` takes one batch of marked listings and returns how many there were.
    """

    pool: Pool
    bell: Doorbell
    poll: timedelta
    project: Callable[[Db], Awaitable[int]]
    stopping: anyio.Event

    async def run(self) -> None:
        """Project marked listings until ``stopping`` is set; a lost database is waited for.

        A batch that cannot be read (an older program beside newer data) is tried again each poll.
        """
        async with self.bell.waiter() as ear:
            while not self.stopping.is_set():
                try:
                    done = await self.project_once()
                except LOST:
                    await anyio.sleep(RETRY_SECONDS * random.uniform(0.5, 1.5))  # noqa: S311
                    continue
                except Exception:
                    log.exception("projector.broke")
                    done = 0  # the rows stay marked, and I1 names them until they can be read
                if not done:
                    await ear.wait(self.poll.total_seconds())

    async def project_once(self) -> int:
        """Project one batch of marked listings; return how many there were."""
        async with self.pool.connection() as db:
            done = await self.project(db)
        if done:
            self.bell.ring()
        return done
