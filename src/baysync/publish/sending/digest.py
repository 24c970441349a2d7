"""The digest of a request body, to know an equal one again."""

import hashlib

import msgspec

from baysync.projection.payload import Body

_ENCODER = msgspec.json.Encoder(order="deterministic")


def body_digest(body: Body) -> bytes:
    """Return the SHA-256 (32 bytes) of ``body``; the order of its keys does not matter."""
    return hashlib.sha256(_ENCODER.encode(body)).digest()
