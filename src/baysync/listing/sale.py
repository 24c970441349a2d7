"""When a sale price counts: dates and times as shops write them, pure.

A date alone is its whole day. What names no offset is in the time zone of the caller's ``now``.
"""

import re
from collections.abc import Iterator
from datetime import datetime, time, timedelta, tzinfo

from baysync.listing.model import Listing, Variant

Part = Listing | Variant
DAY = timedelta(days=1)
FIRST_YEAR, LAST_YEAR = 1970, 9998
_WRITTEN = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
    r"(?:[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?)?"
)
_DATE = len("2026-01-31")


def moment(text: str, zone: tzinfo) -> datetime | None:
    """Return when a date or time begins; None if it is neither, or lies beyond 1970 to 9998."""
    if not _WRITTEN.fullmatch(text):
        return None
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        return None
    if not FIRST_YEAR <= read.year <= LAST_YEAR:
        return None
    return read if read.tzinfo else read.replace(tzinfo=zone)


def begin(part: Part, zone: tzinfo) -> datetime | None:
    """Return from when the sale price counts; None: from the start."""
    return moment(part.sale_from, zone) if part.sale_from else None


def end(part: Part, zone: tzinfo) -> datetime | None:
    """Return when the sale price counts no more; None: it counts until the shop says otherwise."""
    if not part.sale_until or (last := moment(part.sale_until, zone)) is None:
        return None
    if len(part.sale_until) > _DATE:
        return last
    return datetime.combine(last.date() + DAY, time(), tzinfo=last.tzinfo)


def is_on(part: Part, now: datetime) -> bool:
    """Tell whether the sale price counts at ``now``, from its beginning to before its end."""
    start, stop = begin(part, _zone(now)), end(part, _zone(now))
    started = start is None or start <= now
    return part.sale_price is not None and started and (stop is None or now < stop)


def is_over(part: Part, now: datetime) -> bool:
    """Tell whether the sale price has counted for the last time."""
    stop = end(part, _zone(now))
    return stop is not None and stop <= now


def next_change(listing: Listing, now: datetime) -> datetime | None:
    """Return when the next sale price of ``listing`` or a variant begins or ends after ``now``."""
    return min((at for at in _boundaries(listing, _zone(now)) if at > now), default=None)


def _boundaries(listing: Listing, zone: tzinfo) -> Iterator[datetime]:
    for part in (listing, *listing.variants):
        if part.sale_price is not None:
            yield from filter(None, (begin(part, zone), end(part, zone)))


def _zone(now: datetime) -> tzinfo:
    if now.tzinfo is None:
        raise ValueError("now needs a time zone")
    return now.tzinfo
