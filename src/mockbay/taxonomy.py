"""A small category tree of our own making, the same in every marketplace but for one name.

A world may know more categories: those that were loaded into it.
"""

import re
from collections.abc import Mapping
from typing import NamedTuple

from mockbay.names import names

ALL_CONDITIONS = names(
    "NEW LIKE_NEW NEW_OTHER NEW_WITH_DEFECTS MANUFACTURER_REFURBISHED "
    "CERTIFIED_REFURBISHED EXCELLENT_REFURBISHED VERY_GOOD_REFURBISHED GOOD_REFURBISHED "
    "SELLER_REFURBISHED USED_EXCELLENT USED_VERY_GOOD USED_GOOD USED_ACCEPTABLE "
    "FOR_PARTS_OR_NOT_WORKING PRE_OWNED_EXCELLENT PRE_OWNED_FAIR"
)
"""Every condition an inventory item may name; a category permits some of them."""

CONDITION_IDS = dict(
    zip(
        ALL_CONDITIONS,
        names(
            "1000 2750 1500 1750 2000 2000 2010 2020 2030 2500 3000 4000 5000 6000 7000 2990 3010"
        ),
        strict=True,
    )
)
"""The numbers that the metadata API uses for the same conditions."""

NEW_ONLY = ("NEW", "NEW_OTHER")
GARMENT = ("NEW", "NEW_OTHER", "NEW_WITH_DEFECTS", "PRE_OWNED_EXCELLENT", "USED_EXCELLENT",
           "PRE_OWNED_FAIR")  # fmt: skip
USED = ("NEW", "NEW_OTHER", "USED_EXCELLENT", "USED_GOOD", "FOR_PARTS_OR_NOT_WORKING")
READ = ("NEW", "LIKE_NEW", "USED_VERY_GOOD", "USED_GOOD", "USED_ACCEPTABLE")
TECHNICAL = (*USED, "CERTIFIED_REFURBISHED", "SELLER_REFURBISHED")


class Aspect(NamedTuple):
    """One item aspect of a category."""

    name: str
    required: bool = False
    varies: bool = False
    values: tuple[str, ...] = ()
    only_these: bool = False
    many: bool = False
    longest: int = 65


class Category(NamedTuple):
    """A node of the tree; only a leaf can hold listings."""

    id: str
    name: str
    parent: str
    conditions: tuple[str, ...] = ()
    aspects: tuple[Aspect, ...] = ()
    variations: bool = True
    code: str = ""
    """The product code (``ean``) without which nothing goes live, though no aspect says so."""
    regulated: bool = False
    """Whether a responsible person and the maker must be named."""

    @property
    def leaf(self) -> bool:
        """Whether listings may be put here."""
        return bool(self.conditions)


BRAND = Aspect("Brand", required=True)
BRAND_IN = {"de": "Marke", "es": "Marca", "fr": "Marque", "it": "Marca", "nl": "Merk",
            "pl": "Marka"}  # fmt: skip
IDENTITIES = {
    **dict.fromkeys(("brand", *map(str.casefold, BRAND_IN.values())), "brand"),
    **{name: name for name in ("ean", "isbn", "mpn", "upc")},
}
"""The field of a product that an aspect of such a name, in lower case, says as well."""
COLOUR = Aspect("Color", varies=True, values=("Black", "Blue", "Green", "Red", "White"))
SIZES = ("XS", "S", "M", "L", "XL", "XXL")
SIZE = Aspect("Size", required=True, varies=True, values=SIZES)
MATERIAL = Aspect("Material", varies=True, many=True, values=("Ceramic", "Cotton", "Steel", "Wood"))
DEPARTMENT = Aspect(
    "Department", required=True, only_these=True, values=("Women", "Men", "Unisex Adults", "Kids")
)
TYPE = Aspect("Type", required=True)


def named(aspect: Aspect, locale: str) -> Aspect:
    """Return an aspect as the language of ``locale`` calls it, which only the brand shows."""
    if aspect.name != BRAND.name:
        return aspect
    return aspect._replace(name=BRAND_IN.get(locale[:2], aspect.name))


TREE_VERSION = "7"
ROOT = "0"
CATEGORIES = {
    node.id: node
    for node in (
        Category("100", "Home and Kitchen", ROOT),
        Category("101", "Desk Lamps", "100", USED, (BRAND, TYPE, COLOUR, MATERIAL)),
        Category("102", "Mugs and Cups", "100", USED,
                 (BRAND, COLOUR, MATERIAL, Aspect("Capacity"))),
        Category("103", "Cushions", "100", GARMENT, (BRAND, COLOUR, MATERIAL)),
        Category("200", "Clothing and Shoes", ROOT),
        Category("201", "T-Shirts", "200", GARMENT, (BRAND, SIZE, DEPARTMENT, COLOUR, MATERIAL)),
        Category("202", "Hoodies", "200", GARMENT, (BRAND, SIZE, DEPARTMENT, COLOUR, MATERIAL)),
        Category("203", "Sneakers", "200", GARMENT,
                 (BRAND, Aspect("Shoe Size", required=True, varies=True), DEPARTMENT, COLOUR)),
        Category("300", "Electronics", ROOT),
        Category("301", "Headphones", "300", TECHNICAL,
                 (BRAND, Aspect("Model", required=True), TYPE, COLOUR,
                  Aspect("Connectivity", many=True))),
        Category("302", "Phone Cases", "300", NEW_ONLY,
                 (BRAND, Aspect("Compatible Brand", required=True, many=True), COLOUR, MATERIAL)),
        Category("303", "Chargers", "300", NEW_ONLY,
                 (BRAND, Aspect("Model", longest=50), COLOUR), code="ean", regulated=True),
        Category("400", "Books and Media", ROOT),
        Category("401", "Books", "400", READ,
                 (Aspect("Book Title", required=True), Aspect("Author", required=True, many=True),
                  Aspect("Language", required=True)), variations=False),
        Category("402", "Music CDs", "400", READ,
                 (Aspect("Artist", required=True, many=True), Aspect("EAN", required=True),
                  Aspect("Record Label", longest=30))),
        Category("500", "Toys and Games", ROOT),
        Category("501", "Board Games", "500", USED, (BRAND, Aspect("Game Type"))),
        Category("502", "Building Sets", "500", NEW_ONLY, (BRAND, Aspect("Theme")),
                 regulated=True),
        Category("600", "Sport", ROOT),
        Category("601", "Yoga Mats", "600", USED, (BRAND, COLOUR, MATERIAL, Aspect("Length"))),
        Category("700", "Beauty", ROOT),
        Category("701", "Soap", "700", NEW_ONLY,
                 (BRAND, Aspect("Scent", varies=True), Aspect("Volume", varies=True))),
        Category("900", "Everything Else", ROOT),
        Category("999", "Other Goods", "900", ALL_CONDITIONS,
                 (COLOUR, Aspect("Size", varies=True), MATERIAL)),
    )
}  # fmt: skip
"""Nodes by id: three digits, leaves do not end in 00."""


def category_of(known: Mapping[str, Category], wanted: str, *, any_leaf: bool) -> Category | None:
    """Return a category; ``any_leaf`` takes any other number for a leaf that asks for nothing."""
    found = known.get(wanted)
    if found is None and any_leaf and re.fullmatch(r"[1-9][0-9]{0,9}", wanted):
        return Category(wanted, f"Category {wanted}", ROOT, ALL_CONDITIONS)
    return found
