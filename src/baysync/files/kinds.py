"""What a table is, by its columns alone. Pure."""

from collections.abc import Set as AbstractSet
from enum import StrEnum

from baysync.files.header_words import IN_STOCK
from baysync.files.number_columns import Exporter

_SHOPIFY = {
    "variant price",
    "variant sku",
    "body (html)",
    "variant inventory qty",
    "vendor",
    "price",
    "description",
    "status",
}
_WOOCOMMERCE = {
    "regular price",
    "in stock?",
    "backorders allowed?",
    "visibility in catalog",
    "gtin, upc, ean, or isbn",
    "attribute 1 value(s)",
    "is featured?",
}
_GOOGLE = {"availability", "image link", "google product category", "link"}
_MAGENTO = {"attribute set code", "product websites", "product type", "is in stock", "url key"}
_AVAILABLE = {"available", "available (not editable)"}
_LOCATED = {"hs code", "coo"}
OF_INVENTORY = frozenset(
    {
        "handle",
        "title",
        *(f"option{number} {word}" for number in (1, 2, 3) for word in ("name", "value")),
        "sku",
        "hs code",
        "coo",
    }
)


class TableKind(StrEnum):
    """What a table is, in words for people."""

    SHOPIFY = "Shopify product export"
    SHOPIFY_INVENTORY = "Shopify inventory export"
    SHOPIFY_LOCATIONS = "Shopify inventory export with a column per location"
    WOOCOMMERCE = "WooCommerce product export"
    PRODUCTS = "Product list"
    STOCK = "Stock list"
    PRICES = "Price list"
    STOCK_AND_PRICES = "Stock and price list"
    CHANGES = "List of changes"
    LINES = "JSON lines"


def of(columns: AbstractSet[str]) -> TableKind | None:
    """Return which shop's export has these normal columns, None where none is known."""
    if {"handle", "sku", "location"} <= columns and _AVAILABLE & columns:
        return TableKind.SHOPIFY_INVENTORY
    if {"handle", "sku"} <= columns and _LOCATED & columns and not _SHOPIFY & columns:
        return TableKind.SHOPIFY_LOCATIONS if columns - OF_INVENTORY else None
    if {"url handle", "handle"} & columns or "variant price" in columns:
        return TableKind.SHOPIFY
    if len(_WOOCOMMERCE & columns) > 1 or ("type" in columns and _WOOCOMMERCE & columns):
        return TableKind.WOOCOMMERCE
    return None


def exporter(columns: AbstractSet[str]) -> Exporter:
    """Return who wrote a plain table, as far as that tells how its numbers are written."""
    if len(_GOOGLE & columns) > 1:
        return Exporter.GOOGLE
    return Exporter.MAGENTO if len(_MAGENTO & columns) > 1 else Exporter.PLAIN


def plain(fields: AbstractSet[str]) -> TableKind:
    """Return what a plain table is, by the fields that it fills."""
    if {"title", "price"} <= fields:
        return TableKind.PRODUCTS
    rest = fields - {
        "sku",
        "parent sku",
        "title",
        "currency",
        "sale from",
        "sale until",
        IN_STOCK,
        "tracked",
    }
    prices = {"price", "sale price"}
    if rest and rest <= prices:
        return TableKind.PRICES
    if rest == {"quantity"}:
        return TableKind.STOCK
    if "quantity" in rest and rest <= {"quantity", *prices}:
        return TableKind.STOCK_AND_PRICES
    return TableKind.CHANGES
