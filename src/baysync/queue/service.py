"""What people do to changes and to single listings; each in one transaction.

``by`` and ``reason`` go into the audit log.
"""

from collections.abc import Sequence
from datetime import timedelta

from baysync.base.errors import Conflict, NotFound
from baysync.db import audit
from baysync.db.connection import Db
from baysync.ebay_listing import mark_store
from baysync.ebay_listing import store as ebay_listings
from baysync.ebay_listing.model import Block, Scope
from baysync.queue import change_store, store
from baysync.queue.model import NO_WAIT, ChangeStanding, Status

SIZE = 1_000  # rows a transaction
HELD_BY_PEOPLE_OR_EBAY = (
    *("paused", "cancelled", "discarded", "crash_loop"),
    *("held", "capped", "ended_remotely"),
)


async def cancel(
    db: Db, change_ids: Sequence[int], *, by: str, reason: str | None = None
) -> list[ChangeStanding]:
    """Cancel pending changes and block their listings as ``cancelled`` until the next edit.

    Raises:
        NotFound: a change does not exist.
        Conflict: one is in flight, in doubt, or over; then none is cancelled.
    """
    async with db.transaction():
        found = await _locked(db, change_ids)
        for change in found:
            _refuse_late(change)
        ids = [change.ebay_listing_id for change in found]
        await ebay_listings.block(
            db, [Block(id=i, reason="cancelled", scope=Scope.ALL) for i in ids]
        )
        cancelled = await store.cancel_reverted(db, ids)
        for change in found:
            if change.ebay_listing_id not in set(cancelled):  # claimed since we looked
                _refuse_late(change, status=Status.PROCESSING)
        await audit.record(db, "queue.cancel", _targets(found), by=by, reason=reason)
    return found


async def retry(db: Db, change_ids: Sequence[int], *, by: str) -> list[int]:
    """Make pending changes due now, whatever they wait for; return those that were pending.

    Raises:
        NotFound: a change does not exist.
    """
    hurried: list[int] = []
    for start in range(0, len(change_ids), SIZE):
        async with db.transaction():
            found = await _locked(db, change_ids[start : start + SIZE])
            part = await change_store.hurry(db, [change.id for change in found])
            done = [change for change in found if change.id in set(part)]
            await audit.record(db, "queue.retry", _targets(done), by=by)
        hurried += part
    return hurried


async def pause(
    db: Db,
    skus: Sequence[str],
    *,
    by: str,
    reason: str | None = None,
    marketplace: str | None = None,
) -> list[int]:
    """Block listings as ``paused``: nothing is sent until ``resume``; return the eBay listings.

    All that there are, or those on ``marketplace``. A call that is under way is not recalled.

    Raises:
        NotFound: a SKU is not known, or not enrolled anywhere.
    """
    async with db.transaction():
        ids = await ebay_listings.lock(db, await _ids_of(db, skus, marketplace))
        rows = [Block(id=i, reason="paused", scope=Scope.ALL) for i in ids]
        await ebay_listings.block(db, rows)
        await store.cancel_reverted(db, ids)
        why = _placed(reason, marketplace)
        await audit.record(db, "listing.pause", _listings(skus), by=by, reason=why)
    return ids


async def verify(db: Db, skus: Sequence[str], *, by: str, reason: str | None = None) -> list[int]:
    """Let eBay listings be read back now; return them. What eBay shows otherwise is sent again.

    Raises:
        NotFound: a SKU is not known, or not enrolled anywhere.
    """
    async with db.transaction():
        ids = await ebay_listings.lock(db, await _ids_of(db, skus))
        await ebay_listings.set_verify(db, ids, timedelta())
        await store.ensure(db, ids, debounce=NO_WAIT)
        await audit.record(db, "listing.verify", _listings(skus), by=by, reason=reason)
    return ids


async def resume(
    db: Db, skus: Sequence[str], *, by: str, marketplace: str | None = None
) -> list[int]:
    """End what ``pause`` began; return the eBay listings that were paused.

    Raises:
        NotFound: a SKU is not known, or not enrolled anywhere.
    """
    return await _unblock(
        db, skus, ("paused",), action="listing.resume", by=by, marketplace=marketplace
    )


async def unblock(
    db: Db, skus: Sequence[str], *, by: str, marketplace: str | None = None
) -> list[int]:
    """End any block of scope ``all``; return the eBay listings that had one.

    Their listings are marked too: what only blocks content is found again within the poll.

    Raises:
        NotFound: a SKU is not known, or not enrolled anywhere.
    """
    return await _unblock(
        db,
        skus,
        HELD_BY_PEOPLE_OR_EBAY,
        action="listing.unblock",
        by=by,
        marketplace=marketplace,
    )


async def _unblock(
    db: Db,
    skus: Sequence[str],
    reasons: Sequence[str],
    *,
    action: str,
    by: str,
    marketplace: str | None,
) -> list[int]:
    async with db.transaction():
        wanted = await _ids_of(db, skus, marketplace)
        await mark_store.mark(db, wanted)
        ids = await ebay_listings.unblock(db, await ebay_listings.lock(db, wanted), reasons=reasons)
        await store.ensure(db, ids, debounce=NO_WAIT)
        why = _placed(None, marketplace)
        await audit.record(db, action, _listings(skus), by=by, reason=why)
    return ids


async def _locked(db: Db, change_ids: Sequence[int]) -> list[ChangeStanding]:
    """Lock the eBay listings of these changes, then say how the changes stand."""
    found = await change_store.standing(db, change_ids)
    missing = set(change_ids) - {change.id for change in found}
    if missing:
        names = ", ".join(str(i) for i in sorted(missing))
        raise NotFound(f"There is no change {names}.", fix="see `baysync queue list`.")
    await ebay_listings.lock(db, [change.ebay_listing_id for change in found])
    return await change_store.standing(db, change_ids)


def _refuse_late(change: ChangeStanding, *, status: str | None = None) -> None:
    status = status or change.status
    if status == Status.PENDING and not change.in_doubt:
        return
    state = "in doubt" if status == Status.PENDING else status
    raise Conflict(
        f"Change {change.id} of {change.sku} is {state}; only a pending one can be cancelled.",
        fix=f"`baysync queue pause {change.sku}` stops what comes next.",
    )


async def _ids_of(db: Db, skus: Sequence[str], marketplace: str | None = None) -> list[int]:
    found = await mark_store.named(db, skus, marketplace)
    missing = set(skus) - {sku for _, sku in found}
    if missing:
        place = f" on {marketplace}" if marketplace else ""
        raise NotFound(
            f"No account sells {', '.join(sorted(missing))}{place}.",
            fix="see `baysync listings list`, and `baysync why SKU` for where one is sold.",
        )
    return [ebay_listing_id for ebay_listing_id, _ in found]


def _placed(reason: str | None, marketplace: str | None) -> str | None:
    """Return the words for the audit log, with the marketplace where it is about one."""
    return ": ".join(filter(None, [marketplace, reason])) or None


def _targets(changes: Sequence[ChangeStanding]) -> list[str]:
    return _listings([change.sku for change in changes])


def _listings(skus: Sequence[str]) -> list[str]:
    return [f"listing {sku}" for sku in skus]
