"""Catalogues of shops read by ``csv`` alone, and what buyers see, in the same words.

An oracle: it knows what the exporters mean by their columns, and nothing of our readers.
"""

import csv
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from html import unescape
from pathlib import Path
from typing import Any, NamedTuple

from mockbay.client import MockServer
from support.agreement import SELLER

Row = dict[str, str]
UNTRACKED = 3
"""What the account offers of what a shop does not count."""


class Sold(NamedTuple):
    """One SKU as buyers see it."""

    product: str
    options: tuple[tuple[str, str], ...]
    price: str
    stock: int
    description: str
    pictures: tuple[str, ...]
    brand: str
    codes: tuple[str, ...]
    grams: Decimal


def read(path: Path) -> dict[str, Sold]:
    """Return what a file says is for sale, by title and options: SKUs may be ours."""
    with path.open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines))
    by = _shopify if "Handle" in rows[0] else _woocommerce
    return {key(one): one for one in by(rows) if one.pictures}


def key(one: Sold) -> str:
    """Name a SKU by its product and options, which the file has whatever its SKUs are."""
    return " / ".join([one.product, *(value for _, value in one.options)])


def _shopify(rows: list[Row]) -> Iterator[Sold]:
    products = defaultdict[str, list[Row]](list)
    for row in rows:
        products[row["Handle"]].append(row)
    for product in products.values():
        first = product[0]
        active = first.get("Status") or ("active" if first["Published"] == "true" else "draft")
        if active == "active" and first["Published"] == "true" and first.get("Gift Card") != "true":
            yield from _variants(product)


def _variants(product: list[Row]) -> Iterator[Sold]:
    first = product[0]
    sold = [row for row in product if row["Variant Price"]]
    placed = sorted(
        (row for row in product if row["Image Src"]),
        key=lambda r: int(r.get("Image Position") or 0),
    )
    pictures = tuple(row["Image Src"] for row in placed)
    for row in sold:
        own = (row["Variant Image"],) if row.get("Variant Image") and len(sold) == 1 else ()
        yield Sold(
            product=unescape(first["Title"]),
            options=_options(first, row),
            price=f"{Decimal(row['Variant Price']):.2f}",
            stock=_stock(
                row["Variant Inventory Qty"],
                counted=bool(row.get("Variant Inventory Tracker", "shopify")),
            ),
            description=first["Body (HTML)"].strip(),
            pictures=tuple(dict.fromkeys((*own, *pictures))),
            brand=first["Vendor"],
            codes=_codes(row.get("Variant Barcode", "").lstrip("'")),
            grams=Decimal(row.get("Variant Grams") or 0),
        )


def _options(first: Row, row: Row) -> tuple[tuple[str, str], ...]:
    columns = ((f"Option{n} Name", f"Option{n} Value") for n in (1, 2, 3))
    named = [(first.get(name, ""), row.get(value, "")) for name, value in columns]
    return tuple(sorted(pair for pair in named if pair[1] and pair != ("Title", "Default Title")))


def _stock(number: str, *, counted: bool) -> int:
    return max(0, int(number or 0)) if counted else UNTRACKED


def _codes(cell: str) -> tuple[str, ...]:
    return (cell,) if cell else ()


def _woocommerce(rows: list[Row]) -> Iterator[Sold]:
    parents = {row["SKU"]: row for row in rows if row["Type"] == "variable"}
    parents |= {f"id:{row['ID']}": row for row in rows if row["Type"] == "variable"}
    for row in rows:
        kinds = {kind.strip() for kind in row["Type"].split(",")}
        if row["Published"] != "1" or kinds & {"grouped", "external", "variable"}:
            continue
        parent = parents.get(row["Parent"]) if "variation" in kinds else row
        if parent is not None and parent["Published"] == "1":
            yield _woo(row, parent)


def _woo(row: Row, parent: Row) -> Sold:
    words = {
        row[f"Attribute {n} name"]: row[f"Attribute {n} value(s)"]
        for n in (1, 2) if row[f"Attribute {n} name"] and row[f"Attribute {n} value(s)"]
    }  # fmt: skip
    pictures = parent["Images"] or row["Images"]
    stock = _stock(row["Stock"].lstrip("'"), counted=bool(row["Stock"]))
    dated = row["Date sale price starts"] or row["Date sale price ends"]
    price = row["Regular price"] if dated or not row["Sale price"] else row["Sale price"]
    weight = Decimal(row["Weight (kg)"] or parent["Weight (kg)"] or 0)
    return Sold(
        product=unescape(parent["Name"]),
        options=tuple(sorted(words.items())),
        price=f"{Decimal(price):.2f}",
        stock=stock if row["In stock?"] == "1" else 0,
        description=(parent["Description"] or parent["Short description"]).strip(),
        pictures=tuple(one.strip() for one in pictures.split(",") if one.strip()),
        brand="",
        codes=(),
        grams=weight * 1000,
    )


GRAMS = {"GRAM": Decimal(1), "KILOGRAM": Decimal(1000)}


def shown(mock: MockServer) -> dict[str, Sold]:
    """Return what buyers see, by title and options."""
    owned = mock.state()["accounts"][SELLER]
    live = [one for one in owned["offers"].values() if one["status"] == "PUBLISHED"]
    return {key(one): one for one in (_seen(owned, offer) for offer in live)}


def _seen(owned: dict[str, Any], offer: dict[str, Any]) -> Sold:
    item = owned["items"][offer["sku"]]
    product = item["product"]
    [group] = [owned["groups"][one] for one in item["groupIds"]] or [dict[str, Any]()]
    names = [one["name"] for one in group["variesBy"]["specifications"]] if group else [
        name for name in product["aspects"] if name != "Brand"
    ]  # fmt: skip
    weight = item.get("packageWeightAndSize", {}).get("weight", {"unit": "GRAM", "value": 0})
    stock = item["availability"]["shipToLocationAvailability"]["quantity"]
    assert offer["availableQuantity"] == stock
    return Sold(
        product=(group or product)["title"],
        options=tuple(sorted((name, ", ".join(product["aspects"][name])) for name in names)),
        price=offer["pricingSummary"]["price"]["value"],
        stock=stock,
        description=group.get("description") or offer["listingDescription"],
        pictures=tuple((group or product)["imageUrls"]),
        brand=product.get("brand", ""),
        codes=tuple(one for name in ("ean", "upc", "isbn") for one in product.get(name, [])),
        grams=Decimal(str(weight["value"])) * GRAMS[weight["unit"]],
    )
