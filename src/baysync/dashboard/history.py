"""The pages of one listing: what it is, what it was, and what changed in between."""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Annotated, Any

import msgspec
from anyio import to_thread
from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import HTMLResponse

from baysync.base.errors import NotFound
from baysync.base.threads import work_on
from baysync.dashboard.fields import description, fields
from baysync.dashboard.lines import compare
from baysync.dashboard.render import Pages, alone
from baysync.dashboard.variants import axes, currency, title, variants
from baysync.db.connection import Db
from baysync.insight import overview_store
from baysync.insight.listing import store as listings
from baysync.insight.listing import timeline_store
from baysync.insight.listing.model import ListingHead, Standing
from baysync.insight.model import Light
from baysync.insight.reasons import of_block, of_errors
from baysync.insight.rules import in_the_way
from baysync.listing.shown import shown
from baysync.listing.sku import SkuSegment
from baysync.projection import canonical
from baysync.projection.diff import diff
from baysync.projection.group import labels
from baysync.projection.model import Projection
from baysync.snapshot import service as snapshots
from baysync.snapshot.model import Snapshot

Lend = Callable[[], AbstractAsyncContextManager[Db]]
Number = Annotated[int | None, Query(ge=1, le=2**62)]
MOST = 40


def add(
    routes: APIRouter, lend: Lend, pages: Pages, *, lights: Callable[[], Sequence[Light]]
) -> None:
    """Add the pages of one listing; ``at`` in the query is the id of one of its ebay listings."""
    _add_diff(routes, lend, pages)
    _add_listing(routes, lend, pages, lights)
    _add_description(routes, lend)


def _add_diff(routes: APIRouter, lend: Lend, pages: Pages) -> None:
    async def differences(
        request: Request, sku: SkuSegment, at: Number = None, a: Number = None, b: Number = None
    ) -> HTMLResponse:
        async with lend() as db:
            head = await _head(db, sku)
            standings = await _places(db, sku)
            here = _here(standings, at, sku)
            rows = await snapshots.page(db, here.id, before=None, limit=MOST)
            first, second = _pair(rows, a, b, sku)
            before = await snapshots.read(db, here.id, first) if first else None
            after = await snapshots.read(db, here.id, second)
            accounts = await overview_store.accounts(db)
        return await pages.render(
            request,
            "diff.html",
            accounts=accounts,
            listing=head,
            standings=standings,
            here=here,
            snapshots=rows,
            a=first,
            b=second,
            **await to_thread.run_sync(_compared, before, after),
        )

    routes.add_api_route("/listings/{sku}/diff", differences)


def _add_listing(
    routes: APIRouter, lend: Lend, pages: Pages, lights: Callable[[], Sequence[Light]]
) -> None:
    async def listing(
        request: Request, sku: SkuSegment, at: Number = None, *, pictures: bool = False
    ) -> HTMLResponse:
        async with lend() as db:
            head = await _head(db, sku)
            standings = await _places(db, sku)
            here = _here(standings, at, sku) if standings else None
            details = await _details(db, here) if here else {}
            accounts = await overview_store.accounts(db)
        return await pages.render(
            request,
            "listing.html",
            accounts=accounts,
            listing=head,
            body=await work_on(head.body, _indented),
            standings=standings,
            here=here,
            pictures=pictures,
            stopping=in_the_way(lights(), here.account) if here and here.change else (),
            **details,
        )

    routes.add_api_route("/listings/{sku}", listing)


def _add_description(routes: APIRouter, lend: Lend) -> None:
    async def described(
        sku: SkuSegment, at: Number = None, *, pictures: bool = False
    ) -> HTMLResponse:
        async with lend() as db:
            await _head(db, sku)
            here = _here(await _places(db, sku), at, sku)
            stored = await listings.documents(db, here.id)
        return alone(description(stored.published, stored.desired), pictures=pictures)

    routes.add_api_route("/listings/{sku}/description", described)


def _compared(before: Projection | None, after: Projection | None) -> dict[str, Any]:
    """Return what a page says of two snapshots."""
    hunks = compare(before and msgspec.to_builtins(before), after and msgspec.to_builtins(after))
    edits = sorted(diff(before, after).items())
    return {"edits": edits, "hunks": hunks, "labels": labels(before, after)}


def _indented(body: bytes) -> str:
    return msgspec.json.format(shown(body), indent=2).decode()


async def _details(db: Db, here: Standing) -> dict[str, Any]:
    """Return what a listing's page says about one of its marketplaces."""
    stored = await listings.documents(db, here.id)
    published = canonical.decode(stored.published) if stored.published else None
    desired = canonical.decode(stored.desired) if stored.desired else None
    items = await listings.items(db, here.id)
    reason = here.blocked_reason
    return {
        "axes": axes(desired, published),
        "currency": currency(published, desired),
        "description": description(stored.published, stored.desired),
        "exposures": await listings.exposures(db, here.id),
        "events": await timeline_store.timeline(
            db, here.sku, place=here.id, without=("edit", "call"), limit=MOST
        ),
        "fields": fields(stored.published, stored.desired),
        "labels": labels(published, desired),
        "reasons": of_block(reason, here.blocked_detail, here.account, here.marketplace)
        if reason
        else [],
        "single": next((item for item in items if not item.variant_key), None),
        "snapshots": await snapshots.page(db, here.id, before=None, limit=MOST),
        "title": title(published, desired),
        "variants": variants(published, desired, items),
        "warnings": of_errors(await listings.warnings(db, here.id), here.account, here.marketplace),
    }


async def _places(db: Db, sku: str) -> list[Standing]:
    """Return how a listing stands in its places, in the order in which they are shown."""
    places = await listings.standing(db, sku)
    return sorted(places, key=lambda place: (place.account, place.marketplace))


async def _head(db: Db, sku: str) -> ListingHead:
    head = await listings.head(db, sku)
    if head is None:
        raise NotFound(f"There is no listing {sku}.", fix="Look for it under Listings.")
    return head


def _here(standings: Sequence[Standing], at: int | None, sku: str) -> Standing:
    chosen = [place for place in standings if at is None or place.id == at]
    if not chosen:
        raise NotFound(
            f"{sku} is not sold there.", fix="Choose one of its marketplaces on its own page."
        )
    return chosen[0]


def _pair(rows: Sequence[Snapshot], a: int | None, b: int | None, sku: str) -> tuple[int, int]:
    """Return the two snapshots to compare: those asked for, else the newest with the one before.

    The first is 0 where there is none before: then everything was added.
    """
    if not rows:
        raise NotFound(
            f"There is no snapshot of {sku} yet.", fix="It gets one with its first publish."
        )
    second = b or rows[0].seq
    return (second - 1 if a is None else a), second
