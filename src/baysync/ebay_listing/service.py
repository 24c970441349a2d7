"""Transactions of eBay listings."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta

from anyio import to_thread

from baysync.db.connection import Db
from baysync.ebay_listing import enrol_store, store
from baysync.ebay_listing.model import Enrolled, Enrolment, NamedItem, Nameless, SellableItem
from baysync.listing.ebay_sku import derived, is_legal


async def enrol(db: Db, rows: Sequence[Enrolment]) -> list[Enrolled]:
    """Make the eBay listings that are missing, without items; return only the new ones.

    Runs in the caller's transaction, which holds the locks of the listings.
    """
    return await enrol_store.enrol(db, rows)


async def name(db: Db, sold: Sequence[SellableItem]) -> None:
    """Give every eBay listing of ``sold`` the items that it lacks, under names for life.

    An item takes the shop's SKU where eBay allows it and the account has not used it, else a
    derived one. One that eBay held under its derived SKU when the account was connected, as after
    an erasure, takes that again: under another name it would be on sale twice. Runs in
    the caller's transaction, which holds the locks of the listings.
    """
    lacking = await enrol_store.nameless(db, sold)
    if not lacking:
        return
    own, ours = await to_thread.run_sync(_names, lacking)
    await enrol_store.name_groups(db, own)
    held = await enrol_store.held(db, ours)
    legal = [
        item
        for item, each in zip(own, lacking, strict=True)
        if is_legal(item.ebay_sku, plain=each.plain)
        and (each.ebay_listing_id, each.key) not in held
    ]
    have = set(await enrol_store.name_items(db, legal))
    others = [item for item in ours if (item.ebay_listing_id, item.variant_key) not in have]
    if others:
        await enrol_store.name_items(db, others)


def _names(lacking: Sequence[Nameless]) -> tuple[list[NamedItem], list[NamedItem]]:
    """Return the items under the shop's SKUs, and under derived ones."""
    own = [_item(each, each.key or each.sku) for each in lacking]
    return own, [_item(each, _derived(each)) for each in lacking]


def _item(lacking: Nameless, ebay_sku: str) -> NamedItem:
    return NamedItem(
        ebay_listing_id=lacking.ebay_listing_id,
        ebay_sku=ebay_sku,
        variant_key=lacking.key,
        group_key=derived(lacking.sku, lacking.marketplace) if lacking.key else None,
    )


def _derived(lacking: Nameless) -> str:
    """Return a SKU that nothing else of the account has: a variant's depends on its listing."""
    if not lacking.key:
        return derived(lacking.sku, lacking.marketplace, plain=lacking.plain)
    place = f"{lacking.marketplace}\0{lacking.sku}"
    return derived(lacking.key, place, plain=lacking.plain)


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
