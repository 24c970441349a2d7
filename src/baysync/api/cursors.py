"""Opaque words for a place in a list: what a page ended with, and what it was a page of."""

import base64
import binascii

from fastapi import HTTPException

LONGEST = 2000


def cursor(kind: str, key: str) -> str:
    """Return an opaque word for the place after ``key`` in a list of ``kind``."""
    return base64.urlsafe_b64encode(f"{kind}:{key}".encode()).decode()


def place(kind: str, word: str) -> str:
    """Return the key of a cursor, empty for an empty one.

    Raises:
        HTTPException: 400, it is none of ours, or of another list.
    """
    if not word:
        return ""
    try:
        text = base64.b64decode(word, altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError):
        text = ""
    if not text.startswith(f"{kind}:") or "\0" in text or len(word) > LONGEST:
        raise HTTPException(400, "The cursor is none that a page gave.")
    return text.removeprefix(f"{kind}:")
