"""Tolerant readers of JSON from eBay: wrong types read as absent, never as an exception. Pure."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import cast

from baysync.ebay.model import Problem


def mapping(value: object) -> Mapping[str, object]:
    """Return ``value`` if it is a JSON object, else an empty one."""
    return cast("Mapping[str, object]", value) if isinstance(value, dict) else {}


def items(value: object) -> list[object]:
    """Return ``value`` if it is a JSON array, else an empty one."""
    return cast("list[object]", value) if isinstance(value, list) else []


def rows(value: object) -> list[Mapping[str, object]]:
    """Return the objects in the JSON array ``value``; anything else is left out."""
    return [row for entry in items(value) if (row := mapping(entry)) or entry == {}]


def text(value: object) -> str:
    """Return a string or number as text, anything else as ''."""
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return ""
    return str(value)


def number(value: object) -> int | None:
    """Return a whole number, given as such or in digits; None for anything else.

    Longer than 18 digits counts as absent: no id or count of eBay's is.
    """
    if isinstance(value, bool) or not isinstance(value, (int, str)):
        return None
    digits = str(value).strip()
    sound = digits.removeprefix("-").isdecimal() and digits.isascii() and len(digits) <= 18  # noqa: PLR2004
    return int(digits) if sound else None


def moment(value: object) -> datetime | None:
    """Return a time of eBay's (ISO 8601, UTC where it names no zone); None for anything else."""
    try:
        read = datetime.fromisoformat(text(value))
    except ValueError:
        return None
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def problems(value: object) -> tuple[Problem, ...]:
    """Read an array of eBay's error envelope (``errors`` or ``warnings``), in order."""
    return tuple(_problem(row) for row in rows(value))


def _problem(row: Mapping[str, object]) -> Problem:
    return Problem(
        error_id=number(row.get("errorId")) or 0,
        message=text(row.get("longMessage")) or text(row.get("message")),
        category=text(row.get("category")).upper(),
        domain=text(row.get("domain")),
        parameters=tuple(
            (text(parameter.get("name")), text(parameter.get("value")))
            for parameter in rows(row.get("parameters"))
        ),
    )
