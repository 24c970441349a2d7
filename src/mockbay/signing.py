"""The key that notifications are signed with: P-256, drawn from the seed."""

import base64
from hashlib import sha256

import msgspec
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from mockbay.answers import Document

ORDER_OF_P256 = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def _private(seed: int) -> ec.EllipticCurvePrivateKey:
    number = int.from_bytes(sha256(f"notification:{seed}".encode()).digest())
    return ec.derive_private_key(number % (ORDER_OF_P256 - 1) + 1, ec.SECP256R1())


def public_key(seed: int) -> dict[str, str]:
    """Return the key id and the public key as PEM on one line."""
    pem = _private(seed).public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )  # fmt: skip
    digest = sha256(f"kid:{seed}".encode()).hexdigest()
    kid = "-".join((digest[:8], digest[8:12], digest[12:16], digest[16:20], digest[20:32]))
    return {"kid": kid, "key": pem.decode().replace("\n", "")}


def signature_header(seed: int, body: bytes) -> str:
    """Return the header ``x-ebay-signature`` for the very bytes of a body."""
    signature = _private(seed).sign(body, ec.ECDSA(hashes.SHA1()))  # noqa: S303  (eBay's choice)
    named: Document = {
        "alg": "ecdsa",
        "kid": public_key(seed)["kid"],
        "signature": base64.b64encode(signature).decode(),
        "digest": "SHA1",
    }
    return base64.b64encode(msgspec.json.encode(named)).decode()
