"""Upgrade day: documents and dead letters of an older program take today's spelling."""

from collections.abc import Sequence

from baysync.base.ids import correlation_id
from baysync.change import store, weigh
from baysync.change.model import Known, Wanted
from baysync.db.connection import Db
from baysync.projection.upgrade import Spelling
from baysync.snapshot import service as snapshots
from baysync.snapshot.model import NewSnapshot, SourceEvent


async def respell_published(db: Db, known: Sequence[Known], spelling: Spelling) -> Sequence[Known]:
    """Store published documents in today's spelling; return ``known`` as it is then.

    A document whose digest changes has a snapshot under the new one: eBay shows what it showed.
    """
    found = [(row, document) for row in known if (document := weigh.respelled(row, spelling))]
    if not found:
        return known
    await store.respell_published(db, [(row.id, document) for row, document in found])
    news = [
        NewSnapshot(ebay_listing_id=row.id, document=document, source_event=SourceEvent.MANUAL)
        for row, document in found
        if document.hash != row.published_hash
    ]
    await snapshots.record(db, news, correlation_id=correlation_id())
    return await store.known(db, [row.id for row in known])


async def respell_letters(
    db: Db, known: Sequence[Known], rows: Sequence[Wanted], edited: set[int]
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
