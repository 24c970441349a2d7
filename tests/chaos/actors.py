"""What others do to the shop's listings: buyers, the seller on eBay's site, eBay, a person."""

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from baysync.db.connection import Db
from baysync.queue import service as queue
from chaos import catalogue, queries
from chaos.catalogue import ITEMS, WRITES, listed
from chaos.machine import Machine
from support.agreement import shown
from support.live_shop import Document

STALE = 3  # attempts that a dead binding takes of those that a change has
MOST_HOLDS = 2  # each lasts hours, and a change that fails for a day is given up
items = st.sampled_from(ITEMS)


class Actors(Machine):
    """The rules of the others.

    ``changed`` are the SKUs of the shop that somebody has changed on the site; baysync sees that
    where it reads the listing back. ``held`` are items of listings that eBay holds.
    """

    def __init__(self) -> None:
        super().__init__()
        self.changed: set[str] = set()
        self.held: set[str] = set()
        self.holds = 0
        self.orders: list[str] = []

    @rule(sku=items, units=st.integers(1, 2))
    def buy(self, sku: str, units: int) -> None:
        on_sale = shown(self.shop.mock).get(sku)
        if on_sale is not None and min(on_sale.stock) >= units:
            self.orders.append(self.shop.mock.buy(sku, units)["orderId"])

    @precondition(lambda self: self.orders)
    @rule()
    def cancel(self) -> None:
        """Cancel the last order; eBay puts nothing back on sale, and so nobody else does."""
        self.shop.mock.cancel_order(self.orders.pop())

    @rule(sku=items, op=st.sampled_from(WRITES), when=st.sampled_from(["before", "after"]))
    def buy_within(self, sku: str, op: str, when: str) -> None:
        """Let a buyer buy at the very moment of a call, so between a read and a write of ours."""
        bought: Document = {"kind": "act", "action": "buy", "when": when, "body": {"sku": sku}}
        self.shop.mock.faults({"match": {"op": op, "sku": sku}, "effects": [bought]})

    @rule(sku=items, edit=catalogue.on_site)
    def edit_on_site(self, sku: str, edit: Document) -> None:
        if sku in shown(self.shop.mock):
            self.shop.mock.seller_edit(sku, **edit)
            self.changed.add(listed(sku))
            if "quantity" in edit:
                self.books.restock(sku)

    @precondition(lambda self: self.transient <= 1)
    @rule(sku=items, by=st.sampled_from(["seller", "ebay"]))
    def end_on_site(self, sku: str, by: str) -> None:
        """End a listing; while a call about it may be under way, nobody can tell who ended it."""
        if sku in shown(self.shop.mock):
            self.transient += STALE
            settled = catalogue.place(sku) in self.ask(queries.quiet)
            self.shop.mock.end_listing(sku, by=by)
            self.books.end(catalogue.place(sku), by=by, settled=settled)
            self.changed.add(listed(sku))

    @precondition(lambda self: self.books.over)
    @rule()
    def bring_back(self) -> None:
        """Let a person list again what was found ended on eBay."""
        over = self.ask(queries.ended_remotely)
        self.books.bring_back(over)

        async def unblock(db: Db) -> None:
            await queue.unblock(db, sorted({listed(place) for place in over}), by="a person")

        if over:
            self.ask(unblock)

    @precondition(lambda self: self.holds < MOST_HOLDS)
    @rule(sku=items)
    def hold(self, sku: str) -> None:
        if sku in shown(self.shop.mock):
            self.holds += 1
            self.shop.mock.hold(sku)
            self.held.add(sku)

    @precondition(lambda self: self.held)
    @rule()
    def release(self) -> None:
        """Let eBay free what it holds; it is looked at again some hours later."""
        there = shown(self.shop.mock)
        for sku in self.held & there.keys():
            self.shop.mock.unhold(sku)
        self.held.clear()
        self.wait(round(self.shop.publisher.limits.recheck.total_seconds()))

    async def tell(self) -> None:
        """Let an operator ask baysync to read back what was changed on the site."""
        async with self.shop.runtime.db() as db:
            await queue.verify(db, sorted(self.changed), by="an operator")
        self.changed.clear()
        await self.drain()
        self.books.restocked.clear()
