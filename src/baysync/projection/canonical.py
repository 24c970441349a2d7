"""The one spelling of a projection as bytes, and its digests.

Source: RFC 8785 (JSON Canonicalization Scheme). Within the types of a projection (no floats,
whole numbers below 2^53) msgspec writes exactly that, with one exception: it sorts keys by code
point where the RFC sorts them by UTF-16 unit. Both agree unless a key has a character beyond the
Basic Multilingual Plane, so documents with such characters take the slow and exact way.
"""

import hashlib

import msgspec
import rfc8785

from baysync.base.errors import NotCanonical
from baysync.projection.model import Projection

LARGEST = 2**53 - 1  # the largest whole number that every JSON reader keeps (RFC 7493)
_ENCODER = msgspec.json.Encoder(order="deterministic")
_DECODER = msgspec.json.Decoder(Projection)
_ASTRAL = (b"\xf0", b"\xf1", b"\xf2", b"\xf3", b"\xf4")  # first bytes of UTF-8 beyond the BMP


def encode(projection: Projection) -> bytes:
    """Return the canonical JSON of a projection.

    Raises:
        NotCanonical: a text holds half of a surrogate pair, or the quantity is beyond 2^53.
    """
    if projection.quantity is not None and abs(projection.quantity) > LARGEST:
        raise NotCanonical(
            f"The quantity {projection.quantity} cannot be written exactly.",
            fix=f"use at most {LARGEST}.",
        )
    return _canonical(projection)


def decode(document: bytes) -> Projection:
    """Return the projection that ``encode`` wrote; fields of newer programs are passed over."""
    return _DECODER.decode(document)


def digest(projection: Projection) -> bytes:
    """Return the SHA-256 (32 bytes) of a projection's canonical JSON.

    Two projections have the same digest exactly when a buyer would see the same listing.
    """
    return hashlib.sha256(encode(projection)).digest()


def _canonical(value: object) -> bytes:
    try:
        fast = _ENCODER.encode(value)
    except UnicodeEncodeError as error:
        raise NotCanonical(
            f"A text holds half of a surrogate pair ({error.reason}).",
            fix="remove the broken character; it often looks like an empty box.",
        ) from error
    if any(first in fast for first in _ASTRAL):
        return rfc8785.dumps(msgspec.to_builtins(value))
    return fast
