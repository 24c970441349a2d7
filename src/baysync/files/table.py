"""A table as it is found: any separator, any usual encoding, with or without byte order mark.

Rows are numbered as a spreadsheet shows them: the header is row 1, Excel's hint ``sep=;`` no row.
Nothing but the current row is held, however long the file.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import BinaryIO

from baysync.base.errors import ListingFileError
from baysync.files import encoding
from baysync.files.encoding import Charset, Encoding

LONGEST_CELL = 4_000_000
LONGEST_ROW = 16_000_000
MOST_COLUMNS = 16_384  # as many as a spreadsheet has
PROBLEM_COLUMNS = ("baysync_problem", "baysync_fix")
ASPECT, OPTION = NAMED = ("aspect:", "option:")
_SEPARATORS = (",", ";", "\t", "|")
_BLANK_ROWS = 20  # before a header; reports of marketplaces begin with some
_GUARDED = re.compile(r"'[=+\-@\t\r']")
_TEXT_FORMULA = re.compile(r'="((?:[^"]|"")*)"')  # keeps spreadsheets from reading 0012 as 12
_HINT = re.compile(r'\ufeff?"?sep=(.)"?[;,\t| ]*\r?\n?', re.IGNORECASE)
_HINT_LENGTH = 64
_INVISIBLE = re.compile("[\ufeff\u200b-\u200f\u2060\u00ad]")  # as copied from web pages
_MARKS = "\ufeff\u200b\u2060"
_CHUNK = 1 << 16


Names = tuple[tuple[str, ...], tuple[str, ...]]  # as written, and normal


@dataclass(frozen=True, slots=True)
class Strange:
    """A cell that was not what its file is encoded in: the byte, its place, whether it is read."""

    column: str
    byte: int
    at: int
    readable: bool

    def words(self, row: int | None) -> str:
        """Return what a person should know of it; ``row`` None where its row is named already."""
        place = f"column {self.column}" if row is None else f"row {row}, column {self.column}"
        message = f"{place}: byte {self.at} is 0x{self.byte:02x}"
        if self.readable:
            return f"{message}, which is no UTF-8; the cell is read as Windows-1252"
        return f"{message}, and the cell is neither UTF-8 nor Windows-1252"


@dataclass(frozen=True, slots=True, kw_only=True)
class TableRow:
    """One row: ``cells`` by normal column name, ``source`` as it stood."""

    number: int
    cells: dict[str, str]
    source: dict[str, str]
    surplus: int = 0
    strange: tuple[Strange, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table with its ``header`` as written; ``columns`` are the normal names, in its order."""

    header: tuple[str, ...]
    columns: tuple[str, ...]
    rows: Iterator[TableRow]
    encoding: Encoding


def read(stream: BinaryIO, known: Encoding | None = None) -> Table:
    """Return the table in a seekable file; ``known`` saves finding out how it is encoded.

    Raises:
        ListingFileError: no text, no header, a column twice, or (while rows are read) broken
            quotes and rows without end.
    """
    stream.seek(0)
    charset = known or encoding.survey(stream)
    records = _Records(_text(stream, charset), charset)
    header = records.header()
    names = (header, tuple(normal(name) for name in header))
    _guard_columns(names)
    return Table(
        header=header, columns=names[1], rows=_rows(records, charset, names), encoding=charset
    )


def normal(column: str) -> str:
    """Return a column's name without case, and with single spaces for dashes and underscores.

    What follows ``aspect:`` or ``option:`` is a name of the shop's own and stays as it is.
    """
    prefix, colon, own = column.partition(":")
    if colon and f"{prefix.casefold()}:" in NAMED:
        return f"{prefix.casefold()}:{own.strip()}"
    return re.sub(r"[\s_-]+", " ", _INVISIBLE.sub("", column)).strip().casefold()


def unguarded(cell: str) -> str:
    """Return a cell without what keeps spreadsheets from running or reading it as a number."""
    if _GUARDED.match(cell):
        return cell[1:]
    formula = _TEXT_FORMULA.fullmatch(cell)
    return formula[1].replace('""', '"') if formula else cell


def guarded(cell: str) -> str:
    """Return a cell that no spreadsheet runs as a formula; ``unguarded`` gives it back."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r", "'")) else cell


class _Borrowed(io.RawIOBase):
    """A stream that somebody else closes."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._stream.seek(offset, whence)

    def tell(self) -> int:
        return self._stream.tell()

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        chunk = self._stream.read(len(buffer))
        buffer[: len(chunk)] = chunk
        return len(chunk)


def _text(stream: BinaryIO, charset: Encoding) -> io.TextIOWrapper:
    wide = charset.charset is Charset.UTF16
    return io.TextIOWrapper(
        io.BufferedReader(_Borrowed(stream), _CHUNK),
        encoding="utf-16" if wide else "utf-8-sig",
        errors="strict" if wide else "surrogateescape",
        newline="",
    )


class _Records:
    """The rows of a text as lists of cells; knows the number of the last one."""

    def __init__(self, text: io.TextIOWrapper, charset: Encoding) -> None:
        self.number = 0
        self._length = 0
        self._text = text
        csv.field_size_limit(LONGEST_CELL)
        try:
            separator = self._separator()
        except UnicodeDecodeError as error:
            raise _unreadable(error, 1) from error
        self._records = csv.reader(self._lines(), delimiter=separator, strict=True)
        self._charset = charset

    def header(self) -> tuple[str, ...]:
        """Return the first row that is not blank."""
        for cells in islice(self, _BLANK_ROWS):
            if any(cell.strip() for cell in cells):
                return tuple(self._charset.cell(cell).text.strip() for cell in cells)
        return ()

    def __iter__(self) -> Iterator[list[str]]:
        """Yield rows.

        Raises:
            ListingFileError: one cannot be read.
        """
        while True:
            self.number += 1
            self._length = 0
            try:
                cells = next(self._records, None)
            except (csv.Error, UnicodeDecodeError) as error:
                raise _unreadable(error, self.number) from error
            if cells is None:
                return
            yield cells

    def _separator(self) -> str:
        """Return what parts the cells: what Excel's hint says, else the most frequent of line 1.

        The text stands behind the hint then.
        """
        hint = _HINT.fullmatch(self._text.readline(_HINT_LENGTH))
        start = self._text.tell() if hint else 0
        if not hint:
            self._text.seek(0)
        line = next((line for line in self._lines() if line.strip()), "")
        self._text.seek(start)
        return hint[1] if hint else max(_SEPARATORS, key=_outside_quotes(line).count)

    def _lines(self) -> Iterator[str]:
        while line := self._text.readline(LONGEST_ROW):
            self._length += len(line)
            if self._length >= LONGEST_ROW:
                raise ListingFileError(
                    f"Row {self.number or 1} has more than {LONGEST_ROW:,} characters.",
                    fix="look for a missing quotation mark or line end.",
                )
            yield line


def _rows(records: _Records, charset: Encoding, names: Names) -> Iterator[TableRow]:
    for cells in records:
        if any(cell.strip() for cell in cells):
            yield _row(records.number, cells, charset, names)


def _row(number: int, raw: Sequence[str], charset: Encoding, names: Names) -> TableRow:
    header, columns = names
    strange: list[Strange] = []
    cells = list(raw) if "".join(raw).isascii() else _settled(raw, charset, header, strange)
    unread = {one.column for one in strange if not one.readable}
    return TableRow(
        number=number,
        cells={
            column: "" if name in unread else unguarded(_bare(cell))
            for name, column, cell in zip(header, columns, cells, strict=False)
        },
        source=dict(zip(header, cells, strict=False)),
        surplus=sum(1 for cell in cells[len(columns) :] if cell.strip()),
        strange=tuple(strange),
    )


def _bare(cell: str) -> str:
    """Return a cell without the spaces and invisible marks around it."""
    return cell.strip().strip(_MARKS).strip()


def _settled(
    raw: Sequence[str], charset: Encoding, header: Sequence[str], strange: list[Strange]
) -> list[str]:
    settled = [charset.cell(cell) for cell in raw]
    strange += [
        Strange(name, one.byte, one.at, one.readable)
        for name, one in zip(header, settled, strict=False)
        if one.byte is not None
    ]
    return [one.text for one in settled]


def _guard_columns(names: Names) -> None:
    if not any(names[1]):
        raise ListingFileError("The file has no header.", fix="name the columns in the first row.")
    if len(names[1]) > MOST_COLUMNS:
        raise ListingFileError(
            f"The file has more than {MOST_COLUMNS:,} columns.",
            fix="look for a missing line end, or leave out the columns that are not listed.",
        )
    times = Counter(name for name in names[1] if name)
    twice = next((name for name, count in times.items() if count > 1), None)
    if twice:
        raise ListingFileError(
            f"The column {twice} stands twice.", fix="delete or rename one of the two."
        )


def _outside_quotes(line: str) -> str:
    return "".join(line.split('"')[::2])


def _unreadable(error: Exception, number: int) -> ListingFileError:
    if isinstance(error, UnicodeDecodeError):
        return ListingFileError(f"Row {number} is not UTF-16.", fix="save the file as UTF-8.")
    return ListingFileError(
        f"Row {number} cannot be read: {error}.", fix="look for a missing quotation mark."
    )
