"""The numbers of a file: what its columns decide together, and money with its currency. Pure."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from baysync.base.wording import counted
from baysync.files.cells import RowEntry, Unclear
from baysync.files.moments import moment
from baysync.files.number_cells import Amount, NumberReader
from baysync.files.number_columns import Column, DecimalSign, Exporter
from baysync.files.number_shapes import NumberKind
from baysync.listing.rules import LARGEST_PRICE, LARGEST_QUANTITY

_UNIT = re.compile(r"(.*[0-9])\s*([A-Za-z]+)\.?")
_SALE = ("sale_price", "sale_from", "sale_until")
NO_SALE = dict.fromkeys(_SALE)
CENTS = 2
_UNITS = {
    "kg": "KILOGRAM",
    "g": "GRAM",
    "lb": "POUND",
    "lbs": "POUND",
    "oz": "OUNCE",
}


class NumberSurvey:
    """The first pass over a table: lets every number cell say how its column is written."""

    def __init__(self, kinds: Mapping[str, NumberKind], exporter: Exporter) -> None:
        price = Column(NumberKind.PRICE, exporter)
        self._columns = {
            name: price if kind is NumberKind.PRICE else Column(kind, exporter)
            for name, kind in kinds.items()
        }

    def see(self, row: int, cells: Mapping[str, str]) -> None:
        """Count the number cells of a row."""
        for name, column in self._columns.items():
            if cell := cells.get(name):
                if column.kind is NumberKind.WEIGHT:
                    cell = unit(cell)[0]
                column.see(row, cell)

    def notices(self) -> Iterator[str]:
        """Yield which currencies the price cells name, once they are decided."""
        counts = Counter[str]()
        for column in {id(column): column for column in self._columns.values()}.values():
            counts += column.currencies
        if counts:
            words = ", ".join(f"{name} in {counted(n, 'cell')}" for name, n in counts.most_common())
            yield f"price cells name a currency, which becomes that of their listing: {words}"

    def decided(self, decimal: DecimalSign) -> "Numbers":
        """Return the reader of the table's numbers."""
        readers: dict[int, NumberReader] = {}
        for column in self._columns.values():
            if id(column) not in readers:
                others = [one for one in self._columns.values() if one is not column]
                convention = column.decided(others, decimal=decimal)
                readers[id(column)] = NumberReader(column.kind, convention)
        return Numbers({name: readers[id(column)] for name, column in self._columns.items()})


@dataclass(frozen=True, slots=True)
class SaleColumns:
    """The columns of a sale: its price, and when it starts and ends."""

    price: str
    start: str
    end: str


@dataclass(frozen=True, slots=True)
class Numbers:
    """Reads the numbers of a table, each by its column.

    A cell that cannot be read keeps back its own field and nothing else of a listing that exists.
    """

    readers: Mapping[str, NumberReader]

    def read(self, column: str, cell: str) -> Amount:
        """Return the number in a cell of a column.

        Raises:
            Unclear: it has no one meaning.
        """
        return self.readers[column].read(cell)

    def quantity(self, entry: RowEntry, column: str, *, below_zero_is_none: bool = False) -> None:
        """Fill a whole number; one below zero is 0 only where the exporter means that."""
        amount = self._amount(entry, "quantity", column, entry.cell(column))
        if amount is None:
            return
        if amount.value > LARGEST_QUANTITY:
            fix = f"write a number of at most {LARGEST_QUANTITY}"
            entry.withhold("quantity", Unclear("too_large", f"is {amount.value}", fix))
            return
        number = int(amount.value)
        if number < 0 and not below_zero_is_none:
            entry.withhold("quantity", Unclear("negative", f"is {number}", "write 0 or more"))
            return
        entry.fields["quantity"] = max(0, number)

    def price(self, entry: RowEntry, name: str, column: str) -> None:
        """Fill an amount of money, and note the currency that its cell names."""
        amount = self._amount(entry, name, column, entry.cell(column))
        if amount is None:
            return
        if amount.value <= 0:
            fix = "write a price above 0"
            entry.withhold(name, Unclear("not_positive", f"is {amount.value}", fix))
            return
        if amount.value >= LARGEST_PRICE:
            fix = f"write a price below {LARGEST_PRICE}"
            entry.withhold(name, Unclear("too_large", f"is {amount.value}", fix))
            return
        if amount.value != round(amount.value, CENTS):
            words, fix = (
                f"is {amount.value}, which is no whole number of cents",
                "write it with two",
            )
            entry.withhold(name, Unclear("price_too_precise", words, f"{fix} decimals"))
            return
        entry.fields[name] = str(amount.value)
        if amount.currency:
            entry.currencies.add(amount.currency)

    def weight(self, entry: RowEntry, column: str, named: str = "") -> None:
        """Fill a weight; its unit stands in the cell, or is ``named``, or is kilograms."""
        digits, own = unit(entry.cell(column))
        amount = self._amount(entry, "weight", column, digits)
        if amount is not None:
            name = own or named or "KILOGRAM"
            known = _UNITS.get(name.casefold(), name.upper())
            entry.fields["weight"] = {"value": str(amount.value), "unit": known}

    def _amount(self, entry: RowEntry, name: str, column: str, cell: str) -> Amount | None:
        if not cell:
            if entry.has(column):
                entry.note_empty(name)
            return None
        try:
            return self.read(column, cell)
        except Unclear as unclear:
            entry.withhold(name, unclear)
            return None

    def counting(self, column: str) -> "Numbers":
        """Return the same with the quantity read as what stands in another column."""
        return Numbers({**self.readers, "quantity": self.readers[column]})


def unit(cell: str) -> tuple[str, str]:
    """Return a number and the unit behind it, empty where there is none."""
    match = _UNIT.fullmatch(cell)
    return (match[1], match[2]) if match else (cell, "")


def one_currency(entry: RowEntry, parts: Iterable[RowEntry], named: str = "") -> None:
    """Give a listing the currency that its price cells name; two that differ keep back all prices.

    ``named`` is that of a column for it.
    """
    entries = (entry, *parts)
    currencies = set[str]().union(*(one.currencies for one in entries)) | ({named} - {""})
    if len(currencies) > 1:
        names = " and ".join(sorted(currencies))
        for one in entries:
            for name in ("price", *_SALE):
                one.fields.pop(name, None)
        entry.fields.pop("currency", None)
        unclear = Unclear(
            "several_currencies", f"the prices are in {names}", "give a listing one currency"
        )
        entry.withheld.append(entry.problem("currency", unclear))
    elif currencies:
        entry.fields["currency"] = currencies.pop()


def sale(entry: RowEntry, numbers: Numbers, columns: SaleColumns, *, ends_when_empty: bool) -> None:
    """Fill a sale price with its dates.

    An empty cell for the sale price ends the sale, if ``ends_when_empty``; an empty date beside a
    sale price means no such date. Where one of the three cannot be read, the price is kept back
    too.
    """
    if not entry.cell(columns.price):
        if ends_when_empty and entry.has(columns.price):
            entry.fields |= NO_SALE
        return
    numbers.price(entry, "sale_price", columns.price)
    for name, column in (("sale_from", columns.start), ("sale_until", columns.end)):
        if entry.has(column):
            entry.fields[name] = None
            entry.take(name, column, lambda cell: moment(cell) if cell else None)
    if any(problem.pointer.removeprefix(entry.at)[1:] in _SALE for problem in entry.withheld):
        for name in ("price", *_SALE):
            entry.fields.pop(name, None)
