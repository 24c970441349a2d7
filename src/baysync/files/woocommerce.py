"""The format ``woocommerce``: the product export of the shop's own exporter.

A ``simple`` row is a listing. ``variation`` rows belong to the ``variable`` row that their Parent
names by SKU or ``id:12``, wherever they stand; a first pass learns where the last of each stands,
so that only products still waiting for variations are held.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from baysync.files import cells, file_numbers, woo_notation
from baysync.files.cells import RowEntry
from baysync.files.file_numbers import Numbers
from baysync.files.rows import drafted
from baysync.files.same_sku import SameSku
from baysync.files.table import TableRow
from baysync.files.woo_offer import NUMBERS, measure, offered
from baysync.listing.draft import Draft, Op
from baysync.listing.model import Problem

_ATTRIBUTE = re.compile(r"attribute ([0-9]+) (?:name|value\(s\)|visible|global|default)")
_WORDS = (
    "id|type|sku|gtin, upc, ean, or isbn|name|published|short description|description|in stock?|"
    "backorders allowed?|date sale price starts|date sale price ends|categories|tags|images|"
    "parent|brands"
)
_USED = frozenset((*_WORDS.split("|"), *NUMBERS))
_NAME = re.compile(r"attribute ([0-9]+) name")
_NOT_SOLD = {"grouped", "external"}
_WHOLE = {"type", "sku", "parent", "attribute 1 name", "attribute 1 value(s)"}


@dataclass(slots=True)
class _Product:
    """A variable product that waits for its variations."""

    row: TableRow | None = None
    variations: list[TableRow] = field(default_factory=list[TableRow])


class Places:
    """The first pass: where each variable product ends, and what its SKU stands for."""

    def __init__(self) -> None:
        self._ends: dict[str, int] = {}
        self._by_sku: dict[str, str] = {}
        self._last: dict[str, int] | None = None

    def see(self, row: TableRow) -> None:
        """Note where a variable product or a variation stands."""
        kind = _kind(row)
        if kind == "variable":
            self._by_sku[row.cells.get("sku", "")] = own_key(row)
            self._ends[own_key(row)] = row.number
        elif kind == "variation":
            self._ends[row.cells.get("parent", "") or own_key(row)] = row.number

    def key(self, row: TableRow) -> str:
        """Return the key of the product that a row belongs to."""
        parent = row.cells.get("parent", "")
        return self._by_sku.get(parent, parent) if parent else own_key(row)

    def is_last(self, row: TableRow) -> bool:
        """Tell whether a row is the last of its product."""
        if self._last is None:
            self._last = {}
            for name, number in self._ends.items():
                key = self._by_sku.get(name, name)
                self._last[key] = max(number, self._last.get(key, 0))
        return self._last[self.key(row)] == row.number


def is_used(column: str) -> bool:
    """Tell whether anything is taken from a column."""
    return column in _USED or _ATTRIBUTE.fullmatch(column) is not None


def own_key(row: TableRow) -> str:
    """Return what tells a row's own product or variation from others."""
    return f"id:{row.cells.get('id', '')}" if row.cells.get("id") else row.cells.get("sku", "")


@dataclass(frozen=True, slots=True)
class WooCommerce:
    """Reads the rows of one product export."""

    numbers: Numbers
    same: SameSku
    places: Places
    columns: frozenset[str]

    def drafts(self, rows: Iterator[TableRow]) -> Iterator[Draft]:
        """Yield a draft per product; a variable one where the last of its rows stands."""
        waiting: dict[str, _Product] = {}
        for row in rows:
            kind = _kind(row)
            if kind == "simple":
                yield self._simple(row)
            elif kind in _NOT_SOLD:
                yield _unsold(row, kind)
            else:
                key = self.places.key(row)
                product = waiting.setdefault(key, _Product())
                _add(product, row, kind)
                if self.places.is_last(row):
                    yield from self._group(waiting.pop(key))

    def _simple(self, row: TableRow) -> Draft:
        entry = self._product(row)
        notes = [*_name(entry)]
        if aspects := _aspects(row):
            entry.fields["aspects"] = aspects
        return self._drafted([row], entry, (), notes)

    def _group(self, product: _Product) -> Iterator[Draft]:
        """Yield a variable product, or its variations alone: each goes to the stored product."""
        if product.row is not None:
            yield self._variable(product, product.row)
            return
        for row in product.variations:
            yield self._alone(row)

    def _alone(self, row: TableRow) -> Draft:
        """Return a variation without its product, as in a list of changed variations."""
        parent = row.cells.get("parent", "")
        _, by_id, number = parent.rpartition("id:")
        entry = self._variation(row, "/variants/0" if parent else "")
        notes = [*_name(entry)]
        if parent:
            product = RowEntry(row, fields={} if by_id else {"sku": parent})
            product.fields["variants"] = [entry.fields]
        else:
            entry.fields.pop("options", None)  # it is found by its own SKU
            product, entry = entry, RowEntry(row)
        file_numbers.one_currency(product, [entry])
        return drafted(
            [row],
            product,
            [entry],
            op=Op.PATCH,
            notes=notes,
            problems=[*self.same.problems([row])],
            identity=f"woocommerce:{number}" if by_id else None,
            skus_made="sku" not in self.columns,
            parent=parent,
        )

    def _variable(self, product: _Product, row: TableRow) -> Draft:
        entry = self._product(row)
        for name in ("sale_price", "sale_from", "sale_until"):
            entry.fields.pop(name, None)  # sales are those of its variations
        if entry.fields.get("quantity") == "untracked":
            entry.fields.pop("quantity")
        read = [
            self._variation(each, f"/variants/{n}")
            for n, each in enumerate(_sold(product.variations))
        ]
        notes = [note for one in (entry, *read) for note in _name(one)]
        varied = {name for each in product.variations for name in _attributes(each)}
        entry.fields["variants"] = [variation.fields for variation in read]
        aspects = {name: values for name, values in _aspects(row).items() if name not in varied}
        if aspects:
            entry.fields["aspects"] = aspects
        notes += _any(product, varied, read)
        return self._drafted([row, *product.variations], entry, read, notes)

    def _drafted(
        self, rows: list[TableRow], entry: RowEntry, read: Sequence[RowEntry], notes: Sequence[str]
    ) -> Draft:
        file_numbers.one_currency(entry, read)
        number = entry.cell("id")
        creates = {"name", "regular price", "type"} <= self.columns
        return drafted(
            rows,
            entry,
            read,
            op=Op.MERGE if creates else Op.PATCH,
            notes=notes,
            problems=[*self.same.problems(rows)],
            identity=f"woocommerce:{number}" if number and "type" in self.columns else None,
            variants_whole=bool(read) and self.columns >= _WHOLE,
            skus_made="sku" not in self.columns,
        )

    def _product(self, row: TableRow) -> RowEntry:
        entry = offered(row, "", self.numbers)
        entry.put("title", "name", cells.words)
        column = "description" if entry.cell("description") else "short description"
        entry.put("description", column, woo_notation.description)
        entry.put("tags", "tags", woo_notation.values)
        entry.put("brand", "brands", woo_notation.value)
        if entry.cell("categories"):
            leaf, others = woo_notation.categories(entry.cell("categories"))
            entry.fields |= {"shop_type": leaf, "shop_types": list(others)}
        if entry.has("published"):
            published = entry.cell("published") in {"1", ""}
            entry.fields["status"] = "active" if published else "draft"
        measure(entry, self.numbers)
        return entry

    def _variation(self, row: TableRow, at: str) -> RowEntry:
        entry = offered(row, at, self.numbers)
        if entry.cell("published") not in {"1", ""}:
            entry.fields |= {"quantity": 0, "backorders": False}
        if options := _attributes(row):
            entry.fields["options"] = options
        return entry


def _add(product: _Product, row: TableRow, kind: str) -> None:
    if kind == "variation":
        product.variations.append(row)
    else:
        product.row = row


def _kind(row: TableRow) -> str:
    kinds = {word.strip() for word in row.cells.get("type", "").casefold().split(",")}
    return next((kind for kind in ("variation", "variable", *_NOT_SOLD) if kind in kinds), "simple")


def _sold(variations: Sequence[TableRow]) -> list[TableRow]:
    """Return the variations, but for those that are switched off and were never given a price."""
    return [
        row
        for row in variations
        if row.cells.get("published", "1") in {"1", ""} or row.cells.get("regular price")
    ]


def _unsold(row: TableRow, kind: str) -> Draft:
    problem = Problem(
        pointer="",
        rule="not_sold_here",
        message=f"row {row.number} is a {kind} product, which is not sold by itself",
        fix="leave the row out; the products it leads to are listings of their own",
    )
    return Draft(line=row.number, document={}, problems=(problem,), source=(row.source,))


def _attributes(row: TableRow) -> dict[str, str]:
    """Return the attributes of a variation that have a value, by name; one without may be any."""
    return {name: woo_notation.value(cell) for name, cell in _named(row) if cell}


def _aspects(row: TableRow) -> dict[str, list[str]]:
    """Return the attributes of a product that have values, by name."""
    return {name: values for name, cell in _named(row) if (values := woo_notation.values(cell))}


def _named(row: TableRow) -> Iterator[tuple[str, str]]:
    for column in row.cells:
        if (match := _NAME.fullmatch(column)) and row.cells[column]:
            value = row.cells.get(f"attribute {match[1]} value(s)", "")
            yield cells.words(row.cells[column]), value


def _any(product: _Product, varied: set[str], read: Sequence[RowEntry]) -> Iterator[str]:
    """Say which attributes a variation leaves open: buyers cannot choose those on eBay."""
    open_names = {name for row in product.variations for name, cell in _named(row) if not cell}
    for name in sorted(open_names & varied):
        rows = [str(one.row.number) for one in read if name not in _attributes(one.row)]
        yield (
            f"row {', '.join(rows[:5])}: {name} may be any there, and eBay wants one; "
            "make a variation for each"
        )
    for name in sorted(open_names - varied):
        yield f"{name} may be any in all variations: it is taken as an item specific"


def _name(entry: RowEntry) -> Iterator[str]:
    """Give a row without a SKU one made of its id, and say so."""
    if entry.cell("sku") or not entry.cell("id"):
        return
    entry.fields["sku"] = f"woo-{entry.cell('id')}"
    if entry.has("sku"):
        yield f"row {entry.row.number} has no SKU: took woo-{entry.cell('id')}"
