"""Does eBay show what the shop said? Judged from the shop's documents and the mock alone."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple

from mockbay.client import MockServer

SELLER = "seller-one"
ALIVE = {"ACTIVE", "OUT_OF_STOCK"}
Document = dict[str, Any]


class Shown(NamedTuple):
    """What a buyer sees of one listing; ``stock`` is what item and offer say."""

    title: str
    description: str
    price: str
    stock: tuple[int, int]


def wanted(listings: Iterable[Mapping[str, Any]]) -> dict[str, Shown]:
    """Return what buyers must see of the shop's active listings, by SKU of item."""
    return {
        item["sku"]: Shown(
            title=row["title"],
            description=row["description"],
            price=item["price"],
            stock=(item["quantity"], item["quantity"]),
        )
        for row in listings
        if row.get("status", "active") == "active"
        for item in row.get("variants", [row])
    }


def shown(mock: MockServer, seller: str = SELLER) -> dict[str, Shown]:
    """Return what buyers see of the live listings, by SKU."""
    owned = mock.state()["accounts"][seller]
    return {
        offer["sku"]: _shown(owned["items"][offer["sku"]], offer, owned["groups"])
        for offer in owned["offers"].values()
        if offer["status"] == "PUBLISHED"
    }


def _shown(item: Document, offer: Document, groups: Document) -> Shown:
    [group] = [groups[key] for key in item["groupIds"]] or [Document()]
    return Shown(
        title=group.get("title") or item["product"]["title"],
        description=group.get("description") or offer["listingDescription"],
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


def at_once(mock: MockServer, seller: str = SELLER) -> set[str]:
    """Return the SKUs that buyers find twice."""
    owned = mock.state()["accounts"][seller]
    alive = [
        owned["offers"][offer_id]["sku"]
        for listing in owned["listings"].values()
        if listing["status"] in ALIVE
        for offer_id in listing["offer_ids"]
    ]
    return {sku for sku in alive if alive.count(sku) > 1}


def standing(mock: MockServer, seller: str = SELLER) -> dict[str, str]:
    """Return ACTIVE, OUT_OF_STOCK or ENDED of every SKU that ever went live."""
    owned = mock.state()["accounts"][seller]
    found: dict[str, str] = {}
    for listing in owned["listings"].values():
        for offer_id in owned["offers"].keys() & set(listing["offer_ids"]):  # not deleted since
            sku = owned["offers"][offer_id]["sku"]
            if found.get(sku, "ENDED") == "ENDED":
                found[sku] = listing["status"]
    return found


def disagreements(
    mock: MockServer,
    listings: Iterable[Document],
    *,
    ended: Collection[str],
    seller: str = SELLER,
) -> list[str]:
    """Return each SKU that eBay shows otherwise than the shop wants, and how.

    What went live and is sold out stays, at zero; absent is only what never went live or was
    taken down. ``ended`` are the SKUs that the shop ever took down: they need not come back at 0.
    """
    told = {row["sku"]: row for row in listings}
    want, there, stands = wanted(told.values()), shown(mock, seller), standing(mock, seller)
    return [
        f"{sku}: {stands.get(sku)}, {there.get(sku)} instead of {want.get(sku)}"
        for sku in sorted(told.keys() | stands.keys())
        if stands.get(sku) not in _fitting(want.get(sku), taken_down=sku in ended)
        or (stands.get(sku) in ALIVE and there.get(sku) != want.get(sku))
    ]


def _fitting(want: Shown | None, *, taken_down: bool) -> set[str | None]:
    if want is None:
        return {None, "ENDED"}
    if want.stock != (0, 0):
        return {"ACTIVE"}
    return {None, "OUT_OF_STOCK", "ENDED"} if taken_down else {None, "OUT_OF_STOCK"}
