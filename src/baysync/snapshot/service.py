"""Remember what eBay showed, and compare what it showed then."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace

import msgspec

from baysync.base.errors import Ambiguous, Conflict, NotFound
from baysync.base.packing import pack, unpack
from baysync.db import audit
from baysync.db.connection import Db
from baysync.ebay_listing import store as ebay_listings
from baysync.projection import canonical
from baysync.projection.diff import diff
from baysync.projection.group import labels
from baysync.projection.model import PROJECTION_VERSION, Projection
from baysync.snapshot import store
from baysync.snapshot.model import (
    Compared,
    Insert,
    Latest,
    NewSnapshot,
    Place,
    Snapshot,
    SourceEvent,
)
from baysync.telemetry import metrics

_ENCODER = msgspec.json.Encoder(order="deterministic")


async def record(db: Db, rows: Sequence[NewSnapshot], *, correlation_id: str) -> list[int]:
    """Add a snapshot for each of ``rows``, one per ebay listing; return their ids.

    Part of the transaction that changes what is known of eBay: without a retry of its own. A
    state equal to the one before is remembered without its bytes. The caller holds the locks.
    """
    if not rows:
        return []
    known = {
        found.ebay_listing_id: found
        for found in await store.latest(db, [row.ebay_listing_id for row in rows])
    }
    inserts = [_insert(row, known.get(row.ebay_listing_id)) for row in rows]
    for row in inserts:
        if row.dedup_of is None:
            metrics.count("snapshot.created", label=row.source_event)
        else:
            metrics.count("snapshot.dedup_hit")
    return await store.insert(db, inserts, correlation_id=correlation_id)


async def find(db: Db, sku: str, *, account: str | None, marketplace: str | None) -> Place:
    """Return the one ebay listing of a SKU, of those on ``account`` and ``marketplace`` if given.

    Raises:
        NotFound: the SKU is sold nowhere there.
        Ambiguous: it is sold in several places; the fix names them.
    """
    found = await find_all(db, sku, account=account, marketplace=marketplace)
    if len(found) > 1:
        names = ", ".join(f"{place.account} {place.marketplace}" for place in found)
        raise Ambiguous(
            f"{sku} is sold in several places.",
            fix=f"say which, on the command line with --account and --marketplace: {names}.",
            choices=[{"account": p.account, "marketplace": p.marketplace} for p in found],
        )
    return found[0]


async def find_all(
    db: Db, sku: str, *, account: str | None, marketplace: str | None
) -> list[Place]:
    """Return the ebay listings of a SKU, of those on ``account`` and ``marketplace`` if given.

    Raises:
        NotFound: the SKU is sold nowhere there.
    """
    found = [
        place
        for place in await store.places(db, sku)
        if account in {None, place.account} and marketplace in {None, place.marketplace}
    ]
    if not found:
        raise NotFound(f"{sku} is on no eBay account there.", fix="see `baysync listings list`.")
    return found


async def page(db: Db, ebay_listing_id: int, *, before: int | None, limit: int) -> list[Snapshot]:
    """Return up to ``limit`` snapshots of an ebay listing older than ``before``, newest first."""
    rows = await store.page(db, ebay_listing_id, before=before, limit=limit)
    return [_told(row, whole) for row, whole in rows]


async def newest(db: Db, ebay_listing_id: int) -> int:
    """Return the number of the newest snapshot.

    Raises:
        NotFound: there is none yet.
    """
    found = await page(db, ebay_listing_id, before=None, limit=1)
    if not found:
        raise NotFound("There is no snapshot yet.", fix="publish the listing first.")
    return found[0].seq


async def one(db: Db, ebay_listing_id: int, seq: int) -> Snapshot:
    """Return one snapshot as it is listed.

    Raises:
        NotFound: the ebay listing has no snapshot of that number.
    """
    found = await page(db, ebay_listing_id, before=seq + 1, limit=1)
    if not found or found[0].seq != seq:
        raise _missing(seq)
    return found[0]


async def create(db: Db, place: Place, *, correlation_id: str, by: str) -> Snapshot:
    """Keep what is known of eBay now as a ``manual`` snapshot; return it. No call is made.

    A state equal to the one before is a row that refers to it, with an empty difference.

    Raises:
        Conflict: nothing is known of eBay yet.
    """
    async with db.transaction():
        await ebay_listings.lock(db, [place.ebay_listing_id])
        document = await store.published(db, place.ebay_listing_id)
        before = await page(db, place.ebay_listing_id, before=None, limit=1)
        if document is None and not before:
            raise Conflict(
                f"Nothing is known of {place.marketplace} of {place.account} yet.",
                fix="publish the listing first.",
            )
        kept = before[0].seq if before else None
        carried = await read_sellers(db, place.ebay_listing_id, kept) if kept else {}
        new = NewSnapshot(
            ebay_listing_id=place.ebay_listing_id,
            document=document,
            source_event=SourceEvent.MANUAL,
            carried=carried or None,
        )
        await record(db, [new], correlation_id=correlation_id)
        await audit.record(db, "snapshot.create", [f"listing {place.sku}"], by=by)
        return (await page(db, place.ebay_listing_id, before=None, limit=1))[0]


async def read(db: Db, ebay_listing_id: int, seq: int) -> Projection | None:
    """Return the document of one snapshot; None where nothing was known to be there.

    Raises:
        NotFound: the ebay listing has no snapshot of that number.
    """
    document, _ = await _stored(db, ebay_listing_id, seq)
    return _projection(document)


async def read_sellers(db: Db, ebay_listing_id: int, seq: int) -> dict[str, object]:
    """Return what the seller had set beside one snapshot's document, as eBay's JSON.

    By ``item/VARIANT``, ``offer/VARIANT`` and ``group``; of a single by ``item`` and ``offer``.

    Raises:
        NotFound: the ebay listing has no snapshot of that number.
    """
    _, carried = await _stored(db, ebay_listing_id, seq)
    return {} if carried is None else msgspec.json.decode(unpack(carried), type=dict[str, object])


async def compare(db: Db, ebay_listing_id: int, before: int, after: int) -> Compared:
    """Return what turns snapshot ``before`` into snapshot ``after``.

    Raises:
        NotFound: one of them is not there.
    """
    one = await read(db, ebay_listing_id, before)
    two = await read(db, ebay_listing_id, after)
    return Compared(edits=diff(one, two), labels=labels(one, two))


async def _stored(db: Db, ebay_listing_id: int, seq: int) -> tuple[bytes | None, bytes | None]:
    found = await store.body(db, ebay_listing_id, seq)
    if found is None:
        raise _missing(seq)
    return found


def _missing(seq: int) -> NotFound:
    return NotFound(
        f"There is no snapshot {seq}.", fix="see `baysync snapshots list SKU` for those there."
    )


def _insert(row: NewSnapshot, before: Latest | None) -> Insert:
    document = row.document
    digest = document and document.hash
    carried = _ENCODER.encode(row.carried) if row.carried else None
    beside = hashlib.sha256(carried).digest() if carried else None
    same = before is not None and (before.snapshot_hash, before.carried_hash) == (digest, beside)
    return Insert(
        ebay_listing_id=row.ebay_listing_id,
        snapshot_hash=digest,
        dedup_of=before.id if before and same else None,
        body=None if same or document is None else document.packed,
        projection_version=document.projection_version if document else PROJECTION_VERSION,
        source_event=row.source_event,
        diff="{}" if same else _difference(before, row),
        queue_id=row.queue_id,
        carried=None if same or carried is None else pack(carried),
        carried_hash=beside,
    )


def _difference(before: Latest | None, row: NewSnapshot) -> str | None:
    """Return what changed as JSON, None where all of the document is new."""
    then = _projection(before.body) if before else None
    if then is None and row.document is not None:
        return None
    now = row.document and canonical.decode(row.document.blob)
    return msgspec.json.encode(diff(then, now)).decode()


def _told(row: Snapshot, whole: bytes | None) -> Snapshot:
    """Return a snapshot with its difference, made anew where the whole document was new."""
    if whole is None:
        return row
    return replace(row, diff=msgspec.to_builtins(diff(None, _projection(whole)), str_keys=True))


def _projection(packed: bytes | None) -> Projection | None:
    return None if packed is None else canonical.decode(unpack(packed))
