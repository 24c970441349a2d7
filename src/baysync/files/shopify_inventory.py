"""Shopify's two inventory exports: stock per variant, a row or a column per location.

The stock of a variant is the sum over its locations, or that of one; "not stocked" counts nothing.
Nothing else is taken.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from baysync.base.errors import ListingFileError
from baysync.base.wording import counted
from baysync.files import cells
from baysync.files.cells import RowEntry, Unclear
from baysync.files.file_numbers import Numbers
from baysync.files.number_shapes import NumberKind
from baysync.files.rows import drafted
from baysync.files.shopify import chosen, sku_of
from baysync.files.table import TableRow
from baysync.listing.draft import Draft, Op

_NOT_STOCKED = {"not stocked", ""}
_EDITED = "on hand (new)"
_SHOWN = 5
_Key = tuple[str, ...]


def renamed(row: TableRow) -> TableRow:
    """Return a row by the older names of its columns, without "(not editable)"."""
    return replace(row, cells={column_name(name): cell for name, cell in row.cells.items()})


def column_name(column: str) -> str:
    """Return the older name of a column."""
    return column.removesuffix(" (not editable)")


def key_of(row: TableRow) -> _Key:
    """Return what tells the variant of a row from others: SKU, handle and options."""
    values = (row.cells.get(f"option{number} value", "") for number in (1, 2, 3))
    return (row.cells.get("sku", ""), row.cells.get("handle", ""), *values)


@dataclass(slots=True)
class Stocktaking:
    """The first pass: which locations there are, and where each variant's last row stands.

    ``columns`` are the names of the locations by their columns, empty where each has a row.
    """

    columns: Mapping[str, str]
    locations: dict[str, None] = field(default_factory=dict[str, None])
    last: dict[_Key, int] = field(default_factory=dict[_Key, int])
    variants: dict[str, set[_Key]] = field(default_factory=dict[str, set[_Key]])
    edited: list[int] = field(default_factory=list[int])

    @property
    def numbers(self) -> Mapping[str, NumberKind]:
        """The columns that hold numbers."""
        return dict.fromkeys(self.columns or ["available"], NumberKind.QUANTITY)

    def see(self, row: TableRow) -> None:
        """Note the location and the variant of a row."""
        key = key_of(row)
        self.last[key] = row.number
        self.variants.setdefault(row.cells.get("handle", ""), set()).add(key)
        for name in self.columns.values() or [row.cells.get("location", "")]:
            self.locations.setdefault(name)
        if row.cells.get(_EDITED):
            self.edited.append(row.number)

    def chosen(self, location: str) -> str | None:
        """Return the location of this name, None where all are summed.

        Raises:
            ListingFileError: the file has none of this name.
        """
        if not location:
            return None
        for name in self.locations:
            if name.casefold() == location.casefold():
                return name
        raise ListingFileError(
            f"The file has no location {location}.",
            fix=f"write one of {', '.join(self.locations)}.",
        )

    def notices(self) -> Iterator[str]:
        """Yield what a person should know of the whole file."""
        if self.edited:
            rows = ", ".join(map(str, self.edited[:_SHOWN]))
            yield (
                f"On hand (new) is filled in {counted(len(self.edited), 'row')} ({rows}): these "
                "edits are not in Shopify yet and are not used; import the file there, then export "
                "again"
            )


@dataclass(frozen=True, slots=True)
class Inventory:
    """Reads the rows of one inventory export."""

    numbers: Numbers
    taken: Stocktaking
    location: str | None

    def drafts(self, rows: Iterable[TableRow]) -> Iterator[Draft]:
        """Yield a change of stock per variant, where the last of its rows stands."""
        waiting: dict[_Key, list[TableRow]] = {}
        for row in rows:
            key = key_of(row)
            waiting.setdefault(key, []).append(row)
            if self.taken.last[key] == row.number:
                yield self._draft(waiting.pop(key))

    def _draft(self, rows: Sequence[TableRow]) -> Draft:
        entry = RowEntry(rows[0])
        entry.fill("sku", self._sku(entry), cells.code)
        try:
            self._sum(entry, rows)
        except Unclear as unclear:
            entry.withhold("quantity", unclear)
        return drafted(rows, entry, op=Op.PATCH)

    def _sku(self, entry: RowEntry) -> str:
        """Return the SKU of a variant; without one, that which the product export is given."""
        if sku := entry.cell("sku").removeprefix("'"):
            return sku
        handle = entry.cell("handle")
        names = [entry.cell(f"option{number} name") for number in (1, 2, 3)]
        single = len(self.taken.variants.get(handle, ())) == 1
        return sku_of(handle, chosen(entry, names), entry.row.number, single=single)

    def _sum(self, entry: RowEntry, rows: Sequence[TableRow]) -> None:
        """Fill the quantity, unless no location says one."""
        stocks = [stock for row in rows for stock in self._stocks(row)]
        if all(cell == "" for _, cell in stocks):
            entry.note_empty("quantity")
            return
        numbers = (
            int(self.numbers.read(column, cell).value)
            for column, cell in stocks
            if cell.casefold() not in _NOT_STOCKED
        )
        entry.fields["quantity"] = max(0, sum(numbers))

    def _stocks(self, row: TableRow) -> Iterator[tuple[str, str]]:
        """Yield the columns and cells that count."""
        if not self.taken.columns:
            if self.location in {None, row.cells.get("location", "")}:
                yield "available", row.cells.get("available", "")
            return
        for column, name in self.taken.columns.items():
            if self.location in {None, name}:
                yield column, row.cells.get(column, "")
