"""What the shop has said of its stock, what buyers have bought, and so what eBay must show."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import cast

from chaos.catalogue import listed, place, places
from support.agreement import ALIVE, SELLER, Shown, shown, standing, wanted
from support.live_shop import Document, Shop, body_of


@dataclass(slots=True)
class Said:
    """The shop's word about the stock of one item.

    ``sold`` is how many buyers had bought when eBay showed it; None as long as it does not. What
    is sold later may never be for sale again; what was sold before, the shop may have counted.
    """

    quantity: int
    status: str
    sold: int | None = None


@dataclass(slots=True)
class Over:
    """A listing that others ended: the shop or a person may have ``asked`` for it since.

    What eBay itself has ended is ``gone``: no call brings it back.
    """

    gone: bool
    asked: bool


@dataclass(slots=True)
class Books:
    """The stock of every item that the shop ever named, and the places that others ended.

    ``ended`` are the places that the shop, or somebody else, ever took down: nowhere else may a
    listing be over. ``restocked`` are items whose stock the seller has changed on the site.
    """

    shop: Shop
    items: dict[str, Said] = field(default_factory=dict[str, Said])
    over: dict[str, Over] = field(default_factory=dict[str, Over])
    ended: set[str] = field(default_factory=set[str])
    restocked: set[str] = field(default_factory=set[str])

    def hear(self, listing: Document) -> None:
        """Take down what a document says of stock; a shop that ends a listing may list it again."""
        for each in places(listing):
            status = each.get("status", "active")
            if status != "active":
                self.ended.add(place(each["sku"]))
            if status != "active" and each["sku"] in self.over:
                self.over[each["sku"]].asked = True
            rows = each.get("variants", [each])
            for sku in {sku for sku in self.items if place(sku) == place(each["sku"])}:
                if sku not in {row["sku"] for row in rows}:
                    del self.items[sku]  # a variant that comes back is said anew
            for row in rows:
                before = self.items.get(row["sku"])
                if before is None or (before.quantity, before.status) != (row["quantity"], status):
                    self.items[row["sku"]] = Said(row["quantity"], status)

    def end(self, where: str, *, by: str, settled: bool) -> None:
        """Take down that others ended a listing, all of which was ``settled``, or not."""
        self.over[where] = Over(gone=by == "ebay", asked=not settled)
        self.ended.add(where)

    def bring_back(self, over: Iterable[str]) -> None:
        """Take down that a person wants listings back, with the stock that the shop said last."""
        for where in over:
            self.over[where].asked = True
        for sku, said in self.items.items():
            said.sold = None if place(sku) in over else said.sold

    def restock(self, sku: str) -> None:
        """Take down that the seller gave an item another stock on the site.

        Until that is seen nobody can tell which of its units the shop's number was about; of a
        variant that the shop has taken away meanwhile it says none.
        """
        self.restocked.add(sku)
        if said := self.items.get(sku):
            said.sold = None

    def has_open(self) -> bool:
        """Tell whether eBay may not show yet what the shop said last."""
        return any(said.sold is None for said in self.items.values())

    def settle(self, quiet: set[str]) -> None:
        """Note that eBay shows what the shop says in the places ``quiet``."""
        sold = self.sold()
        for sku, said in self.items.items():
            if said.sold is None and place(sku) in quiet and sku not in self.restocked:
                said.sold = sold[sku]

    def sold(self) -> Counter[str]:
        """Return how many of each item buyers have bought."""
        owned = self.shop.mock.state()["accounts"][SELLER]
        found: Counter[str] = Counter()
        for listing in owned["listings"].values():
            found.update(listing["sold"])
        return found

    def offered(self, listing: str) -> dict[str, int]:
        """Return how many units the live offers of a listing say there are, by offer id."""
        return {
            offer["offerId"]: offer["availableQuantity"]
            for sku, offer in self.shop.live().items()
            if sku in self.items and listed(sku) == listing
        }

    def judge_offers(self, before: dict[str, int], *, since: int) -> None:
        """Compare the offers replaced after call number ``since`` with what they said before it.

        Raises:
            AssertionError: an offer was replaced by one that says more.
        """
        for call in self.shop.mock.journal("updateOffer", since=since):
            offer_id, body = call["path"].rpartition("/")[2], cast("Document", body_of(call))
            said, most = body["availableQuantity"], before.get(offer_id)
            words = f"offer {offer_id} of {most} is replaced by one of {said}"
            assert most is None or said <= most, f"eBay sells again what was sold: {words}"

    def judge(self, listings: Iterable[Document], found_ended: set[str]) -> None:
        """Compare what eBay shows with what the shop said and the buyers bought.

        ``found_ended`` are the places that baysync says it found ended on eBay.

        Raises:
            AssertionError: they disagree.
        """
        there, sold = shown(self.shop.mock), self.sold()
        stands = standing(self.shop.mock)
        alive = {place(sku) for sku, status in stands.items() if status in ALIVE}
        lost = {place(sku) for sku in stands} - alive - self.ended
        assert lost == set(), "eBay shows no more what nobody took down"
        want = wanted(each for listing in listings for each in places(listing))
        self._judge_ended({place(sku) for sku in there}, _on_sale(want), found_ended)
        told = {
            sku: row
            for sku, row in want.items()
            if sku in there or (max(row.stock) > 0 and place(sku) not in self.over)
        }
        now = {sku: row for sku, row in there.items() if sku in want or min(row.stock) > 0}
        seen = {
            sku: self._less_sales(row, want.get(sku), sku, sold[sku]) for sku, row in now.items()
        }
        wrong = {
            sku: (seen.get(sku), told.get(sku))
            for sku in seen.keys() | told.keys()
            if seen.get(sku) != told.get(sku)
        }
        assert wrong == {}, f"eBay shows something else than the shop said: {wrong}"

    def _judge_ended(self, live: set[str], on_sale: set[str], found: set[str]) -> None:
        """Judge the places that others ended; those that are back are no more among them."""
        back = live & self.over.keys()
        unasked = {where for where in back if self.over[where].gone or not self.over[where].asked}
        assert unasked == set(), "what was ended on eBay is back unasked"
        for where in back:
            del self.over[where]
        assert found <= self.over.keys(), "nobody ended on eBay what is said to be ended there"
        unseen = {
            where
            for where in (self.over.keys() & on_sale) - found
            if not (self.over[where].gone and self.over[where].asked)
        }
        assert unseen == set(), "nothing says that a listing was ended on eBay"

    def _less_sales(self, row: Shown, want: Shown | None, sku: str, sold: int) -> Shown:
        """Return what is shown as if nothing was sold; sales lower the stock, and for good."""
        if want is None:
            return row
        said, before = min(want.stock), self.items[sku].sold
        most = said if before is None else said - (sold - before)
        shows = f"{sku} at {row.stock} of {said}, {sold} sold"
        assert min(row.stock) <= max(most, 0), f"eBay sells again what was sold: {shows}"
        assert min(row.stock) >= max(said - sold, 0), f"eBay shows less than is left: {shows}"
        return row._replace(stock=want.stock)


def _on_sale(want: dict[str, Shown]) -> set[str]:
    return {place(sku) for sku, row in want.items() if max(row.stock) > 0}
