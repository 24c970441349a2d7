"""Undo and restore: read under the locks of the listings, decide, write, in one transaction."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field

from baysync.base.errors import NotFound
from baysync.change.service import detect_all, detect_some, fitting
from baysync.db.connection import Db
from baysync.listing import service as listings
from baysync.listing import store
from baysync.listing.draft import Draft, Outcome
from baysync.listing.history import service as history
from baysync.listing.history import store as versions
from baysync.listing.history.model import Version
from baysync.listing.history.rules import ReturnedStock
from baysync.listing.imports import store as imports
from baysync.listing.imports.model import UNDO, Import
from baysync.listing.origin import Origin
from baysync.queue.model import Debounce
from baysync.undo import rules
from baysync.undo.model import Totals, UndoStep

BATCH = 200
_UNKNOWN = "baysync imports list"


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """An undo of ``import_id`` under an id of its own; ``after`` is the last listing done."""

    id: int
    import_id: int
    totals: Totals = field(default_factory=Totals)
    after: int = 0


async def find(db: Db, import_id: int) -> Import:
    """Return an import.

    Raises:
        NotFound: there is none with this id.
    """
    if known := await imports.get(db, import_id):
        return known
    if await imports.was(db, import_id):
        raise NotFound(
            f"The import {import_id} is no longer kept: all versions that it made are gone.",
            fix=f"see those that can be undone: {_UNKNOWN}",
        )
    raise NotFound(f"There is no import {import_id}.", fix=_UNKNOWN)


async def survey(
    db: Db, import_id: int, *, with_stock: bool, after: int = 0
) -> AsyncIterator[list[UndoStep]]:
    """Yield what an undo would do, some listings at a time; changes nothing."""
    while touched := await versions.touched(db, import_id, after=after, limit=BATCH):
        steps = await _steps(db, import_id, touched, with_stock=with_stock)
        yield [rules.judged(step) for step in steps]
        after = touched[-1][0]


async def begin(db: Db, import_id: int, *, actor: str) -> Run:
    """Begin the undo of an import, or go on with one that was cut off."""
    known = await find(db, import_id)
    if begun := await imports.unfinished_undo(db, import_id):
        after = begun.counts.get("after", 0)
        return Run(id=begun.id, import_id=import_id, totals=Totals.of(begun.counts), after=after)
    undo = await imports.begin(db, kind=UNDO, name=known.name, actor=actor, undoes=import_id)
    return Run(id=undo, import_id=import_id)


async def take_back(
    db: Db, run: Run, *, actor: str, with_stock: bool, debounce: Debounce
) -> tuple[Run, list[UndoStep]]:
    """Take back the next listings, each batch in a transaction of its own; none: it is finished.

    What is done is noted with it: an undo that was cut off goes on where it was.
    """
    async with db.transaction():
        touched = await versions.touched(db, run.import_id, after=run.after, limit=BATCH)
        if not touched:
            await imports.finish(db, run.id, run.totals.counts())
            return run, []
        taken, _ = await fitting(db, [at for at, _, _ in touched])
        touched = touched[: len(taken)]
        await store.lock_bodies(db, [sku for _, sku, _ in touched])
        steps = await _steps(db, run.import_id, touched, with_stock=with_stock)
        origin = Origin(UNDO, actor, run.id)
        done, left = await _write(db, steps, origin=origin, debounce=debounce)
        totals = run.totals
        for step in done:
            totals = totals.plus(step)
        run = Run(id=run.id, import_id=run.import_id, totals=totals, after=touched[-1][0])
        await imports.count(db, run.id, {**totals.counts(), "after": run.after})
    await detect_all(db, left, debounce=debounce)
    return run, done


async def history_of(db: Db, sku: str) -> tuple[int, list[Version]]:
    """Return the id of a listing and its kept versions, oldest first.

    Raises:
        NotFound: there is no such listing.
    """
    known = await store.get(db, sku)
    if known is None:
        raise NotFound(f"There is no listing {sku}.", fix="baysync listings list")
    kept = await history.read(db, [known.id])
    now = Version(
        version=known.version,
        body=known.body,
        kind=known.source,
        actor="",
        import_id=None,
        accepted_at=known.updated_at,
    )
    return known.id, kept.get(known.id) or [now]


async def plan_restore(db: Db, sku: str, number: int, *, with_stock: bool) -> UndoStep:
    """Return what bringing a listing to one of its versions changes.

    Raises:
        NotFound: there is no such listing, or the version is not kept.
    """
    listing_id, kept = await history_of(db, sku)
    if number not in {one.version for one in kept}:
        raise NotFound(
            f"Version {number} of {sku} is not kept.", fix=f"baysync listings history {sku}"
        )
    stock = (await _stock(db, {listing_id: kept}, {listing_id: number}))[listing_id]
    given = stock if with_stock else ReturnedStock()
    return rules.judged(rules.restored(kept, number, given, listing_id=listing_id, sku=sku))


async def restore(
    db: Db, sku: str, number: int, *, actor: str, with_stock: bool, debounce: Debounce
) -> UndoStep:
    """Bring a listing to one of its versions; return what that changed.

    Raises:
        NotFound: there is no such listing, or the version is not kept.
    """
    async with db.transaction():
        await store.lock_bodies(db, [sku])
        step = await plan_restore(db, sku, number, with_stock=with_stock)
        origin = Origin("restore", actor)
        ((done,), _) = await _write(db, [step], origin=origin, debounce=debounce)
    return done


async def _steps(
    db: Db, import_id: int, touched: Sequence[tuple[int, str, int]], *, with_stock: bool
) -> list[UndoStep]:
    ids = [listing_id for listing_id, _, _ in touched]
    before = {listing_id: first - 1 for listing_id, _, first in touched}
    since = None if with_stock else list(before.values())
    kept = await history.read(db, ids, since=since)
    stocks = await _stock(db, kept, before) if with_stock else {}
    return [
        rules.undone(
            kept[listing_id],
            import_id,
            stocks.get(listing_id, ReturnedStock()),
            listing_id=listing_id,
            sku=sku,
        )
        for listing_id, sku, _ in touched
    ]


async def _stock(
    db: Db, kept: dict[int, list[Version]], numbers: dict[int, int]
) -> dict[int, ReturnedStock]:
    """Return what may be given back of the quantities that versions had."""
    since = [rules.stock_since(mine, numbers[listing_id]) for listing_id, mine in kept.items()]
    sold = await versions.sold_since(db, list(kept), since)
    return {at: ReturnedStock(given=True, sold=sold.get(at, {})) for at in kept}


async def _write(
    db: Db, steps: Sequence[UndoStep], *, origin: Origin, debounce: Debounce
) -> tuple[list[UndoStep], list[int]]:
    """Store what steps make of listings locked by the caller, and queue what that changes.

    Returns what was done, and the listings that are still to be detected.
    """
    changed = [step for step in steps if step.document is not None]
    drafts = [Draft(line=0, document=step.document or {}) for step in changed]
    results = await listings.save(db, drafts, source=origin.kind, origin=origin)
    left = await detect_some(db, listings.changed(results), debounce=debounce)
    refused = {
        result.sku: result.problems for result in results if result.outcome is Outcome.REJECTED
    }
    done = [
        rules.refusing(step, refused[step.sku]) if step.sku in refused else step for step in steps
    ]
    return done, left
