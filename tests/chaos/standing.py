"""Workers that die or stand still; those stand still across steps, while others go on."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import TypeAlias

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from psycopg import OperationalError

from baysync.publish.sending.claim_door import Session
from baysync.publish.worker import Publisher
from chaos import catalogue, queries
from chaos.machine import Machine
from chaos.stalls import Died, Dying, Stalled, Stalling
from support.live_shop import Document

Door: TypeAlias = Callable[[Session], Session]
MOST_CRASHES = 3  # fewer than make a crash loop
LEASE_SECONDS = 120
calls = st.integers(1, 4)


class Workers(Machine):
    """What becomes of the shop's workers."""

    def __init__(self) -> None:
        super().__init__()
        self.stalled: list[Stalled] = []
        self.crashes = 0

    @precondition(lambda self: self.crashes < MOST_CRASHES)
    @rule(calls=calls, after=st.booleans())
    def crash(self, calls: int, *, after: bool) -> None:
        self.crashes += 1
        self.do(self.crashed(partial(Dying, calls=calls, after=after)))
        self.stirred = True

    async def crashed(self, door: Door) -> None:
        with suppress(Died):
            await self.worker(door).publish_once()

    def worker(self, door: Door) -> Publisher:
        """Return another worker, whose sessions are made by ``door`` around the usual one."""
        usual = self.shop.publisher.session

        async def session(account_id: int) -> Session:
            return door(await usual(account_id))

        return replace(self.shop.publisher, session=session)

    @precondition(lambda self: self.crashes < MOST_CRASHES and len(self.stalled) < 2)
    @rule(calls=calls, after=st.booleans())
    def stall(self, calls: int, *, after: bool) -> None:
        """Let a worker claim what is due and stand still at one of its calls."""
        self.crashes += 1
        self.do(self.stood_still(calls, after=after))
        self.stirred = True

    async def stood_still(self, calls: int, *, after: bool) -> None:
        before = set(await self.asked(queries.claims))
        doors: list[Stalling] = []
        arrived = asyncio.Event()

        def door(inner: Session) -> Stalling:
            doors.append(Stalling(inner, calls, after, lambda: self.passed, arrived))
            return doors[-1]

        work = asyncio.create_task(self.worker(door).publish_once())
        stands = asyncio.create_task(arrived.wait())
        await asyncio.wait({work, stands}, return_when=asyncio.FIRST_COMPLETED)
        if stands.done():
            claims = set(await self.asked(queries.claims)) - before
            self.stalled.append(Stalled(doors[-1], work, claims, self.passed))
        stands.cancel()

    @precondition(lambda self: self.stalled)
    @rule()
    def resume(self) -> None:
        """Let the worker that stands still longest go on: too late, it does nothing more."""
        zombie = self.stalled.pop(0)
        others, sent = self.ask(queries.claims), self.sent()
        zombie.door.goes_on.set()
        self.do(asyncio.wait_for(zombie.work, None))
        self.stirred = True
        if self.passed - zombie.since >= LEASE_SECONDS:
            assert self.sent() == sent, "a call was sent after its deadline"
        believed = partial(queries.fenced_and_believed, claims=zombie.claims)
        assert self.ask(believed) == [], "what another worker took over is not in doubt"
        now = self.ask(queries.claims)
        for claim, rows in others.items():
            if claim not in zombie.claims:
                assert now.get(claim) == rows, "another worker's claim was settled"

    @rule(edits=st.tuples(catalogue.edits, catalogue.edits))
    def unplug(self, edits: tuple[tuple[str, Document], ...]) -> None:
        """Lose the database between a claim and its first call; the shop has said more by then."""
        before, newer = edits
        self.edit(before)

        async def session(_account_id: int) -> Session:
            listing = self.catalogue.edited(*newer)
            self.books.hear(listing)
            await self.shop.put(listing)
            raise OperationalError("unplugged")

        self.do(replace(self.shop.publisher, session=session).publish_once())
        self.stirred = True

    @precondition(lambda self: not self.stalled and self.crashes == 0)
    @rule(edits=st.tuples(catalogue.edits, catalogue.edits), calls=calls, after=st.booleans())
    def take_over(
        self, edits: tuple[tuple[str, Document], ...], calls: int, *, after: bool
    ) -> None:
        """Let a worker come back while another has its change, and a newer edit of it."""
        before, newer = edits
        self.edit(before)
        self.stall(calls, after=after)
        self.wait(150)
        self.edit((before[0], newer[1]) if newer[0] == before[0] else before)
        self.stall(1, after=not after)
        if self.stalled:
            self.resume()
