"""Edits in bursts, as a busy shop makes them, and what of them reached eBay twice."""

from dataclasses import dataclass, field
from random import Random
from typing import cast

from support.live_shop import Document, Shop, body_of, document

AT_ONCE = 50
WINDOW = {"BAYSYNC_DEBOUNCE_WINDOW": "100ms", "BAYSYNC_DEBOUNCE_LONGEST": "500ms"}
NEW_LISTING = {"bulkPublishOffer", "withdrawOffer"}
PRICED = "bulkUpdatePriceQuantity"


@dataclass(slots=True)
class Storm:
    """A shop's listings by SKU as it last sent them, and the SKUs that it ever took down."""

    luck: Random
    listings: dict[str, Document]
    ended: set[str] = field(default_factory=set[str])

    async def burst(self, shop: Shop, edits: int = AT_ONCE) -> int:
        """Edit some listings at once; return how many edits changed something."""
        return (await shop.put(*self.edits(edits))).count("updated")

    def edits(self, count: int) -> list[Document]:
        """Return ``count`` listings as they are after one more edit each."""
        busy = self.luck.sample(sorted(self.listings), count)
        self.listings |= {sku: edited(self.listings[sku], self.luck) for sku in busy}
        rows = [self.listings[sku] for sku in busy]
        self.ended |= {row["sku"] for row in rows if row.get("status") == "ended"}
        return rows


def storm(seed: int, listings: int) -> Storm:
    """Return the storm of a seed before its first burst; reproducible, not secret."""
    skus = [f"SKU-{n:04}" for n in range(listings)]
    return Storm(Random(seed), {sku: document(sku) for sku in skus})  # noqa: S311


def edited(listing: Document, luck: Random) -> Document:
    """Return the listing after one random edit; now and then it is ended or sold out."""
    changes: list[Document] = [
        {"title": f"Lamp {luck.randrange(5)}"},
        {"price": f"{luck.randrange(10, 15)}.50"},
        {"quantity": luck.randrange(1, 9)},
        {"description": f"<p>Light {luck.randrange(3)}.</p>"},
        {"quantity": 0},
        {"status": luck.choice(["active", "ended"])},
    ]
    [edit] = luck.choices(changes, weights=[6, 6, 6, 3, 1, 1])
    return listing | edit


def repeated(shop: Shop) -> list[tuple[str, str]]:
    """Return each write whose body eBay already had for that SKU and call.

    A new listing starts from nothing; a new price or quantity changes what item and offer hold.
    """
    offers = {offer["offerId"]: offer["sku"] for offer in shop.mock.offers().values()}
    last: dict[str, dict[str, Document]] = {}
    found: list[tuple[str, str]] = []
    for call in shop.calls():
        if call["method"] == "GET" or call["op"] == "bulkGetInventoryItem":
            continue
        for sku, row in rows_of(call, offers):
            held = last.setdefault(sku, {})
            if held.get(call["op"]) == row:
                found.append((sku, call["op"]))
            if call["op"] in NEW_LISTING or call["op"] == PRICED:
                held.clear()
            held[call["op"]] = row
    return found


def rows_of(call: Document, offers: dict[str, str]) -> list[tuple[str, Document]]:
    """Return what a write says, by SKU."""
    body = cast("Document", body_of(call) or {})
    rows: list[Document] = body.get("requests") or [body]
    of_path = offers.get(call["path"].removesuffix("/withdraw").rpartition("/")[2], "")
    return [(row.get("sku") or offers.get(row.get("offerId", ""), of_path), row) for row in rows]
