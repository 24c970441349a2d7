"""A machine that writes histories: a shop, its workers, its buyers and a faulty eBay.

Every history drains and is judged by what eBay then shows. Workers that stand still do so across
steps: what others do meanwhile is what the machine tries.
"""

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from baysync.insight import invariant_store
from chaos import catalogue, queries
from chaos.actors import Actors, items
from chaos.catalogue import (
    LAMPS,
    LOST,
    PRICES,
    READS,
    SHIRT,
    SPOILT,
    TRANSIENT,
    WRITES,
    listed,
    place,
    places,
)
from chaos.losses import Losses
from support.agreement import at_once, shown
from support.engine import unfinished
from support.live_shop import Document

MOST_TRANSIENT = 4  # fewer than make a dead letter
TOKENS = {"expire_token", "unauthorized"}
RAISED = (LAMPS[0], "SHIRT-S", "SHIRT-M")
LOOKS = ("getOffer", "bulkGetInventoryItem", "getOffers")  # after a raise, and when that shows more


class History(Losses, Actors):
    """All rules together: how a history begins, what eBay does to calls, and the judgement."""

    def __init__(self) -> None:
        super().__init__()
        self.refused = False

    # What the shop does.

    @initialize(listed=st.sampled_from([True, True, False]), drops=st.booleans())
    def open(self, *, listed: bool, drops: bool) -> None:
        """Begin; whether a sale lowers the item's own quantity too, nobody outside eBay knows."""
        self.shop.mock.switch(item_quantity_drops_on_sale=drops)
        if listed:
            self.list_everything()

    def list_everything(self) -> None:
        self.put(*(self.catalogue.edited(sku, {}) for sku in (*LAMPS, SHIRT)))
        self.edit((LAMPS[1], {"places": catalogue.PLACES}))
        self.publish()

    @rule(edits=st.tuples(catalogue.edits, catalogue.edits, catalogue.edits))
    def edit_several(self, edits: tuple[tuple[str, Document], ...]) -> None:
        for edit in edits:
            self.put(self.catalogue.edited(*edit))

    # What eBay does to calls.

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

    @rule(sku=items, units=st.integers(1, 2), edit=catalogue.words)
    def sell_and_edit(self, sku: str, units: int, edit: Document) -> None:
        """Sell what is settled, then say something new: nothing but a sale in between undoes it."""
        self.publish()
        self.buy(sku, units)
        listing = listed(sku)
        before = self.books.offered(listing) if self.is_calm(listing) else {}
        sent = self.sent()
        self.edit((listing, edit))
        self.publish()
        self.books.judge_offers(before, since=sent)

    @rule(sku=st.sampled_from(RAISED), op=st.sampled_from(LOOKS))
    def sell_unseen(self, sku: str, op: str) -> None:
        """Sell a unit between the look and the write of a raise; eBay puts off the next look."""
        self.sell_within_raise(sku, op, nth=2 if op == "getOffer" else 1)  # 1: before the raise

    def sell_within_raise(self, sku: str, op: str, *, nth: int) -> None:
        """Sell a unit in the middle of a raise; eBay puts off the ``nth`` call of ``op``."""
        self.publish()
        listing, on_sale = listed(sku), shown(self.shop.mock).get(sku)
        if on_sale is None or min(on_sale.stock) < 1 or not self.is_calm(listing):
            return
        more, sold = self.books.items[sku].quantity + 2, self.books.sold()[sku]
        bought: Document = {"kind": "act", "action": "buy", "when": "before", "body": {"sku": sku}}
        write = {"op": "bulkUpdatePriceQuantity", "sku": sku}
        throttled = {"kind": "throttle", "retry_after": 30}
        rule = f"unseen-{self.sent()}"
        self.shop.mock.faults(
            {"id": rule, "match": write, "effects": [bought]},
            {"match": {"op": op}, "nth": nth, "effects": [throttled]},
        )
        self.edit((listing, {"quantity": (sku[-1], more) if listing == SHIRT else more}))
        self.publish()
        fired = any(each["id"] == rule and each["fired"] for each in self.shop.mock.rules())
        if fired and min(shown(self.shop.mock)[sku].stock) == more:
            self.books.items[sku].sold = sold  # what was sent knows nothing of this sale

    @rule(sku=st.sampled_from(LAMPS), price=st.sampled_from(PRICES))
    def relist_at_an_old_price(self, sku: str, price: str) -> None:
        """Change a price, end the listing, and list it again at the price that it had before."""
        before = self.catalogue.listings.get(sku)
        if before is not None:
            self.publish()
            for words in ({"price": price}, {"status": "ended"}):
                self.edit((sku, words))
                self.publish()
            self.edit((sku, {"price": before["price"], "status": "active"}))

    def is_calm(self, listing: str) -> bool:
        """Tell whether nobody else acts: no worker stands still, no fault waits, no doubt is."""
        faults = [rule for rule in self.shop.mock.rules() if not rule["fired"]]
        if self.stalled or faults or listing in self.changed:
            return False
        if listing not in self.catalogue.listings:
            return False
        sold = {place(each["sku"]) for each in places(self.catalogue.listings[listing])}
        return sold <= self.ask(queries.quiet)

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
        if self.held:
            self.release()
        if self.revoked:
            self.grant()
        self.do(self.drain())
        if self.changed:
            self.do(self.tell())
        self.books.judge(self.catalogue.listings.values(), self.ask(queries.ended_remotely))
        assert self.ask(queries.overspent) == []
        assert self.ask(invariant_store.broken) == []
        assert self.ask(unfinished) == []
        self.look()

    def teardown(self) -> None:
        self.rest()
