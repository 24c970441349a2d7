"""Sessions of workers that die, or stand still, at one of their calls."""

import asyncio
from asyncio import Event
from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

from psycopg import OperationalError

from baysync.ebay.model import Answer, Call
from baysync.publish.sending.claim_door import Session


class Died(BaseException):
    """The worker is gone; nothing of ours may catch this."""


@dataclass(slots=True)
class Dying:
    """A session whose worker dies at its n-th call, before or after eBay has it."""

    inner: Session
    calls: int
    after: bool

    async def send(self, call: Call, *, deadline: float) -> Answer:
        """Send the call, unless it is the last."""
        self.calls -= 1
        if self.calls <= 0:
            if self.after:
                await self.inner.send(call, deadline=deadline)
            raise Died
        return await self.inner.send(call, deadline=deadline)


@dataclass(slots=True)
class Unplugged:
    """A session that finds no database at its n-th call, and sends nothing then."""

    inner: Session
    calls: int

    async def send(self, call: Call, *, deadline: float) -> Answer:
        """Send the call, unless it is the one."""
        self.calls -= 1
        if self.calls == 0:
            raise OperationalError("unplugged")
        return await self.inner.send(call, deadline=deadline)


@dataclass(slots=True)
class Stalling:
    """A session whose worker stands still at its n-th call, before or after eBay has it.

    ``clock`` tells the seconds of virtual time; what passes meanwhile is missing at the deadline,
    as on the worker's own monotonic clock.
    """

    inner: Session
    calls: int
    after: bool
    clock: Callable[[], float]
    stands: Event = field(default_factory=Event)
    goes_on: Event = field(default_factory=Event)

    async def send(self, call: Call, *, deadline: float) -> Answer:
        """Send the call; the n-th waits until the worker goes on."""
        self.calls -= 1
        if self.calls != 0:
            return await self.inner.send(call, deadline=deadline)
        if self.after:
            answer = await self.inner.send(call, deadline=deadline)
            await self._stand()
            return answer
        begun = self.clock()
        await self._stand()
        return await self.inner.send(call, deadline=deadline - (self.clock() - begun))

    async def _stand(self) -> None:
        self.stands.set()
        await self.goes_on.wait()


@dataclass(slots=True)
class Stalled:
    """A worker that stands still in a call, since ``since``, with what it had claimed."""

    door: Stalling
    work: asyncio.Task[bool]
    claims: set[UUID]
    since: float
