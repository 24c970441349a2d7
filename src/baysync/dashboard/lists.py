"""The pages that list: listings by SKU, attempts by time; both page by key, never by number."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Annotated, Literal, get_args

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import HTMLResponse

from baysync.dashboard import listing_store, store
from baysync.dashboard.reasons import of_errors
from baysync.dashboard.render import Pages
from baysync.db.connection import Db

Lend = Callable[[], AbstractAsyncContextManager[Db]]
State = Literal["", "live", "queued", "blocked", "dead", "ended"]
PAGE = 50


def add(routes: APIRouter, lend: Lend, pages: Pages) -> None:
    """Add the list of listings and the sync log."""

    async def listings(
        request: Request,
        q: Annotated[str, Query(max_length=200)] = "",
        state: State = "",
        after: Annotated[str, Query(max_length=200)] = "",
    ) -> HTMLResponse:
        async with lend() as db:
            rows = await listing_store.page(db, after=after, q=q, state=state, limit=PAGE + 1)
            return pages.render(
                request,
                "listings.html",
                part="_listings.html",
                accounts=await store.accounts(db),
                rows=rows[:PAGE],
                more=rows[PAGE - 1].sku if len(rows) > PAGE else None,
                q=q,
                state=state,
                after=after,
                states=get_args(State),
            )

    async def sync_log(
        request: Request,
        sku: Annotated[str, Query(max_length=200)] = "",
        outcome: Annotated[str, Query(max_length=40)] = "",
        before: Annotated[int | None, Query(ge=1)] = None,
    ) -> HTMLResponse:
        async with lend() as db:
            rows = await store.attempts(
                db, limit=PAGE + 1, before=before, sku=sku.strip(), outcome=outcome
            )
            return pages.render(
                request,
                "log.html",
                part="_log.html",
                accounts=await store.accounts(db),
                rows=[(row, of_errors(row.errors)) for row in rows[:PAGE]],
                more=rows[PAGE - 1].id if len(rows) > PAGE else None,
                sku=sku.strip(),
                outcome=outcome,
            )

    routes.add_api_route("/listings", listings)
    routes.add_api_route("/log", sync_log)
