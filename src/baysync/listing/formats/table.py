"""A table as it is found: any separator, any usual encoding, with or without byte order mark.

Rows are numbered as a spreadsheet shows them: the header is row 1. Nothing but the current row is
held, however long the file.
"""

import csv
import io
import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE, getincrementaldecoder
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from baysync.base.errors import ListingFileError

LONGEST_CELL = 4_000_000
PROBLEM_COLUMNS = ("baysync_problem", "baysync_fix")
ASPECT, OPTION = NAMED = ("aspect:", "option:")
_SEPARATORS = (",", ";", "\t", "|")
_CHUNK = 1 << 20
_GUARDED = re.compile(r"'[=+\-@\t\r']")


Names = tuple[tuple[str, ...], tuple[str, ...]]  # as written, and normal


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row: ``cells`` by normal column name, ``source`` as it stood."""

    number: int
    cells: dict[str, str]
    source: dict[str, str]
    surplus: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table with its ``header`` as written; ``columns`` are the normal names, in its order."""

    header: tuple[str, ...]
    columns: tuple[str, ...]
    rows: Iterator[Row]


def read(stream: BinaryIO) -> Table:
    """Return the table in a seekable file.

    Raises:
        ListingFileError: no text, no header, a column twice, or (while rows are read) broken
            quotes.
    """
    text, records, header = _opened(stream)
    names = tuple(normal(name) for name in header)
    _guard_columns(names)
    rows = _rows(text, records, (header, names))
    return Table(header=header, columns=names, rows=rows)


def columns(stream: BinaryIO) -> tuple[str, ...]:
    """Return the normal names of a seekable file's columns, and wind it back."""
    text, _, header = _opened(stream)
    text.detach()
    stream.seek(0)
    return tuple(normal(name) for name in header)


def _opened(stream: BinaryIO) -> tuple[io.TextIOWrapper, Iterator[Sequence[str]], tuple[str, ...]]:
    text = io.TextIOWrapper(stream, encoding=encoding_of(stream), newline="")
    csv.field_size_limit(LONGEST_CELL)
    try:
        separator = max(_SEPARATORS, key=_outside_quotes(text.readline()).count)
        text.seek(0)
        records = csv.reader(text, delimiter=separator)
        header = tuple(cell.strip() for cell in next(records, list[str]()))
    except (csv.Error, UnicodeDecodeError) as error:
        text.detach()
        raise _unreadable(error, 1) from error
    return text, records, header


def _guard_columns(columns: tuple[str, ...]) -> None:
    if not any(columns):
        raise ListingFileError("The file has no header.", fix="name the columns in the first row.")
    twice = [name for name in columns if name and columns.count(name) > 1]
    if twice:
        raise ListingFileError(
            f"The column {twice[0]} stands twice.", fix="delete or rename one of the two."
        )


def normal(column: str) -> str:
    """Return a column's name without case, and with single spaces for dashes and underscores.

    What follows ``aspect:`` or ``option:`` is a name of the shop's own and stays as it is.
    """
    prefix, colon, own = column.partition(":")
    if colon and f"{prefix.casefold()}:" in NAMED:
        return f"{prefix.casefold()}:{own.strip()}"
    return re.sub(r"[\s_-]+", " ", column).strip().casefold()


def encoding_of(stream: BinaryIO) -> str:
    """Return how a file is encoded: by its mark, else UTF-8 if all of it is, else Windows-1252."""
    head = stream.read(4)
    stream.seek(0)
    if head.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return "utf-16"
    if head.startswith(BOM_UTF8) or _is_utf8(stream):
        return "utf-8-sig"
    return "cp1252"


def unguarded(cell: str) -> str:
    """Return a cell without the apostrophe that keeps spreadsheets from running it."""
    return cell[1:] if _GUARDED.match(cell) else cell


def guarded(cell: str) -> str:
    """Return a cell that no spreadsheet runs as a formula; ``unguarded`` gives it back."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r", "'")) else cell


def _is_utf8(stream: BinaryIO) -> bool:
    decoder = getincrementaldecoder("utf-8")()
    try:
        while chunk := stream.read(_CHUNK):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    finally:
        stream.seek(0)
    return True


def _outside_quotes(line: str) -> str:
    return "".join(line.split('"')[::2])


def _rows(text: io.TextIOWrapper, records: Iterator[Sequence[str]], names: Names) -> Iterator[Row]:
    number = 1
    try:
        for number, cells in enumerate(records, start=2):
            if any(cell.strip() for cell in cells):
                yield _row(number, cells, names)
    except (csv.Error, UnicodeDecodeError) as error:
        raise _unreadable(error, number + 1) from error
    finally:
        text.detach()  # else the file is closed with it, and cannot be read a second time


def _row(number: int, cells: Sequence[str], names: tuple[tuple[str, ...], tuple[str, ...]]) -> Row:
    header, columns = names
    return Row(
        number=number,
        cells={
            column: unguarded(cell.strip()) for column, cell in zip(columns, cells, strict=False)
        },
        source=dict(zip(header, cells, strict=False)),
        surplus=sum(1 for cell in cells[len(columns) :] if cell.strip()),
    )


def _unreadable(error: Exception, number: int) -> ListingFileError:
    if isinstance(error, UnicodeDecodeError):
        return ListingFileError(
            f"From row {number} on the file is neither UTF-8 nor Windows-1252.",
            fix="save it as UTF-8.",
        )
    return ListingFileError(
        f"Row {number} cannot be read: {error}.", fix="look for a missing quotation mark."
    )
