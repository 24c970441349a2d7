"""A file of listings in any of its formats: what it is, and its drafts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain
from typing import BinaryIO

from baysync.base.errors import ListingFileError
from baysync.base.wording import counted
from baysync.files import encoding, foreign, kinds, table
from baysync.files.encoding import Charset
from baysync.files.kinds import TableKind
from baysync.files.number_columns import DecimalSign
from baysync.files.readers import Reader, reader_of
from baysync.files.table import PROBLEM_COLUMNS, Table, TableRow
from baysync.listing import lines
from baysync.listing.draft import Draft

_SKIPPED = 1 << 20
_SHOWN = 12  # columns


class FileFormat(StrEnum):
    """How a file of listings is laid out."""

    SHOPIFY = "shopify"
    WOOCOMMERCE = "woocommerce"
    CSV = "csv"
    JSONL = "jsonl"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What a person decides about a file.

    Attributes:
        layout: its format; None finds out.
        decimal: the decimal sign of its numbers.
        location: the one location of an inventory export to take, empty for the sum of all.
    """

    layout: FileFormat | None = None
    decimal: DecimalSign = DecimalSign.AUTO
    location: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A file being read.

    Attributes:
        layout: its format.
        kind: what it is and does, in one line.
        notices: what else to know about the whole of it.
        header: its columns.
        drafts: what its rows say, one at a time.
    """

    layout: FileFormat
    kind: str
    notices: tuple[str, ...]
    header: tuple[str, ...]
    drafts: Iterator[Draft]


def read(stream: BinaryIO, wishes: Wishes, name: str = "") -> Reading:
    """Begin to read a seekable file; rows come as ``drafts`` is iterated, one at a time.

    A table is read twice: first to learn what its columns say together, then row by row. ``name``
    is the file's.

    Raises:
        ListingFileError: at once or while iterating, what cannot be read as rows at all.
    """
    head = stream.read(foreign.HEAD)
    stream.seek(0)
    if wishes.layout is FileFormat.JSONL or (wishes.layout is None and _is_lines(head, name)):
        return _lines(stream, head, wishes)
    foreign.guard_bytes(head)
    return _table(stream, wishes)


def _is_lines(head: bytes, name: str) -> bool:
    return name.endswith((".jsonl", ".ndjson", ".json")) or head[:1] == b"{"


def _lines(stream: BinaryIO, head: bytes, wishes: Wishes) -> Reading:
    _guard_location(wishes)
    if head.strip():
        foreign.guard_bytes(head)
    words = "each line is a listing, a patch where it says so"
    return Reading(
        layout=FileFormat.JSONL,
        kind=f"{TableKind.LINES}: {words}",
        notices=(),
        header=(),
        drafts=_drafts(stream),
    )


def _table(stream: BinaryIO, wishes: Wishes) -> Reading:
    charset = encoding.survey(stream)
    found = table.read(stream, charset)
    columns = frozenset(found.columns)
    first = next(found.rows, None)
    foreign.guard_columns(columns, list(first.source.values()) if first else [])
    kind = _kind(columns, wishes)
    if kind not in {TableKind.SHOPIFY_INVENTORY, TableKind.SHOPIFY_LOCATIONS}:
        _guard_location(wishes)
    reader = reader_of(kind, found.header, found.columns)
    for row in chain([first] if first else [], found.rows):
        reader.see(row)
    words = reader.decide(wishes.decimal, wishes.location)
    return Reading(
        layout=_layout(kind),
        kind=words,
        notices=tuple(_notices(found, reader)),
        header=tuple(name for name in found.header if name not in PROBLEM_COLUMNS),
        drafts=reader.drafts(_again(stream, found)),
    )


def _again(stream: BinaryIO, found: Table) -> Iterator[TableRow]:
    yield from table.read(stream, found.encoding).rows


def _kind(columns: frozenset[str], wishes: Wishes) -> TableKind | None:
    """Return which export a table is, None for a plain one; a person's word counts."""
    known = kinds.of(columns)
    match wishes.layout:
        case FileFormat.CSV:
            return None
        case FileFormat.WOOCOMMERCE:
            return TableKind.WOOCOMMERCE
        case FileFormat.SHOPIFY:
            return known if known and known is not TableKind.WOOCOMMERCE else TableKind.SHOPIFY
        case _:
            return known


def _layout(kind: TableKind | None) -> FileFormat:
    if kind is None:
        return FileFormat.CSV
    return FileFormat.WOOCOMMERCE if kind is TableKind.WOOCOMMERCE else FileFormat.SHOPIFY


def _guard_location(wishes: Wishes) -> None:
    if wishes.location:
        raise ListingFileError(
            "The file has no locations.",
            fix="leave out --location, or import Shopify's inventory export.",
        )


def _notices(found: Table, reader: Reader) -> Iterator[str]:
    if found.encoding.charset is Charset.WINDOWS:
        yield "the file is read as Windows-1252: it holds no UTF-8"
    if found.encoding.charset is Charset.MIXED:
        yield (
            f"the file mixes encodings ({counted(found.encoding.stray, 'byte is', 'bytes are')} no "
            "UTF-8): each cell is read alone"
        )
    unused = [name for name in reader.unused() if name and name not in PROBLEM_COLUMNS]
    if unused:
        yield f"nothing is taken from the columns {_some(unused)}"
    yield from reader.notices()


def _some(names: Sequence[str]) -> str:
    shown = ", ".join(names[:_SHOWN])
    more = len(names) - _SHOWN
    return f"{shown} and {more:,} more" if more > 0 else shown


def _drafts(stream: BinaryIO) -> Iterator[Draft]:
    number = 0
    while raw := stream.readline(lines.LONGEST_LINE + 1):
        number += 1
        if len(raw) > lines.LONGEST_LINE and not raw.endswith(b"\n"):
            while (rest := stream.readline(_SKIPPED)) and not rest.endswith(b"\n"):
                pass
            yield lines.too_long(number)
        elif raw.strip():
            yield lines.draft(raw, number)
