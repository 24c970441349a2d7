"""A listing as stored: compact JSON with sorted keys, so that equal listings have equal bytes."""

import hashlib
from collections.abc import Mapping

import msgspec

from baysync.listing.model import Listing

_ENCODER = msgspec.json.Encoder(order="sorted", decimal_format="string")
_DECODER = msgspec.json.Decoder(Listing)


def encode(listing: Listing) -> bytes:
    """Return the bytes to store; money is a decimal string, defaults are left out."""
    return _ENCODER.encode(listing)


def decode(body: bytes) -> Listing:
    """Return the listing of stored bytes; fields of a newer program are passed over."""
    return _DECODER.decode(body)


def document(body: bytes) -> dict[str, object]:
    """Return stored bytes as a plain document, as a merge patch works on."""
    return msgspec.json.decode(body, type=dict[str, object])


def encode_document(document: Mapping[str, object]) -> bytes:
    """Return the bytes of a plain document."""
    return _ENCODER.encode(document)


def digest(body: bytes) -> bytes:
    """Return the SHA-256 (32 bytes) that tells whether a listing differs, and is its ETag."""
    return hashlib.sha256(body).digest()
