"""Random histories of a shop, its publisher and a faulty eBay; every one drains and is judged."""

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar, TypeVar

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from agreement import Shown, at_once, shown, wanted
from baysync.ebay.model import Answer, Call
from baysync.publish.sender import Session
from baysync.queue import invariant_store
from live_shop import Document, Shop, connect, document, open_shop
from mockbay.client import MockServer

T = TypeVar("T")
SKUS = ("LAMP-1", "LAMP-2", "LAMP-3")
WRITES = (
    "bulkCreateOrReplaceInventoryItem",
    "bulkCreateOffer",
    "bulkPublishOffer",
    "bulkUpdatePriceQuantity",
    "updateOffer",
    "withdrawOffer",
)
READS = ("bulkGetInventoryItem", "getOffers", "getOffer")
SILENCE: list[Document] = [
    {"kind": "reset", "when": "before"},
    {"kind": "reset", "when": "after"},
    {"kind": "html", "when": "after"},
    {"kind": "late", "ms": 45_000},
    {"kind": "late", "ms": 45_000, "answer": "gateway"},
    {"kind": "truncate"},
    {"kind": "empty"},
    {"kind": "drop_rows"},
    {"kind": "unavailable", "answer": "503"},
]
THROTTLE: list[Document] = [
    {"kind": "throttle", "retry_after": 30},
    {"kind": "throttle"},
    {"kind": "expire_token"},
    {"kind": "unauthorized"},
    {"kind": "latency", "ms": 30_000, "clock": "virtual"},
    {"kind": "shuffle_rows"},
]
TRANSIENT: Document = {"kind": "error", "status": 500, "error_id": 25001}
MOST_TRANSIENT, MOST_CRASHES = 4, 2  # fewer than make a dead letter or a crash loop
COUNTED = ("throttled", "released", "reauth", "config")

skus = st.sampled_from(SKUS)
changes: st.SearchStrategy[Document] = st.fixed_dictionaries(
    {},
    optional={
        "title": st.sampled_from(["Lamp A", "Lamp B"]),
        "description": st.sampled_from(["<p>Warm.</p>", "<p>Cold.</p>"]),
        "price": st.sampled_from(["9.99", "21.50"]),
        "quantity": st.integers(0, 7),
        "status": st.sampled_from(["active", "active", "ended"]),
    },
)


class Died(BaseException):
    """The worker is gone; nothing of ours may catch this."""


class Dying:
    """A session whose worker dies at its n-th call, before or after eBay has it."""

    def __init__(self, inner: Session, *, calls: int, after: bool) -> None:
        self.inner, self.left, self.after = inner, calls, after

    async def send(self, call: Call, *, deadline: float) -> Answer:
        self.left -= 1
        if self.left <= 0:
            if self.after:
                await self.inner.send(call, deadline=deadline)
            raise Died
        return await self.inner.send(call, deadline=deadline)


class History(RuleBasedStateMachine):
    """Three listings of one shop; ``shop`` and ``runner`` are set by the test."""

    shop: ClassVar[Shop]
    runner: ClassVar[asyncio.Runner]

    def __init__(self) -> None:
        super().__init__()
        self.listings: dict[str, Document] = {}
        self.sold: dict[str, int] = dict.fromkeys(SKUS, 0)
        self.transient = self.crashes = 0
        self.do(self.begun())

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(work)

    async def begun(self) -> None:
        shop = self.shop
        shop.mock.reset()
        async with shop.runtime.db() as db:
            await db.execute("TRUNCATE listing, account, rate_bucket CASCADE")
        shop.account_id = await connect(shop.runtime, shop.mock)

    @rule(sku=skus, edit=changes)
    def edit(self, sku: str, edit: Document) -> None:
        self.listings[sku] = document(sku) | self.listings.get(sku, {}) | edit
        self.do(self.shop.put(self.listings[sku]))

    @rule(edit=changes)
    def edit_all(self, edit: Document) -> None:
        for sku in SKUS:
            self.listings[sku] = document(sku) | self.listings.get(sku, {}) | edit
        self.do(self.shop.put(*self.listings.values()))

    @rule()
    def publish(self) -> None:
        self.do(self.shop.publish_due())

    @rule(
        op=st.sampled_from(WRITES + READS),
        effect=st.sampled_from(SILENCE + THROTTLE),
        nth=st.integers(1, 2),
    )
    def spoil(self, op: str, effect: Document, nth: int) -> None:
        self.shop.mock.faults({"match": {"op": op}, "nth": nth, "effects": [effect]})

    @precondition(lambda self: self.transient < MOST_TRANSIENT)
    @rule(op=st.sampled_from(WRITES))
    def fail(self, op: str) -> None:
        self.transient += 1
        self.shop.mock.faults({"match": {"op": op}, "effects": [TRANSIENT]})

    @precondition(lambda self: self.crashes < MOST_CRASHES)
    @rule(calls=st.integers(1, 3), after=st.booleans())
    def crash(self, calls: int, *, after: bool) -> None:
        self.crashes += 1
        self.do(self.crashed(calls, after=after))

    async def crashed(self, calls: int, *, after: bool) -> None:
        publisher, healthy = self.shop.publisher, self.shop.publisher.session

        async def session(account_id: int) -> Session:
            return Dying(await healthy(account_id), calls=calls, after=after)

        publisher.session = session
        try:
            with suppress(Died):
                await publisher.publish_once()
        finally:
            publisher.session = healthy

    @rule(sku=skus, units=st.integers(1, 2))
    def buy(self, sku: str, units: int) -> None:
        on_sale = shown(self.shop.mock).get(sku)
        if on_sale is not None and min(on_sale.stock) >= units:
            self.shop.mock.buy(sku, units)
            self.sold[sku] += units

    @rule(seconds=st.sampled_from([3, 20, 60, 100, 150]))
    def wait(self, seconds: int) -> None:
        self.do(self.shop.pass_time(timedelta(seconds=seconds)))
        self.do(self.shop.reap())

    @invariant()
    def nobody_sees_a_listing_twice(self) -> None:
        assert at_once(self.shop.mock) == set()

    @invariant()
    def promises_hold(self) -> None:
        assert self.do(self.broken()) == []

    async def broken(self) -> object:
        async with self.shop.runtime.db() as db:
            return await invariant_store.broken(db)

    def teardown(self) -> None:
        self.do(self.shop.drain())
        there = shown(self.shop.mock)
        told = {
            sku: row
            for sku, row in wanted(self.listings.values()).items()
            if max(row.stock) > 0 or sku in there  # what is sold out need not be there
        }
        assert {sku: self.less_sales(sku, row) for sku, row in there.items()} == told
        assert self.do(self.overspent()) == []
        assert self.do(self.broken()) == []

    def less_sales(self, sku: str, row: Shown) -> Shown:
        """Return what is shown as if nothing was sold; sales may only lower the stock."""
        quantity = self.listings[sku]["quantity"]
        assert quantity - self.sold[sku] <= min(row.stock) <= max(row.stock) <= quantity
        return row._replace(stock=(quantity, quantity))

    async def overspent(self) -> list[object]:
        """Return the changes that count more attempts than eBay gave answers."""
        async with self.shop.runtime.db() as db:
            cursor = await db.execute(
                """
                SELECT q.id, q.attempts FROM ebay_change_queue q
                WHERE q.attempts > (
                    SELECT count(*) FROM ebay_sync_log l
                    WHERE l.queue_id = q.id AND l.outcome <> ALL(%s))
                """,
                (list(COUNTED),),
            )
            return list(await cursor.fetchall())


def test_no_history_loses_a_change_or_sells_twice(
    database: str, mockbay: MockServer, tmp_path: Path
) -> None:
    with asyncio.Runner() as runner:
        opened = open_shop(database, mockbay, tmp_path)
        shop = runner.run(opened.__aenter__())
        try:
            run_state_machine_as_test(
                type("Bound", (History,), {"shop": shop, "runner": runner}),
                settings=settings(
                    max_examples=30,
                    stateful_step_count=25,
                    deadline=None,
                    database=None,
                    suppress_health_check=[HealthCheck.too_slow],
                    phases=[Phase.generate],  # shrinking takes longer than reading a history
                ),
            )
        finally:
            runner.run(opened.__aexit__(None, None, None))
