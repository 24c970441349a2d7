"""The SKU that eBay is told: the shop's own where eBay takes it, else one derived from it."""

import base64
import hashlib
import re

LONGEST = 50
_LEGAL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,49}")
_PLAIN = re.compile(r"[A-Za-z0-9]{1,50}")
_ILLEGAL = re.compile(r"[^A-Za-z0-9._-]+")
_NOT_PLAIN = re.compile(r"[^A-Za-z0-9]+")
_KEPT = 39
_DIGITS = 10


def is_legal(sku: str, *, plain: bool = False) -> bool:
    """Tell whether eBay takes ``sku`` as it is, and a URL carries it without escapes.

    eBay documents 50 characters and names letters and digits; hyphen, underscore and full stop
    are seen to work in production. Anything else is never risked, nor they where only ``plain``
    ones are taken.
    """
    return (_PLAIN if plain else _LEGAL).fullmatch(sku) is not None


def derived(sku: str, marketplace: str, *, plain: bool = False) -> str:
    """Return <= 39 legal characters of ``sku``, ``-``, and 10 base32 digits of a SHA-256.

    A ``plain`` one has letters and digits only.

    For a SKU that eBay refuses, or that is taken. The digits depend on the SKU and the
    marketplace, so two SKUs that look alike once cleaned stay apart (50 bits).
    """
    digest = hashlib.sha256(f"{sku}\0{marketplace}".encode()).digest()
    suffix = base64.b32encode(digest)[:_DIGITS].decode()
    if plain:
        return f"{_NOT_PLAIN.sub('', sku)[:_KEPT] or 'sku'}{suffix}"
    return f"{_ILLEGAL.sub('-', sku).strip('-._')[:_KEPT] or 'sku'}-{suffix}"
