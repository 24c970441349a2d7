"""The format ``shopify``: the product export, in its old and its new column names.

Rows of one handle stand together: the first describes the product, each with an option or a
price is a variant, the others only add pictures. A product with one variant is a single listing.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import groupby
from typing import cast

from baysync.listing.draft import Draft
from baysync.listing.formats import cells
from baysync.listing.formats.cells import Entry
from baysync.listing.formats.plain import surplus
from baysync.listing.formats.table import Row, Table
from baysync.listing.model import Problem

_NEW_NAMES = {
    "url handle": "handle",
    "description": "body (html)",
    "published on online store": "published",
    "sku": "variant sku",
    "barcode": "variant barcode",
    "price": "variant price",
    "inventory quantity": "variant inventory qty",
    "weight value (grams)": "variant grams",
    "product image url": "image src",
    "variant image url": "variant image",
}
_USED = {
    "handle",
    "title",
    "body (html)",
    "vendor",
    "type",
    "tags",
    "published",
    "status",
    *(f"option{number} {word}" for number in (1, 2, 3) for word in ("name", "value")),
    "variant sku",
    "variant barcode",
    "variant price",
    "variant inventory qty",
    "variant grams",
    "variant image",
    "image src",
    "image position",
    "google shopping / mpn",
    "google shopping / condition",
}
_STATUS = {"active": "active", "draft": "draft", "archived": "archived", "unlisted": "draft"}


def unused(table: Table) -> list[str]:
    """Return the columns, as written, from which nothing is taken."""
    return [
        written
        for written, column in zip(table.header, table.columns, strict=True)
        if _NEW_NAMES.get(column, column) not in _USED
    ]


def drafts(table: Table) -> Iterator[Draft]:
    """Yield a draft per product, in the order of the table."""
    seen: set[str] = set()
    rows = (_renamed(row) for row in table.rows)
    for handle, group in groupby(rows, key=lambda row: row.cells.get("handle", "")):
        together = list(group)
        yield _draft(handle, together, again=handle in seen)
        seen.add(handle)


def slug(text: str) -> str:
    """Return text as lower-case ASCII words with hyphens, to be part of a SKU."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().casefold()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def _renamed(row: Row) -> Row:
    names = {_NEW_NAMES.get(column, column): cell for column, cell in row.cells.items()}
    return replace(row, cells=names)


def _draft(handle: str, rows: list[Row], *, again: bool) -> Draft:
    entry = _product(rows)
    names = [entry.cell(f"option{number} name") for number in (1, 2, 3)]
    sold = [row for row in rows if _is_variant(row)] or rows[:1]
    single = len(sold) == 1
    read = [_variant(row, "" if single else f"/variants/{n}", names) for n, row in enumerate(sold)]
    notes = [note for variant in read for note in _name(variant, handle, single=single)]
    if single:
        _become(entry, read[0].fields)
    else:
        entry.fields |= {"sku": handle, "variants": [variant.fields for variant in read]}
    problems = [problem for one in (entry, *read) for problem in one.problems]
    problems += [problem for row in rows for problem in surplus(row)]
    return Draft(
        line=rows[0].number,
        document=entry.fields,
        problems=(*problems, *_handle_problems(handle, again=again)),
        notes=tuple(notes),
        source=tuple(row.source for row in rows),
    )


def _name(variant: Entry, handle: str, *, single: bool) -> Iterator[str]:
    """Give a variant without a SKU one made of the handle and its options, and say so."""
    if variant.fields.get("sku") or variant.problems or not handle:
        return
    options = cast("dict[str, str]", variant.fields["options"]).values()
    words = slug(" ".join(options)) or str(variant.row.number)
    sku = handle if single else f"{handle}-{words}"
    variant.fields["sku"] = sku
    yield f"row {variant.row.number} has no SKU: took {sku}"


def _become(entry: Entry, variant: dict[str, object]) -> None:
    """Make a product the single listing that its only variant is."""
    options = cast("dict[str, str]", variant.pop("options"))
    pictures = [
        *cast("list[str]", variant.pop("images", [])),
        *cast("list[str]", entry.fields["images"]),
    ]
    entry.fields |= variant
    entry.fields["images"] = list(dict.fromkeys(pictures))
    aspects = {name: [value] for name, value in options.items() if value != "Default Title"}
    if aspects:
        entry.fields["aspects"] = aspects


def _handle_problems(handle: str, *, again: bool) -> Iterator[Problem]:
    if not handle:
        fix = "give each row the handle of its product"
        yield Problem(pointer="/sku", rule="missing_handle", message="has no handle", fix=fix)
    elif again:
        message = f"rows of {handle!a} stand apart, which would lose variants"
        fix = "sort the file by handle"
        yield Problem(pointer="/sku", rule="handle_apart", message=message, fix=fix)


def _product(rows: list[Row]) -> Entry:
    entry = Entry(rows[0])
    entry.put("title", "title", cells.text)
    entry.put("description", "body (html)", cells.text)
    entry.put("brand", "vendor", cells.text)
    entry.put("shop_type", "type", cells.text)
    entry.put("tags", "tags", cells.many(","))
    entry.put("condition", "google shopping / condition", cells.condition)
    entry.put("mpn", "google shopping / mpn", cells.text)
    entry.fields["status"] = _status(entry)
    entry.fields["images"] = _images(rows)
    return entry


def _status(entry: Entry) -> str:
    said = entry.cell("status").casefold()
    unpublished = entry.cell("published").casefold() == "false"
    return _STATUS.get(said, said) if said else "draft" if unpublished else "active"


def _images(rows: list[Row]) -> list[str]:
    placed = [row for row in rows if row.cells.get("image src")]
    placed.sort(
        key=lambda row: int(p) if (p := row.cells.get("image position", "")).isdigit() else 0
    )
    return list(dict.fromkeys(row.cells["image src"] for row in placed))


def _is_variant(row: Row) -> bool:
    return any(row.cells.get(name) for name in ("option1 value", "variant price", "variant sku"))


def _variant(row: Row, at: str, names: list[str]) -> Entry:
    entry = Entry(row, at)
    for name, column in (("sku", "variant sku"), ("gtins", "variant barcode")):
        cell = entry.cell(column).removeprefix("'")  # Shopify's own guard against spreadsheets
        entry.fill(name, cell, cells.code if name == "sku" else cells.codes)
    entry.put("price", "variant price", cells.number)
    entry.put("quantity", "variant inventory qty", _stock)
    entry.put("images", "variant image", lambda url: [url])
    if entry.cell("variant grams").strip("0.,"):
        entry.put("weight", "variant grams", _grams)
    entry.fields["options"] = {
        name: entry.cell(f"option{number} value")
        for number, name in enumerate(names, start=1)
        if name and entry.cell(f"option{number} value")
    }
    return entry


def _stock(cell: str) -> str:
    """Return the stock; Shopify counts below 0 what was sold and is not there."""
    return "0" if cell.startswith("-") else cells.number(cell)


def _grams(cell: str) -> Mapping[str, object]:
    return {"unit": "GRAM", "value": cells.number(cell)}
