"""Decisions about eBay listings."""

import base64
import hashlib
import re

SKU_LENGTH = 50
_LEGAL = re.compile(r"[A-Za-z0-9._-]{1,50}", re.ASCII)
_ILLEGAL = re.compile(r"[^A-Za-z0-9._-]+", re.ASCII)


def is_legal_sku(sku: str) -> bool:
    """Say whether eBay takes ``sku`` as it is: at most 50 letters, digits, dots, ``-`` or ``_``.

    Source: Inventory API, error 25707; hyphens are accepted in production.
    """
    return _LEGAL.fullmatch(sku) is not None


def derived_sku(sku: str, marketplace: str) -> str:
    """Return a legal name for ``sku`` on ``marketplace``, always the same one.

    At most 39 of its legal characters, ``-``, and 10 characters of a digest of both.
    """
    digest = hashlib.sha256(f"{sku}\0{marketplace}".encode()).digest()
    stem = _ILLEGAL.sub("-", sku).strip("-")[:39] or "sku"
    return f"{stem}-{base64.b32encode(digest).decode()[:10]}"
