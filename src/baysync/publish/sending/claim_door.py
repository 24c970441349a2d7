"""Send calls under a claim: renew the lease, write the call down, then send it, then note it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol
from uuid import UUID

import msgspec
from anyio import to_thread

from baysync.base import clock
from baysync.base.packing import pack
from baysync.db.pool import Pool
from baysync.ebay import verdict
from baysync.ebay.model import Answer, Call, Operation, Verdict
from baysync.ebay.redact import DESCRIPTIONS, redact
from baysync.ownership import store as ownership_store
from baysync.publish import store
from baysync.publish.completion import CompletionKind
from baysync.publish.limits import Limits
from baysync.publish.model import Work
from baysync.publish.sending.dispatch import STOPS_ALL
from baysync.publish.settling import rows as record
from baysync.telemetry import metrics

_EFFECTS = {
    Operation.BULK_CREATE_OFFER: "create",
    Operation.BULK_GET_INVENTORY_ITEM: "read",
    Operation.BULK_PUBLISH_OFFER: "create",
    Operation.GET_OFFER: "read",
    Operation.GET_OFFERS: "read",
    Operation.PUBLISH_GROUP: "create",
    Operation.GET_GROUP: "read",
    Operation.WITHDRAW_GROUP: "end",
    Operation.WITHDRAW_OFFER: "end",
}


class Session(Protocol):
    """An account's door to eBay: takes tokens of the rate bucket, signs, sends."""

    async def send(self, call: Call, *, deadline: float) -> Answer:
        """Return the answer; nothing is sent that could outlast ``deadline`` (monotonic s)."""
        ...


SILENT_READS = 3  # in a row


@dataclass(slots=True, kw_only=True)
class ClaimSender:
    """The door for one claim; it shuts at the first answer that concerns the whole account.

    So does a write without an answer; a read without one concerns what was asked, until
    ``SILENT_READS`` in a row show that eBay answers nobody. ``ended`` are the calls that came back,
    to be written by the settling transaction.
    """

    pool: Pool
    session: Session
    account_id: int
    claim_id: UUID
    correlation_id: str
    limits: Limits
    price_quantity_rows: int
    is_stopping: Callable[[], bool]
    shut: bool = False
    silent_reads: int = 0
    learnt_single_rows: bool = False
    ended: list[store.CallEnd] = field(default_factory=list[store.CallEnd])

    @property
    def is_halted(self) -> bool:
        """Whether nothing more is sent: eBay shut the door, or the process stops."""
        return self.shut or self.is_stopping()

    async def send(self, call: Call, works: Sequence[Work]) -> Answer | None:
        """Return the answer, or None when the lease is lost or the door is shut."""
        if self.is_halted:
            return None
        started = clock.monotonic()
        call_id = await self._begin(call, works)
        if call_id is None:
            return None
        deadline = started + self.limits.lease.total_seconds()
        answer = await self.session.send(call, deadline=deadline)
        self._end(call_id, answer)
        return answer

    async def may_have_ended(self, work: Work) -> bool:
        """Return whether a call of ours may have ended a listing that eBay does not show."""
        async with self.pool.connection() as db:
            return await store.may_have_ended(db, work.target.id)

    async def keep(self, work: Work) -> None:
        """Commit what is known of the documents of ``work`` before one of them is deleted."""
        rows = [(work.target.id, *row) for row in work.documents.changed.items()]
        async with self.pool.connection() as db:
            await ownership_store.note(db, rows)

    async def remember(self, works: Sequence[Work]) -> None:
        """Commit what eBay has just shown of ``works`` before anything overwrites it.

        What a listing's lock keeps from that is kept as the attempt is settled.
        """
        if self.limits.snapshots and works:
            async with self.pool.connection() as db:
                await record.remember(db, works, self.correlation_id)

    def learn_single_rows(self) -> None:
        """Remember that this account takes one SKU a price and quantity call."""
        self.price_quantity_rows = 1
        self.learnt_single_rows = True

    async def _begin(self, call: Call, works: Sequence[Work]) -> int | None:
        """Renew the lease and commit the call's row; None when another claim has a work."""
        new = store.NewCall(
            account_id=self.account_id,
            ebay_listing_ids=[work.target.id for work in works],
            operation=call.op,
            method=call.method,
            path=call.path,
            request=await to_thread.run_sync(partial(_kept, call.body, public=DESCRIPTIONS))
            if call.body is not None
            else None,
        )
        async with self.pool.connection() as db:
            begun = await store.begin_call(
                db,
                new,
                [work.change.id for work in works],
                claim_id=self.claim_id,
                correlation_id=self.correlation_id,
                lease=self.limits.lease,
            )
        for work in works:
            if work.change.id not in begun.held:
                work.stop(CompletionKind.FENCED)
        return begun.call_id

    def _end(self, call_id: int, answer: Answer) -> None:
        meaning = verdict.judge(answer)
        rows = verdict.outcomes(answer)
        strongest = verdict.strongest(row.verdict for row in rows) if rows else meaning
        _count(answer, strongest)
        unread = answer.call.reads and meaning is Verdict.AMBIGUOUS
        self.silent_reads = self.silent_reads + 1 if unread else 0
        if self.silent_reads == SILENT_READS or (meaning in STOPS_ALL and not unread):
            self.shut = True
        shown = answer.body if answer.body is not None else answer.text
        self.ended.append(
            store.CallEnd(
                id=call_id,
                status=answer.status,
                failure=answer.failure,
                verdict=strongest,
                response=_kept(shown) if shown else None,
                rlogid=answer.headers.get("rlogid") or answer.headers.get("x-ebay-c-request-id"),
                elapsed_ms=answer.elapsed_ms,
            )
        )


def _kept(value: object, *, public: frozenset[str] = frozenset()) -> bytes:
    """Return a body as it is stored: without what may not be kept, packed."""
    return pack(msgspec.json.encode(redact(value, public=public)))


def _count(answer: Answer, meaning: Verdict) -> None:
    if answer.sent:
        metrics.count("adapter.success" if meaning is Verdict.DONE else "adapter.failure")
        metrics.count(f"adapter.{_EFFECTS.get(answer.call.op, 'update')}.calls")
        metrics.observe("adapter.latency_ms", answer.elapsed_ms)
