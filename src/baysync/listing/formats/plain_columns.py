"""Which columns of a plain table fill which field, under the names that shops give them. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from baysync.base.errors import ListingFileError
from baysync.listing.formats.number_columns import Exporter
from baysync.listing.formats.table import NAMED, PROBLEM_COLUMNS, Row

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
    "shop types": "",
    "tags": "keywords|schlagworte",
    "store categories": "store category|shop kategorie",
    "marketplaces": "marketplace|marktplatz",
    "status": "state",
    "published": "",
    "weight": "gewicht|weight value",
    "weight unit": "gewichtseinheit",
    "size": "dimensions|maße",
    "tax": "steuer",
    "overrides": "",
    "options": "",
    "regulatory": "gpsr",
    "backorders": "backorder|allow backorders",
    "sale price": "special price|angebotspreis|aktionspreis",
    "sale from": "sale start|sale start date|special from date|special price from date",
    "sale until": "sale end|sale end date|special to date|special price to date",
}
COLUMNS = {
    alias: name
    for name, aliases in _NAMES.items()
    for alias in (name, *aliases.split("|"))
    if alias
}
_RANK = {alias: rank for rank, alias in enumerate(COLUMNS)}
_OF_FEEDS = {"id": "sku", "image link": "images", "availability": "availability"}
_ONE_ONLY = ("price", "quantity", "sale price", "sku", "parent sku", "currency")
_NAMES_ONLY = frozenset({"sku", "parent sku"})
_SHOWN = 5  # columns


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of a table by the field they fill, the field's own name first.

    Attributes:
        columns: normal names by field.
        named: the columns of aspects and options.
        lone_sale: whether the only price of the table stands in a column for sale prices.
    """

    columns: Mapping[str, tuple[str, ...]]
    named: tuple[str, ...] = ()
    lone_sale: bool = False

    @property
    def creates(self) -> bool:
        """Whether a row is enough to make a listing: the table has titles and prices."""
        return "title" in self.columns and "price" in self.columns

    def renamed(self, row: Row) -> Row:
        """Return a row with its cells by field; of several columns the first filled counts."""
        cells = {name: row.cells[name] for name in self.named if name in row.cells}
        for name, columns in self.columns.items():
            if not row.cells.keys().isdisjoint(columns):
                cells[name] = self.cell(row, name)
        return Row(
            number=row.number,
            cells=cells,
            source=row.source,
            surplus=row.surplus,
            strange=row.strange,
        )

    def cell(self, row: Row, name: str) -> str:
        """Return the cell of a field, empty where the row has none."""
        for column in self.columns[name]:
            if cell := row.cells.get(column):
                return cell
        return ""

    def unused(self, header: Sequence[str], columns: Sequence[str]) -> list[str]:
        """Return the columns, as written, from which nothing is taken."""
        used = {column for names in self.columns.values() for column in names}
        return [
            written
            for written, column in zip(header, columns, strict=True)
            if column not in used and not column.startswith(NAMED)
        ]


def layout(columns: Sequence[str], exporter: Exporter) -> Layout:
    """Return which columns of a table fill which field.

    Raises:
        ListingFileError: two columns mean the price, the quantity or the SKU.
    """
    known = COLUMNS | (_OF_FEEDS if exporter is Exporter.GOOGLE else {})
    by_field: dict[str, list[str]] = {}
    for column in sorted(columns, key=lambda column: _RANK.get(column, len(_RANK))):
        if name := known.get(column):
            by_field.setdefault(name, []).append(column)
    for name in _ONE_ONLY:
        if len(both := by_field.get(name, [])) > 1:
            raise ListingFileError(
                f"The columns {' and '.join(both)} both mean the {name}.",
                fix="delete one of them, or rename it to what it is.",
            )
    lone = "title" in by_field and "sale price" in by_field and "price" not in by_field
    if lone:
        by_field["price"] = by_field.pop("sale price")
    named = tuple(column for column in columns if column.startswith(NAMED))
    return Layout({name: tuple(names) for name, names in by_field.items()}, named, lone)


def guard(layout: Layout, unused: Sequence[str]) -> None:
    """Refuse a table of which nothing would be taken: a stock list must not pass unread.

    Args:
        layout: which columns fill which field.
        unused: the other columns, as written.

    Raises:
        ListingFileError: no column is for the SKU, or none for anything else.
    """
    others = [name for name in unused if name and name not in PROBLEM_COLUMNS]
    shown = ", ".join(others[:_SHOWN]) + (" ..." if len(others) > _SHOWN else "")
    if "sku" not in layout.columns:
        raise ListingFileError(
            f"The file has no column for the SKU: {shown or 'its columns are others'}.",
            fix="name one of its columns sku; docs/import.md lists the names that are understood.",
        )
    if others and not layout.named and layout.columns.keys() <= _NAMES_ONLY:
        raise ListingFileError(
            f"The file names SKUs and says nothing of them that is understood: {shown}.",
            fix="rename its columns, as to quantity or price; docs/import.md lists the names.",
        )
