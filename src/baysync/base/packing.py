"""Bytes as they lie in the database: compressed, each on its own."""

import zstandard

LEVEL = 3
LONGEST = 64 * 1024 * 1024  # a frame that claims more is refused instead of filling memory


def pack(plain: bytes) -> bytes:
    """Return ``plain`` as one zstd frame (RFC 8878)."""
    return zstandard.ZstdCompressor(level=LEVEL).compress(plain)


def unpack(packed: bytes) -> bytes:
    """Return the bytes that ``pack`` was given."""
    return zstandard.ZstdDecompressor().decompress(packed, max_output_size=LONGEST)
