"""The stock door of our own entrances: numbers stored, queued, and what is offered then."""

from collections.abc import Sequence

from anyio import to_thread

from baysync.change.service import detect, detect_all, detect_some
from baysync.db.connection import Db
from baysync.ebay_listing import offered_store
from baysync.listing import service, stock
from baysync.listing.catalogue import Catalogue
from baysync.listing.draft import Draft
from baysync.listing.judge import Judged
from baysync.listing.merge import sku_in
from baysync.listing.origin import Origin
from baysync.listing.stock import OfferedStock, StockResult
from baysync.projection import canonical
from baysync.projection.group import group_of
from baysync.projection.model import Lifecycle, Projection
from baysync.queue.model import Debounce


async def set_stock(
    db: Db, items: Sequence[object], *, origin: Origin, debounce: Debounce
) -> list[StockResult]:
    """Store the numbers of at most 1,000 items, queue what changes; return a result for each.

    The connection is in autocommit mode, outside a transaction. An item is ``{"sku",
    "quantity"}``; each is applied or not on its own. What buyers are offered is read when all of it
    is queued: in the transaction that does so, unless there is more than fits into one.
    """
    drafts = await to_thread.run_sync(stock.drafts, items)
    known = await service.catalogue(db, drafts)
    results, stale = await _written(db, await _restocked(drafts, known), origin, debounce)
    for index in stale:
        results[index] = await _again(db, drafts[index], origin, debounce)
    return results


async def _restocked(drafts: Sequence[Draft], known: Catalogue) -> list[Judged]:
    """Apply numbers in a thread: each makes a new document, which may have many variants."""

    def restocked() -> list[Judged]:
        return [stock.restock(draft, known) for draft in drafts]

    return await to_thread.run_sync(restocked)


async def _written(
    db: Db, judged: Sequence[Judged], origin: Origin, debounce: Debounce
) -> tuple[list[StockResult], tuple[int, ...]]:
    """Write numbers, and queue what they change; return what buyers are offered then."""
    async with db.transaction():
        written = await service.write(db, judged, origin=origin)
        changed = service.changed(written.results)
        left = await detect_some(db, changed, debounce=debounce)
        offers = {} if left else await _offers(db, judged)
    if left:
        await detect_all(db, left, debounce=debounce)
        offers = await _offers(db, judged)
    return stock.results(judged, offers), written.stale


async def _again(db: Db, draft: Draft, origin: Origin, debounce: Debounce) -> StockResult:
    """Apply one item under the lock of its listing, which changed after it was read."""
    async with db.transaction():
        known = await service.catalogue(db, [draft], lock=True)
        judged = await _restocked([draft], known)
        written = await service.write(db, judged, origin=origin)
        if changed := service.changed(written.results):
            await detect(db, changed, debounce=debounce)
        (result,) = stock.results(judged, await _offers(db, judged))
    return result


async def _offers(
    db: Db, judged: Sequence[Judged]
) -> dict[tuple[int, str], tuple[OfferedStock, ...]]:
    wanted = [
        (one.entry.id, sku, stock.sold_as(one.listing, sku))
        for one in judged
        if one.entry and one.entry.id is not None and (sku := sku_in(one.draft.document))
        if one.listing
    ]
    rows = await offered_store.desired(db, [listing for listing, *_ in wanted]) if wanted else []
    documents = [(row, canonical.decode(row[3]) if row[3] else None) for row in rows]
    return {
        (listing, sku): tuple(
            OfferedStock(account=account, marketplace=at, quantity=_quantity(document, skus))
            for (of, account, at, _), document in documents
            if of == listing
        )
        for listing, sku, skus in wanted
    }


def _quantity(document: Projection | None, skus: Sequence[str]) -> int:
    """Return how many buyers can have of all of them; none of what is over, or was never there."""
    if document is None or document.lifecycle is not Lifecycle.LIVE:
        return 0
    if not group_of(document):
        return document.quantity or 0
    return sum(document.quantities.get(sku) or 0 for sku in skus)
