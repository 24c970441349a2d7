"""A machine that writes histories: a shop, its workers, its buyers and a faulty eBay.

Every history drains and is judged by what eBay then shows. Workers that stand still do so across
steps: what others do meanwhile is what the machine tries.
"""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any, ClassVar, TypeAlias, TypeVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from agreement import at_once, shown
from baysync.db.connection import Db
from baysync.publish.sender import Session
from baysync.publish.worker import Publisher
from baysync.queue import invariant_store
from chaos import catalogue, queries
from chaos.books import Books
from chaos.catalogue import ITEMS, LAMPS, LOST, READS, SHIRT, SPOILT, TRANSIENT, WRITES
from chaos.stalls import Died, Dying, Stalled, Stalling
from live_shop import Document, Shop, connect

T = TypeVar("T")
Door: TypeAlias = Callable[[Session], Session]
MOST_TRANSIENT, MOST_CRASHES = 4, 3  # fewer than make a dead letter or a crash loop
LEASE_SECONDS = 120
TOKENS = {"expire_token", "unauthorized"}
calls = st.integers(1, 4)
items = st.sampled_from(ITEMS)


class History(RuleBasedStateMachine):
    """Two single listings and one with variants; ``shop`` and ``runner`` are set by the test."""

    shop: ClassVar[Shop]
    runner: ClassVar[asyncio.Runner]

    def __init__(self) -> None:
        super().__init__()
        self.catalogue = catalogue.Catalogue()
        self.stalled: list[Stalled] = []
        self.books = Books(self.shop)
        self.transient = self.crashes = 0
        self.refused = False
        self.passed = 0.0
        self.stirred = False
        self.do(self.begun())

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(work)

    def ask(self, query: Callable[[Db], Coroutine[Any, Any, T]]) -> T:
        return self.do(self.asked(query))

    async def asked(self, query: Callable[[Db], Coroutine[Any, Any, T]]) -> T:
        async with self.shop.runtime.db() as db:
            return await query(db)

    async def begun(self) -> None:
        shop = self.shop
        shop.mock.reset()
        async with shop.runtime.db() as db:
            await db.execute("TRUNCATE listing, account, rate_bucket CASCADE")
        shop.account_id = await connect(shop.runtime, shop.mock)

    # What the shop does.

    @initialize(listed=st.sampled_from([True, True, False]), drops=st.booleans())
    def open(self, *, listed: bool, drops: bool) -> None:
        """Begin; whether a sale lowers the item's own quantity too, nobody outside eBay knows."""
        self.shop.mock.switch(item_quantity_drops_on_sale=drops)
        if listed:
            self.list_everything()

    def list_everything(self) -> None:
        for sku in (*LAMPS, SHIRT):
            self.put(self.catalogue.edited(sku, {}))
        self.publish()

    @rule(edit=catalogue.edits)
    def edit(self, edit: tuple[str, Document]) -> None:
        self.put(self.catalogue.edited(*edit))

    @rule(edits=st.tuples(catalogue.edits, catalogue.edits, catalogue.edits))
    def edit_several(self, edits: tuple[tuple[str, Document], ...]) -> None:
        for edit in edits:
            self.put(self.catalogue.edited(*edit))

    def put(self, listing: Document) -> None:
        self.books.hear(listing)
        self.do(self.shop.put(listing))

    # What its workers do.

    @rule()
    def publish(self) -> None:
        self.do(self.shop.publish_due())
        self.look()

    @rule(seconds=st.sampled_from([3, 30, 60, 100, 150]))
    def wait(self, seconds: int) -> None:
        self.passed += seconds
        self.do(self.shop.pass_time(timedelta(seconds=seconds)))
        self.do(self.shop.reap())
        self.stirred = True

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
        now = self.ask(queries.claims)
        for claim, rows in others.items():
            if claim not in zombie.claims:
                assert now.get(claim) == rows, "another worker's claim was settled"

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

    def sent(self) -> int:
        return len(self.shop.mock.journal(bodies=False))

    # What eBay and others do.

    @rule(op=st.sampled_from(WRITES + READS), effect=st.sampled_from(SPOILT), nth=st.integers(1, 2))
    def spoil(self, op: str, effect: Document, nth: int) -> None:
        if effect["kind"] in TOKENS:  # a second one at the replay would pause the account for good
            if self.refused:
                return
            self.refused = True
        self.shop.mock.faults({"match": {"op": op}, "nth": nth, "effects": [effect]})

    @rule(
        edit=catalogue.edits,
        effect=st.sampled_from(LOST),
        reverts=st.booleans(),
        rests=st.booleans(),
        seconds=st.sampled_from([0, 30, 100]),
    )
    def lose(
        self, edit: tuple[str, Document], effect: Document, seconds: int, **then: bool
    ) -> None:
        """Lose the reply to the first call of an edit, which may then be taken back."""
        before = self.catalogue.listings.get(edit[0])
        self.shop.mock.faults({"match": {"op": list(WRITES)}, "effects": [effect]})
        self.edit(edit)
        self.publish()
        if then["reverts"] and before is not None:
            self.put(self.catalogue.put_back(before))
        if seconds:
            self.wait(seconds)
            self.publish()
        if then["rests"]:
            self.rest()

    @precondition(lambda self: self.transient < MOST_TRANSIENT)
    @rule(op=st.sampled_from(WRITES))
    def fail(self, op: str) -> None:
        self.transient += 1
        self.shop.mock.faults({"match": {"op": op}, "effects": [TRANSIENT]})

    @rule(sku=items, units=st.integers(1, 2))
    def buy(self, sku: str, units: int) -> None:
        on_sale = shown(self.shop.mock).get(sku)
        if on_sale is not None and min(on_sale.stock) >= units:
            self.shop.mock.buy(sku, units)

    @rule(sku=items, units=st.integers(1, 2), edit=catalogue.words)
    def sell_and_edit(self, sku: str, units: int, edit: Document) -> None:
        """Sell what is settled, then say something new: nothing but a sale in between undoes it."""
        self.publish()
        self.buy(sku, units)
        listing = SHIRT if sku.startswith(SHIRT) else sku
        before = self.books.offered(listing) if self.is_calm(listing) else {}
        sent = self.sent()
        self.edit((listing, edit))
        self.publish()
        self.books.judge_offers(before, since=sent)

    def is_calm(self, listing: str) -> bool:
        """Tell whether nobody else acts: no worker stands still, no fault waits, no doubt is."""
        faults = [rule for rule in self.shop.mock.rules() if not rule["fired"]]
        return not (self.stalled or faults) and listing in self.ask(queries.quiet)

    @rule(sku=items, op=st.sampled_from(WRITES), when=st.sampled_from(["before", "after"]))
    def buy_within(self, sku: str, op: str, when: str) -> None:
        """Let a buyer buy at the very moment of a call, so between a read and a write of ours."""
        bought: Document = {"kind": "act", "action": "buy", "when": when, "body": {"sku": sku}}
        self.shop.mock.faults({"match": {"op": op, "sku": sku}, "effects": [bought]})

    # What must be so at any time, and at the end.

    @invariant()
    def nobody_sees_a_listing_twice(self) -> None:
        if self.stirred:
            assert at_once(self.shop.mock) == set()

    @invariant()
    def promises_hold(self) -> None:
        if self.stirred:
            self.stirred = False
            assert self.ask(invariant_store.broken) == []

    @invariant()
    def pending_changes_name_what_is_wanted(self) -> None:
        assert self.ask(queries.outdated) == [], "a pending change names an older state"

    @rule()
    def rest(self) -> None:
        """Let everything come to an end, the faults still on: eBay shows what the shop said."""
        while self.stalled:
            self.resume()
        self.do(self.shop.drain())
        self.books.judge(self.catalogue.listings.values())
        assert self.ask(queries.overspent) == []
        assert self.ask(invariant_store.broken) == []
        self.look()

    def look(self) -> None:
        """Note of each item whose stock is settled how many were sold until now."""
        self.stirred = True
        if self.books.has_open():
            self.books.settle(self.ask(queries.quiet))

    def teardown(self) -> None:
        self.rest()
