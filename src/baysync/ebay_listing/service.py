"""Transactions of eBay listings."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta

from baysync.db.connection import Db
from baysync.ebay_listing import enrol_store, store
from baysync.ebay_listing.model import Enrolled, Enrolment, Item
from baysync.listing.ebay_sku import derived, is_legal


async def enrol(db: Db, rows: Sequence[Enrolment]) -> list[Enrolled]:
    """Make the eBay listings that are missing, each with its item; return only the new ones.

    The item takes the shop's SKU where eBay allows it and the account has not used it, else a
    derived one. Runs in the caller's transaction, which holds the locks of the listings.
    """
    made = await enrol_store.enrol(db, rows)
    skus = {(row.listing_id, row.account_id, row.marketplace): row.sku for row in rows}
    named = [(new, skus[new.listing_id, new.account_id, new.marketplace]) for new in made]
    have = await enrol_store.name_items(
        db, [Item(ebay_listing_id=new.id, ebay_sku=sku) for new, sku in named if is_legal(sku)]
    )
    others = [
        Item(ebay_listing_id=new.id, ebay_sku=derived(sku, new.marketplace))
        for new, sku in named
        if new.id not in set(have)
    ]
    await enrol_store.name_items(db, others)
    return made


async def with_locks(
    db: Db, ids: Sequence[int], act: Callable[[list[int]], Awaitable[None]], *, wait: timedelta
) -> list[int]:
    """Run ``act`` on all of ``ids`` under their locks; return those that somebody kept locked.

    First in one transaction with those that are free, then with each of the others in one of
    its own, waiting for ``wait`` at most: nobody who holds one listing holds up its neighbours.
    """
    async with db.transaction():
        free = await store.lock_free(db, ids)
        if free:
            await act(free)
    held: list[int] = []
    for ebay_listing_id in sorted(set(ids) - set(free)):
        async with db.transaction():
            if await store.lock_within(db, ebay_listing_id, wait):
                await act([ebay_listing_id])
            else:
                held.append(ebay_listing_id)
    return held
