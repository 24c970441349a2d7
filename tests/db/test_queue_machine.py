"""Random histories of one queue; every stop drains and then everything is told."""

import asyncio
from collections.abc import Coroutine
from datetime import timedelta
from typing import Any, ClassVar, TypeVar
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from psycopg import AsyncConnection

from baysync.base.errors import Conflict
from baysync.ebay_listing import store as ebay_listing_store
from baysync.ebay_listing.model import Published, Target
from baysync.insight import invariant_store
from baysync.queue import dead_letters, dead_store, service, store, upkeep
from baysync.queue.model import Finish, Letter, Resolution, Selection, Status
from baysync.queue.rules import TRANSITIONS
from support import engine
from support.depth import many

pytestmark = pytest.mark.usefixtures("unmeasured")

T = TypeVar("T")
MOVES = {(move.source, move.target) for move in TRANSITIONS}
WORDS = st.sampled_from(["a", "b", "c"])
COUNT = 3
NOW = timedelta()


class Queue(RuleBasedStateMachine):
    """Three eBay listings, one account; ``url`` is set by the test."""

    url: ClassVar[str]

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.db = self.do(AsyncConnection.connect(self.url, autocommit=True))
        self.do(self.db.execute("TRUNCATE listing, account CASCADE"))
        self.ids = self.do(self.arranged())
        self.claims: list[tuple[UUID, list[int], dict[int, Target]]] = []
        self.ebay: dict[int, str | None] = dict.fromkeys(self.ids)
        self.statuses: dict[int, str] = {}

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(work)

    async def arranged(self) -> list[int]:
        return await engine.ebay_listings_of(self.db, await engine.account(self.db), COUNT)

    @rule(i=st.integers(0, COUNT - 1), word=WORDS)
    def edit(self, i: int, word: str) -> None:
        self.do(engine.want(self.db, [self.ids[i]], word))

    @rule(lost=st.booleans())
    def claim(self, *, lost: bool) -> None:
        lease = NOW if lost else engine.LEASE
        claim_id, rows = self.do(engine.claim(self.db, lease=lease))
        found = self.do(ebay_listing_store.read_targets(self.db, [r.ebay_listing_id for r in rows]))
        targets = {target.id: target for target in found}
        if rows:
            by_listing = {row.ebay_listing_id: row.id for row in rows}
            self.claims.append((claim_id, [by_listing[i] for i in targets], targets))
        if lost:  # it sent, then nobody heard of it, or not in time
            self.ebay |= {target.id: shown(target) for target in found}
            self.do(upkeep.reap(self.db, verify_after=NOW))

    @precondition(lambda self: self.claims)
    @rule(data=st.data(), status=st.sampled_from(["done", "pending", "dead"]))
    def settle(self, data: st.DataObject, status: str) -> None:
        claim = self.claims.pop(data.draw(st.integers(0, len(self.claims) - 1)))
        self.do(self.settled(*claim, Status(status)))

    async def settled(
        self, claim_id: UUID, rows: list[int], targets: dict[int, Target], status: Status
    ) -> None:
        ids = list(targets)
        async with self.db.transaction():
            await ebay_listing_store.lock(self.db, ids)
            answers = [Finish(id=row, status=status, outcome=status) for row in rows]
            held = set(await store.finish(self.db, claim_id, answers))
            ours = [i for i, row in zip(ids, rows, strict=True) if row in held]
            if status is Status.DONE:
                await self.show(ids, ours, targets)
            if status is Status.DEAD:
                letters = [
                    Letter(queue_id=row, payload_hash=targets[i].desired_hash, verdict="bad")
                    for i, row in zip(ids, rows, strict=True)
                    if row in held
                ]
                await dead_store.open(self.db, letters)
            fenced = [i for i in ids if i not in ours]
            await ebay_listing_store.set_verify(self.db, fenced, NOW)
            await store.cancel_reverted(self.db, ids)
            await store.ensure(self.db, ids, debounce=engine.AT_ONCE)

    async def show(self, sent: list[int], ours: list[int], targets: dict[int, Target]) -> None:
        """EBay takes what was sent, from a late worker too; only our own is recorded."""
        for i in sent:
            self.ebay[i] = shown(targets[i])
        rows = [
            Published(
                id=i,
                document=engine.document(self.ebay[i]),
                clears=targets[i].verify_at if targets[i].verify_due else None,
            )
            for i in ours
        ]
        await ebay_listing_store.write_published(self.db, rows)
        await engine.record(self.db, ours)
        await dead_store.close_all(self.db, ours, Resolution.SUPERSEDED)

    @precondition(lambda self: self.claims)
    @rule()
    def release(self) -> None:
        claim_id, rows, _ = self.claims.pop()
        self.do(store.release(self.db, claim_id, rows))

    @rule(i=st.integers(0, COUNT - 1))
    def cancel(self, i: int) -> None:
        change = self.do(self.newest(self.ids[i]))
        if change is not None:
            try:
                self.do(service.cancel(self.db, [change], by="test"))
            except Conflict:
                assert self.statuses_now()[change] != "pending" or self.do(self.doubts())

    @rule()
    def replay(self) -> None:
        self.do(dead_letters.replay(self.db, Selection(), by="test"))

    @rule(i=st.integers(0, COUNT - 1))
    def unblock(self, i: int) -> None:
        self.do(self.unblocked([self.ids[i]]))

    async def unblocked(self, ids: list[int]) -> None:
        async with self.db.transaction():
            await ebay_listing_store.lock(self.db, ids)
            await ebay_listing_store.unblock(self.db, ids)
            await store.ensure(self.db, ids, debounce=engine.AT_ONCE)

    async def newest(self, ebay_listing_id: int) -> int | None:
        cursor = await self.db.execute(
            "SELECT max(id) FROM ebay_change_queue WHERE ebay_listing_id = %s",
            (ebay_listing_id,),
        )
        return (await cursor.fetchall())[0][0]

    async def doubts(self) -> bool:
        cursor = await self.db.execute("SELECT count(verify_at) > 0 FROM ebay_listing")
        return (await cursor.fetchall())[0][0]

    def statuses_now(self) -> dict[int, str]:
        rows = self.do(engine.changes(self.db, "id", "status"))
        return {int(str(i)): str(status) for i, status in rows}

    @invariant()
    def promises_hold(self) -> None:
        assert self.do(invariant_store.broken(self.db)) == []

    @invariant()
    def moves_are_known(self) -> None:
        now = self.statuses_now()
        moves = {(self.statuses.get(i), status) for i, status in now.items()}
        stays = {(status, status) for status in Status}
        assert moves <= MOVES | stays
        self.statuses = now

    def teardown(self) -> None:
        try:
            self.do(self.drained())
        finally:
            self.do(self.db.close())
            self.runner.close()

    async def drained(self) -> None:
        """All leases end, all faults stop; after some rounds all is told, or as wanted."""
        await self.db.execute(
            "UPDATE ebay_change_queue SET lease_until = '-infinity' WHERE status = 'processing'"
        )
        await upkeep.reap(self.db, verify_after=NOW, crashes_alone=99)
        for _ in range(20):
            claim_id, rows = await engine.claim(self.db)
            if not rows:
                break
            by_listing = {row.ebay_listing_id: row.id for row in rows}
            found = await ebay_listing_store.read_targets(self.db, list(by_listing))
            targets = {target.id: target for target in found}
            held = [by_listing[i] for i in targets]
            await self.settled(claim_id, held, targets, Status.DONE)
        assert await engine.changes_left(self.db) == 0
        assert await invariant_store.broken(self.db) == []
        wanted = await engine.promised(self.db)
        assert {i: self.ebay[i] for i in wanted} == wanted


def shown(target: Target) -> str | None:
    """Return what eBay shows once this target's desired document was sent."""
    return target.desired_blob.decode() if target.desired_blob is not None else None


def test_no_history_of_the_queue_loses_a_change(database: str) -> None:
    run_state_machine_as_test(
        type("Bound", (Queue,), {"url": database}),
        settings=settings(
            max_examples=many(25, deep=200),
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
        ),
    )
