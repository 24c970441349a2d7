"""Say every few seconds that this process is there, and hand over what it counted."""

import os
import platform
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID, uuid4

import anyio

from baysync.base.version import VERSION
from baysync.db.connection import LOST
from baysync.db.pool import Pool
from baysync.db.trouble import Trouble, trouble, unwritable
from baysync.telemetry import rollup, worker_store
from baysync.telemetry.turns import take_turns


@dataclass(slots=True, kw_only=True)
class Heartbeat:
    """One loop a process; ``publishes`` also shows it among the workers."""

    pool: Pool
    every: timedelta
    publishes: bool
    stopping: anyio.Event
    id: UUID = field(default_factory=uuid4)
    trouble: Trouble | None = None  # why nothing could be written with the last beat

    async def run(self) -> None:
        """Beat until ``stopping``, then a last time; what a lost database missed is kept."""
        await take_turns(self._turn, name="heartbeat", stopping=self.stopping)
        await self.beat(last=True)

    async def _turn(self) -> None:
        await self.beat()
        with anyio.move_on_after(self.every.total_seconds()):
            await self.stopping.wait()

    async def beat(self, *, last: bool = False) -> None:
        """Beat once, and note what the database lacks for it."""
        try:
            async with self.pool.connection() as db:
                await rollup.hand_over(db)
                if last:
                    await worker_store.gone(db, self.id)
                elif self.publishes:
                    await worker_store.seen(
                        db, self.id, host=platform.node(), pid=os.getpid(), version=VERSION
                    )
                self.trouble = await unwritable(db)
        except LOST as error:
            self.trouble = trouble(error)  # what was counted is handed over with the next beat
