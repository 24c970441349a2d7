"""Find a page of listings in a shop of any size, in a bounded time.

What few listings are is found by its index; what many are comes soon in the order of SKUs. Where
neither holds the search stops after a moment, says how far it came, and goes on when asked.
"""

from dataclasses import dataclass

from baysync.base import clock
from baysync.db.connection import Db
from baysync.insight.listing import page_store
from baysync.insight.listing.model import ListingFilter, ListingPage

FEW = 10_000
SECONDS = 1.0
FIRST_STRETCH, LONGEST_STRETCH = 500, 32_000


@dataclass(frozen=True, slots=True)
class _Found:
    """SKUs in order, one more than asked for where there are more; ``last`` where it stopped."""

    skus: list[str]
    stopped_at: str | None = None


async def page(
    db: Db,
    chosen: ListingFilter,
    *,
    after: str,
    limit: int,
    few: int = FEW,
    seconds: float = SECONDS,
) -> ListingPage:
    """Return up to ``limit`` of the ``chosen`` listings whose SKU follows ``after``, by SKU.

    Up to ``few`` are found by an index; a search of more ends after about ``seconds``. A whole SKU
    is found even so.
    """
    ids: list[int] | None = None
    if chosen.state or chosen.marketplace:
        ids = await page_store.candidates(db, chosen, limit=few + 1)
    if ids is not None and len(ids) <= few:
        found = _Found(await page_store.among(db, ids, q=chosen.q, after=after, limit=limit + 1))
    else:
        found = await _search(db, chosen, after=after, limit=limit + 1, seconds=seconds)
    skus, more = found.skus[:limit], len(found.skus) > limit
    if found.stopped_at is not None and chosen == ListingFilter(q=chosen.q):
        skus += await page_store.exact(db, chosen.q, after=found.stopped_at)
    return ListingPage(
        rows=await page_store.rows(db, skus, chosen),
        onward=skus[limit - 1] if more else found.stopped_at,
        complete=more or found.stopped_at is None,
        matches=None if ids is None or chosen.q else min(len(ids), few),
        matches_more=ids is not None and len(ids) > few,
    )


async def _search(
    db: Db, chosen: ListingFilter, *, after: str, limit: int, seconds: float
) -> _Found:
    """Look through the listings in the order of SKUs, stretch by stretch."""
    skus: list[str] = []
    length, end = FIRST_STRETCH, clock.monotonic() + seconds
    while True:
        part = await page_store.stretch(
            db, chosen, after=after, length=length, limit=limit - len(skus)
        )
        skus += part.skus
        if len(skus) >= limit or part.is_end or part.last is None:
            return _Found(skus)
        if clock.monotonic() >= end:
            return _Found(skus, stopped_at=part.last)
        after, length = part.last, min(length * 4, LONGEST_STRETCH)
