"""Upgrade day: documents and dead letters of an older program take today's spelling."""

from collections.abc import Sequence

from baysync.base.ids import correlation_id
from baysync.change import store, weigh
from baysync.change.model import KnownEbayListing, Wanted
from baysync.db.connection import Db
from baysync.ebay_listing import store as ebay_listings
from baysync.ebay_listing.model import Document
from baysync.ownership import service as ownership
from baysync.projection.upgrade import Spelling
from baysync.snapshot import service as snapshots
from baysync.snapshot.model import NewSnapshot, SourceEvent


async def respell_published(
    db: Db, known: Sequence[KnownEbayListing], spelling: Spelling
) -> Sequence[KnownEbayListing]:
    """Store published documents in today's spelling; return ``known`` as it is then.

    A document whose digest changes has a snapshot under the new one: eBay shows what it showed.
    """
    found = [(row, document) for row in known if (document := weigh.respelled(row, spelling))]
    if not found:
        return known
    await store.respell_published(db, [(row.id, document) for row, document in found])
    await _remember(
        db, [(row.id, document) for row, document in found if document.hash != row.published_hash]
    )
    return await store.known(db, [row.id for row in known])


async def own(db: Db, ids: Sequence[int]) -> None:
    """Own the leaves of listings that an older program published, and mask what it read back.

    Takes the locks; costs eBay no call.
    """
    async with db.transaction():
        locked = await ebay_listings.lock(db, ids)
        await own_published(db, await store.known(db, locked))


async def own_published(db: Db, known: Sequence[KnownEbayListing]) -> Sequence[KnownEbayListing]:
    """Do the same under the caller's locks; return ``known`` as it is then."""
    changed = await ownership.start(db, [row.id for row in known])
    if not changed:
        return known
    await store.respell_published(db, changed)
    await _remember(db, changed)
    return await store.known(db, [row.id for row in known])


async def _remember(db: Db, rows: Sequence[tuple[int, Document]]) -> None:
    news = [
        NewSnapshot(ebay_listing_id=id_, document=document, source_event=SourceEvent.MANUAL)
        for id_, document in rows
    ]
    await snapshots.record(db, news, correlation_id=correlation_id())


async def respell_letters(
    db: Db, known: Sequence[KnownEbayListing], rows: Sequence[Wanted], edited: set[int]
) -> None:
    """Let open dead letters follow desired documents of which only the spelling changed."""
    found = [
        (before.id, before.desired_hash, row.document.hash)
        for before, row in zip(known, rows, strict=True)
        if before.desired_hash
        and row.document
        and before.desired_projection_version != row.document.projection_version
        and before.inputs_version == row.inputs_version
        and before.listing_id not in edited
    ]
    if found:
        await store.respell_letters(db, found)
