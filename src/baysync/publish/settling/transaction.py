"""Settle a batch: its rows, documents, snapshots, doubts, blocks, letters and logs, at once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from baysync.db.connection import Db
from baysync.ebay_listing import item_store
from baysync.ebay_listing import service as ebay_listings
from baysync.ebay_listing import store as ebay_listing_store
from baysync.publish import store
from baysync.publish.completion import CompletionKind
from baysync.publish.limits import Limits
from baysync.publish.model import Work
from baysync.publish.settling import rows as record
from baysync.publish.settling.decision import Decision, decide
from baysync.queue import dead_store
from baysync.queue import store as queue
from baysync.queue.model import Debounce, Finish, Letter, Resolution, Status

FAILURES = frozenset({CompletionKind.FAILED, CompletionKind.UNREAD})
LOCK_WAITS = (timedelta(milliseconds=100), timedelta(seconds=1), timedelta(seconds=4))


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """What settling needs beside the works: whose claim it is and how chance falls."""

    claim_id: UUID
    correlation_id: str
    limits: Limits
    debounce: Debounce
    jitter: Callable[[], float]


async def settle(db: Db, works: Sequence[Work], settlement: Settlement) -> dict[int, Decision]:
    """Write what became of ``works``, each once; return the decisions by queue id.

    One transaction for all whose eBay listings nobody holds, then one for each of the others. A
    work that cannot be locked even then is left to the reaper, in doubt as after a crash.
    """
    limits = settlement.limits
    failing = await store.failing(db, [w.target.id for w in works])
    decisions = {
        work.change.id: decide(
            work,
            limits,
            jitter=settlement.jitter(),
            failing=failing.get(work.target.id, timedelta()),
        )
        for work in works
    }
    by_listing = {work.target.id: work for work in works}

    async def act(ids: list[int]) -> None:
        await _settle_locked(db, [by_listing[id_] for id_ in ids], decisions, settlement)

    left = list(by_listing)
    for wait in LOCK_WAITS:
        left = await ebay_listings.with_locks(db, left, act, wait=wait) if left else []
    return decisions


async def give_back(db: Db, claim_id: UUID, *, debounce: Debounce) -> None:
    """Give back a claim of which nothing was sent, unspent; edits made meanwhile are taken up."""
    async with db.transaction():
        held = await queue.held(db, claim_id)
        ids = await ebay_listing_store.lock(db, list(held.values()))
        await queue.release(db, claim_id, list(held))
        await queue.cancel_reverted(db, ids)
        await queue.ensure(db, ids, debounce=debounce)


async def _settle_locked(
    db: Db, works: Sequence[Work], decisions: dict[int, Decision], settlement: Settlement
) -> None:
    """Settle ``works`` under their locks: only those that this claim still holds."""
    finished = [_finish(work, decisions[work.change.id]) for work in works]
    held = set(await queue.finish(db, settlement.claim_id, finished))
    kept = [work for work in works if work.change.id in held]
    lost = [work for work in works if work.change.id not in held]
    for work in lost:
        work.end = record.FENCED
    ids = [work.target.id for work in works]
    if lost:
        await ebay_listing_store.set_verify(db, [w.target.id for w in lost], timedelta())
    await record.write(db, kept, settlement.correlation_id, enabled=settlement.limits.snapshots)
    await item_store.count_revisions(db, record.revisions(works, settlement.limits))
    await _consequences(db, kept, decisions, settlement.limits)
    await record.realign(db, ids)
    await queue.cancel_reverted(db, ids)
    await queue.ensure(db, ids, debounce=settlement.debounce)
    await store.end_attempts(
        db,
        [record.attempt_end(work, decisions[work.change.id]) for work in works],
        claim_id=settlement.claim_id,
    )


def _finish(work: Work, decision: Decision) -> Finish:
    return Finish(
        id=work.change.id,
        status=Status(decision.status),
        outcome=decision.outcome,
        run_after=decision.run_after,
        give_back=decision.give_back,
        clean=decision.clean,
        failed=decision.failed,
        error=record.problems(work.end.problems) if work.end and work.end.problems else None,
    )


async def _consequences(
    db: Db, works: Sequence[Work], decisions: dict[int, Decision], limits: Limits
) -> None:
    """Write doubts, failures, blocks and dead letters of ``works``."""
    by_decision = [(work, decisions[work.change.id]) for work in works]
    if doubted := [work.target.id for work, decision in by_decision if decision.verify]:
        await ebay_listing_store.set_verify(db, doubted, limits.verify_delay)
    if done := [work.target.id for work, d in by_decision if d.status == Status.DONE]:
        await ebay_listing_store.set_clean(db, done)
    if failing := [w.target.id for w, _ in by_decision if w.end and w.end.how in FAILURES]:
        await ebay_listing_store.set_failing(db, failing)
    if blocks := [record.block(work, d) for work, d in by_decision if d.block]:
        await ebay_listing_store.block(db, blocks)
    if letters := [_letter(work) for work, decision in by_decision if decision.letter]:
        await dead_store.open(db, letters)
    if done:
        await dead_store.close_all(db, done, Resolution.SUPERSEDED)


def _letter(work: Work) -> Letter:
    end = work.end or record.FENCED
    return Letter(
        queue_id=work.change.id,
        payload_hash=work.target.desired_hash,
        verdict=str(end.verdict),
        errors=list[object](record.problems(end.problems)),
    )
