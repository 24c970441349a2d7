"""The format ``shopify``: the product export, in its old and its new column names.

Rows of one handle stand together: the first describes the product, each with an option or a
price is a variant, the others only add pictures. A product with one variant is a single listing.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import groupby
from typing import cast

from baysync.files import cells, file_numbers, switches
from baysync.files.cells import RowEntry, Unclear
from baysync.files.file_numbers import Numbers
from baysync.files.number_shapes import NumberKind
from baysync.files.rows import drafted
from baysync.files.same_sku import SameSku
from baysync.files.switches import Switch, switch
from baysync.files.table import TableRow
from baysync.listing.draft import Draft, Op
from baysync.listing.model import Problem

_NEW_NAMES = {
    "url handle": "handle",
    "description": "body (html)",
    "published on online store": "published",
    "sku": "variant sku",
    "barcode": "variant barcode",
    "price": "variant price",
    "inventory tracker": "variant inventory tracker",
    "inventory quantity": "variant inventory qty",
    "continue selling when out of stock": "variant inventory policy",
    "weight value (grams)": "variant grams",
    "product image url": "image src",
    "variant image url": "variant image",
}
USED = {
    "handle",
    "title",
    "body (html)",
    "vendor",
    "type",
    "tags",
    "published",
    "status",
    "gift card",
    *(f"option{number} {word}" for number in (1, 2, 3) for word in ("name", "value")),
    "variant sku",
    "variant barcode",
    "variant price",
    "variant inventory tracker",
    "variant inventory qty",
    "variant inventory policy",
    "variant grams",
    "variant image",
    "image src",
    "image position",
    "google shopping / mpn",
    "google shopping / condition",
}
NUMBERS = {
    "variant price": NumberKind.PRICE,
    "variant inventory qty": NumberKind.QUANTITY,
    "variant grams": NumberKind.WEIGHT,
}
_STATUS = {"active": "active", "draft": "draft", "archived": "archived", "unlisted": "draft"}
_POLICY = {"continue": Switch.ON, "deny": Switch.OFF}
_WHOLE = {"variant sku", "option1 name", "option1 value"}


def column_name(column: str) -> str:
    """Return the old name of a column, by its old or new one."""
    return _NEW_NAMES.get(column, column)


def renamed(row: TableRow) -> TableRow:
    """Return a row by the old names of its columns."""
    return replace(row, cells={column_name(name): cell for name, cell in row.cells.items()})


def slug(text: str) -> str:
    """Return text as lower-case ASCII words with hyphens, to be part of a SKU."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().casefold()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def sku_of(handle: str, options: Mapping[str, str], row: int, *, single: bool) -> str:
    """Return the SKU made for a variant that has none."""
    words = slug(" ".join(options.values())) or str(row)
    return handle if single else f"{handle}-{words}"


def chosen(entry: RowEntry, names: list[str]) -> dict[str, str]:
    """Return the options of a variant by their names, which stand in the product's first row."""
    return {
        cells.words(name): cells.words(entry.cell(f"option{number} value"))
        for number, name in enumerate(names, start=1)
        if name and entry.cell(f"option{number} value")
    }


def product_of(row: TableRow) -> str:
    """Return what tells a row's product from others."""
    return row.cells.get("handle", "")


@dataclass(frozen=True, slots=True)
class Shopify:
    """Reads the rows of one product export."""

    numbers: Numbers
    same: SameSku
    columns: frozenset[str]

    def drafts(self, rows: Iterator[TableRow]) -> Iterator[Draft]:
        """Yield a draft per product, in the order of the table."""
        seen: set[str] = set()
        for handle, group in groupby(rows, key=product_of):
            together = list(group)
            yield self._draft(handle, together, again=handle in seen)
            seen.add(handle)

    def _draft(self, handle: str, rows: list[TableRow], *, again: bool) -> Draft:
        entry = _product(rows)
        names = [entry.cell(f"option{number} name") for number in (1, 2, 3)]
        sold = [row for row in rows if _is_variant(row)] or rows[:1]
        single = len(sold) == 1
        read = [
            self._variant(row, "" if single else f"/variants/{n}", names)
            for n, row in enumerate(sold)
        ]
        notes = [note for variant in read for note in _name(variant, handle, single=single)]
        if single:
            _become(entry, read[0].fields)
            entry.currencies |= read[0].currencies
        else:
            entry.fields |= {"sku": handle, "variants": [variant.fields for variant in read]}
        file_numbers.one_currency(entry, read)
        if switch(entry.cell("gift card")) is Switch.ON:
            entry, read = _gift_card(entry), []
        creates = {"title", "variant price"} <= self.columns
        return drafted(
            rows,
            entry,
            read,
            op=Op.MERGE if creates else Op.PATCH,
            notes=notes,
            problems=[*_handle_problems(handle, again=again), *self.same.problems(sold)],
            identity=f"shopify:{handle}" if handle else None,
            variants_whole=self.columns >= _WHOLE and bool(read),
            skus_made="variant sku" not in self.columns,
        )

    def _variant(self, row: TableRow, at: str, names: list[str]) -> RowEntry:
        entry = RowEntry(row, at)
        for name, column in (("sku", "variant sku"), ("gtins", "variant barcode")):
            if entry.has(column):
                cell = entry.cell(column).removeprefix("'")  # Shopify's guard of numbers
                entry.fill(name, cell, cells.code if name == "sku" else cells.codes)
        self.numbers.price(entry, "price", "variant price")
        self._stock(entry)
        entry.put("images", "variant image", lambda url: [url])
        if entry.cell("variant grams").strip("0.,"):
            self.numbers.weight(entry, "variant grams", "GRAM")
        entry.fields["options"] = chosen(entry, names)
        return entry

    def _stock(self, entry: RowEntry) -> None:
        """Fill the stock; Shopify counts below 0 what was sold and is not there.

        Without an Inventory Tracker Shopify does not count, whatever the quantity says.
        """
        if entry.has("variant inventory tracker") and not entry.cell("variant inventory tracker"):
            entry.fields["quantity"] = "untracked"
        else:
            self.numbers.quantity(entry, "variant inventory qty", below_zero_is_none=True)
        policy = entry.cell("variant inventory policy")
        sells_on = _POLICY.get(policy.casefold(), switch(policy))
        if sells_on in {Switch.ON, Switch.OFF}:
            entry.fields["backorders"] = sells_on is Switch.ON


def _name(variant: RowEntry, handle: str, *, single: bool) -> Iterator[str]:
    """Give a variant without a SKU one made of the handle and its options, and say so."""
    if variant.fields.get("sku") or variant.problems or not handle:
        return
    options = cast("dict[str, str]", variant.fields["options"])
    sku = sku_of(handle, options, variant.row.number, single=single)
    variant.fields["sku"] = sku
    if variant.has("variant sku"):
        yield f"row {variant.row.number} has no SKU: took {sku}"


def _become(entry: RowEntry, variant: dict[str, object]) -> None:
    """Make a product the single listing that its only variant is."""
    options = cast("dict[str, str]", variant.pop("options"))
    own = cast("list[str]", variant.pop("images", []))
    pictures = [*own, *cast("list[str]", entry.fields.get("images", []))]
    entry.fields |= variant
    if pictures:
        entry.fields["images"] = list(dict.fromkeys(pictures))
    aspects = {name: [value] for name, value in options.items() if value != "Default Title"}
    if aspects:
        entry.fields["aspects"] = aspects


def _gift_card(entry: RowEntry) -> RowEntry:
    """Return what ends a gift card that was listed, and refuses one that was not."""
    refused = RowEntry(entry.row, fields={"sku": entry.fields.get("sku"), "status": "ended"})
    words = "is a gift card, and eBay sells none for a shop; one that was listed is ended"
    refused.withheld.append(
        entry.problem("status", Unclear("gift_card", words, "leave the gift card out of the file"))
    )
    return refused


def _handle_problems(handle: str, *, again: bool) -> Iterator[Problem]:
    if not handle:
        fix = "give each row the handle of its product"
        yield Problem(pointer="/sku", rule="missing_handle", message="has no handle", fix=fix)
    elif again:
        message = f"rows of {handle!r} stand apart, which would lose variants"
        fix = "sort the file by handle"
        yield Problem(pointer="/sku", rule="handle_apart", message=message, fix=fix)


def _product(rows: list[TableRow]) -> RowEntry:
    entry = RowEntry(rows[0])
    entry.put("title", "title", cells.words)
    entry.put("description", "body (html)", cells.text)
    entry.put("brand", "vendor", cells.words)
    entry.put("shop_type", "type", cells.words)
    entry.put("tags", "tags", lambda cell: cells.parted(cell, ","))
    entry.put("condition", "google shopping / condition", cells.condition)
    entry.put("mpn", "google shopping / mpn", cells.text)
    _fill_status(entry)
    if images := _images(rows):
        entry.fields["images"] = images
    elif entry.has("image src"):
        entry.note_empty("images")
    return entry


def _fill_status(entry: RowEntry) -> None:
    """Fill what the shop wants; what it does not publish is not sold, whatever its status."""
    word = entry.cell("status").casefold()
    status = _STATUS.get(word, word) or ("active" if entry.has("published") else "")
    published = switch(entry.cell("published"))
    if published is Switch.OFF and status != "archived":
        status = "draft"
    if status:
        entry.fields["status"] = status
    for column, sense in (("published", published), ("gift card", switch(entry.cell("gift card")))):
        if sense is Switch.UNCLEAR:
            entry.withhold("status", switches.unclear(entry.cell(column)))


def _images(rows: list[TableRow]) -> list[str]:
    placed = [row for row in rows if row.cells.get("image src")]
    placed.sort(
        key=lambda row: int(p) if (p := row.cells.get("image position", "")).isdigit() else 0
    )
    return list(dict.fromkeys(row.cells["image src"] for row in placed))


def _is_variant(row: TableRow) -> bool:
    return any(row.cells.get(name) for name in ("option1 value", "variant price", "variant sku"))
