"""The projector: turn listings that were written since the last look into changes."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

import anyio

from baysync.db.connection import Db
from baysync.db.doorbell import Doorbell
from baysync.db.pool import Pool
from baysync.telemetry.turns import take_turns


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

        A batch that cannot be read (an older program beside newer data) is tried again a little
        later: its rows stay marked, and I1 names them until they can be read.
        """
        async with self.bell.waiter() as ear:

            async def turn() -> None:
                if not await self.project_once():
                    await ear.wait(self.poll.total_seconds())

            await take_turns(turn, name="projector", stopping=self.stopping)

    async def project_once(self) -> int:
        """Project one batch of marked listings; return how many there were."""
        async with self.pool.connection() as db:
            done = await self.project(db)
        if done:
            self.bell.ring()
        return done
