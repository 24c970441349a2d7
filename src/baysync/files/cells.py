"""What a cell means: plain text, Excel's ruins, lists, flags. Pure."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html import unescape

from baysync.ebay.metadata import CONDITION_IDS
from baysync.files.table import TableRow
from baysync.listing.decode import pointer
from baysync.listing.model import Problem
from baysync.listing.strict_json import Malformed, parse

_EXPONENT = re.compile(r"[0-9](?:[.,][0-9]+)?E\+[0-9]+", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_LIST = re.compile(r'\[\s*["\]]')
_SPOKEN = {"USED": "USED_EXCELLENT", "REFURBISHED": "SELLER_REFURBISHED"}


class Unclear(ValueError):
    """A cell has no one meaning; ``rule``, message and ``fix`` say why."""

    def __init__(self, rule: str, message: str, fix: str) -> None:
        super().__init__(message)
        self.rule = rule
        self.fix = fix


@dataclass(slots=True)
class RowEntry:
    """A row on its way to become fields of a document; what is unclear is gathered.

    A column that the table lacks says nothing. An empty cell says nothing either, and is noted.
    """

    row: TableRow
    at: str = ""
    fields: dict[str, object] = field(default_factory=dict[str, object])
    problems: list[Problem] = field(default_factory=list[Problem])
    withheld: list[Problem] = field(default_factory=list[Problem])
    empty: list[str] = field(default_factory=list[str])
    currencies: set[str] = field(default_factory=set[str])

    def cell(self, column: str) -> str:
        """Return the cell of a column, empty where the row or the table has none."""
        return self.row.cells.get(column, "")

    def has(self, column: str) -> bool:
        """Tell whether the table has a column."""
        return column in self.row.cells

    def put(self, name: str, column: str, read: Callable[[str], object]) -> None:
        """Fill the field ``name`` with what ``read`` makes of a cell; note an empty one."""
        if self.has(column):
            self.fill(name, self.cell(column), read)

    def fill(self, name: str, cell: str, read: Callable[[str], object]) -> None:
        """Fill the field ``name`` with what ``read`` makes of ``cell``; note an empty one."""
        if not cell:
            self.note_empty(name)
            return
        try:
            self.fields[name] = read(cell)
        except Unclear as unclear:
            self.refuse(name, unclear)

    def take(self, name: str, column: str, read: Callable[[str], object]) -> None:
        """Fill a field as ``put`` does; a cell that cannot be read keeps back its field only."""
        cell = self.cell(column)
        if not cell:
            self.put(name, column, read)
            return
        try:
            self.fields[name] = read(cell)
        except Unclear as unclear:
            self.withhold(name, unclear)

    def note_empty(self, name: str) -> None:
        """Note that the source leaves a field empty, which changes nothing."""
        self.empty.append(pointer(self.at, name))

    def refuse(self, name: str, unclear: Unclear) -> None:
        """Note that the row cannot be read for the sake of a field."""
        self.problems.append(self.problem(name, unclear))

    def withhold(self, name: str, unclear: Unclear) -> None:
        """Keep back a field that cannot be read, and nothing else of a listing that exists."""
        self.fields.pop(name, None)
        self.withheld.append(self.problem(name, unclear))

    def problem(self, name: str, unclear: Unclear) -> Problem:
        """Return the problem of a field; that of a variant names its row."""
        return Problem(
            pointer=pointer(self.at, name),
            rule=unclear.rule,
            message=f"row {self.row.number}: {unclear}" if self.at else str(unclear),
            fix=unclear.fix,
        )


def text(cell: str) -> str:
    """Return the cell."""
    return cell


def words(cell: str) -> str:
    """Return plain text: entities of HTML are decoded once, as ``&amp;`` is ``&``."""
    return _ENTITY.sub(lambda match: unescape(match[0]), cell)


def spelled(text: str) -> str:
    """Return plain text so that ``words`` gives it back."""
    return _ENTITY.sub(lambda match: f"&amp;{match[0][1:]}", text)


def code(cell: str) -> str:
    """Return a SKU or barcode; one that a spreadsheet turned into 1.23E+12 is lost for good."""
    if _EXPONENT.fullmatch(cell):
        raise Unclear(
            "spreadsheet_number",
            f"a spreadsheet turned it into {cell}, its digits are lost",
            "make the column text in the spreadsheet, enter the number again, export again",
        )
    return cell


def flag(cell: str) -> bool:
    """Return true or false, from the words for it."""
    word = cell.casefold()
    if word in {"true", "yes", "1", "ja", "y", "x"}:
        return True
    if word in {"false", "no", "0", "nein", "n"}:
        return False
    raise Unclear("not_a_flag", f"{cell[:40]!r} is not true or false", "write true or false")


def condition(cell: str) -> str:
    """Return one of eBay's conditions, from its name in any spelling; another word as it is."""
    word = re.sub(r"[\s-]+", "_", cell).upper()
    known = _SPOKEN.get(word, word)
    return known if known in CONDITION_IDS else cell


def many(separator: str) -> Callable[[str], object]:
    """Return a reader of lists: a JSON list, else plain texts parted by ``separator``."""

    def read(cell: str) -> object:
        return document(cell) if _LIST.match(cell) else parted(cell, separator)

    return read


def parted(cell: str, separator: str) -> list[str]:
    """Return the plain texts of a cell, parted by ``separator``."""
    return [words(part.strip()) for part in cell.split(separator) if part.strip()]


def codes(cell: str) -> object:
    """Return a list of barcodes, each as ``code``."""
    if _LIST.match(cell):
        return document(cell)
    return [code(part) for part in parted(cell, "|")]


def document(cell: str) -> object:
    """Return the value of a cell that holds JSON."""
    try:
        return parse(cell)
    except Malformed as malformed:
        found = malformed.problem
        raise Unclear(found.rule, found.message, found.fix) from malformed


def packed(value: object) -> str:
    """Return JSON for a cell."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)
