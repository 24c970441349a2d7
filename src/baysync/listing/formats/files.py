"""A file of listings in any of the four formats."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import BinaryIO

from baysync.listing import lines
from baysync.listing.draft import Draft
from baysync.listing.formats import plain, shopify, table, woocommerce
from baysync.listing.formats.table import PROBLEM_COLUMNS, Table

_SKIPPED = 1 << 20


class Format(StrEnum):
    """How a file of listings is laid out."""

    SHOPIFY = "shopify"
    WOOCOMMERCE = "woocommerce"
    CSV = "csv"
    JSONL = "jsonl"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A file being read: what to know about the whole of it, its columns, and its drafts."""

    notices: tuple[str, ...]
    header: tuple[str, ...]
    drafts: Iterator[Draft]


def read(stream: BinaryIO, layout: Format) -> Reading:
    """Begin to read a seekable file; rows come as ``drafts`` is iterated, one at a time.

    Raises:
        ListingFileError: at once or while iterating, what cannot be read as rows at all.
    """
    if layout is Format.JSONL:
        return Reading(notices=(), header=(), drafts=_lines(stream))
    found = table.read(stream)
    header = tuple(name for name in found.header if name not in PROBLEM_COLUMNS)
    return Reading(
        notices=tuple(_notices(found, layout)),
        header=header,
        drafts=_drafts(found, layout, stream),
    )


def guess(stream: BinaryIO, name: str) -> Format:
    """Return the layout of a file, from the end of its name or else from its columns."""
    if name.endswith((".jsonl", ".ndjson", ".json")) or stream.read(1) == b"{":
        stream.seek(0)
        return Format.JSONL
    stream.seek(0)
    columns = set(table.columns(stream))
    if "variant price" in columns or {"url handle", "handle"} & columns:
        return Format.SHOPIFY
    return Format.WOOCOMMERCE if "regular price" in columns else Format.CSV


def _drafts(found: Table, layout: Format, stream: BinaryIO) -> Iterator[Draft]:
    def again() -> Table:
        stream.seek(0)
        return table.read(stream)

    match layout:
        case Format.SHOPIFY:
            return shopify.drafts(found)
        case Format.WOOCOMMERCE:
            return woocommerce.drafts(found, again)
        case _:
            return plain.drafts(found)


def _notices(found: Table, layout: Format) -> Iterator[str]:
    modules = {Format.SHOPIFY: shopify, Format.WOOCOMMERCE: woocommerce, Format.CSV: plain}
    unused = [name for name in modules[layout].unused(found) if name not in PROBLEM_COLUMNS]
    if unused:
        yield f"nothing is taken from the columns {', '.join(unused)}"
    if layout is Format.CSV and plain.is_feed(found):
        yield "there is no title: each row only changes the fields it fills"


def _lines(stream: BinaryIO) -> Iterator[Draft]:
    number = 0
    while raw := stream.readline(lines.LONGEST_LINE + 1):
        number += 1
        if len(raw) > lines.LONGEST_LINE and not raw.endswith(b"\n"):
            while (rest := stream.readline(_SKIPPED)) and not rest.endswith(b"\n"):
                pass
            yield lines.too_long(number)
        elif raw.strip():
            yield lines.draft(raw, number)
