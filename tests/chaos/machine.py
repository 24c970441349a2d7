"""What every rule of the histories stands on: the shop, its books, and how they are asked."""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any, ClassVar, TypeVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from baysync.db.connection import Db
from chaos import queries
from chaos.books import Books
from chaos.catalogue import ABROAD, Catalogue, edits
from support.live_shop import Document, Shop, connect, empty

T = TypeVar("T")


class Machine(RuleBasedStateMachine):
    """Two single listings, of which one is sold abroad too, and one with variants.

    ``shop`` and ``runner`` are set by the test. ``stirred``: something happened since the promises
    were looked at. ``passed`` are the seconds of virtual time until now.
    """

    shop: ClassVar[Shop]
    runner: ClassVar[asyncio.Runner]

    def __init__(self) -> None:
        super().__init__()
        self.catalogue = Catalogue()
        self.books = Books(self.shop)
        self.transient: int = 0
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
            await empty(db)
        shop.account_id = await connect(shop.runtime, shop.mock)
        await shop.sell_on(ABROAD)

    def sent(self) -> int:
        return len(self.shop.mock.journal(bodies=False))

    # What the shop and its workers do.

    def put(self, *listings: Document) -> None:
        for listing in listings:
            self.books.hear(listing)
        self.do(self.shop.put(*listings))

    @rule(edit=edits)
    def edit(self, edit: tuple[str, Document]) -> None:
        self.put(self.catalogue.edited(*edit))

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

    async def drain(self) -> None:
        """Let everything come to an end, what only the minute job takes up too."""
        await self.shop.drain()
        await self.shop.reap()
        await self.shop.drain()

    def look(self) -> None:
        """Note of each item whose stock is settled how many were sold until now."""
        self.stirred = True
        if self.books.has_open():
            self.books.settle(self.ask(queries.quiet))
