"""Every field that eBay holds, beside what the shop said: judged from both documents alone."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple, cast

from mockbay.client import MockServer
from support.agreement import SELLER

Document = dict[str, Any]
Fields = dict[str, object]


class Speech(NamedTuple):
    """How a marketplace is spoken to: the language, the money, and its word for a brand."""

    locale: str
    currency: str
    brand: str


US, DE = "EBAY_US", "EBAY_DE"
SPEECH = {US: Speech("en_US", "USD", "Brand"), DE: Speech("de_DE", "EUR", "Marke")}
NOISE = {
    *("availability", "groupIds", "inventoryItemGroupKeys", "sku"),
    *("hideBuyerDetails", "listing", "marketplaceId", "offerId", "status", "format"),
}
OWN: Document = {"images": [], "gtins": [], "mpn": None}  # of a variant, never shared
PLACED = {"condition": "NEW", "category": "999", "location": "main-warehouse"}
POLICIES = ("fulfillment", "payment", "return")


def named(sku: str, marketplace: str) -> str:
    """Return what an item is called here: the shop's SKU, and where it is sold if not in the US."""
    return sku if marketplace == US else f"{sku}@{marketplace}"


def offered(row: Document, marketplaces: Collection[str] = (US,)) -> list[Document]:
    """Return what the shop says of an active listing on each of its marketplaces."""
    if row.get("status", "active") != "active":
        return []
    return [_on(row, marketplace) for marketplace in row.get("marketplaces", marketplaces)]


def _on(row: Document, marketplace: str) -> Document:
    own: Document = {**row, **row.get("overrides", {}).get(marketplace, {})}
    own |= {"sku": named(row["sku"], marketplace), "marketplace": marketplace}
    variants: list[Document] = row.get("variants") or []
    named_ = [one | {"sku": named(one["sku"], marketplace)} for one in variants]
    return {**own, "variants": named_} if variants else own


def differences(
    mock: MockServer,
    rows: Iterable[Document],
    *,
    sold: Mapping[str, int] = {},
    names: Mapping[str, str] = {},
) -> list[str]:
    """Return each field, of all that the shop gave, that eBay holds otherwise or lost; and extras.

    ``rows`` are what it says on each marketplace (see ``offered``). ``sold`` are units that buyers
    took: so many may be missing from the stock. ``names`` are ours by eBay's SKU.
    """
    owned = mock.state()["accounts"][SELLER]
    want: Fields = {}
    for row in rows:
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
    return {SPEECH[row["marketplace"]].brand: [row["brand"]], **row.get("aspects", {})}


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
        "locale": SPEECH[row["marketplace"]].locale,
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
    currency = SPEECH[row["marketplace"]].currency
    document = {
        "availableQuantity": row["quantity"],
        "categoryId": row.get("category", PLACED["category"]),
        "includeCatalogProductDetails": False,
        "listingDescription": row["description"] if described else None,
        "listingDuration": "GTC",
        "listingPolicies": dict.fromkeys(POLICIES, "there"),
        "merchantLocationKey": row.get("location", PLACED["location"]),
        "pricingSummary": {"price": {"value": row["price"], "currency": currency}},
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
            skus = sorted(names.get(sku, sku) for sku in group["variantSKUs"])
            fields |= _flat(group | {"variantSKUs": skus}, f"{'+'.join(skus)}/group")
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
