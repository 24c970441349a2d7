"""Routes by which an operator looks at the queue and sends what waits or gave up again."""

from dataclasses import dataclass
from typing import Annotated, Literal

import msgspec
from fastapi import APIRouter, Path, Query, Request

from baysync.api import bodies, cursors
from baysync.api.deps import Db, Shared
from baysync.api.openapi import answers
from baysync.base.errors import Conflict, NotFound, Refused
from baysync.ebay.model import Verdict
from baysync.ebay_listing.model import Intent
from baysync.insight.queue import store as queues
from baysync.insight.queue.model import Change, ChangeFilter, DeadLetter, LaneStats
from baysync.listing.origin import HTTP
from baysync.listing.sku import SkuParameter
from baysync.queue import dead_letters, service
from baysync.queue.model import ACTIVE, Replayed, Selection, Status

router = APIRouter(prefix="/api/admin/ebay", tags=["operating"])
LARGEST = 2**63 - 1
Limit = Annotated[int, Query(ge=1, le=200)]
Id = Annotated[int, Path(ge=1, le=LARGEST)]
Reason = Annotated[str | None, Query(max_length=500)]
ErrorId = Annotated[int | None, Query(ge=0, le=LARGEST)]
Text = Annotated[str, msgspec.Meta(min_length=1, max_length=500, pattern=r"^[^\x00]*$")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """The newest changes, and the state of every lane; ``next_cursor`` leads to older ones."""

    lanes: list[LaneStats]
    items: list[Change]
    next_cursor: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hurried:
    """A change that waited and is due now."""

    id: int
    outcome: Literal["due"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadChanges:
    """Changes that gave up, newest first; ``next_cursor`` leads to older ones."""

    items: list[Change]
    next_cursor: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedEvents:
    """Open dead letters, newest first; ``next_cursor`` leads to older ones."""

    items: list[DeadLetter]
    next_cursor: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GaveUp:
    """Dead changes that have no resolved letter, and the open letters."""

    deadQueue: DeadChanges  # noqa: N815 -- the name in the answer, part of the contract
    failedEvents: FailedEvents  # noqa: N815 -- as above


class LetterFilter(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which open dead letters are meant; what is left out does not narrow the choice."""

    sku: Text | None = None
    account: Text | None = None
    marketplace: Text | None = None
    verdict: Verdict | None = None
    error_id: Annotated[int, msgspec.Meta(ge=0, le=LARGEST)] | None = None


class Retry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Dead letters to send again: by id, or all that a filter means."""

    ids: (
        Annotated[
            list[Annotated[int, msgspec.Meta(ge=1, le=LARGEST)]],
            msgspec.Meta(min_length=1, max_length=10_000),
        ]
        | None
    ) = None
    filter: LetterFilter | None = None
    reason: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RetriedLetters:
    """The letters that were closed, and what became of their listings."""

    items: list[Replayed]


@router.get("/queue")
async def queue(  # noqa: PLR0913 -- each is one parameter of the address
    db: Db,
    *,
    status: Annotated[list[Status] | None, Query()] = None,
    account: str | None = None,
    sku: SkuParameter | None = None,
    marketplace: str | None = None,
    intent: Intent | None = None,
    limit: Limit = 50,
    cursor: str = "",
) -> Queue:
    """Return the lanes and a page of changes, newest first: those that wait or are in flight.

    ``status`` (several are possible) asks for others.
    """
    chosen = ChangeFilter(
        statuses=status or ACTIVE, account=account, sku=sku, marketplace=marketplace, intent=intent
    )
    before = cursors.number("change", cursor)
    items = await queues.changes(db, chosen, before=before, limit=limit + 1)
    return Queue(
        lanes=await queues.lanes(db), items=items[:limit], next_cursor=_onward(items, limit)
    )


@router.get("/queue/dead-letter")
async def dead(  # noqa: PLR0913 -- each is one parameter of the address
    db: Db,
    *,
    account: str | None = None,
    sku: SkuParameter | None = None,
    marketplace: str | None = None,
    verdict: Verdict | None = None,
    error_id: ErrorId = None,
    limit: Limit = 50,
    dead_queue_cursor: str = "",
    failed_events_cursor: str = "",
) -> GaveUp:
    """Return what gave up: dead changes without a resolved letter, and open letters.

    Each list has a cursor of its own.
    """
    chosen = Selection(
        account=account, sku=sku, marketplace=marketplace, verdict=verdict, error_id=error_id
    )
    changes = await queues.dead_changes(
        db, chosen, before=cursors.number("change", dead_queue_cursor), limit=limit + 1
    )
    letters = await queues.letters(
        db, chosen, before=cursors.moment("letter", failed_events_cursor), limit=limit + 1
    )
    last = letters[limit - 1] if len(letters) > limit else None
    onward = last and cursors.cursor("letter", f"{last.died_at.isoformat()}/{last.id}")
    return GaveUp(
        deadQueue=DeadChanges(items=changes[:limit], next_cursor=_onward(changes, limit)),
        failedEvents=FailedEvents(items=letters[:limit], next_cursor=onward),
    )


@router.post("/queue/dead-letter/retry", openapi_extra=bodies.described(Retry))
async def retry_letters(request: Request, shared: Shared) -> RetriedLetters:
    """Close the open letters that are meant and send today's state of their listings.

    A fresh change has no attempt spent. Where newer work is active, everything is blocked, or eBay
    shows already what is wanted, none is added: ``fate`` says so. A thousand letters are one
    transaction. Ids of letters that are not open are left out of the answer.
    """
    wanted = await bodies.typed(request, Retry, seconds=shared.body_seconds)
    if wanted.ids is not None and wanted.filter is not None:
        raise Refused("Both ids and a filter are given.", fix="give one of them.")
    if wanted.ids is None and wanted.filter is None:
        raise Refused(
            "It is not said which dead letters.", fix='give "ids" or "filter"; {} as filter is all.'
        )
    chosen = _chosen(wanted)
    async with shared.pool.connection() as db:
        replayed = await dead_letters.replay(db, chosen, by=HTTP, reason=wanted.reason)
    shared.bell.ring()  # committed: there may be something to do
    return RetriedLetters(items=replayed)


# After the route of letters, which it would take for itself.
@router.post("/queue/{id}/retry", responses=answers(404, 409))
async def retry(id: Id, db: Db) -> Hurried:  # noqa: A002 -- as the path says
    """Let a change that waits be sent now; one that does not wait is 409."""
    if not await service.retry(db, [id], by=HTTP):
        raise Conflict(
            f"Change {id} does not wait.",
            fix="look at its status with GET /api/admin/ebay/queue; what gave up is sent again "
            "with POST /api/admin/ebay/queue/dead-letter/retry.",
        )
    return Hurried(id=id, outcome="due")


@router.post("/failed-events/{id}/replay", responses=answers(404, 409))
async def replay(id: Id, db: Db, reason: Reason = None) -> Replayed:  # noqa: A002 -- as the path says
    """Close one open letter and send today's state of its listing, with no attempt spent.

    A letter that is closed already is 409.
    """
    letter = await queues.letter(db, id)
    if letter is None:
        raise NotFound(
            f"There is no dead letter {id}.",
            fix="GET /api/admin/ebay/queue/dead-letter names those that are open.",
        )
    replayed = await dead_letters.replay(db, Selection(ids=(id,)), by=HTTP, reason=reason)
    if not replayed:
        raise Conflict(
            f"Dead letter {id} is closed: {letter.resolution or 'just now'}.",
            fix="GET /api/admin/ebay/queue/dead-letter names those that are open.",
        )
    return replayed[0]


def _chosen(wanted: Retry) -> Selection:
    if wanted.ids is not None:
        return Selection(ids=tuple(wanted.ids))
    narrowed = wanted.filter or LetterFilter()
    return Selection(
        sku=narrowed.sku,
        account=narrowed.account,
        marketplace=narrowed.marketplace,
        verdict=narrowed.verdict,
        error_id=narrowed.error_id,
    )


def _onward(changes: list[Change], limit: int) -> str | None:
    return cursors.cursor("change", str(changes[limit - 1].id)) if len(changes) > limit else None
