"""Routes that say how a listing stands on eBay, and what it was there."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

import msgspec
from fastapi import APIRouter, Path, Query, Request

from baysync.api import cursors
from baysync.api import listing_documents as documents
from baysync.api.deps import Db, Shared
from baysync.api.openapi import answers
from baysync.api.problems import correlation_of
from baysync.base.errors import NotFound
from baysync.db.connection import Db as Connection
from baysync.ebay.environment import Environment
from baysync.ebay.marketplace import listing_url
from baysync.ebay_listing.model import Lifecycle
from baysync.insight.listing import store as standings
from baysync.insight.listing.model import Standing
from baysync.insight.rules import in_the_way
from baysync.insight.why import reason
from baysync.listing.origin import HTTP
from baysync.listing.sku import SkuSegment
from baysync.snapshot import service, store
from baysync.snapshot.model import Place, Snapshot

router = APIRouter(prefix="/api/ebay", tags=["ebay"])
LARGEST = 2**62
Number = Annotated[int, Path(ge=1, le=LARGEST)]
Side = Annotated[int | None, Query(ge=1, le=LARGEST)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """How a listing stands on one marketplace of one account.

    ``why`` says in words why it is, or is not, as the shop wants it. ``url`` is the page of the
    item, null where there is none. ``blocked_detail`` names what to mend, with pointers.
    """

    account: str
    marketplace: str
    state: str
    live: bool
    in_step: bool
    why: str
    item_id: str | None
    url: str | None
    change: str | None
    due_at: datetime | None
    blocked_reason: str | None
    blocked_scope: str | None
    blocked_detail: dict[str, object] | None
    dead_letters: int
    sold: int
    last_sold_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OnEbay:
    """A listing, and how it stands wherever an account sells it."""

    sku: str
    places: list[Offered]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptSnapshot:
    """One snapshot; ``diff`` is what changed since the one before, ``hash`` null: nothing there.

    ``dedup_of`` is the ``seq`` of the equal snapshot that holds the document.
    """

    id: int
    seq: int
    created_at: datetime
    source_event: str
    hash: str | None
    dedup_of: int | None
    diff: dict[str, object]
    correlation_id: str
    change_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptSnapshots:
    """Snapshots, newest first; ``next_cursor`` leads to older ones."""

    sku: str
    account: str
    marketplace: str
    items: list[KeptSnapshot]
    next_cursor: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """One snapshot with its document, and what the seller had set beside it."""

    sku: str
    account: str
    marketplace: str
    snapshot: KeptSnapshot
    document: dict[str, object] | None
    seller: dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What turns snapshot ``a`` into ``b``, by JSON pointer; ``labels`` name its variants."""

    a: int
    b: int
    edits: dict[str, object]
    labels: dict[str, str]


@router.get("/listings/{sku}", responses=answers(404, 409))
async def listing(sku: SkuSegment, db: Db, shared: Shared) -> OnEbay:
    """Return whether a listing is live, else why not, with item id and link, place by place.

    The SKU of a variant answers for its listing.
    """
    name = await documents.named(db, sku)
    lit = shared.watch.now().lights
    return OnEbay(
        sku=name,
        places=[
            _offered(one, reason(one, in_the_way(lit, one.account)))
            for one in await standings.standing(db, name)
        ],
    )


@router.get("/listings/{sku}/snapshots", responses=answers(404, 409))
async def snapshots(
    sku: SkuSegment,
    db: Db,
    *,
    account: str | None = None,
    marketplace: str | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: str = "",
) -> KeptSnapshots:
    """Return a page of what eBay showed of a listing, newest first.

    Where it is sold in several places, ``account`` and ``marketplace`` say which: else 409.
    """
    before = cursors.number("snapshot", cursor)
    place = await _place(db, sku, account, marketplace)
    rows = await service.page(db, place.ebay_listing_id, before=before, limit=limit + 1)
    items = rows[:limit]
    return KeptSnapshots(
        sku=place.sku,
        account=place.account,
        marketplace=place.marketplace,
        items=[_kept(row) for row in items],
        next_cursor=cursors.cursor("snapshot", str(items[-1].seq)) if len(rows) > limit else None,
    )


@router.post("/listings/{sku}/snapshots", status_code=201, responses=answers(404, 409))
async def create(
    sku: SkuSegment,
    request: Request,
    db: Db,
    account: str | None = None,
    marketplace: str | None = None,
) -> KeptSnapshot:
    """Keep what is known of eBay now, as ``manual``; no call is made.

    A state equal to the one before is a row that refers to it: ``dedup_of``, and an empty ``diff``.
    """
    place = await _place(db, sku, account, marketplace)
    made = await service.create(db, place, correlation_id=correlation_of(request), by=HTTP)
    return _kept(made)


@router.get("/listings/{sku}/snapshots/{seq}", responses=answers(404, 409))
async def state(
    sku: SkuSegment,
    seq: Number,
    db: Db,
    account: str | None = None,
    marketplace: str | None = None,
) -> State:
    """Return one snapshot of a listing with its document."""
    return await _state(db, await _place(db, sku, account, marketplace), seq)


@router.get("/listings/{sku}/diff", responses=answers(404, 409))
async def difference(
    sku: SkuSegment,
    db: Db,
    *,
    a: Side = None,
    b: Side = None,
    account: str | None = None,
    marketplace: str | None = None,
) -> Difference:
    """Return what changed from snapshot ``a`` to ``b``.

    Left out, ``b`` is the newest and ``a`` the one before ``b``.
    """
    place = await _place(db, sku, account, marketplace)
    last = b or await service.newest(db, place.ebay_listing_id)
    first = a or max(1, last - 1)
    found = await service.compare(db, place.ebay_listing_id, first, last)
    edits: dict[str, object] = msgspec.to_builtins(found.edits)
    return Difference(a=first, b=last, edits=edits, labels=found.labels)


@router.get("/snapshots/{id}", responses=answers(404))
async def snapshot(id: Number, db: Db) -> State:  # noqa: A002 -- as the path says
    """Return one snapshot of whatever listing with its document."""
    found = await store.place_of(db, id)
    if found is None:
        raise NotFound(
            f"There is no snapshot {id}.",
            fix="GET /api/ebay/listings/SKU/snapshots names those of a listing.",
        )
    return await _state(db, *found)


async def _place(db: Connection, sku: str, account: str | None, marketplace: str | None) -> Place:
    name = await documents.named(db, sku)
    return await service.find(db, name, account=account, marketplace=marketplace)


async def _state(db: Connection, place: Place, seq: int) -> State:
    row = await service.one(db, place.ebay_listing_id, seq)
    document = await service.read(db, place.ebay_listing_id, seq)
    return State(
        sku=place.sku,
        account=place.account,
        marketplace=place.marketplace,
        snapshot=_kept(row),
        document=None if document is None else msgspec.to_builtins(document),
        seller=await service.read_sellers(db, place.ebay_listing_id, seq),
    )


def _offered(one: Standing, why: str) -> Offered:
    shown = one.external_item_id if one.environment != Environment.MOCK else None
    sandbox = one.environment == Environment.SANDBOX
    return Offered(
        account=one.account,
        marketplace=one.marketplace,
        state=one.lifecycle_state,
        live=one.lifecycle_state == Lifecycle.LIVE,
        in_step=one.projected and one.desired == one.published and one.verify_at is None,
        why=why,
        item_id=one.external_item_id,
        url=shown and listing_url(one.marketplace, shown, sandbox=sandbox),
        change=one.change,
        due_at=one.due_at,
        blocked_reason=one.blocked_reason,
        blocked_scope=one.blocked_scope,
        blocked_detail=one.blocked_detail,
        dead_letters=one.dead,
        sold=one.sold,
        last_sold_at=one.last_sold_at,
    )


def _kept(row: Snapshot) -> KeptSnapshot:
    return KeptSnapshot(
        id=row.id,
        seq=row.seq,
        created_at=row.created_at,
        source_event=row.source_event,
        hash=None if row.snapshot_hash is None else row.snapshot_hash.hex(),
        dedup_of=row.dedup_of,
        diff=row.diff,
        correlation_id=row.correlation_id,
        change_id=row.queue_id,
    )
