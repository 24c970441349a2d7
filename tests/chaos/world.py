"""Many hands on one queue: intake, workers that crash, lose replies or come late, people."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from uuid import UUID, uuid4

import psycopg
from psycopg import AsyncConnection

from baysync.base.errors import Conflict
from baysync.db.connection import Db
from baysync.ebay_listing import service as ebay_listings
from baysync.ebay_listing import store as ebay_listing_store
from baysync.ebay_listing.model import Desired, Intent, Published, Target, Urgency
from baysync.insight.queue import store as queues
from baysync.insight.queue.model import ChangeFilter
from baysync.queue import dead_letters, dead_store, service, store, upkeep
from baysync.queue.model import Claimed, Debounce, Finish, Letter, Resolution, Selection, Status
from support import engine

WORDS = ("a", "b", "c", "d", "e")
TICK = timedelta(milliseconds=20)
DEBOUNCE = Debounce(window=TICK, longest=4 * TICK)
LEASE = timedelta(seconds=20)
PATIENCE = timedelta(seconds=10)


@dataclass
class World:
    """What eBay shows, who acts, and what went wrong."""

    url: str
    seed: int
    ids: list[int] = field(default_factory=list[int])
    ebay: dict[int, str | None] = field(default_factory=dict[int, str | None])
    counts: Counter[str] = field(default_factory=Counter[str])
    calm: bool = False
    stopped: bool = False

    def bad_luck(self, luck: Random, chance: float) -> bool:
        """Say whether a fault with this chance strikes now."""
        return not self.calm and luck.random() < chance

    async def act(self, actor: Callable[["World", Db, Random], Awaitable[None]], n: int) -> None:
        """Let one actor act until the world stops; an error of the database is counted."""
        luck = Random(self.seed + n)  # noqa: S311 -- reproducible, not secret
        async with await AsyncConnection.connect(self.url, autocommit=True) as db:
            await db.execute("SET statement_timeout = '10s'")
            while not self.stopped:
                try:
                    await actor(self, db, luck)
                except psycopg.Error as error:
                    self.counts[f"{type(error).__name__}: {error}"] += 1

    def errors(self) -> list[str]:
        return [name for name in self.counts if ": " in name]


async def edit(world: World, db: Db, luck: Random) -> None:
    """One transaction of change detection about some listings; an edit ends a cancellation."""
    ids = luck.sample(world.ids, luck.randint(1, 12))
    urgency = luck.choice([Urgency.CONTENT, Urgency.PRICE, Urgency.STOCK])
    async with db.transaction():
        await ebay_listing_store.lock(db, ids)
        await ebay_listing_store.unblock(db, ids, reasons=["cancelled"])
        await ebay_listing_store.write_desired(
            db,
            [
                Desired(
                    id=i,
                    document=engine.document(luck.choice(WORDS)),
                    intent=Intent.UPDATE,
                    urgency=urgency,
                )
                for i in ids
            ],
        )
        await store.cancel_reverted(db, ids)
        ensured = await store.ensure(db, ids, debounce=DEBOUNCE)
    world.counts["edits"] += len(ids)
    world.counts["enqueued"] += sum(row.inserted for row in ensured)
    world.counts["coalesced"] += sum(not row.inserted for row in ensured)


async def work(world: World, db: Db, luck: Random) -> None:
    """Claim, send, settle; sometimes die on the way or come back after the lease."""
    late = world.bad_luck(luck, 0.08)
    claim_id = uuid4()
    lease = timedelta() if late else LEASE
    rows = await store.claim(db, claim_id=claim_id, lease=lease, batches=1)
    if not rows:
        await asyncio.sleep(0.01)
        return
    if world.bad_luck(luck, 0.03):
        await engine.let_lease_end(db, claim_id)  # the worker is gone, its lease ends
        world.counts["crashed before sending"] += 1
        return
    targets = await ebay_listing_store.read_targets(db, [row.ebay_listing_id for row in rows])
    if late:
        world.counts["late"] += 1
        await asyncio.sleep(0.1)  # long enough for the reaper; what it did not take stays ours
    outcomes = [send(world, luck, target) for target in targets]
    if not late and world.bad_luck(luck, 0.1):  # its deadline forbids a late one to send at all
        await engine.let_lease_end(db, claim_id)
        world.counts["crashed after sending"] += 1
        return
    await settle(world, db, claim_id, rows, outcomes)


@dataclass(frozen=True)
class Outcome:
    """What a worker knows after one item: the status to settle and what eBay shows."""

    target: Target
    status: Status
    published: Published | None = None
    doubtful: bool = False


def send(world: World, luck: Random, target: Target) -> Outcome:
    """Read back what is due, then send what differs; replies and effects get lost."""
    if target.blocked_scope == "all":
        return Outcome(target, Status.CANCELLED)
    shown, seen = target.published_hash, None
    if target.verify_due:
        word = world.ebay[target.id]
        seen = Published(id=target.id, document=engine.document(word), clears=target.verify_at)
        shown = seen.document.hash if seen.document else None
        world.counts["read back"] += 1
    if shown == target.desired_hash:
        undone = target.verify_at is not None and not target.verify_due
        return Outcome(target, Status.PENDING if undone else Status.DONE, seen)
    return _write(world, luck, target, seen)


def _write(world: World, luck: Random, target: Target, seen: Published | None) -> Outcome:
    word = target.desired_blob.decode() if target.desired_blob is not None else None
    chance = 0.0 if world.calm else luck.random()
    if chance < 0.8:
        world.ebay[target.id] = word
        world.counts["sent"] += 1
    if chance < 0.7:
        clears = seen.clears if seen else None
        done = Published(id=target.id, document=engine.document(word), clears=clears)
        return Outcome(target, Status.DONE, done)
    if chance < 0.85:
        return Outcome(target, Status.PENDING, seen, doubtful=True)
    return Outcome(target, Status.PENDING if chance < 0.93 else Status.DEAD, seen)


async def settle(
    world: World, db: Db, claim_id: UUID, rows: list[Claimed], outcomes: list[Outcome]
) -> None:
    """Settle a batch as the publisher does: in sets under the locks, fenced by the claim."""
    row_of = {row.ebay_listing_id: row.id for row in rows}

    async def act(ids: list[int]) -> None:
        mine = [outcome for outcome in outcomes if outcome.target.id in set(ids)]
        answers = [
            Finish(
                id=row_of[outcome.target.id],
                status=outcome.status,
                outcome=outcome.status,
                run_after=TICK,
                give_back=outcome.doubtful,
            )
            for outcome in mine
        ]
        held = set(await store.finish(db, claim_id, answers))
        ours = [outcome for outcome in mine if row_of[outcome.target.id] in held]
        await _know(db, ours, row_of)
        fenced = [outcome.target.id for outcome in mine if outcome not in ours]
        await ebay_listing_store.set_verify(db, fenced, timedelta())
        world.counts["fenced"] += len(fenced)
        await store.cancel_reverted(db, ids)
        await store.ensure(db, ids, debounce=engine.AT_ONCE)

    left = await ebay_listings.with_locks(db, list(row_of), act, wait=PATIENCE)
    world.counts["lock not had"] += len(left)


async def _know(db: Db, ours: list[Outcome], row_of: dict[int, int]) -> None:
    known = [outcome.published for outcome in ours if outcome.published]
    await ebay_listing_store.write_published(db, known)
    await engine.record(db, [row.id for row in known])
    doubtful = [outcome.target.id for outcome in ours if outcome.doubtful]
    await ebay_listing_store.set_verify(db, doubtful, TICK)
    done = [outcome.target.id for outcome in ours if outcome.status == Status.DONE]
    await dead_store.close_all(db, done, Resolution.SUPERSEDED)
    await dead_store.open(
        db,
        [
            Letter(
                queue_id=row_of[outcome.target.id],
                payload_hash=outcome.target.desired_hash,
                verdict="rejected",
            )
            for outcome in ours
            if outcome.status == Status.DEAD
        ],
    )


async def reap(world: World, db: Db, _luck: Random) -> None:
    """The minute job, all the time."""
    world.counts["reaped"] += len(await upkeep.reap(db, verify_after=TICK, crashes_alone=99))
    await asyncio.sleep(0.03)


async def meddle(world: World, db: Db, luck: Random) -> None:
    """A person cancels, retries the dead, unblocks."""
    changes = await queues.changes(db, ChangeFilter(statuses=[Status.PENDING]), limit=20)
    if changes and luck.random() < 0.5:
        try:
            await service.cancel(db, [luck.choice(changes).id], by="test")
            world.counts["cancelled"] += 1
        except Conflict:
            world.counts["too late to cancel"] += 1
    letters = await queues.letters(db, Selection(), limit=5)
    if letters:
        chosen = Selection(ids=tuple(letter.id for letter in letters))
        world.counts["replayed"] += len(await dead_letters.replay(db, chosen, by="test"))
    blocked = luck.choice(world.ids)
    async with db.transaction():
        ids = await ebay_listing_store.unblock(db, await ebay_listing_store.lock(db, [blocked]))
        await store.ensure(db, ids, debounce=engine.AT_ONCE)
    await asyncio.sleep(0.02)
