"""Does eBay show what the shop said? Judged from the shop's documents and the mock alone."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple, cast

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


def shown(mock: MockServer) -> dict[str, Shown]:
    """Return what buyers see of the live listings, by SKU."""
    owned = mock.state()["accounts"][SELLER]
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


def at_once(mock: MockServer) -> set[str]:
    """Return the SKUs that buyers find twice."""
    owned = mock.state()["accounts"][SELLER]
    alive = [
        owned["offers"][offer_id]["sku"]
        for listing in owned["listings"].values()
        if listing["status"] in ALIVE
        for offer_id in listing["offer_ids"]
    ]
    return {sku for sku in alive if alive.count(sku) > 1}


def standing(mock: MockServer) -> dict[str, str]:
    """Return ACTIVE, OUT_OF_STOCK or ENDED of every SKU that ever went live."""
    owned = mock.state()["accounts"][SELLER]
    found: dict[str, str] = {}
    for listing in owned["listings"].values():
        for offer_id in listing["offer_ids"]:
            sku = owned["offers"][offer_id]["sku"]
            if found.get(sku, "ENDED") == "ENDED":
                found[sku] = listing["status"]
    return found


def disagreements(
    mock: MockServer, listings: Iterable[Document], *, ended: Collection[str]
) -> list[str]:
    """Return each SKU that eBay shows otherwise than the shop wants, and how.

    What went live and is sold out stays, at zero; absent is only what never went live or was
    taken down. ``ended`` are the SKUs that the shop ever took down: they need not come back at 0.
    """
    told = {row["sku"]: row for row in listings}
    want, there, stands = wanted(told.values()), shown(mock), standing(mock)
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


Fields = dict[str, object]
NOISE = {
    *("availability", "groupIds", "inventoryItemGroupKeys", "locale", "sku"),
    *("hideBuyerDetails", "listing", "marketplaceId", "offerId", "status", "format"),
}
OWN: Document = {"images": [], "gtins": [], "mpn": None}  # of a variant, never shared
PLACED = {"condition": "NEW", "category": "999", "location": "main-warehouse"}
POLICIES = ("fulfillment", "payment", "return")


def differences(
    mock: MockServer,
    listings: Iterable[Document],
    *,
    sold: Mapping[str, int] = {},
    names: Mapping[str, str] = {},
) -> list[str]:
    """Return each field, of all that the shop gave, that eBay holds otherwise or lost; and extras.

    ``sold`` are units that buyers took of a SKU: so many may be missing from its stock.
    ``names`` are the shop's SKUs by eBay's, where they differ.
    """
    owned = mock.state()["accounts"][SELLER]
    want: Fields = {}
    for row in listings:
        if row.get("status", "active") == "active":
            want |= _wanted_fields(row)
    there = _held_fields(owned, names)
    for sku, units in sold.items():
        for place in (f"{sku}/item/stock", f"{sku}/offer/stock"):
            least, most = cast("int", want[place]) - units, cast("int", want[place])
            if least <= cast("int", there.get(place, -1)) <= most:
                want[place] = there[place]
    return [
        f"{name}: {there.get(name)!r} instead of {want.get(name)!r}"
        for name in sorted(want.keys() | there.keys())
        if want.get(name) != there.get(name)
    ]


def _wanted_fields(row: Document) -> Fields:
    variants: list[Document] = row.get("variants") or []
    shared = {name: value for name, value in row.items() if name != "variants"}
    fields: Fields = {}
    for one in variants or [row]:
        options: dict[str, str] = one.get("options", {})
        own: Document = {**shared, **(OWN if variants else {}), **one}
        own["aspects"] = _aspects(row) | {name: [value] for name, value in options.items()}
        fields |= _wanted_item(own) | _wanted_offer(own, described=not variants)
    return fields | (_wanted_group(row, variants) if variants else {})


def _aspects(row: Document) -> dict[str, list[str]]:
    return {"Brand": [row["brand"]], **row.get("aspects", {})}


def _wanted_item(row: Document) -> Fields:
    product = {
        "title": row["title"],
        "subtitle": row.get("subtitle"),
        "brand": row["brand"],
        "mpn": row.get("mpn"),
        "ean": row.get("gtins"),
        "imageUrls": row["images"],
        "aspects": row["aspects"],
    }
    weight, size = row.get("weight"), row.get("size")
    document = {
        "condition": row.get("condition", PLACED["condition"]),
        "conditionDescription": row.get("condition_note"),
        "product": product,
        "packageWeightAndSize": {
            "weight": weight and {**weight, "value": float(weight["value"])},
            "dimensions": size and {n: v if n == "unit" else float(v) for n, v in size.items()},
        },
        "stock": row["quantity"],
    }
    return _flat(document, f"{row['sku']}/item")


def _wanted_offer(row: Document, *, described: bool) -> Fields:
    tax: Document = row.get("tax") or {}
    document = {
        "availableQuantity": row["quantity"],
        "categoryId": row.get("category", PLACED["category"]),
        "includeCatalogProductDetails": False,
        "listingDescription": row["description"] if described else None,
        "listingDuration": "GTC",
        "listingPolicies": dict.fromkeys(POLICIES, "there"),
        "merchantLocationKey": row.get("location", PLACED["location"]),
        "pricingSummary": {"price": {"value": row["price"], "currency": "USD"}},
        "storeCategoryNames": row.get("store_categories"),
        "tax": {
            "applyTax": tax.get("apply"),
            "vatPercentage": tax.get("vat_percentage") and float(tax["vat_percentage"]),
        },
    }
    return _flat(document, f"{row['sku']}/offer")


def _wanted_group(row: Document, variants: list[Document]) -> Fields:
    axes: dict[str, list[str]] = {}
    for one in variants:
        for name, value in one["options"].items():
            axes.setdefault(name, []).append(value)
    document: Document = {
        "title": row["title"],
        "subtitle": row.get("subtitle"),
        "description": row["description"],
        "imageUrls": row["images"],
        "aspects": _aspects(row),
        "variantSKUs": sorted(one["sku"] for one in variants),
        "variesBy": {
            "specifications": [{"name": n, "values": list(v)} for n, v in axes.items()],
            "aspectsImageVariesBy": list(axes)[:1],
        },
    }
    return _flat(document, f"{'+'.join(document['variantSKUs'])}/group")


def _held_fields(owned: Document, names: Mapping[str, str]) -> Fields:
    fields: Fields = {}
    live = [offer for offer in owned["offers"].values() if offer["status"] == "PUBLISHED"]
    for offer in live:
        item = owned["items"][offer["sku"]]
        sku = names.get(offer["sku"], offer["sku"])
        stock = item["availability"]["shipToLocationAvailability"]["quantity"]
        fields |= _flat(_plain(item) | {"stock": stock}, f"{sku}/item")
        fields |= _flat(_plain(offer), f"{sku}/offer")
    for group in owned["groups"].values():
        if {offer["sku"] for offer in live} & set(group["variantSKUs"]):
            name = "+".join(sorted(group["variantSKUs"]))
            fields |= _flat(group | {"variantSKUs": sorted(group["variantSKUs"])}, f"{name}/group")
    return fields


def _plain(document: Document) -> Document:
    """Return what the seller says of item or offer; policies count as there or not."""
    kept = {name: value for name, value in document.items() if name not in NOISE}
    if (product := kept.get("product")) is not None:
        kept["product"] = {n: v for n, v in product.items() if n != "description"}
    if (policies := kept.get("listingPolicies")) is not None:
        kept["listingPolicies"] = {n.removesuffix("PolicyId"): "there" for n in policies}
    return kept


def _flat(value: object, name: str) -> Fields:
    """Return what is said, by path; nothing, an empty text or list say nothing."""
    if isinstance(value, dict):
        found: Fields = {}
        for key, inner in cast("Document", value).items():
            found |= _flat(inner, f"{name}/{key}")
        return found
    if name.endswith("/availableQuantity"):
        name = name.removesuffix("availableQuantity") + "stock"
    return {} if value in (None, "", []) else {name: value}
