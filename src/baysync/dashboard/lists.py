"""The pages that list: listings by SKU, attempts and dead letters by time; by key, not number."""

from collections.abc import Callable, Iterable
from contextlib import AbstractAsyncContextManager
from typing import Annotated, get_args

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import HTMLResponse

from baysync.dashboard.render import Pages
from baysync.db.connection import Db
from baysync.insight import overview_store
from baysync.insight.listing import pages as listing_pages
from baysync.insight.listing.model import ListingFilter, State
from baysync.insight.overview import AccountState
from baysync.insight.queue import store as queues
from baysync.insight.reasons import of_errors
from baysync.listing.sku import SkuParameter
from baysync.publish import attempt_store
from baysync.publish.attempt_store import AttemptFilter
from baysync.queue.model import Selection

Lend = Callable[[], AbstractAsyncContextManager[Db]]
Marketplace = Annotated[str, Query(max_length=40)]
Before = Annotated[int | None, Query(ge=1, le=2**62)]
PAGE = 50


def add(routes: APIRouter, lend: Lend, pages: Pages) -> None:
    """Add the list of listings, the sync log and the dead letters."""
    _add_listings(routes, lend, pages)
    _add_log(routes, lend, pages)
    _add_dead_letters(routes, lend, pages)


def _add_listings(routes: APIRouter, lend: Lend, pages: Pages) -> None:
    async def listings(
        request: Request,
        q: Annotated[str, Query(max_length=200)] = "",
        state: State = "",
        marketplace: Marketplace = "",
        after: Annotated[str, Query(max_length=200)] = "",
    ) -> HTMLResponse:
        async with lend() as db:
            accounts = await overview_store.accounts(db)
            chosen = ListingFilter(q=q, state=state, marketplace=marketplace)
            found = await listing_pages.page(db, chosen, after=after, limit=PAGE)
            return await pages.render(
                request,
                "listings.html",
                part="_listings.html",
                accounts=accounts,
                marketplaces=_marketplaces(accounts, marketplace),
                marketplace=marketplace,
                found=found,
                by_place=bool(state or marketplace),
                q=q,
                state=state,
                after=after,
                states=get_args(State),
            )

    routes.add_api_route("/listings", listings)


def _add_log(routes: APIRouter, lend: Lend, pages: Pages) -> None:
    async def sync_log(
        request: Request,
        sku: Annotated[SkuParameter, Query(max_length=200)] = "",
        outcome: Annotated[str, Query(max_length=40)] = "",
        marketplace: Marketplace = "",
        before: Before = None,
    ) -> HTMLResponse:
        async with lend() as db:
            accounts = await overview_store.accounts(db)
            chosen = AttemptFilter(
                sku=sku or None, outcome=outcome or None, marketplace=marketplace or None
            )
            rows = await attempt_store.page(db, chosen, before=before, limit=PAGE + 1)
            return await pages.render(
                request,
                "log.html",
                part="_log.html",
                accounts=accounts,
                marketplaces=_marketplaces(accounts, marketplace),
                marketplace=marketplace,
                rows=[
                    (row, of_errors(row.errors, row.account, row.marketplace))
                    for row in rows[:PAGE]
                ],
                more=rows[PAGE - 1].id if len(rows) > PAGE else None,
                sku=sku,
                outcome=outcome,
            )

    routes.add_api_route("/log", sync_log)


def _add_dead_letters(routes: APIRouter, lend: Lend, pages: Pages) -> None:
    async def dead_letters(request: Request, before: Before = None) -> HTMLResponse:
        async with lend() as db:
            last = None if before is None else await queues.letter(db, before)
            rows = await queues.letters(
                db, Selection(), before=last and (last.died_at, last.id), limit=PAGE + 1
            )
            return await pages.render(
                request,
                "dead_letters.html",
                accounts=await overview_store.accounts(db),
                rows=[
                    (row, of_errors(row.errors, row.account, row.marketplace))
                    for row in rows[:PAGE]
                ],
                more=rows[PAGE - 1].id if len(rows) > PAGE else None,
            )

    routes.add_api_route("/dead-letters", dead_letters)


def _marketplaces(accounts: Iterable[AccountState], asked: str) -> list[str]:
    """Return what one may choose: where the accounts sell, and what is chosen now."""
    known = {name for account in accounts for name in account.marketplaces}
    return sorted(known | ({asked} if asked else set()))
