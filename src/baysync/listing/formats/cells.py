"""What a cell means: numbers with comma or point, Excel's ruins, lists, flags. Pure."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from baysync.listing.decode import pointer
from baysync.listing.ebay_rules import CONDITIONS
from baysync.listing.formats.table import Row
from baysync.listing.model import Problem
from baysync.listing.strict_json import Malformed, parse

_EXPONENT = re.compile(r"[0-9](?:[.,][0-9]+)?E\+[0-9]+", re.IGNORECASE)
_GROUPS = re.compile(
    r"[0-9]{1,3}(?:([.,' \u00a0\u202f])[0-9]{3})(?:\1[0-9]{3})*(?:[.,][0-9]{1,2})?"
)
_CONDITIONS = {"USED": "USED_EXCELLENT", "REFURBISHED": "SELLER_REFURBISHED"}


class Unclear(ValueError):
    """A cell has no one meaning; ``rule``, message and ``fix`` say why."""

    def __init__(self, rule: str, message: str, fix: str) -> None:
        super().__init__(message)
        self.rule = rule
        self.fix = fix


@dataclass(slots=True)
class Entry:
    """A row on its way to become fields of a document; what is unclear is gathered."""

    row: Row
    at: str = ""
    fields: dict[str, object] = field(default_factory=dict[str, object])
    problems: list[Problem] = field(default_factory=list[Problem])

    def cell(self, column: str) -> str:
        """Return the cell of a column, empty where the row or the table has none."""
        return self.row.cells.get(column, "")

    def put(self, name: str, column: str, read: Callable[[str], object]) -> None:
        """Fill the field ``name`` with what ``read`` makes of a cell, unless that is empty."""
        self.fill(name, self.cell(column), read)

    def fill(self, name: str, cell: str, read: Callable[[str], object]) -> None:
        """Fill the field ``name`` with what ``read`` makes of ``cell``, unless that is empty."""
        if not cell:
            return
        try:
            self.fields[name] = read(cell)
        except Unclear as unclear:
            self.refuse(name, unclear)

    def refuse(self, name: str, unclear: Unclear) -> None:
        """Note that a field cannot be read."""
        self.problems.append(
            Problem(
                pointer=pointer(self.at, name),
                rule=unclear.rule,
                message=f"row {self.row.number}: {unclear}",
                fix=unclear.fix,
            )
        )


def text(cell: str) -> str:
    """Return the cell."""
    return cell


def code(cell: str) -> str:
    """Return a SKU or barcode; one that a spreadsheet turned into 1.23E+12 is lost for good."""
    if _EXPONENT.fullmatch(cell):
        raise Unclear(
            "spreadsheet_number",
            f"a spreadsheet turned it into {cell}, its digits are lost",
            "make the column text in the spreadsheet, enter the number again, export again",
        )
    return cell


def number(cell: str) -> str:
    """Return a number with a point, from ``1.234,50``, ``1,234.50``, ``12,5`` or ``12.5``."""
    if _GROUPS.fullmatch(cell):
        return _ungrouped(cell)
    return cell.replace(",", ".") if cell.count(",") == 1 and "." not in cell else cell


def _ungrouped(cell: str) -> str:
    separators = re.findall(r"[^0-9]", cell)
    if separators == [","]:
        raise Unclear(
            "ambiguous_number",
            f"{cell} may be {cell.replace(',', '')} or {cell.replace(',', '.')}",
            "write it with a decimal point and without separators of thousands",
        )
    if separators == ["."]:
        return cell
    last = len(cell) - max(cell.rfind(","), cell.rfind("."))
    decimals = cell[1 - last :] if last in {2, 3} else ""
    whole = cell[:-last] if decimals else cell
    return re.sub(r"[^0-9]", "", whole) + (f".{decimals}" if decimals else "")


def flag(cell: str) -> bool:
    """Return true or false, from the words for it."""
    word = cell.casefold()
    if word in {"true", "yes", "1", "ja", "y", "x"}:
        return True
    if word in {"false", "no", "0", "nein", "n"}:
        return False
    raise Unclear("not_a_flag", f"{cell[:40]!a} is not true or false", "write true or false")


def condition(cell: str) -> str:
    """Return one of eBay's conditions, from its name in any spelling; another word as it is."""
    word = re.sub(r"[\s-]+", "_", cell).upper()
    known = _CONDITIONS.get(word, word)
    return known if known in CONDITIONS else cell


def many(separator: str) -> Callable[[str], object]:
    """Return a reader of lists: JSON behind a ``[``, else parted by ``separator``."""

    def read(cell: str) -> object:
        if cell.startswith("["):
            return document(cell)
        return [part.strip() for part in cell.split(separator) if part.strip()]

    return read


def codes(cell: str) -> object:
    """Return a list of barcodes, each as ``code``."""
    if cell.startswith("["):
        return document(cell)
    return [code(part.strip()) for part in cell.split("|") if part.strip()]


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
