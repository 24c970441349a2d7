"""Dates and times of sales, as exporters write them. Pure."""

import re
from datetime import datetime

from baysync.files.cells import Unclear

_DATE = re.compile(r"[0-9]{4}-?[0-9]{2}-?[0-9]{2}")
_GERMAN = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})")


def moment(cell: str) -> str:
    """Return a date or a time as ISO 8601 writes it; a zone stays as it is.

    Raises:
        Unclear: it is none, or its day and month cannot be told apart.
    """
    german = _GERMAN.match(cell)
    spelled = (
        f"{german[3]}-{german[2]:0>2}-{german[1]:0>2}{cell[german.end() :]}" if german else cell
    )
    try:
        time = datetime.fromisoformat(spelled)
    except ValueError as error:
        raise Unclear(
            "not_a_date", f"{cell[:40]!r} is not a date", "write it as in 2026-12-24 18:00"
        ) from error
    return time.date().isoformat() if _DATE.fullmatch(spelled) else time.isoformat()
