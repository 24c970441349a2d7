"""What must be on eBay after an edit of the shop, judged from eBay's documents alone.

The oracle of the property that what a seller sets survives: it knows the rules in words of its
own, and nothing of the code that carries.
"""

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, NamedTuple, cast
from urllib.parse import unquote

from mockbay.client import MockServer
from support.agreement import SELLER

Document = dict[str, Any]
Leaves = dict[str, object]
TERMS, PRICING = "offer.listingPolicies.bestOfferTerms", "offer.pricingSummary"
PRICE = f"{PRICING}.price.value"
ON_HAND = "item.availability.shipToLocationAvailability"
WAREHOUSES, PICKUP = (
    f"{ON_HAND}.availabilityDistributions",
    ("item.availability.pickupAtLocationAvailability"),
)
BESIDE_PRICE = {  # what goes with an amount that no longer goes with the price
    f"{TERMS}.autoAcceptPrice": (),
    f"{TERMS}.autoDeclinePrice": (),
    f"{PRICING}.originalRetailPrice": (f"{PRICING}.originallySoldForRetailPriceOn",),
    f"{PRICING}.minimumAdvertisedPrice": (f"{PRICING}.pricingVisibility",),
}
BELOW = TERMS
MAKER, SAID_OF_MAKER = "offer.regulatory.manufacturer", ("companyName", "country")
"""One statement: another maker has another address."""
CONDITION = ("item.conditionDescription", "item.conditionDescriptors")
PRODUCT = ("brand", "mpn", "ean", "upc", "isbn")
NOT_SET = (  # eBay's own, which no body carries
    *("item.sku", "item.locale", "item.groupIds", "item.inventoryItemGroupKeys"),
    *(f"{ON_HAND}.allocationByFormat", "offer.offerId", "offer.sku", "offer.marketplaceId"),
    *("offer.format", "offer.status", "offer.listing", "group.inventoryItemGroupKey"),
)


class Lost(NamedTuple):
    """A leaf that is not as it must be."""

    sku: str
    path: str
    wanted: object
    there: object


def leaves(document: Document, at: str) -> Leaves:
    """Return the leaves of a document by dotted path; lists are leaves."""
    flat: Leaves = {}
    for name, value in document.items():
        path = f"{at}.{name}"
        flat |= leaves(cast("Document", value), path) if isinstance(value, dict) else {path: value}
    return flat


def everything(mock: MockServer) -> dict[str, Leaves]:
    """Return the leaves of item, offer and group of every SKU of the seller."""
    owned = mock.state()["accounts"][SELLER]
    whole: dict[str, Leaves] = {}
    for offer in owned["offers"].values():
        item = owned["items"][offer["sku"]]
        found = leaves(item, "item") | leaves(offer, "offer")
        for key in item["groupIds"]:
            found |= _sets(leaves(owned["groups"][key], "group"))
        whole[offer["sku"]] = {
            path: value for path, value in found.items() if not _within(path, NOT_SET)
        }
    return whole


def _sets(group: Leaves) -> Leaves:
    """Spell what a group has in no order: its members, and the values of its axes by name."""
    axes = cast("list[Document]", group.pop("group.variesBy.specifications"))
    group["group.variantSKUs"] = sorted(cast("list[str]", group["group.variantSKUs"]))
    return group | {f"group.axes.{axis['name']}": sorted(axis["values"]) for axis in axes}


def replaced(mock: MockServer, since: int) -> dict[str, set[str]]:
    """Return which documents were replaced whole after a call of the journal, by SKU."""
    owned = mock.state()["accounts"][SELLER]
    by_sku: dict[str, set[str]] = {sku: set() for sku in owned["items"]}
    for call in mock.journal(since=since):
        body: Document = json.loads(call["body"] or "{}")
        if call["op"] == "bulkCreateOrReplaceInventoryItem":
            for row in body["requests"]:
                by_sku[row["sku"]].add("item")
        elif call["op"] == "createOrReplaceInventoryItem":
            by_sku[unquote(call["path"].rpartition("/")[2])].add("item")
        elif call["op"] == "createOrReplaceInventoryItemGroup":
            for sku in body["variantSKUs"]:
                by_sku[sku].add("group")
        elif call["op"] == "updateOffer":
            by_sku[owned["offers"][call["path"].rpartition("/")[2]]["sku"]].add("offer")
    return by_sku


def lost(
    sku: str,
    before: Leaves,
    after: Leaves,
    ours: Mapping[str, object],
    whole: set[str],
    *,
    grouped: bool = False,
) -> list[Lost]:
    """Return every leaf that neither stayed nor is the shop's nor had to go by a rule.

    ``ours`` are the paths that the shop says, with what it says last, or None where that is not
    looked at here. ``whole`` are the documents that were replaced since.
    """
    gone = [one for one in _gone(before, after, grouped=grouped) if one.split(".")[0] in whole]
    wanted = {path: value for path, value in before.items() if not _within(path, gone)}
    if "item" in whole:
        wanted = _cut(wanted, after)
    wanted |= {path: value for path, value in ours.items() if value is not None}
    paths = (wanted.keys() | after.keys()) - {p for p, value in ours.items() if value is None}
    return [
        Lost(sku, path, wanted.get(path), after.get(path))
        for path in sorted(paths)
        if wanted.get(path) != after.get(path)
    ]


def told(losses: list[Lost]) -> str:
    """Return what is lost, a line each."""
    return "\n".join(f"{one.sku} {one.path}: {one.there!r} for {one.wanted!r}" for one in losses)


def _gone(before: Leaves, after: Leaves, *, grouped: bool) -> list[str]:
    """Return what cannot stand beside what the shop says now."""
    gone = ["offer.listingStartDate", *_beside_price(before, Decimal(str(after[PRICE])))]
    if before.get("item.condition") != after["item.condition"]:
        gone += CONDITION
    if any(before.get(f"item.product.{n}") != after.get(f"item.product.{n}") for n in PRODUCT):
        gone.append("item.product.epid")
    if any(before.get(f"{MAKER}.{name}") != after.get(f"{MAKER}.{name}") for name in SAID_OF_MAKER):
        gone.append(MAKER)
    if before.get("offer.secondaryCategoryId") == after["offer.categoryId"]:
        gone.append("offer.secondaryCategoryId")
    if after.get("offer.tax.applyTax") is not True:
        gone.append("offer.tax.thirdPartyTaxCategory")
    return [*gone, TERMS] if grouped else gone


def _beside_price(before: Leaves, price: Decimal) -> Iterator[str]:
    for path, others in BESIDE_PRICE.items():
        if (value := before.get(f"{path}.value")) is not None:
            number = Decimal(str(value))
            if number >= price if path.startswith(BELOW) else number <= price:
                yield from (path, *others)


def _cut(wanted: Leaves, after: Leaves) -> Leaves:
    """Return stock at warehouses and shops as the number for sale leaves it."""
    most = cast("int", after[f"{ON_HAND}.quantity"])
    for path, summed in ((WAREHOUSES, True), (PICKUP, False)):
        left, rows = most, list[Document]()
        for row in cast("list[Document]", wanted.get(path) or []):
            number = min(row["quantity"], left)
            left -= number if summed else 0
            rows.append(row | {"quantity": number})
        wanted |= {path: rows} if rows else {}
    return wanted


def _within(path: str, prefixes: tuple[str, ...] | list[str]) -> bool:
    return any(path == one or path.startswith(f"{one}.") for one in prefixes)
