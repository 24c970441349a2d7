"""How the bytes of a table become text: judged by the file, settled cell by cell.

A first pass counts the characters that speak for UTF-8 and the bytes that speak against it. The
table is then read as UTF-8 in which every other byte is a lone surrogate, so that separators and
quotes are found whatever the encoding; ``Encoding.cell`` settles each cell alone. A good row is
never changed by a bad one, and memory is that of one chunk.
"""

import re
from codecs import (
    BOM_UTF8,
    BOM_UTF16_BE,
    BOM_UTF16_LE,
    BOM_UTF32_BE,
    BOM_UTF32_LE,
    getincrementaldecoder,
)
from dataclasses import dataclass
from enum import StrEnum
from typing import BinaryIO

from baysync.base.errors import ListingFileError

_CHUNK = 1 << 16
_HEAD = 4096
_ZEROS = 10  # one zero in so many bytes: text of two or four bytes a character
_STRAY = re.compile("[\udc80-\udcff]")
_WIDE = re.compile("[^\x00-\x7f\udc80-\udcff]")
_LIKELY = re.compile("[\u00a0-\u017f\u02c0-\u02ff\u2000-\u2bff]+")  # European letters and signs


class Charset(StrEnum):
    """The encodings of tables; ``mixed`` has more bytes against UTF-8 than characters for it."""

    UTF8 = "utf-8"
    UTF16 = "utf-16"
    WINDOWS = "windows-1252"
    MIXED = "mixed"


@dataclass(frozen=True, slots=True)
class Settled:
    """The text of a cell, and what was decided about it.

    Attributes:
        text: the cell; bytes that have no meaning are replaced.
        byte: the first byte that is no UTF-8 in a file of UTF-8, None where there is none.
        at: its place among the bytes of the cell, 1 is the first.
        readable: whether the text is what the shop wrote; else the cell must be refused.
    """

    text: str
    byte: int | None = None
    at: int = 0
    readable: bool = True


@dataclass(frozen=True, slots=True)
class Encoding:
    """How a file is encoded: ``wide`` characters are UTF-8, ``stray`` bytes are not."""

    charset: Charset
    wide: int = 0
    stray: int = 0

    def cell(self, raw: str) -> Settled:
        """Return the text of a cell, of which ``raw`` holds strange bytes as lone surrogates."""
        if raw.isascii() or self.charset is Charset.UTF16:
            return Settled(raw)
        stray = _STRAY.search(raw)
        wide = "".join(_WIDE.findall(raw))
        utf8 = self.charset is Charset.UTF8
        if stray is None and (utf8 or _LIKELY.fullmatch(wide)):
            return Settled(raw)
        known = raw.encode("utf-8", "surrogateescape")
        at = len(raw[: stray.start()].encode("utf-8", "surrogateescape")) if stray else 0
        if stray and wide and utf8:
            return Settled(known.decode("utf-8", "replace"), known[at], at + 1, readable=False)
        try:
            text = known.decode("cp1252")
        except UnicodeDecodeError as error:
            bad = error.start
            return Settled(known.decode("cp1252", "replace"), known[bad], bad + 1, readable=False)
        return Settled(text, known[at], at + 1) if utf8 else Settled(text)


def survey(stream: BinaryIO) -> Encoding:
    """Return how a seekable file is encoded, and wind it back.

    UTF-16 shows itself by its mark. A file is UTF-8 if more characters speak for it than bytes
    against, Windows-1252 if no character does; in between each cell is judged alone.

    Raises:
        ListingFileError: it is UTF-32, or UTF-16 without a mark.
    """
    head = stream.read(_HEAD)
    stream.seek(0)
    if head.startswith((BOM_UTF32_LE, BOM_UTF32_BE)):
        raise ListingFileError("The file is UTF-32.", fix="save it as UTF-8.")
    if head.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return Encoding(Charset.UTF16)
    if head.count(0) * _ZEROS > len(head):
        raise ListingFileError("The file is UTF-16 without its mark.", fix="save it as UTF-8.")
    return _counted(stream, marked=head.startswith(BOM_UTF8))


def _counted(stream: BinaryIO, *, marked: bool) -> Encoding:
    decoder = getincrementaldecoder("utf-8")("surrogateescape")
    wide, stray = -int(marked), 0
    while chunk := stream.read(_CHUNK):
        text = decoder.decode(chunk)
        if not text.isascii():
            stray += len(_STRAY.findall(text))
            wide += len(_WIDE.findall(text))
    stray += len(decoder.decode(b"", final=True))
    stream.seek(0)
    if wide > stray or not stray:
        return Encoding(Charset.UTF8, wide, stray)
    return Encoding(Charset.MIXED if wide > 0 else Charset.WINDOWS, wide, stray)
