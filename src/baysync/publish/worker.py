"""The publisher: claim a batch, carry it out, settle it; again, until told to stop."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from uuid import UUID, uuid4

import anyio

from baysync.account import store as accounts
from baysync.account.model import PauseKind
from baysync.base import clock
from baysync.base.errors import AccessRefused
from baysync.db.connection import LOST, Db
from baysync.db.pool import Pool
from baysync.ebay.model import Problem, Verdict
from baysync.publish import store
from baysync.publish.completion import CompletionKind
from baysync.publish.limits import Limits
from baysync.publish.model import MAX_READ_BACKS, Work
from baysync.publish.planning import load as loading
from baysync.publish.sending.claim_door import ClaimSender, Session
from baysync.publish.sending.dispatch import Sender
from baysync.publish.sending.phases import carry_out
from baysync.publish.settling import transaction as service
from baysync.publish.settling.decision import Decision, lane_news
from baysync.publish.verify import read_back
from baysync.queue import store as queue
from baysync.queue.model import Claimed, Debounce
from baysync.telemetry import metrics
from baysync.telemetry.turns import take_turns

DATABASE_PAUSE_SECONDS = 0.2


@dataclass(slots=True, kw_only=True)
class Publisher:
    """One publisher slot: stateless but for its connections; run as many as you like.

    ``session`` opens an account's door to eBay; ``wait`` returns when there may be new work or
    the poll interval is over; ``jitter`` draws from [0, 1); ``done`` is told of each batch,
    and ``failed``, inside the handler of the exception, of each that broke the worker.
    """

    pool: Pool
    session: Callable[[int], Awaitable[Session]]
    wait: Callable[[], Awaitable[None]]
    limits: Limits
    debounce: Debounce
    jitter: Callable[[], float]
    lane_base: timedelta
    lane_cap: timedelta
    done: Callable[[Sequence[Work], dict[int, Decision]], None]
    failed: Callable[[Sequence[Claimed]], None]
    stopping: anyio.Event = field(default_factory=anyio.Event)

    async def run(self) -> None:
        """Publish until ``stopping`` is set; a lost database or a claim that broke ends nothing."""
        await take_turns(self._turn, name="publisher", stopping=self.stopping)

    async def _turn(self) -> None:
        started = clock.monotonic()
        busy = await self.publish_once()
        metrics.observe("worker.loop_ms", (clock.monotonic() - started) * 1000)
        if not busy:
            await self.wait()

    async def publish_once(self) -> bool:
        """Claim one batch and see it through; False when nothing was due."""
        claim_id = uuid4()
        try:
            async with self.pool.connection() as db:
                claimed = await queue.claim(
                    db, claim_id=claim_id, lease=self.limits.lease, batches=self.limits.batches
                )
        except LOST:  # the claim may have been committed all the same
            await self._while_held(partial(self._give_back, claim_id))
            return True
        if not claimed:
            return False
        started = clock.monotonic()
        for change in claimed:
            metrics.observe("queue.item_wait_ms", change.waited / timedelta(milliseconds=1))
        await self._guard(claimed, claim_id)
        took = (clock.monotonic() - started) * 1000
        metrics.observe("publish.duration_ms", took)
        for _ in claimed:
            metrics.observe("publish.item_ms", took)
        return True

    async def _guard(self, claimed: Sequence[Claimed], claim_id: UUID) -> None:
        """See a claim through; a fault of ours is taken for a crash of the worker at once.

        An account without access is paused and its changes go back unspent.
        """
        try:
            await self._see_through(claimed, claim_id)
        except AccessRefused:
            async with self.pool.connection() as db:
                await accounts.hold(db, claimed[0].account_id, PauseKind.REAUTH)
            await self._give_back(claim_id)
        except LOST:
            raise
        except Exception:  # noqa: BLE001 -- whatever it is, the rows must not wait for the lease
            self.failed(claimed)
            async with self.pool.connection() as db:
                await queue.abandon(db, claim_id)

    async def _see_through(self, claimed: Sequence[Claimed], claim_id: UUID) -> None:
        """Carry a claim out and settle it; without the database it goes back before any call."""
        try:
            works, sender = await self._prepare(claimed, claim_id)
        except LOST:
            return await self._while_held(partial(self._give_back, claim_id))
        try:
            await publish(works, sender)
        except LOST:  # raised before a call, never instead of its answer: what is known is settled
            for work in works:
                work.stop(CompletionKind.UNSENT, reason="the database was lost")
        return await self._while_held(partial(self._settle, works, sender))

    async def _prepare(
        self, claimed: Sequence[Claimed], claim_id: UUID
    ) -> tuple[list[Work], ClaimSender]:
        correlation_id = claim_id.hex
        async with self.pool.connection() as db:
            account = await accounts.read(db, claimed[0].account_id)
            works = await loading.load(db, claimed)
            await loading.begin(db, works, claim_id=claim_id, correlation_id=correlation_id)
        sender = ClaimSender(
            pool=self.pool,
            session=await self.session(account.id),
            account_id=account.id,
            claim_id=claim_id,
            correlation_id=correlation_id,
            limits=self.limits,
            price_quantity_rows=account.price_quantity_rows,
            is_stopping=self.stopping.is_set,
        )
        return works, sender

    async def _give_back(self, claim_id: UUID) -> None:
        async with self.pool.connection() as db:
            await service.give_back(db, claim_id, debounce=self.debounce)

    async def _while_held(self, act: Callable[[], Awaitable[None]]) -> None:
        """Settle or give back, again and again while the database is lost, until the lease is over.

        What an earlier try has committed is no longer held by this claim: it is put in doubt.
        """
        end = clock.monotonic() + self.limits.lease.total_seconds()
        while True:
            try:
                return await act()
            except LOST:
                if clock.monotonic() > end:
                    raise
                await anyio.sleep(DATABASE_PAUSE_SECONDS * (0.5 + self.jitter()))

    async def _settle(self, works: Sequence[Work], sender: ClaimSender) -> None:
        settlement = service.Settlement(
            claim_id=sender.claim_id,
            correlation_id=sender.correlation_id,
            limits=self.limits,
            debounce=self.debounce,
            jitter=self.jitter,
        )
        async with self.pool.connection() as db:
            decisions = await service.settle(db, works, settlement)
            await store.end_calls(db, sender.ended, correlation_id=sender.correlation_id)
            await self._tell_lane(db, works, sender)
        self.done(works, decisions)

    async def _tell_lane(self, db: Db, works: Sequence[Work], sender: ClaimSender) -> None:
        """Slow, free or pause the account by what eBay said, in statements of their own."""
        news = lane_news(works)
        if sender.learnt_single_rows:
            await accounts.limit_price_quantity(db, sender.account_id, 1)
        if news.pause:
            await accounts.hold(db, sender.account_id, PauseKind(news.pause))
        elif news.silent:
            await accounts.slow(
                db,
                sender.account_id,
                base=self.lane_base,
                cap=self.lane_cap,
                jitter=self.jitter(),
            )
        elif news.answered:
            await accounts.answered(db, sender.account_id)


async def publish(works: Sequence[Work], sender: Sender) -> None:
    """Bring ``works`` to their ends: read back what is in doubt, then send what is left to send.

    What eBay says it holds already, or no more, is read back once and planned anew. A plan that
    was not carried out, though nothing stood in its way, is a fault of ours: it counts as a failed
    attempt, so that it ends as a dead letter and is not taken up for ever.
    """
    doubtful = [work for work in works if work.is_open and work.target.verify_at is not None]
    await _read_back(doubtful, sender)
    for _ in range(MAX_READ_BACKS):
        await carry_out(works, sender)
        asking = [work for work in works if work.is_open and work.asks_read_back]
        if not asking:
            break
        await _read_back(asking, sender)
    for work in works:
        if work.is_open and not work.asks_read_back and not sender.is_halted:
            work.stop(CompletionKind.FAILED, verdict=Verdict.UNRECOGNISED, problems=[_undone(work)])
        work.stop(CompletionKind.UNSENT, reason="there was no time left for it")


async def _read_back(works: Sequence[Work], sender: Sender) -> None:
    """Read ``works`` back; what eBay shows and what is about to be overwritten is kept before."""
    await read_back(works, sender)
    await sender.remember(
        [
            work
            for work in works
            if (work.is_news or work.documents.is_other) and any(work.steps.values())
        ]
    )


def _undone(work: Work) -> Problem:
    left = sorted({step.kind for steps in work.steps.values() for step in steps})
    names = ", ".join(kind.name.lower() for kind in left)
    return Problem(message=f"baysync did not carry out its plan, please report it: {names}")
