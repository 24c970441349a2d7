"""How long eBay wants us to wait. Pure."""

import math
from email.utils import parsedate_to_datetime

LONGEST = 3600.0
UNTOLD = 60.0  # no usable Retry-After: eBay's short windows are seconds, its long one the day
LEAST = 1.0


def retry_after(header: str, date: str) -> float | None:
    """Return the seconds a ``Retry-After`` asks for, within [0, 3600]; None if it is unusable.

    Its date form is counted from the response's own ``Date``, so no clock of ours matters.
    """
    try:
        seconds = float(header)
    except ValueError:
        seconds = _until(header, date)
    return None if math.isnan(seconds) else min(LONGEST, max(0.0, seconds))


def _until(header: str, date: str) -> float:
    try:
        return (parsedate_to_datetime(header) - parsedate_to_datetime(date)).total_seconds()
    except (TypeError, ValueError, OverflowError):
        return math.nan


def pause(asked: float | None, *, jitter: float) -> float:
    """Return how long a throttled bucket rests: what eBay asked for and up to 20 % more.

    ``jitter`` in [0, 1) is drawn by the caller, so that many workers do not return at once.
    """
    seconds = UNTOLD if asked is None else max(LEAST, asked)
    return min(LONGEST, seconds * (1 + 0.2 * jitter))
