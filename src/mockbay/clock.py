"""The clock of the mock: virtual, so that a test can make a day pass at once."""

import time
from datetime import UTC, date, datetime, timedelta
from email.utils import formatdate

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
START = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)
MARCH, NOVEMBER, SUNDAY = 3, 11, 6


def to_ms(moment: datetime) -> int:
    """Return the milliseconds from 1970 to ``moment``."""
    return round((moment - EPOCH) / timedelta(milliseconds=1))


def to_datetime(ms: int) -> datetime:
    """Return the moment ``ms`` milliseconds after 1970, in UTC."""
    return EPOCH + timedelta(milliseconds=ms)


def to_iso(ms: int) -> str:
    """Spell a moment as eBay does: UTC with milliseconds and ``Z``."""
    return to_datetime(ms).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def from_iso(text: str) -> int:
    """Read an ISO 8601 moment; one without a zone is UTC.

    Raises:
        ValueError: the text is no such moment.
    """
    moment = datetime.fromisoformat(text)
    return to_ms(moment if moment.tzinfo else moment.replace(tzinfo=UTC))


def http_date(ms: int) -> str:
    """Spell a moment as headers do, in whole seconds."""
    return formatdate(ms // 1000, usegmt=True)


def is_moment(text: str) -> bool:
    """Tell whether a text is an ISO 8601 moment."""
    try:
        from_iso(text)
    except (ValueError, OverflowError):
        return False
    return True


def pacific_day(ms: int) -> str:
    """Return the calendar day in California; quotas and revision caps count by it."""
    moment = to_datetime(ms)
    hours = 7 if _summer(moment - timedelta(hours=8)) else 8
    return (moment - timedelta(hours=hours)).date().isoformat()


def next_day(ms: int) -> int:
    """Return when the next calendar day begins in California."""
    today, hour = pacific_day(ms), 3_600_000
    moment = ms - ms % hour
    while pacific_day(moment) == today:
        moment += hour
    return moment


def _summer(moment: datetime) -> bool:
    """Tell whether a moment in Pacific standard time falls into daylight saving time."""
    begins = datetime.combine(_sunday(moment.year, MARCH, 2), datetime.min.time(), UTC)
    ends = datetime.combine(_sunday(moment.year, NOVEMBER, 1), datetime.min.time(), UTC)
    return begins + timedelta(hours=2) <= moment < ends + timedelta(hours=1)


def _sunday(year: int, month: int, nth: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(SUNDAY - first.weekday()) % 7 + 7 * (nth - 1))


class Clock:
    """Milliseconds since 1970: still until advanced, or running when ``real``."""

    def __init__(self, *, real: bool = False) -> None:
        self.real = real
        self._ms = to_ms(START)

    @property
    def ms(self) -> int:
        """The moment it is now."""
        return self._ms + (round(time.time() * 1000) - to_ms(START) if self.real else 0)

    def advance(self, ms: int) -> None:
        """Let ``ms`` milliseconds pass."""
        self._ms += ms

    def iso(self) -> str:
        """Spell the moment it is now."""
        return to_iso(self.ms)
