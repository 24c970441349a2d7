"""Routes by which a shop says what it wants to sell."""

import dataclasses
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, cast

from fastapi import APIRouter, Header, Query, Request, Response

from baysync.api import bodies, cursors
from baysync.api import listing_documents as documents
from baysync.api.deps import Db, Services, Shared
from baysync.api.listing_documents import Saved
from baysync.api.openapi import answers, body
from baysync.base.errors import NotFound
from baysync.base.threads import work_on
from baysync.config.settings import Settings
from baysync.db.connection import Db as Connection
from baysync.listing import page_store, store
from baysync.listing.decode import trimmed
from baysync.listing.draft import Draft, Op, Outcome
from baysync.listing.model import ListingStatus, Problem
from baysync.listing.shown import shown
from baysync.listing.sku import SkuSegment
from baysync.listing_door import accept

router = APIRouter(prefix="/api/listings", tags=["listings"])
STORED: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Listing"}}}}
}
IfMatch = Annotated[str | None, Header()]


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One listing of a page."""

    sku: str
    status: str
    title: str
    version: int
    source: str
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Some listings in the order of their SKU; ``next_cursor`` leads to the following."""

    items: list[Item]
    next_cursor: str | None


@router.get("")
async def list_listings(
    response: Response,
    db: Db,
    *,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: str = "",
    status: ListingStatus | None = None,
) -> Page:
    """Return a page of listings in the order of their SKU."""
    found = await page_store.page(
        db, after=cursors.place("sku", cursor), limit=limit + 1, status=status
    )
    items = [
        Item(
            sku=line.sku,
            status=line.status,
            title=line.title,
            version=line.version,
            source=line.source,
            updated_at=line.updated_at,
        )
        for line in found[:limit]
    ]
    onward = cursors.cursor("sku", items[-1].sku) if len(found) > limit else None
    if onward:
        filtered = f"&status={status}" if status else ""
        response.headers["Link"] = (
            f'</api/listings?limit={limit}&cursor={onward}{filtered}>; rel="next"'
        )
    return Page(items=items, next_cursor=onward)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """What a request wants; ``document`` None stands in its body."""

    op: Op
    sku: str | None = None
    if_match: str | None = None
    if_none_match: str | None = None
    document: dict[str, object] | None = None


@router.post(
    "",
    response_model=Saved,
    responses={201: {"model": Saved}} | answers(409),
    openapi_extra=body("Listing"),
)
async def create(request: Request, shared: Shared) -> Response:
    """Store a listing under the SKU it names: 201 if it is new, 200 if it was there."""
    return await _save(request, shared, _Asked(op=Op.PUT))


@router.get("/{sku}", response_model=None, responses=STORED | answers(304, 404, 409))
async def read(sku: SkuSegment, db: Db, if_none_match: IfMatch = None) -> Response:
    """Return a listing as it is stored, prices with their currency's digits, and its tag.

    The SKU of a variant answers the listing, with ``Content-Location``.
    """
    entry = await documents.means(db, sku)
    stored = await store.get(db, entry.sku) if entry else None
    if stored is None:
        raise NotFound(
            f"There is no listing {sku}.", fix="GET /api/listings names those there are."
        )
    headers = {"ETag": documents.etag(stored)}
    if stored.sku != sku:
        headers["Content-Location"] = documents.location(stored.sku)
    if if_none_match is not None and documents.matches(if_none_match, stored):
        return Response(status_code=304, headers=headers)
    body = await work_on(stored.body, shown)
    return Response(body, media_type="application/json", headers=headers)


@router.put(
    "/{sku}",
    response_model=Saved,
    responses={201: {"model": Saved}} | answers(409, 412),
    openapi_extra=body("ListingPut"),
)
async def replace(
    sku: SkuSegment,
    request: Request,
    shared: Shared,
    if_match: IfMatch = None,
    if_none_match: IfMatch = None,
) -> Response:
    """Store a listing under this SKU, in place of what was there; with If-Match only of that.

    With ``If-None-Match: *`` only where nothing was. The SKU of a variant is 409: send the whole
    listing under its own.
    """
    asked = _Asked(op=Op.PUT, sku=sku, if_match=if_match, if_none_match=if_none_match)
    return await _save(request, shared, asked)


@router.patch(
    "/{sku}",
    response_model=Saved,
    responses=answers(404, 409, 412),
    openapi_extra=body("ListingPatch|VariantPatch"),
)
async def change(
    sku: SkuSegment, request: Request, shared: Shared, if_match: IfMatch = None
) -> Response:
    """Change what the body names, as a JSON merge patch (RFC 7396): null takes a field out.

    Variants merge by SKU, the others stay; ``{"sku": ..., "remove": true}`` takes one away. The
    SKU of a variant changes that variant.
    """
    return await _save(request, shared, _Asked(op=Op.PATCH, sku=sku, if_match=if_match))


@router.delete("/{sku}", response_model=Saved, responses=answers(404, 409, 412))
async def archive(
    sku: SkuSegment, request: Request, shared: Shared, if_match: IfMatch = None
) -> Response:
    """Archive a listing: it ends everywhere; its row and history are kept.

    The SKU of a variant is 409: take it away with a patch of its listing.
    """
    asked = _Asked(op=Op.PATCH, sku=sku, if_match=if_match, document={"status": "archived"})
    return await _save(request, shared, asked)


async def _save(request: Request, shared: Services, asked: _Asked) -> Response:
    """Store what was asked for and queue what it changes; the body is read before all else."""
    value = asked.document or await bodies.document(request, seconds=shared.body_seconds)
    draft = _draft(asked, value)
    async with shared.pool.connection() as db:
        answer = await _accepted(request, db, shared.settings, asked, draft)
    shared.bell.ring()  # committed: there may be something to do
    return answer


async def _accepted(
    request: Request, db: Connection, settings: Settings, asked: _Asked, draft: Draft
) -> Response:
    if asked.sku is not None and (asked.op is Op.PUT or asked.document):
        await documents.refuse_variant(db, asked.sku)
    wait = documents.debounce(settings)
    (result,) = await accept(db, [draft], source="api", debounce=wait, origin=documents.ORIGIN)
    if result.sku is not None and result.outcome is not Outcome.REJECTED:
        return documents.saved(result)
    if draft.is_conditional and documents.is_unmet(result):
        entry = await documents.means(db, asked.sku or "")
        stored = await store.get(db, entry.sku) if entry else None
        return await documents.precondition_failed(request, stored)
    return documents.refused(request, result)


def _draft(asked: _Asked, value: object) -> Draft:
    """Return the draft of one request; a SKU in the path is the SKU."""
    draft = _of_value(asked, value)
    return dataclasses.replace(
        draft,
        if_match=documents.digests(asked.if_match),
        if_none_match=documents.digests(asked.if_none_match, weak=True),
    )


def _of_value(asked: _Asked, value: object) -> Draft:
    if not isinstance(value, dict):
        return Draft(line=1, document={}, op=asked.op, problems=(_NOT_AN_OBJECT,))
    fields = cast("dict[str, object]", value)
    if asked.sku is None:
        return Draft(line=1, document=fields, op=asked.op)
    named = fields.get("sku", asked.sku)
    differs = not isinstance(named, str) or trimmed(named) != asked.sku
    return Draft(
        line=1,
        document={**fields, "sku": asked.sku},
        op=asked.op,
        problems=(_ANOTHER_SKU,) if differs else (),
    )


_NOT_AN_OBJECT = Problem(
    pointer="", rule="not_an_object", message="is not an object", fix="write { ... }"
)
_ANOTHER_SKU = Problem(
    pointer="/sku",
    rule="another_sku",
    message="is not the SKU of the path",
    fix="leave it out: a listing keeps its SKU for life",
)
