"""Fill up again what the shop does not count, as sales of it are read."""

from collections import defaultdict
from collections.abc import Sequence

import msgspec

from baysync.account.model import Defaults
from baysync.base.ids import correlation_id
from baysync.change import service as changes
from baysync.change import store as change_store
from baysync.change import weigh
from baysync.change.model import KnownEbayListing
from baysync.db.connection import Db
from baysync.ebay_listing import store as ebay_listings
from baysync.ebay_listing.document import document
from baysync.listing import store as listings
from baysync.listing.model import Listing
from baysync.orders import refill_store as store
from baysync.projection.group import is_group_live
from baysync.projection.model import Projection
from baysync.projection.refill import less, sold_of
from baysync.projection.resolve import stocks
from baysync.projection.upgrade import CURRENT
from baysync.queue.model import Debounce
from baysync.snapshot import service as snapshots
from baysync.snapshot.model import NewSnapshot, SourceEvent

BATCH = 500
_DEFAULTS = msgspec.json.Decoder(Defaults)


async def refill(db: Db, account_id: int, *, debounce: Debounce) -> int:
    """Look at the sales of an account that nobody has looked at yet; return how many refilled.

    Safe to stop at any point and to run twice: a batch is one transaction. A listing with a
    change in flight is left to the next time, for its end would write what it began with.
    """
    total, after = 0, 0
    while ids := await store.unfilled(db, account_id, after=after, limit=BATCH):
        async with db.transaction():
            total += await _refill(db, account_id, ids, debounce)
        after = ids[-1]
    return total


async def _refill(db: Db, account_id: int, listing_ids: Sequence[int], debounce: Debounce) -> int:
    locked = await listings.lock(db, listing_ids)
    stored = {row.id: row.body for row in await listings.read(db, locked)}
    ids = await ebay_listings.lock_of_listings(db, locked)
    busy = await store.lock_changes(db, ids)
    known = {
        row.id: row
        for row in await change_store.known(db, sorted(set(ids) - busy))
        if row.account_id == account_id
    }
    sold: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for row in await store.take(db, list(known)):
        sold[row.ebay_listing_id][row.variant_key] += row.units
    fresh = {
        at: (found, units)
        for at, each in sold.items()
        if (found := weigh.published(known[at], CURRENT))
        and (units := _units(known[at], stored[known[at].listing_id], found, each))
    }
    if fresh:
        await _take_off(db, fresh)
        touched = sorted({known[at].listing_id for at in fresh})
        await changes.detect(db, touched, debounce=debounce)
    return len(fresh)


def _units(
    known: KnownEbayListing, listing: Listing, published: Projection, sold: dict[str, int]
) -> dict[str, int]:
    defaults = Defaults() if known.defaults is None else _DEFAULTS.decode(known.defaults)
    grouped = is_group_live(published)
    return sold_of(stocks(listing, defaults, known.marketplace, grouped=grouped), sold, published)


async def _take_off(db: Db, fresh: dict[int, tuple[Projection, dict[str, int]]]) -> None:
    """Write what eBay holds as if the units went out in a number of the shop that is past."""
    documents = [
        (at, made) for at, (shown, units) in fresh.items() if (made := document(less(shown, units)))
    ]
    await change_store.respell_published(db, documents)
    await store.take_off(
        db, [(at, key, n) for at, (_, units) in fresh.items() for key, n in units.items()]
    )
    news = [
        NewSnapshot(ebay_listing_id=at, document=made, source_event=SourceEvent.READ_BACK)
        for at, made in documents
    ]
    await snapshots.record(db, news, correlation_id=correlation_id())
