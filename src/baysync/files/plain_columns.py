"""Which columns of a plain table fill which field, under the names that shops give them. Pure."""

import re
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from unicodedata import category

from baysync.base.errors import ListingFileError
from baysync.files import header_words, money_words
from baysync.files.header_words import IN_STOCK, spelled
from baysync.files.number_columns import Exporter
from baysync.files.parts import part_of
from baysync.files.switches import Switch, is_word, strictest, switch
from baysync.files.table import NAMED, OPTION, PROBLEM_COLUMNS, TableRow

COLUMNS = {
    spelling: name
    for name, languages in header_words.WORDS.items()
    for word in (name, *header_words.aliases(languages))
    for spelling in header_words.spellings(word)
}
_FLAGS = frozenset(map(spelled, header_words.ALWAYS_FLAGS.split("|")))
_WEAK = {
    spelling: name
    for name, languages in (("sku", header_words.WEAK_SKU), ("price", header_words.WEAK_PRICE))
    for word in header_words.aliases(languages)
    for spelling in header_words.spellings(word)
}
_UNCLEAR = {
    spelled(word): meanings
    for words, meanings in header_words.UNCLEAR.items()
    for word in words.split("|")
}
_RANK = {spelling: rank for rank, spelling in enumerate(COLUMNS)}
PART = "part"  # a cell of ours: what the row is, other than a product
_CONFIGURED = "use config manage stock"
_OF_FEEDS = {"id": "sku", "imagelink": "images"}
_OWN_SIZE = "size"
_NUMBERED = re.compile(r"(.*?)([0-9]{1,2})")
_MONEY = re.compile(
    rf"(.*?)(?:[\s(\[/,]+|(?<=\w)(?=\W))({money_words.PATTERN})[)\]]?", re.IGNORECASE
)
_WORDS = re.compile(money_words.PATTERN, re.IGNORECASE)
_SWITCHES = frozenset({IN_STOCK, "published"})
_PRICES = frozenset({"price", "sale price"})
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
        money: the currency that stands in the header, by column.
        counted: the column of the quantity, where its name might mean a flag; else empty.
        numbered: the columns of one picture each, as ``Image 2``.
    """

    columns: Mapping[str, tuple[str, ...]]
    named: tuple[str, ...] = ()
    lone_sale: bool = False
    money: Mapping[str, str] = field(default_factory=dict[str, str])
    counted: str = ""
    numbered: frozenset[str] = frozenset()

    @property
    def creates(self) -> bool:
        """Whether a row is enough to make a listing: the table has titles and prices."""
        return "title" in self.columns and "price" in self.columns

    def renamed(self, row: TableRow) -> TableRow:
        """Return a row with its cells by field; of several columns the first filled counts."""
        cells = {name: row.cells[name] for name in self.named if name in row.cells}
        for name, columns in self.columns.items():
            if not row.cells.keys().isdisjoint(columns):
                cells[name] = self.cell(row, name)
        if "sale dates" in cells:
            start, _, end = cells.pop("sale dates").partition("/")
            cells = {"sale from": start, "sale until": end or start, **cells}
        if switch(row.cells.get(_CONFIGURED, "")) is Switch.ON:
            cells.pop("tracked", None)  # Magento's general setting decides, which counts stock
        if not (cells.get("parent sku") or any(name.startswith(OPTION) for name in cells)):
            cells[PART] = part_of(row.cells)
        return TableRow(
            number=row.number,
            cells=cells,
            source=row.source,
            surplus=row.surplus,
            strange=row.strange,
        )

    def cell(self, row: TableRow, name: str) -> str:
        """Return the cell of a field, empty where the row has none.

        A price has the currency of its header; where it names another, it says both, and so is no
        number. Of several that switch the product off or on, the strictest counts.
        """
        if name == "images":
            return self._pictures(row)
        if name in _SWITCHES:
            return strictest(row.cells.get(column, "") for column in self.columns[name])
        for column in self.columns[name]:
            if cell := row.cells.get(column):
                money = self.money.get(column)
                return f"{cell} {money}" if money and not _names(cell, money) else cell
        return ""

    def _pictures(self, row: TableRow) -> str:
        """Return the pictures of the first filled column, then those of the numbered ones."""
        cells = [
            (name in self.numbered, row.cells.get(name, "")) for name in self.columns["images"]
        ]
        first = next((cell for is_numbered, cell in cells if cell and not is_numbered), "")
        if first.startswith("["):
            return first  # a JSON list is whole
        numbered = [cell for is_numbered, cell in cells if cell and is_numbered]
        return "|".join(dict.fromkeys(([first] if first else []) + numbered))

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
        ListingFileError: two columns mean the price, the quantity or the SKU, or one may mean
            two things.
    """
    by_field, money = _by_field(columns, exporter)
    counted = _counted(by_field)
    for name in _ONE_ONLY:
        if len(both := by_field.get(name, [])) > 1:
            raise ListingFileError(
                f"The columns {' and '.join(both)} both mean the {name}.",
                fix="delete one of them, or rename it to what it is.",
            )
    lone = "title" in by_field and "sale price" in by_field and "price" not in by_field
    if lone:
        by_field["price"] = by_field.pop("sale price")
    for column in columns:
        _guard_meaning(column, by_field)
    return Layout(
        columns={name: tuple(names) for name, names in by_field.items()},
        named=tuple(column for column in columns if column.startswith(NAMED)),
        lone_sale=lone,
        money=money,
        counted=counted,
        numbered=frozenset(filter(_number_of_picture, columns)),
    )


def counting(layout: Layout) -> Layout | None:
    """Return the layout in which a column such as ``available`` counts what can be sold.

    It stands beside a quantity, and counts there if its cells do (``counts``). None: there is none.
    """
    flags = layout.columns.get(IN_STOCK, ())
    counts = tuple(name for name in flags if spelled(name) not in _FLAGS)
    if "quantity" not in layout.columns or len(counts) != 1 or layout.counted:
        return None
    others = tuple(name for name in flags if name not in counts)
    columns = {name: names for name, names in layout.columns.items() if name != IN_STOCK}
    columns |= {"quantity": counts} | ({IN_STOCK: others} if others else {})
    return replace(layout, columns=columns)


def _by_field(
    columns: Sequence[str], exporter: Exporter
) -> tuple[dict[str, list[str]], dict[str, str]]:
    """Return the columns by the field they mean, and the currencies of prices by column.

    What only may mean a field does so where no other column means it.
    """
    known = COLUMNS | dict.fromkeys(_FLAGS, IN_STOCK)
    if exporter is Exporter.GOOGLE:
        known = {**known, **_OF_FEEDS}
        known.pop(_OWN_SIZE)  # a size of clothes there, here that of a parcel
    sure: dict[str, list[str]] = {}
    weak: dict[str, list[str]] = {}
    money: dict[str, str] = {}
    for column in sorted(columns, key=lambda column: _RANK.get(spelled(column), len(_RANK))):
        if column.startswith(NAMED):
            continue
        if name := known.get(spelled(column)):
            sure.setdefault(name, []).append(column)
        elif name := _WEAK.get(spelled(column)):
            weak.setdefault(name, []).append(column)
        elif (priced := _priced(column)) and known.get(priced[0]) in _PRICES:
            weak.setdefault(known[priced[0]], []).append(column)
            money[column] = priced[1]
    pictures = sorted(filter(_number_of_picture, columns), key=_number_of_picture)
    if pictures:
        sure.setdefault("images", []).extend(pictures)
    return weak | sure, money


def _number_of_picture(column: str) -> int:
    """Return the number of a column such as ``Image 2``, 0 of one that is none."""
    match = _NUMBERED.fullmatch(spelled(column))
    return int(match[2]) if match and COLUMNS.get(match[1]) == "images" else 0


def _priced(column: str) -> tuple[str, str] | None:
    """Return a header without the currency at its end, spelled, and the currency."""
    match = _MONEY.fullmatch(column)
    if match is None or not (money_words.currency_of(match[2]) or category(match[2][-1]) == "Sc"):
        return None
    return spelled(match[1]), match[2].upper()


def _counted(by_field: dict[str, list[str]]) -> str:
    """Take a column such as ``in stock`` for the quantity where there is no other; return it."""
    counts = [name for name in by_field.get(IN_STOCK, ()) if spelled(name) not in _FLAGS]
    if not counts or "quantity" in by_field:
        return ""
    by_field["quantity"] = counts
    flags = [name for name in by_field.pop(IN_STOCK) if name not in counts]
    if flags:
        by_field[IN_STOCK] = flags
    return counts[0]


def _guard_meaning(column: str, by_field: Mapping[str, Sequence[str]]) -> None:
    """Refuse a column that may mean two fields, if the table has neither of them else."""
    meanings = _UNCLEAR.get(spelled(column), ())
    used = any(column in names for names in by_field.values())
    if meanings and not used and not any(name in by_field for name in meanings):
        raise ListingFileError(
            f"The column {column} may mean the {' or the '.join(meanings)}.",
            fix="rename it to the field that it is, or delete it.",
        )


def _names(cell: str, money: str) -> bool:
    """Tell whether a cell names the currency of its header, or money of an unsaid currency."""
    words = _WORDS.findall(cell)
    return bool(words) and {money_words.currency_of(word) for word in words} <= {
        money_words.currency_of(money),
        "",
    }


def guard_counts(column: str, cells: AbstractSet[str]) -> None:
    """Refuse a column of counts that holds nothing but flags, one of them for yes.

    Raises:
        ListingFileError: 1 may be one piece or "there is some".
    """
    if all(map(is_word, cells)) and any(switch(cell) is Switch.ON for cell in cells):
        raise ListingFileError(
            f"The column {column} may count pieces or only say whether there are any: it holds "
            f"{' and '.join(sorted(cells))} alone.",
            fix="rename it to quantity if it counts, else to availability.",
        )


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
            fix="name one of its columns sku; docs/how-to/import.md lists other names.",
        )
    if others and not layout.named and layout.columns.keys() <= _NAMES_ONLY:
        raise ListingFileError(
            f"The file names SKUs and says nothing of them that is understood: {shown}.",
            fix="name a column quantity or price; docs/how-to/import.md lists other names.",
        )
