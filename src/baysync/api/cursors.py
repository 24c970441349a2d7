"""Opaque words for a place in a list: what a page ended with, and what it was a page of."""

import base64
import binascii
from datetime import datetime

from fastapi import HTTPException

LONGEST = 2000
DIGITS = 18  # of a bigint that all fit


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
        raise _none_of_ours()
    return text.removeprefix(f"{kind}:")


def number(kind: str, word: str) -> int | None:
    """Return the number that is the key of a cursor, None for an empty one.

    Raises:
        HTTPException: 400, it is none of ours, or of another list.
    """
    key = place(kind, word)
    return _number(key) if key else None


def moment(kind: str, word: str) -> tuple[datetime, int] | None:
    """Return time and number that are the key of a cursor (``TIME/NUMBER``), None for an empty one.

    Raises:
        HTTPException: 400, it is none of ours, or of another list.
    """
    at, slash, last = place(kind, word).partition("/")
    if not (at or slash):
        return None
    try:
        parsed = datetime.fromisoformat(at)
    except ValueError as error:
        raise _none_of_ours() from error
    if parsed.tzinfo is None:
        raise _none_of_ours()
    return parsed, _number(last)


def _number(key: str) -> int:
    if not (key.isascii() and key.isdigit() and len(key) <= DIGITS):
        raise _none_of_ours()
    return int(key)


def _none_of_ours() -> HTTPException:
    return HTTPException(400, "The cursor is none that a page gave.")
