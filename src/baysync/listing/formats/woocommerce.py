"""The format ``woocommerce``: the product export of the shop's own exporter.

A ``simple`` row is a listing. ``variation`` rows belong to the ``variable`` row that their Parent
names by SKU or ``id:12``, wherever they stand; a first pass learns where the last of each stands,
so that only products still waiting for variations are held.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from baysync.listing.draft import Draft
from baysync.listing.formats import cells
from baysync.listing.formats.cells import Entry
from baysync.listing.formats.plain import surplus
from baysync.listing.formats.table import Row, Table
from baysync.listing.model import Problem

_ATTRIBUTE = re.compile(r"attribute ([0-9]+) (?:name|value\(s\)|visible|global|default)")
_WORDS = (
    "id|type|sku|gtin, upc, ean, or isbn|name|published|short description|description|in stock?|"
    "stock|weight (kg)|weight (g)|weight (lbs)|weight (oz)|length (cm)|width (cm)|height (cm)|"
    "length (in)|width (in)|height (in)|sale price|regular price|date sale price starts|"
    "date sale price ends|categories|tags|images|parent|brands"
)
_USED = frozenset(_WORDS.split("|"))
_NAME = re.compile(r"attribute ([0-9]+) name")
_WEIGHTS = {"kg": "KILOGRAM", "g": "GRAM", "lbs": "POUND", "oz": "OUNCE"}
_LENGTHS = {"cm": "CENTIMETER", "in": "INCH"}
_NOT_SOLD = {"grouped", "external"}


@dataclass(slots=True)
class _Product:
    """A variable product that waits for its variations."""

    row: Row | None = None
    variations: list[Row] = field(default_factory=list[Row])


@dataclass(frozen=True, slots=True)
class _Survey:
    """Where each variable product ends, and what its SKU stands for."""

    last: dict[str, int]
    by_sku: dict[str, str]

    def key(self, row: Row) -> str:
        parent = row.cells.get("parent", "")
        return self.by_sku.get(parent, parent) if parent else _own_key(row)


def unused(table: Table) -> list[str]:
    """Return the columns, as written, from which nothing is taken."""
    return [
        written
        for written, column in zip(table.header, table.columns, strict=True)
        if column not in _USED and not _ATTRIBUTE.fullmatch(column)
    ]


def drafts(table: Table, again: Callable[[], Table]) -> Iterator[Draft]:
    """Yield a draft per product; ``again`` reads the table a second time."""
    survey = _surveyed(table)
    waiting: dict[str, _Product] = {}
    for row in again().rows:
        kind = _kind(row)
        if kind == "simple":
            yield _simple(row)
        elif kind in _NOT_SOLD:
            yield _unsold(row, kind)
        else:
            key = survey.key(row)
            product = waiting.setdefault(key, _Product())
            _add(product, row, kind)
            if row.number == survey.last[key]:
                yield _variable(waiting.pop(key))


def _add(product: _Product, row: Row, kind: str) -> None:
    if kind == "variation":
        product.variations.append(row)
    else:
        product.row = row


def _surveyed(table: Table) -> _Survey:
    ends: dict[str, int] = {}
    by_sku: dict[str, str] = {}
    for row in table.rows:
        kind = _kind(row)
        if kind == "variable":
            by_sku[row.cells.get("sku", "")] = _own_key(row)
            ends[_own_key(row)] = row.number
        elif kind == "variation":
            ends[row.cells.get("parent", "") or _own_key(row)] = row.number
    last: dict[str, int] = {}
    for name, number in ends.items():
        key = by_sku.get(name, name)
        last[key] = max(number, last.get(key, 0))
    return _Survey(last, by_sku)


def _kind(row: Row) -> str:
    kinds = {word.strip() for word in row.cells.get("type", "").casefold().split(",")}
    return next((kind for kind in ("variation", "variable", *_NOT_SOLD) if kind in kinds), "simple")


def _own_key(row: Row) -> str:
    return f"id:{row.cells.get('id', '')}" if row.cells.get("id") else row.cells.get("sku", "")


def _simple(row: Row) -> Draft:
    entry = _product(row)
    notes = [*_name(entry), *_stock(entry)]
    aspects = {name: cells.many(",")(values) for name, values in _attributes(row).items()}
    if aspects:
        entry.fields["aspects"] = aspects
    return _draft([row], [entry], notes)


def _unsold(row: Row, kind: str) -> Draft:
    problem = Problem(
        pointer="",
        rule="not_sold_here",
        message=f"row {row.number} is a {kind} product, which is not sold by itself",
        fix="leave the row out; the products it leads to are listings of their own",
    )
    return Draft(line=row.number, document={}, problems=(problem,), source=(row.source,))


def _variable(product: _Product) -> Draft:
    if product.row is None:
        return _orphans(product.variations)
    entry = _product(product.row)
    read = [_variation(row, index) for index, row in enumerate(product.variations)]
    notes = [note for one in (entry, *read) for note in _name(one)]
    notes += [note for one in read for note in _stock(one)]
    varied = {name for row in product.variations for name in _attributes(row)}
    entry.fields["variants"] = [variation.fields for variation in read]
    entry.fields["aspects"] = {
        name: cells.many(",")(values)
        for name, values in _attributes(product.row).items()
        if name not in varied
    }
    return _draft([product.row, *product.variations], [entry, *read], notes)


def _orphans(rows: list[Row]) -> Draft:
    problem = Problem(
        pointer="/variants",
        rule="missing_parent",
        message=f"the product {rows[0].cells.get('parent', '')[:60]!a} is not in the file",
        fix="export the variable product together with its variations",
    )
    source = tuple(row.source for row in rows)
    return Draft(line=rows[0].number, document={}, problems=(problem,), source=source)


def _draft(rows: list[Row], entries: list[Entry], notes: list[str]) -> Draft:
    problems = [problem for entry in entries for problem in entry.problems]
    return Draft(
        line=min(row.number for row in rows),
        document=entries[0].fields,
        problems=(*problems, *(problem for row in rows for problem in surplus(row))),
        notes=tuple(notes),
        source=tuple(row.source for row in rows),
    )


def _product(row: Row) -> Entry:
    entry = _offered(row, "")
    entry.put("title", "name", cells.text)
    entry.fill(
        "description", entry.cell("description") or entry.cell("short description"), cells.text
    )
    entry.put("images", "images", cells.many(","))
    entry.put("tags", "tags", cells.many(","))
    entry.put("brand", "brands", cells.text)
    entry.put("shop_type", "categories", _leaf)
    entry.fields["status"] = "active" if entry.cell("published") in {"1", ""} else "draft"
    _measure(entry)
    return entry


def _variation(row: Row, index: int) -> Entry:
    entry = _offered(row, f"/variants/{index}")
    entry.put("images", "images", cells.many(","))
    entry.fields["options"] = _attributes(row)
    return entry


def _offered(row: Row, at: str) -> Entry:
    """Return what products and variations have in common: SKU, barcode, price, stock, weight."""
    entry = Entry(row, at)
    entry.put("sku", "sku", cells.code)
    entry.put("gtins", "gtin, upc, ean, or isbn", cells.codes)
    dated = entry.cell("date sale price starts") or entry.cell("date sale price ends")
    on_sale = "" if dated else entry.cell("sale price")
    entry.fill("price", on_sale or entry.cell("regular price"), cells.number)
    entry.put("quantity", "stock", lambda cell: "0" if cell.startswith("-") else cells.number(cell))
    for unit, name in _WEIGHTS.items():
        value = entry.cell(f"weight ({unit})")
        entry.fill(
            "weight", value, lambda cell, name=name: {"unit": name, "value": cells.number(cell)}
        )
    return entry


def _measure(entry: Entry) -> None:
    for unit, name in _LENGTHS.items():
        sides = {side: entry.cell(f"{side} ({unit})") for side in ("length", "width", "height")}
        if all(sides.values()):
            size = {side: cells.number(cell) for side, cell in sides.items()}
            entry.fields["size"] = {"unit": name, **size}


def _attributes(row: Row) -> dict[str, str]:
    """Return the attributes of a row that have a value, by name."""
    numbers = (m[1] for column in row.cells if (m := _NAME.fullmatch(column)))
    pairs = ((f"attribute {n} name", f"attribute {n} value(s)") for n in numbers)
    found = {row.cells[name]: row.cells.get(values, "") for name, values in pairs}
    return {name: values for name, values in found.items() if name and values}


def _leaf(cell: str) -> str:
    """Return the last part of the first category path: ``Clothing > Hoodies, Sale`` is Hoodies."""
    return cell.split(",", maxsplit=1)[0].rsplit(">", maxsplit=1)[-1].strip()


def _name(entry: Entry) -> Iterator[str]:
    """Give a row without a SKU one made of its id, and say so."""
    if entry.cell("sku") or not entry.cell("id"):
        return
    entry.fields["sku"] = f"woo-{entry.cell('id')}"
    yield f"row {entry.row.number} has no SKU: took woo-{entry.cell('id')}"


def _stock(entry: Entry) -> Iterator[str]:
    if not entry.cell("stock") and entry.cell("in stock?") in {"1", "backorder"}:
        yield (
            f"row {entry.row.number} is in stock but says not how much: took 0; turn on stock "
            "management in the shop"
        )
