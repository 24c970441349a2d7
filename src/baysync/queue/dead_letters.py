"""Retry or discard changes that gave up; ``by`` and ``reason`` go into the audit log."""

from collections.abc import Sequence

from baysync.db import audit
from baysync.db.connection import Db
from baysync.ebay_listing import store as ebay_listings
from baysync.ebay_listing.model import Block, Scope
from baysync.queue import change_store, dead_store, store
from baysync.queue.model import NO_WAIT, Closed, Fate, Replayed, Resolution, Selection

SIZE = 1_000  # letters a transaction


async def replay(
    db: Db, selection: Selection, *, by: str, reason: str | None = None
) -> list[Replayed]:
    """Close the open letters that ``selection`` means and queue their listings with today's state.

    A fresh change has no attempts spent. Where newer work is active, everything is blocked, or
    eBay shows already what is wanted, none is added; the answer says which. A thousand letters
    are one transaction.
    """
    replayed: list[Replayed] = []
    for ids, listing_ids in await _parts(db, selection):
        async with db.transaction():
            await ebay_listings.lock(db, listing_ids)
            closed = await dead_store.close(db, ids, Resolution.REPLAYED)
            replayed += await _queue_again(db, closed)
            await audit.record(db, "dead.retry", _targets(closed), by=by, reason=reason)
    return replayed


async def discard(
    db: Db, selection: Selection, *, by: str, reason: str | None = None
) -> list[Closed]:
    """Close the open letters that ``selection`` means for good.

    Where a letter is about what is wanted today, the listing is blocked as ``discarded`` until
    its next edit.
    """
    discarded: list[Closed] = []
    for ids, listing_ids in await _parts(db, selection):
        async with db.transaction():
            await ebay_listings.lock(db, listing_ids)
            closed = await dead_store.close(db, ids, Resolution.DISCARDED)
            await ebay_listings.block(
                db,
                [
                    Block(id=letter.ebay_listing_id, reason="discarded", scope=Scope.ALL)
                    for letter in closed
                    if letter.current
                ],
            )
            await store.cancel_reverted(db, listing_ids)
            await store.ensure(db, listing_ids, debounce=NO_WAIT)
            await audit.record(db, "dead.discard", _targets(closed), by=by, reason=reason)
        discarded += closed
    return discarded


async def _parts(db: Db, selection: Selection) -> list[tuple[list[int], list[int]]]:
    """Return the letters that are meant and their eBay listings, a thousand at a time."""
    letters = await dead_store.match(db, selection)
    parts = [letters[start : start + SIZE] for start in range(0, len(letters), SIZE)]
    return [([i for i, _ in part], sorted({e for _, e in part})) for part in parts]


async def _queue_again(db: Db, closed: Sequence[Closed]) -> list[Replayed]:
    ids = sorted({letter.ebay_listing_id for letter in closed})
    fresh = {made.ebay_listing_id for made in await store.ensure(db, ids, debounce=NO_WAIT)}
    active = await change_store.active(db, ids)
    return [
        Replayed(id=letter.id, sku=letter.sku, fate=_fate(letter.ebay_listing_id, fresh, active))
        for letter in closed
    ]


def _fate(ebay_listing_id: int, fresh: set[int], active: dict[int, bool]) -> Fate:
    if ebay_listing_id in fresh:
        return Fate.QUEUED
    if ebay_listing_id not in active:
        return Fate.EQUAL
    return Fate.ACTIVE if active[ebay_listing_id] else Fate.BLOCKED


def _targets(closed: Sequence[Closed]) -> list[str]:
    return [f"listing {letter.sku}" for letter in closed]
