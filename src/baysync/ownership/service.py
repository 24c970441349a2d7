"""Give the listings of an older program an owner for each leaf, in the caller's transaction."""

from collections.abc import Sequence

import msgspec

from baysync.base.packing import unpack
from baysync.db.connection import Db
from baysync.ebay_listing.document import document
from baysync.ebay_listing.model import Document
from baysync.ownership import store
from baysync.ownership.upgrade import masked, owned_since
from baysync.projection import canonical
from baysync.projection.model import Projection


async def start(db: Db, ids: Sequence[int]) -> list[tuple[int, Document]]:
    """Own what ``ids`` say where nobody wrote it down; return published documents that changed.

    Costs eBay no call. The caller holds the locks and stores what is returned.
    """
    changed: list[tuple[int, Document]] = []
    for row in await store.unowned(db, ids):
        desired, sent = _decoded(row.desired_blob), _decoded(row.sent and unpack(row.sent))
        owned = owned_since(desired, sent, row.items)
        await store.begin(db, [(row.id, *each) for each in owned.items()], claim_id=None)
        published = _decoded(row.published_blob)
        now = published and document(masked(published, owned))
        if now and now.blob != row.published_blob:
            changed.append((row.id, now))
    return changed


def _decoded(blob: bytes | None) -> Projection | None:
    """Return a stored document; one that cannot be read says nothing, and is written anew."""
    try:
        return canonical.decode(blob) if blob else None
    except msgspec.DecodeError:
        return None
