"""What the minute job does: take back lost changes, look again at blocks, watch the invariants."""

from collections.abc import Sequence
from datetime import timedelta

from baysync.db.connection import Db
from baysync.ebay_listing import mark_store
from baysync.ebay_listing import store as ebay_listings
from baysync.ebay_listing.model import Block, Scope
from baysync.queue import store
from baysync.queue.model import NO_WAIT, Reaped
from baysync.queue.rules import is_crash_loop

SIZE = 500  # rows a transaction
CRASHES_ALONE = 3


async def reap(
    db: Db, *, verify_after: timedelta, crashes_alone: int = CRASHES_ALONE
) -> list[Reaped]:
    """Take back the changes whose lease has ended, at most 500; return them.

    The worker may have sent anything, so their listings are in doubt and are read back after
    ``verify_after``. One that took down ``crashes_alone`` workers by itself is blocked as
    ``crash_loop``. Listings that somebody holds are passed over until the next time.
    """
    async with db.transaction():
        lost = await store.expired(db, SIZE)
        if not lost:
            return []
        locked = await ebay_listings.lock_free(db, lost)
        reaped = await store.reap(db, locked)
        ids = [change.ebay_listing_id for change in reaped]
        await ebay_listings.set_verify(db, ids, verify_after)
        await ebay_listings.block(db, _loops(reaped, crashes_alone))
        await store.cancel_reverted(db, ids)
        await store.ensure(db, ids, debounce=NO_WAIT)  # an edit made in flight is named from now on
    return reaped


def _loops(reaped: Sequence[Reaped], crashes_alone: int) -> list[Block]:
    return [
        Block(
            id=change.ebay_listing_id,
            reason="crash_loop",
            scope=Scope.ALL,
            detail={"crashes": change.crashes},
        )
        for change in reaped
        if is_crash_loop(change.crashes, limit=crashes_alone)
    ]


async def recheck(db: Db) -> list[int]:
    """End the blocks whose ``recheck_at`` has come, at most 500, and queue what they held back.

    Returns the eBay listings. Their listings are marked too, so that a reason which still holds
    is found again within the poll.
    """
    async with db.transaction():
        due = await mark_store.mark_due(db, SIZE)
        if not due:
            return []
        locked = await ebay_listings.lock_free(db, due)
        ids = await mark_store.unblock_due(db, locked)
        await store.ensure(db, ids, debounce=NO_WAIT)
    return ids
