"""What the shop has said of its stock, what buyers have bought, and so what eBay must show."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import cast

from agreement import SELLER, Shown, shown, wanted
from live_shop import Document, Shop, body_of


@dataclass(slots=True)
class Said:
    """The shop's word about the stock of one item, and of which listing it is.

    ``sold`` is how many buyers had bought when eBay showed it; None as long as it does not. What
    is sold later may never be for sale again; what was sold before, the shop may have counted.
    """

    listing: str
    quantity: int
    status: str
    sold: int | None = None


@dataclass(slots=True)
class Books:
    """The stock of every item that the shop ever named."""

    shop: Shop
    items: dict[str, Said] = field(default_factory=dict[str, Said])

    def hear(self, listing: Document) -> None:
        """Take down what a document says of stock."""
        status = listing.get("status", "active")
        for row in listing.get("variants", [listing]):
            before = self.items.get(row["sku"])
            if before is None or (before.quantity, before.status) != (row["quantity"], status):
                self.items[row["sku"]] = Said(listing["sku"], row["quantity"], status)

    def has_open(self) -> bool:
        """Tell whether eBay may not show yet what the shop said last."""
        return any(said.sold is None for said in self.items.values())

    def settle(self, quiet: set[str]) -> None:
        """Note that eBay shows what the shop says of the listings ``quiet``."""
        sold = self.sold()
        for sku, said in self.items.items():
            if said.sold is None and said.listing in quiet:
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
            if sku in self.items and self.items[sku].listing == listing
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

    def judge(self, listings: Iterable[Document]) -> None:
        """Compare what eBay shows with what the shop said and the buyers bought.

        Raises:
            AssertionError: they disagree.
        """
        there, sold, want = shown(self.shop.mock), self.sold(), wanted(listings)
        told = {sku: row for sku, row in want.items() if max(row.stock) > 0 or sku in there}
        now = {sku: row for sku, row in there.items() if sku in want or min(row.stock) > 0}
        seen = {
            sku: self._less_sales(row, want.get(sku), sku, sold[sku]) for sku, row in now.items()
        }
        assert seen == told, "eBay shows something else than the shop said"

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
