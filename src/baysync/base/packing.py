"""Bytes as they lie in the database: compressed, each on its own."""

import zstandard

LEVEL = 3
LONGEST = 64 * 1024 * 1024  # a frame that claims more is refused instead of filling memory


def pack(plain: bytes) -> bytes:
    """Return ``plain`` as one zstd frame (RFC 8878)."""
    return zstandard.ZstdCompressor(level=LEVEL).compress(plain)


def unpack(packed: bytes) -> bytes:
    """Return the bytes that ``pack`` was given.

    Raises:
        ValueError: the frame says that it holds more than 64 MiB, which nothing of ours does.
    """
    if zstandard.frame_content_size(packed) > LONGEST:
        raise ValueError(f"a packed document claims more than {LONGEST:,} bytes")
    return zstandard.ZstdDecompressor().decompress(packed, max_output_size=LONGEST)


def pack_against(plain: bytes, base: bytes) -> bytes:
    """Return ``plain`` as a zstd frame that only ``base`` opens: small where the two are alike."""
    return zstandard.ZstdCompressor(
        level=LEVEL, dict_data=_raw(base), write_checksum=True
    ).compress(plain)


def unpack_against(packed: bytes, base: bytes) -> bytes:
    """Return the bytes that ``pack_against`` was given; another ``base`` is refused."""
    decompressor = zstandard.ZstdDecompressor(dict_data=_raw(base))
    return decompressor.decompress(packed, max_output_size=LONGEST)


def _raw(base: bytes) -> zstandard.ZstdCompressionDict:
    return zstandard.ZstdCompressionDict(base, dict_type=zstandard.DICT_TYPE_RAWCONTENT)
