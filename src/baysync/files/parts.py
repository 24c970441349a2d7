"""Rows of shops' exports that are no product by themselves, in tables read as plain ones. Pure.

BigCommerce, Squarespace, Magento and feeds of Google write variants, rules, pictures and
translations as rows of their own, in ways that are not read. Taken for products, they would be
sold without their options or under another's title.
"""

import re
from collections.abc import Mapping
from enum import StrEnum

from baysync.files.cells import Unclear

_ITEM = ("item type", "item")  # BigCommerce's exports, the older and the newer one
_OF_ITEM = {"sku": "variant", "variant": "variant"}
_OTHER_ITEMS = frozenset({"rule", "image", "video", "custom field", "modifier", "option"})
_BY_OPTION = ("track inventory", "inventory tracking")
_COMPOUND = frozenset({"configurable", "bundle", "grouped"})
_OPTION = re.compile(
    r"(?:variation|variant|attribute|option) ?(?:value|wert)s? ?\d"
    r"|(?:variation|variant|attribute|option) ?\d ?(?:value|wert)s?"
)
_FIX = (
    "write variants as rows with the columns parent_sku and option:NAME, as in option:Size: "
    "baysync listings template"
)


class RowPart(StrEnum):
    """What a row is, other than a product."""

    NONE = ""
    VARIANT = "variant"
    WITH_VARIANTS = "with variants"
    OTHER = "picture or rule"
    TRANSLATION = "translation"


PASSED_OVER = frozenset({RowPart.OTHER, RowPart.TRANSLATION})
_KEPT = {
    RowPart.VARIANT: frozenset({"price", "sale_price", "sale_from", "sale_until", "quantity"}),
    RowPart.WITH_VARIANTS: frozenset({"title", "description", "images", "brand", "status"}),
}
_WORDS = {
    RowPart.VARIANT: (
        "is one of several variants of a product, which this table writes in its own way"
    ),
    RowPart.WITH_VARIANTS: "has variants or parts, which this table writes in its own way",
}


def part_of(cells: Mapping[str, str]) -> RowPart:
    """Return what the row with these cells, by normal column, is other than a product."""
    item = next((cells[name].casefold() for name in _ITEM if cells.get(name)), "")
    if item in _OTHER_ITEMS:
        return RowPart.OTHER
    if cells.get("store view code") and "attribute set code" in cells:
        return RowPart.TRANSLATION
    if item in _OF_ITEM or _is_variant(cells):
        return RowPart.VARIANT
    tracked = {cells.get(name, "").casefold() for name in _BY_OPTION}
    compound = cells.get("product type", "").casefold() in _COMPOUND and "product websites" in cells
    return RowPart.WITH_VARIANTS if compound or tracked & {"by option", "variant"} else RowPart.NONE


def _is_variant(cells: Mapping[str, str]) -> bool:
    hidden = cells.get("visibility", "").casefold() == "not visible individually"
    if hidden or cells.get("item group id"):
        return True
    return any(cell and _OPTION.fullmatch(name) for name, cell in cells.items())


def keeps(part: RowPart, field: str) -> bool:
    """Tell whether a field of such a row is right for a listing that exists."""
    return field == "sku" or field in _KEPT.get(part, ())


def refusal(part: RowPart) -> Unclear:
    """Return why no new listing is made of such a row."""
    return Unclear("variants_not_read", f"the row {_WORDS[part]}", _FIX)
