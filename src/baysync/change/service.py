"""Notice what changed: lock, read, decide, write, queue; one transaction for each batch."""

from collections import Counter
from collections.abc import Awaitable, Callable, Sequence

from anyio import to_thread

from baysync.base import clock
from baysync.change import rules, store, weigh
from baysync.change.enrolling import enrol_missing
from baysync.change.model import ChangeOutcome, DecisionFacts, Detected, KnownEbayListing, Wanted
from baysync.change.pace import Pace, split
from baysync.change.respell import own_published, respell_letters, respell_published
from baysync.config.store import moment
from baysync.db.connection import Db
from baysync.ebay_listing import store as ebay_listings
from baysync.listing import sale_store
from baysync.listing import store as listings
from baysync.listing.sale import next_change
from baysync.listing.store import StoredListing
from baysync.projection.upgrade import CURRENT, Spelling
from baysync.queue import store as queue
from baysync.queue.model import Debounce
from baysync.reference import service as reference
from baysync.telemetry import metrics

BATCH = 1000
COUNTERS = {
    ChangeOutcome.BLOCKED: "queue.blocked",
    ChangeOutcome.COALESCED: "queue.coalesced",
    ChangeOutcome.ENQUEUED: "queue.enqueue",
    ChangeOutcome.REVERTED: "queue.reverted",
    ChangeOutcome.SKIPPED_DEAD: "queue.enqueue_skipped_dead",
    ChangeOutcome.SKIPPED_DUPLICATE: "queue.enqueue_skipped_duplicate",
    ChangeOutcome.SKIPPED_HASH: "queue.enqueue_skipped_hash",
}


async def detect(
    db: Db,
    listing_ids: Sequence[int],
    *,
    debounce: Debounce,
    spelling: Spelling = CURRENT,
    fresh: Sequence[StoredListing] = (),
) -> Detected:
    """Queue what differs from eBay among at most 1,000 listings; return the count of outcomes.

    Locks, then reads, then decides, then writes, in the caller's transaction: the queued hash is
    the hash of what is stored, and no later edit can be lost behind an earlier decision. Of
    ``fresh`` listings, which the caller wrote in this transaction, nothing is read again.
    """
    locked = await listings.lock(db, listing_ids)
    known, rows, edited = await _decide(db, locked, spelling, fresh)
    await respell_letters(db, known, rows, edited)
    detected = await _queue(db, known, rows, debounce)
    await listings.mark_projected(db, locked)
    return detected


async def fitting(db: Db, listing_ids: Sequence[int]) -> tuple[list[int], list[int]]:
    """Return the first of the listings, as many as one transaction should take, and the others."""
    return split(await store.weights(db, listing_ids), Pace().budget)


async def detect_some(
    db: Db, listing_ids: Sequence[int], *, debounce: Debounce, fresh: Sequence[StoredListing] = ()
) -> list[int]:
    """Detect what fits into the caller's transaction; return the others, which stay marked.

    They are for ``detect_all`` after it; where that never comes, the projector takes them.
    """
    taken, left = await fitting(db, listing_ids)
    if taken:
        await detect(db, taken, debounce=debounce, fresh=fresh)
    return left


async def detect_all(
    db: Db, listing_ids: Sequence[int], *, debounce: Debounce, spelling: Spelling = CURRENT
) -> Detected:
    """Detect any number of listings, in transactions of about a second each.

    The connection is in autocommit mode, outside a transaction. Safe to stop and to run twice.
    """
    total, pace = Detected(), Pace()
    weights = await store.weights(db, listing_ids)
    while weights:
        taken, _ = split(weights, pace.budget)
        began = clock.monotonic()
        async with db.transaction():
            total += await detect(db, taken, debounce=debounce, spelling=spelling)
        pace = pace.after(clock.monotonic() - began)
        weights = weights[len(taken) :]
    return total


async def rehearse(db: Db, listing_ids: Sequence[int]) -> None:
    """Decide about at most 1,000 listings as ``detect`` does, and queue nothing.

    In a transaction that the caller rolls back: its decisions can be read there meanwhile. It is
    never idle for long, however much its listings weigh.
    """
    locked = await listings.lock(db, listing_ids)
    await ebay_listings.lock_of_listings(db, locked)
    left = locked
    while left:
        taken, left = await fitting(db, left)
        await _decide(db, taken, CURRENT)


async def project_marked(db: Db, limit: int, *, debounce: Debounce) -> int:
    """Project up to ``limit`` listings that others have written; return how many.

    So are those of which a sale price begins or ends. In a transaction of its own. A listing that
    a host's open transaction holds is passed over.
    """
    async with db.transaction():
        most = min(limit, BATCH)
        marked = await listings.lock_marked(db, limit=most)
        due = await sale_store.lock_due(db, limit=most - len(marked))
        found = list(dict.fromkeys(marked + due))
        taken, _ = await fitting(db, found)
        if taken:
            await detect(db, taken, debounce=debounce)
    return len(taken)


async def enrol(
    db: Db, account_id: int, *, debounce: Debounce, advance: Callable[[int], None] | None = None
) -> Detected:
    """Offer every active listing where a new account, marketplace or default lets it be sold.

    Listings that were projected with older defaults are projected again. ``advance`` is told how
    many listings each batch decided.
    """

    async def missing(after: int) -> list[int]:
        return await store.without_row(db, account_id, after=after, limit=BATCH)

    offered = await _walk(db, missing, debounce, advance=advance)
    return offered + await reproject_stale(db, debounce=debounce, advance=advance)


async def reproject_stale(
    db: Db, *, debounce: Debounce, advance: Callable[[int], None] | None = None
) -> Detected:
    """Project again what was projected with older account defaults than there are now."""

    async def stale(after: int) -> list[int]:
        return await store.stale(db, after=after, limit=BATCH)

    return await _walk(db, stale, debounce, advance=advance)


async def reproject(db: Db, *, reason: str | None = None, debounce: Debounce) -> Detected:
    """Project again all listings, or those blocked somewhere for ``reason``."""

    async def blocked(after: int) -> list[int]:
        return await store.blocked(db, reason, after=after, limit=BATCH)

    return await _walk(db, blocked, debounce)


async def reproject_dated(db: Db, *, debounce: Debounce) -> Detected:
    """Project again the listings of which a sale price begins or ends: their time zone is new."""

    async def dated(after: int) -> list[int]:
        return await store.dated(db, after=after, limit=BATCH)

    return await _walk(db, dated, debounce)


async def respell(db: Db, *, debounce: Debounce, spelling: Spelling = CURRENT) -> Detected:
    """Bring documents of an older program to today's spelling, desired and published together.

    Costs eBay no call: what was equal stays equal, what was dead stays dead.
    """

    async def outdated(after: int) -> list[int]:
        return await store.outdated(db, version=spelling.version, after=after, limit=BATCH)

    return await _walk(db, outdated, debounce, spelling=spelling)


async def _walk(
    db: Db,
    page: Callable[[int], Awaitable[list[int]]],
    debounce: Debounce,
    *,
    spelling: Spelling = CURRENT,
    advance: Callable[[int], None] | None = None,
) -> Detected:
    """Detect page by page; safe to stop and to run twice."""
    total, after = Detected(), 0
    while ids := await page(after):
        total += await detect_all(db, ids, debounce=debounce, spelling=spelling)
        after = ids[-1]
        if advance:
            advance(len(ids))
    return total


async def _decide(
    db: Db, locked: Sequence[int], spelling: Spelling, fresh: Sequence[StoredListing] = ()
) -> tuple[Sequence[KnownEbayListing], list[Wanted], set[int]]:
    """Write what is wanted of locked listings; return it, what was, and which were edited."""
    held = set(locked)
    there = {row.id: row for row in fresh if row.id in held}
    missing = [at for at in locked if at not in there]
    read = await listings.read(db, missing) if missing else []
    stored = {row.id: row for row in sorted((*there.values(), *read), key=lambda row: row.sku)}
    await enrol_missing(db, list(stored.values()))
    ids = await ebay_listings.lock_of_listings(db, locked)
    known = await respell_published(db, await store.known(db, ids), spelling)
    known = await own_published(db, known)
    edited = await store.edited(db, locked)
    asked = await reference.rules(
        db, [weigh.reference(row, stored[row.listing_id].body) for row in known]
    )
    now = await moment(db)

    def weighed() -> list[Wanted]:
        return [
            _weigh(
                row,
                weigh.facts(
                    row,
                    stored[row.listing_id].body,
                    asked[row.account_id, row.marketplace],
                    spelling,
                    now,
                ),
                edited,
                spelling,
            )
            for row in known
        ]

    rows = await to_thread.run_sync(weighed)  # others get their turn, however much there is
    await _write(db, known, rows)
    await sale_store.schedule(db, {at: next_change(row.body, now) for at, row in stored.items()})
    return known, rows, edited


def _weigh(
    known: KnownEbayListing, facts: DecisionFacts, edited: set[int], spelling: Spelling
) -> Wanted:
    return weigh.wanted(
        known,
        rules.decide(facts),
        edited=known.listing_id in edited,
        version=spelling.version,
    )


async def _write(db: Db, known: Sequence[KnownEbayListing], rows: Sequence[Wanted]) -> None:
    changed = [row for before, row in zip(known, rows, strict=True) if weigh.differs(before, row)]
    if changed:
        await store.write(db, changed)


async def _queue(
    db: Db, known: Sequence[KnownEbayListing], rows: Sequence[Wanted], debounce: Debounce
) -> Detected:
    """Cancel what is needless, ensure the rest, and count what each came to."""
    ids = [row.id for row in rows]
    reverted = set(await queue.cancel_reverted(db, ids))
    ensured = {
        row.ebay_listing_id: row.inserted for row in await queue.ensure(db, ids, debounce=debounce)
    }
    active = {row.ebay_listing_id: row for row in await store.active(db, ids)}
    outcomes = Counter(
        ChangeOutcome.REVERTED
        if row.id in reverted
        else weigh.judged(before, row, ensured=ensured.get(row.id), active=active.get(row.id))
        for before, row in zip(known, rows, strict=True)
    )
    for outcome, amount in outcomes.items():
        metrics.count(COUNTERS[outcome], amount)
    return Detected(**{str(outcome): count for outcome, count in outcomes.items()})
