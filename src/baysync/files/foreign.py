"""Files that are known and not read: each is named in one sentence, with the way to go. Pure."""

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from baysync.base.errors import ListingFileError

HEAD = 4096  # bytes that show what a file is
_CSV = "save or export it as CSV in UTF-8 and import that"
_REPORT = (
    "import the shop's own products; listings that are on eBay already are read by "
    "baysync accounts connect"
)


@dataclass(frozen=True, slots=True)
class _Mark:
    start: bytes
    name: str
    fix: str


_BINARY = (
    _Mark(b"PK\x03\x04", "an Excel workbook or another zip archive", _CSV),
    _Mark(b"\xd0\xcf\x11\xe0", "an old Excel workbook", _CSV),
    _Mark(b"\x1f\x8b", "compressed (gzip)", "unpack it and import what is inside"),
    _Mark(b"%PDF", "a PDF", _CSV),
    _Mark(b"{\\rtf", "a text document (RTF)", _CSV),
)
_TEMPLATE = (
    "write a table with the columns sku, title, price and quantity, and parent_sku and option:NAME "
    "for variants: baysync listings template"
)
_DRAFT = "eBay's draft listing template"
_DRAFT_FIX = "import a table with the columns sku, title and price: baysync listings template"
_TYPES = re.compile(
    r"(?:simple|variable|variation|grouped|external)(?:, ?(?:virtual|downloadable))*"
)


@dataclass(frozen=True, slots=True)
class _Report:
    """A table that is known by its columns: ``most`` of these stand in it."""

    columns: frozenset[str]
    most: int
    name: str
    fix: str


def _columns(text: str) -> frozenset[str]:
    return frozenset(text.split("|"))


_REPORTS = (
    _Report(
        _columns("financial status|fulfillment status|lineitem name|lineitem sku|paid at"),
        3,
        "Shopify's export of orders",
        "export the products (Products > Export); sales on eBay are read by baysync itself",
    ),
    _Report(
        _columns("accepts email marketing|total spent|total orders|default address city|email"),
        3,
        "Shopify's export of customers",
        "export the products (Products > Export)",
    ),
    _Report(
        _columns(
            "available quantity|current price|sold quantity|watchers|start price|listing site"
            "|ebay category 1 name|variation details|auction buy it now price"
        ),
        4,
        "eBay's report of active listings",
        _REPORT,
    ),
    _Report(
        _columns(
            "sales record number|order number|buyer username|buyer name|post to name|sold for"
            "|item number|paid on date|ship by date"
        ),
        4,
        "eBay's report of orders",
        "import products; sales on eBay are read by baysync itself",
    ),
    _Report(
        _columns("seller sku|asin1|item is marketplace|product id type|listing id|open date"),
        4,
        "Amazon's report of listings",
        "export the products of the shop, or name the columns sku, title, price and quantity",
    ),
    _Report(
        _columns("feed product type|item sku|parent child|variation theme|standard price"),
        3,
        "Amazon's template of products (flat file)",
        _TEMPLATE,
    ),
    _Report(
        _columns("variation 1 type|variation 1 name|variation 1 values|materials|image1"),
        3,
        "Etsy's export of listings, which has no price and no stock of a variant",
        _TEMPLATE,
    ),
    _Report(
        _columns(
            "handleid|fieldtype|surcharge|discountmode|discountvalue|productoptionname1|ribbon"
            "|plaindescription|strikethroughprice|productoptionname[1]"
        ),
        3,
        "Wix's export of products",
        _TEMPLATE,
    ),
    _Report(
        _columns("token|item name|variation name"),
        3,
        "Square's export of items",
        _TEMPLATE,
    ),
    _Report(
        _columns("composite sku|composite quantity|supply price|variant option one name"),
        3,
        "Lightspeed Retail's export of products",
        _TEMPLATE,
    ),
    _Report(
        _columns("internal variant id|price cost|stock track|stock level|article code"),
        4,
        "Lightspeed eCom's export of products",
        _TEMPLATE,
    ),
    _Report(
        _columns(
            "product internal id|product sku|product price|product quantity|product option name"
            "|product variation sku|product is inventory tracked"
        ),
        3,
        "Ecwid's export of products",
        _TEMPLATE,
    ),
    _Report(
        _columns(
            "product number|price net|price gross|parent id|tax rate|manufacturer name"
            "|ordernumber|mainnumber|suppliername|pseudoprice|instock|configuratoroptions"
        ),
        4,
        "Shopware's export of products",
        _TEMPLATE,
    ),
    _Report(
        _columns(
            "product id|model|image name|tax class id|points|subtract|stock status id"
            "|date available"
        ),
        4,
        "OpenCart's export of products",
        _TEMPLATE,
    ),
    _Report(
        _columns("id offer|minimum price|count|delivery time min|handling time|id unit"),
        3,
        "Kaufland's list of offers",
        _TEMPLATE,
    ),
)


def guard_bytes(head: bytes) -> None:
    """Refuse a file that its first bytes show to be no table and no lines of JSON.

    Raises:
        ListingFileError: what it is, and the way to go.
    """
    for mark in _BINARY:
        if head.startswith(mark.start):
            raise ListingFileError(f"The file is {mark.name}.", fix=f"{mark.fix}.")
    text = _decoded(head).lstrip("\ufeff \t\r\n")
    first = text.partition("\n")[0].strip()
    if text.startswith("<"):
        raise _markup(text)
    if re.match(r"\[\s*(?:[{\[\"]|$)", text):
        raise ListingFileError(
            "The file is one JSON array.", fix="write one listing a line: jq -c '.[]' FILE."
        )
    if first == "{":
        raise ListingFileError(
            "The file is one JSON document of many lines.",
            fix="write one listing a line, as with jq -c.",
        )
    if text.startswith("TemplateType="):
        raise ListingFileError(
            "The file is Amazon's template of products (flat file).", fix=f"{_TEMPLATE}."
        )
    if re.match(r'"?(?:#INFO|Info)[,;\t]', text) or re.match(r'"?\*?Action\(', text):
        raise ListingFileError(f"The file is {_DRAFT}.", fix=f"{_DRAFT_FIX}.")


def guard_columns(columns: AbstractSet[str], first: Sequence[str]) -> None:
    """Refuse a table that is no list of products, by its columns and its ``first`` row.

    Raises:
        ListingFileError: what it is, and the way to go.
    """
    for report in _REPORTS:
        if len(report.columns & columns) >= report.most:
            raise ListingFileError(f"The file is {report.name}.", fix=f"{report.fix}.")
    if "id" in columns and not {"type", "regular price"} & columns:
        kinds = [cell for cell in first[1:3] if _TYPES.fullmatch(cell.strip().casefold())]
        if kinds:
            raise ListingFileError(
                "The file is a WooCommerce export with translated column names.",
                fix="set your language to English in the shop's profile and export again.",
            )


def _decoded(head: bytes) -> str:
    wide = head.startswith((b"\xff\xfe", b"\xfe\xff"))
    return head.decode("utf-16" if wide else "utf-8", "replace")


def _markup(text: str) -> ListingFileError:
    if re.search(r"<(?:!doctype html|html|table|body)\b", text, re.IGNORECASE):
        return ListingFileError("The file is a web page (HTML).", fix=f"{_CSV}.")
    feed = "base.google.com" in text or "<rss" in text
    name = "a product feed (XML), as for Google" if feed else "XML"
    return ListingFileError(
        f"The file is {name}.",
        fix="export the products as CSV, as Shopify, WooCommerce or a spreadsheet does.",
    )
