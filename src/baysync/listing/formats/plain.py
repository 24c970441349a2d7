"""The format ``csv``: a column for a field, found under the names that shops give it.

A table without a title is a feed: its rows change only the fields they fill (stock, price).
Rows with a ``parent_sku`` are the variants of one listing and stand together, below the row of
that SKU if it has one.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from baysync.listing.draft import Draft, Op
from baysync.listing.formats import cells
from baysync.listing.formats.cells import Entry
from baysync.listing.formats.table import ASPECT, NAMED, OPTION, Row, Table
from baysync.listing.model import Problem

_NAMES = {
    "sku": "custom label|custom label (sku)|item sku|article number|artikelnummer|item number",
    "parent sku": "parent|group sku|parent id",
    "title": "name|product name|item title|titel|bezeichnung",
    "subtitle": "untertitel",
    "description": "body|body html|body (html)|beschreibung|long description|item description",
    "price": "preis|unit price|retail price|verkaufspreis|start price",
    "currency": "währung|waehrung|currency code",
    "quantity": "qty|stock|stock quantity|inventory|available|menge|bestand|lagerbestand|anzahl",
    "condition": "zustand|item condition|condition id",
    "condition note": "condition description|condition notes|zustandsbeschreibung",
    "images": "image|image url|image urls|picture|picture url|pictures|photos|bilder|bild",
    "brand": "marke|manufacturer|vendor|hersteller",
    "mpn": "manufacturer part number|herstellernummer|part number",
    "gtins": "gtin|ean|upc|isbn|barcode|ean code|global trade item number",
    "category": "ebay category|category id|ebay category id|kategorie",
    "location": "merchant location|merchant location key|warehouse",
    "shop type": "type|product type|shop category|warengruppe",
    "tags": "keywords|schlagworte",
    "store categories": "store category|shop kategorie",
    "marketplaces": "marketplace|marktplatz",
    "status": "state|published",
    "weight": "gewicht|weight value",
    "weight unit": "gewichtseinheit",
    "size": "dimensions|maße",
    "tax": "steuer",
    "overrides": "",
    "options": "",
    "regulatory": "gpsr",
    "backorders": "backorder|allow backorders",
    "sale price": "special price|angebotspreis|aktionspreis",
    "sale from": "sale start|sale start date|special from date",
    "sale until": "sale end|sale end date|special to date",
}
COLUMNS = {
    alias: name
    for name, aliases in _NAMES.items()
    for alias in (name, *aliases.split("|"))
    if alias
}
_STATUS = {
    "true": "active",
    "1": "active",
    "published": "active",
    "false": "draft",
    "0": "draft",
    "-1": "draft",
    "unpublished": "draft",
}
_UNITS = {"kg": "KILOGRAM", "g": "GRAM", "lb": "POUND", "lbs": "POUND", "oz": "OUNCE"}


def _status(cell: str) -> str:
    return _STATUS.get(cell.casefold(), cell.casefold())


_SHARED: Mapping[str, Callable[[str], object]] = {
    "price": cells.number,
    "quantity": cells.number,
    "images": cells.many("|"),
    "mpn": cells.text,
    "gtins": cells.codes,
    "backorders": cells.flag,
    "sale price": cells.number,
    "sale from": cells.text,
    "sale until": cells.text,
}
_OF_LISTING: Mapping[str, Callable[[str], object]] = {
    **_SHARED,
    "title": cells.text,
    "subtitle": cells.text,
    "description": cells.text,
    "currency": str.upper,
    "condition": cells.condition,
    "condition note": cells.text,
    "brand": cells.text,
    "category": cells.code,
    "location": cells.text,
    "shop type": cells.text,
    "tags": cells.many("|"),
    "store categories": cells.many("|"),
    "marketplaces": cells.many("|"),
    "options": cells.many("|"),
    "status": _status,
    "size": cells.document,
    "tax": cells.document,
    "overrides": cells.document,
    "regulatory": cells.document,
}


def unused(table: Table) -> list[str]:
    """Return the columns, as written, that this format does not know."""
    return [
        written
        for written, column in zip(table.header, table.columns, strict=True)
        if column not in COLUMNS and not column.startswith(NAMED)
    ]


def is_feed(table: Table) -> bool:
    """Tell whether the rows of a table only change what they name."""
    return not {"title", "description"} & {COLUMNS.get(column) for column in table.columns}


def drafts(table: Table) -> Iterator[Draft]:
    """Yield a draft per listing, in the order of the table."""
    op = Op.PATCH if is_feed(table) else Op.PUT
    for rows in _groups(_renamed(row) for row in table.rows):
        entry = _with_variants(rows) if _parent(rows[-1]) else _listing(rows[0])
        yield Draft(
            line=rows[0].number,
            document=entry.fields,
            op=op,
            problems=(*entry.problems, *(problem for row in rows for problem in surplus(row))),
            source=tuple(row.source for row in rows),
        )


def surplus(row: Row) -> Iterator[Problem]:
    """Yield the problem of a row that has cells beyond the last column: the others are shifted."""
    if row.surplus:
        yield Problem(
            pointer="",
            rule="surplus_cells",
            message=f"row {row.number} has {row.surplus} cells more than there are columns",
            fix="put cells that hold the separator in quotation marks",
        )


def weight(value: str, unit: str) -> dict[str, object]:
    """Return a weight from a number that may end with its unit, or from a column for the unit."""
    digits = value.rstrip("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ. ")
    named = value[len(digits) :].strip(" .") or unit or "KILOGRAM"
    return {"value": cells.number(digits), "unit": _UNITS.get(named.casefold(), named.upper())}


def _renamed(row: Row) -> Row:
    """Return a row by our names for its columns; of two with one name the first filled counts."""
    renamed: dict[str, str] = {}
    for column, cell in row.cells.items():
        name = column if column.startswith(NAMED) else COLUMNS.get(column, "")
        if cell:
            renamed.setdefault(name, cell)
    return replace(row, cells=renamed)


def _groups(rows: Iterator[Row]) -> Iterator[list[Row]]:
    """Yield rows that make one listing: one, or variants below each other and their parent."""
    group: list[Row] = []
    for row in rows:
        if group and _parent(row) and _parent(row) == (_parent(group[0]) or _sku(group[0])):
            group.append(row)
            continue
        if group:
            yield group
        group = [row]
    if group:
        yield group


def _parent(row: Row) -> str:
    return row.cells.get("parent sku", "")


def _sku(row: Row) -> str:
    return row.cells.get("sku", "")


def _listing(row: Row) -> Entry:
    entry = Entry(row)
    entry.put("sku", "sku", cells.code)
    for column, read in _OF_LISTING.items():
        entry.put(column.replace(" ", "_"), column, read)
    _weigh(entry)
    aspects = Entry(row, "/aspects")
    for name in row.cells:
        if name.startswith(ASPECT):
            aspects.put(name[len(ASPECT) :], name, cells.many("|"))
    if aspects.fields:
        entry.fields["aspects"] = aspects.fields
    entry.problems += aspects.problems
    return entry


def _with_variants(rows: list[Row]) -> Entry:
    entry = _listing(rows[0])
    variants = [row for row in rows if _parent(row)]
    if rows[0] in variants:
        for name in ("sku", *_SHARED):
            entry.fields.pop(name.replace(" ", "_"), None)
        entry.problems.clear()
    entry.fill("sku", _parent(rows[-1]), cells.code)
    read = [_variant(row, index) for index, row in enumerate(variants)]
    entry.fields["variants"] = [variant.fields for variant in read]
    entry.problems += [problem for variant in read for problem in variant.problems]
    return entry


def _variant(row: Row, index: int) -> Entry:
    entry = Entry(row, f"/variants/{index}")
    entry.put("sku", "sku", cells.code)
    for name, read in _SHARED.items():
        entry.put(name.replace(" ", "_"), name, read)
    _weigh(entry)
    entry.fields["options"] = {
        name[len(OPTION) :]: cell for name, cell in row.cells.items() if name.startswith(OPTION)
    }
    return entry


def _weigh(entry: Entry) -> None:
    unit = entry.cell("weight unit")
    entry.put("weight", "weight", lambda cell: weight(cell, unit))
