"""The readers of tables: one for each kind, all with a first pass and a second."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Protocol

from baysync.base.wording import counted
from baysync.files import kinds, plain, shopify, shopify_inventory, woo_offer, woocommerce
from baysync.files.file_numbers import NumberSurvey
from baysync.files.kinds import TableKind
from baysync.files.number_columns import DecimalSign, Exporter
from baysync.files.parts import PASSED_OVER, RowPart, part_of
from baysync.files.plain_columns import counting, guard, guard_counts, layout
from baysync.files.same_sku import SameSku
from baysync.files.switches import counts
from baysync.files.table import TableRow
from baysync.listing.draft import Draft

_WHOLE = "creates and changes the products it names; what it has no column for stays as it is"
_RIVAL = "rival"  # the column of counts beside that of the quantity
_FEW = 32  # different cells; a column of flags has fewer
_CHANGES = "changes listings that exist; what it has no column for stays as it is"


class Reader(Protocol):
    """Reads one table: ``see`` every row, ``decide``, then turn the rows into ``drafts``."""

    def see(self, row: TableRow) -> None:
        """Take a row of the first pass."""
        ...

    def decide(self, decimal: DecimalSign, location: str) -> str:
        """End the first pass; return in one line what the file is and does.

        Raises:
            ListingFileError: the file has no such location, or a column may be counts or flags.
        """
        ...

    def unused(self) -> list[str]:
        """Return the columns, as written, from which nothing is taken."""
        ...

    def notices(self) -> Iterator[str]:
        """Yield what a person should know of the whole file."""
        ...

    def drafts(self, rows: Iterator[TableRow]) -> Iterator[Draft]:
        """Yield what the rows of the second pass say."""
        ...


def reader_of(kind: TableKind | None, header: Sequence[str], columns: Sequence[str]) -> Reader:
    """Return the reader of a kind of table with these columns, as written and normal.

    Raises:
        ListingFileError: two columns mean the same.
    """
    match kind:
        case TableKind.SHOPIFY:
            return _Shopify(header, columns)
        case TableKind.WOOCOMMERCE:
            return _WooCommerce(header, columns)
        case TableKind.SHOPIFY_INVENTORY | TableKind.SHOPIFY_LOCATIONS:
            return _Inventory(kind, header, columns)
        case _:
            return _Plain(header, columns)


class _Shopify:
    def __init__(self, header: Sequence[str], columns: Sequence[str]) -> None:
        self._header = header
        self._columns = [shopify.column_name(column) for column in columns]
        self._survey = NumberSurvey(shopify.NUMBERS, Exporter.SHOPIFY)
        self._same = SameSku("variant sku", shopify.product_of)
        self._numbers = self._survey.decided(DecimalSign.AUTO)

    def see(self, row: TableRow) -> None:
        row = shopify.renamed(row)
        self._survey.see(row.number, row.cells)
        self._same.see(row)

    def decide(self, decimal: DecimalSign, location: str) -> str:  # noqa: ARG002 - it has none
        self._numbers = self._survey.decided(decimal)
        creates = {"title", "variant price"} <= set(self._columns)
        return f"{TableKind.SHOPIFY}: {_WHOLE if creates else _CHANGES}"

    def unused(self) -> list[str]:
        pairs = zip(self._header, self._columns, strict=True)
        return [written for written, column in pairs if column not in shopify.USED]

    def notices(self) -> Iterator[str]:
        yield from self._survey.notices()

    def drafts(self, rows: Iterator[TableRow]) -> Iterator[Draft]:
        reader = shopify.Shopify(self._numbers, self._same, frozenset(self._columns))
        return reader.drafts(map(shopify.renamed, rows))


class _WooCommerce:
    def __init__(self, header: Sequence[str], columns: Sequence[str]) -> None:
        self._header = header
        self._columns = columns
        self._survey = NumberSurvey(woo_offer.NUMBERS, Exporter.WOOCOMMERCE)
        self._same = SameSku("sku", woocommerce.own_key)
        self._places = woocommerce.Places()
        self._numbers = self._survey.decided(DecimalSign.AUTO)

    def see(self, row: TableRow) -> None:
        self._survey.see(row.number, row.cells)
        self._same.see(row)
        self._places.see(row)

    def decide(self, decimal: DecimalSign, location: str) -> str:  # noqa: ARG002 - it has none
        self._numbers = self._survey.decided(decimal)
        creates = {"name", "regular price", "type"} <= set(self._columns)
        return f"{TableKind.WOOCOMMERCE}: {_WHOLE if creates else _CHANGES}"

    def unused(self) -> list[str]:
        pairs = zip(self._header, self._columns, strict=True)
        return [written for written, column in pairs if not woocommerce.is_used(column)]

    def notices(self) -> Iterator[str]:
        yield from self._survey.notices()

    def drafts(self, rows: Iterator[TableRow]) -> Iterator[Draft]:
        columns = frozenset(self._columns)
        reader = woocommerce.WooCommerce(self._numbers, self._same, self._places, columns)
        return reader.drafts(rows)


class _Inventory:
    def __init__(self, kind: TableKind, header: Sequence[str], columns: Sequence[str]) -> None:
        pairs = list(zip(header, columns, strict=True))
        located = {
            column: written
            for written, column in pairs
            if kind is TableKind.SHOPIFY_LOCATIONS and column and column not in kinds.OF_INVENTORY
        }
        self._kind = kind
        self._taken = shopify_inventory.Stocktaking(located)
        self._survey = NumberSurvey(self._taken.numbers, Exporter.SHOPIFY)
        self._numbers = self._survey.decided(DecimalSign.AUTO)
        self._location: str | None = None

    def see(self, row: TableRow) -> None:
        row = shopify_inventory.renamed(row)
        self._survey.see(row.number, row.cells)
        self._taken.see(row)

    def decide(self, decimal: DecimalSign, location: str) -> str:
        self._numbers = self._survey.decided(decimal)
        self._location = self._taken.chosen(location)
        names = ", ".join(sorted(self._taken.locations))
        where = f"the sum of all locations ({names})"
        if self._location:
            where = f"that at {self._location}"
        return f"{self._kind}: changes the stock of each variant to {where}"

    def unused(self) -> list[str]:
        return []

    def notices(self) -> Iterator[str]:
        yield from self._taken.notices()

    def drafts(self, rows: Iterator[TableRow]) -> Iterator[Draft]:
        reader = shopify_inventory.Inventory(self._numbers, self._taken, self._location)
        return reader.drafts(map(shopify_inventory.renamed, rows))


class _Plain:
    def __init__(self, header: Sequence[str], columns: Sequence[str]) -> None:
        self._header = header
        self._columns = columns
        self._exporter = kinds.exporter(set(columns))
        self._layout = layout(columns, self._exporter)
        guard(self._layout, self.unused())
        self._rival = counting(self._layout)
        rival = {_RIVAL: plain.NUMBERS["quantity"]} if self._rival else {}
        self._survey = NumberSurvey({**plain.NUMBERS, **rival}, self._exporter)
        self._numbers = self._survey.decided(DecimalSign.AUTO)
        self._of_numbers = [name for name in plain.NUMBERS if name in self._layout.columns]
        self._rival_counts = False
        self._has_sales = False
        self._counts: set[str] = set()
        self._passed_over: Counter[RowPart] = Counter()
        self._own_categories = False

    def see(self, row: TableRow) -> None:
        if (part := part_of(row.cells)) in PASSED_OVER:
            self._passed_over[part] += 1
            return
        numbers = {name: self._layout.cell(row, name) for name in self._of_numbers}
        if self._rival and (cell := self._rival.cell(row, "quantity")):
            numbers[_RIVAL] = cell
            self._rival_counts |= counts(cell)
        self._survey.see(row.number, numbers)
        self._has_sales |= bool(numbers.get("sale price"))
        if "category" in self._layout.columns:
            category = self._layout.cell(row, "category")
            self._own_categories |= bool(category) and not category.isdecimal()
        if self._layout.counted and (count := numbers["quantity"]) and len(self._counts) <= _FEW:
            self._counts.add(count.casefold())

    def decide(self, decimal: DecimalSign, location: str) -> str:  # noqa: ARG002 - it has none
        guard_counts(self._layout.counted, self._counts)
        self._numbers = self._survey.decided(decimal)
        if self._rival and self._rival_counts:
            self._layout, self._numbers = self._rival, self._numbers.counting(_RIVAL)
        words = _WHOLE if self._layout.creates else _CHANGES
        return f"{kinds.plain(self._layout.columns.keys())}: {words}"

    def unused(self) -> list[str]:
        return self._layout.unused(self._header, self._columns)

    def notices(self) -> Iterator[str]:
        yield from self._survey.notices()
        for part, rows in self._passed_over.items():
            yield f"{counted(rows, f'row with a {part} is', f'rows with a {part} are')} passed over"
        if self._own_categories:
            column = self._layout.columns["category"][0]
            yield f"{column} holds words, eBay's categories are numbers: they become the shop type"
        if self._rival_counts:
            yield f"the quantity is what {self._layout.columns['quantity'][0]} counts"
        if self._layout.lone_sale:
            yield f"{self._layout.columns['price'][0]} is taken for the price: there is no other"
        elif self._has_sales and "price" in self._layout.columns:
            price, sale = (self._layout.columns[name][0] for name in ("price", "sale price"))
            yield f"the sale price is used where {sale} is filled, {price} elsewhere"

    def drafts(self, rows: Iterator[TableRow]) -> Iterator[Draft]:
        reader = plain.Plain(self._layout, self._numbers, self._exporter)
        products = (row for row in rows if part_of(row.cells) not in PASSED_OVER)
        return reader.drafts(map(self._layout.renamed, products))
