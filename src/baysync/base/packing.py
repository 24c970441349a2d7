"""Bytes as they lie in the database: compressed, each on its own."""

import threading

import zstandard

LEVEL = 1  # level 3 saves 2 % of the bytes and costs 30 % more time
LONGEST = 64 * 1024 * 1024  # a frame that claims more is refused instead of filling memory


class _Codec(threading.local):
    """One of each for each thread: making them takes as long as they take for 3 kB."""

    def __init__(self) -> None:
        self.packer = zstandard.ZstdCompressor(level=LEVEL)
        self.opener = zstandard.ZstdDecompressor()


_CODEC = _Codec()


def pack(plain: bytes) -> bytes:
    """Return ``plain`` as one zstd frame (RFC 8878)."""
    return _CODEC.packer.compress(plain)


def unpack(packed: bytes) -> bytes:
    """Return the bytes that ``pack`` was given.

    Raises:
        ValueError: the frame says that it holds more than 64 MiB, which nothing of ours does.
    """
    if zstandard.frame_content_size(packed) > LONGEST:
        raise ValueError(f"a packed document claims more than {LONGEST:,} bytes")
    return _CODEC.opener.decompress(packed, max_output_size=LONGEST)


def is_packed(stored: bytes) -> bool:
    """Tell whether bytes begin as a frame does; no JSON does."""
    return stored[:4] == zstandard.FRAME_HEADER


def opened(stored: bytes) -> bytes:
    """Return JSON that was stored packed, or plain as older programs stored it."""
    return unpack(stored) if is_packed(stored) else stored


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
