"""Wake waiting loops when there is something to do: NOTIFY after commit, and a poll besides.

A notification is a hint that saves waiting for the next poll; losing one loses nothing. It is
never sent inside a transaction of the shop, whose commits it would slow down.
"""

from collections.abc import AsyncGenerator
from contextlib import aclosing, asynccontextmanager

import anyio
from psycopg import AsyncConnection

from baysync.db.connection import Db
from baysync.db.pool import Pool

CHANNEL = "baysync_work"
DEBOUNCE_SECONDS = 0.05
LISTEN_SECONDS = 30.0


class Waiter:
    """One loop's ear at the doorbell."""

    def __init__(self) -> None:
        self._event = anyio.Event()

    def wake(self) -> None:
        """End the wait under way, or the next one at once."""
        self._event.set()

    async def wait(self, seconds: float) -> bool:
        """Return True once the bell has rung since the last wait, False after ``seconds``."""
        with anyio.move_on_after(seconds):
            await self._event.wait()
        rung = self._event.is_set()
        self._event = anyio.Event()
        return rung


class Doorbell:
    """Rings in every process that listens on the same database."""

    def __init__(self, url: str, pool: Pool) -> None:
        self._url = url
        self._pool = pool
        self._rung = Waiter()
        self._waiters: set[Waiter] = set()
        self.listening = False

    def ring(self) -> None:
        """Say, after a commit, that there may be something to do; cheap, never fails."""
        self._wake()
        self._rung.wake()

    async def tell(self, db: Db) -> None:
        """Ring in the other processes now, after a commit, on a connection of the caller's."""
        await db.execute("SELECT pg_notify(%s, '')", (CHANNEL,))

    @asynccontextmanager
    async def waiter(self) -> AsyncGenerator[Waiter]:
        """Lend an ear for the length of the block; it starts rung, to look once at once."""
        waiter = Waiter()
        waiter.wake()
        self._waiters.add(waiter)
        try:
            yield waiter
        finally:
            self._waiters.discard(waiter)

    def _wake(self) -> None:
        for waiter in self._waiters:
            waiter.wake()

    async def carry(self) -> None:
        """Carry one ring, or a burst of them, to the other processes; again and again for all.

        A ring that a lost database swallows is not carried twice: the others find the work by
        their poll.
        """
        if await self._rung.wait(LISTEN_SECONDS):
            async with self._pool.connection() as db:
                await self.tell(db)
            await anyio.sleep(DEBOUNCE_SECONDS)

    async def listen(self) -> None:
        """Hear the rings of other processes until the connection is lost; again and again."""
        try:
            # A connection of its own: one that waits for notifications can do nothing else.
            async with await AsyncConnection.connect(self._url, autocommit=True) as db:
                await db.execute("LISTEN baysync_work")
                self.listening = True
                self._wake()  # what was rung while nobody listened
                async with aclosing(db.notifies()) as rings:
                    async for _ in rings:
                        self._wake()
        finally:
            self.listening = False
