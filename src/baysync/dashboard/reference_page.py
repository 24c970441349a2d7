"""The page of the HTTP API's reference."""

from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import HTMLResponse

from baysync.dashboard import reference
from baysync.dashboard.render import Pages
from baysync.db.connection import Db
from baysync.insight import overview_store


def add(
    routes: APIRouter,
    lend: Callable[[], AbstractAsyncContextManager[Db]],
    pages: Pages,
    *,
    described: Callable[[], Mapping[str, Any]],
) -> None:
    """Add the page; ``described`` returns the OpenAPI document of the API."""

    async def page(request: Request) -> HTMLResponse:
        document, address = described(), str(request.base_url).rstrip("/")
        async with lend() as db:
            accounts = await overview_store.accounts(db)
        return await pages.render(
            request,
            "reference.html",
            accounts=accounts,
            tags=reference.tags(document, address),
            schemas=reference.schemas(document),
        )

    routes.add_api_route("/reference", page)
