"""Does eBay show what the shop said? Judged from the shop's documents and the mock alone."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from mockbay.client import MockServer

SELLER = "seller-one"
Document = dict[str, Any]


class Shown(NamedTuple):
    """What a buyer sees of one listing; ``stock`` is what item and offer say."""

    title: str
    description: str
    price: str
    stock: tuple[int, int]


def wanted(listings: Iterable[Mapping[str, Any]]) -> dict[str, Shown]:
    """Return what buyers must see of the shop's active listings, by SKU."""
    return {
        row["sku"]: Shown(
            title=row["title"],
            description=row["description"],
            price=row["price"],
            stock=(row["quantity"], row["quantity"]),
        )
        for row in listings
        if row.get("status", "active") == "active"
    }


def shown(mock: MockServer) -> dict[str, Shown]:
    """Return what buyers see of the live listings, by SKU."""
    owned = mock.state()["accounts"][SELLER]
    return {
        offer["sku"]: _shown(owned["items"][offer["sku"]], offer)
        for offer in owned["offers"].values()
        if offer["status"] == "PUBLISHED"
    }


def _shown(item: Document, offer: Document) -> Shown:
    return Shown(
        title=item["product"]["title"],
        description=offer["listingDescription"],
        price=offer["pricingSummary"]["price"]["value"],
        stock=(
            item["availability"]["shipToLocationAvailability"]["quantity"],
            offer["availableQuantity"],
        ),
    )


def numbers(mock: MockServer) -> dict[str, list[str]]:
    """Return every listing number a SKU ever had, ended ones too."""
    owned = mock.state()["accounts"][SELLER]
    found: dict[str, list[str]] = defaultdict(list)
    for number, listing in owned["listings"].items():
        for offer_id in listing["offer_ids"]:
            found[owned["offers"][offer_id]["sku"]].append(number)
    return dict(found)


def at_once(mock: MockServer) -> set[str]:
    """Return the SKUs that buyers find twice."""
    owned = mock.state()["accounts"][SELLER]
    alive = [
        owned["offers"][offer_id]["sku"]
        for listing in owned["listings"].values()
        if listing["status"] in {"ACTIVE", "OUT_OF_STOCK"}
        for offer_id in listing["offer_ids"]
    ]
    return {sku for sku in alive if alive.count(sku) > 1}
