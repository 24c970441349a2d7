"""The pages people look at: they read through stores and never write."""

from collections.abc import Callable, Coroutine, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from http import HTTPStatus
from typing import Any

from fastapi import APIRouter
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.staticfiles import StaticFiles

from baysync.base import ids
from baysync.base.errors import BaysyncError, NotFound
from baysync.dashboard import history, lists, reference_page
from baysync.dashboard.render import STATIC, Pages
from baysync.db.connection import LOST, Db
from baysync.db.trouble import RETRY_AFTER, trouble
from baysync.insight import overview_store
from baysync.insight.census import service as census
from baysync.insight.listing import blocked_store
from baysync.insight.model import Light
from baysync.insight.overview import counts
from baysync.insight.queue import store as queues
from baysync.insight.reasons import of_block, of_errors
from baysync.publish import attempt_store
from baysync.publish.attempt_store import AttemptFilter
from baysync.queue.model import Selection
from baysync.telemetry.logs import logger

Lend = Callable[[], AbstractAsyncContextManager[Db]]
RECENT = 8
MOST_BLOCKED = 25
log = logger(__name__)


def router(
    lend: Lend,
    *,
    lights: Callable[[], Sequence[Light]],
    described: Callable[[], Mapping[str, Any]],
) -> APIRouter:
    """Return the pages and their files.

    ``lend`` gives each page a connection, ``lights`` what is not as it should be, from memory,
    ``described`` the OpenAPI document of the API.
    """
    pages, assets = Pages(), StaticFiles(directory=STATIC)
    routes = APIRouter(route_class=_page_route(pages), include_in_schema=False)

    async def overview(request: Request) -> HTMLResponse:
        async with lend() as db:
            blocked = await blocked_store.blocked(db, limit=MOST_BLOCKED)
            dead = await queues.letters(db, Selection(), limit=MOST_BLOCKED)
            return await pages.render(
                request,
                "overview.html",
                part="_overview.html",
                accounts=await overview_store.accounts(db),
                lights=lights(),
                counts=counts(await census.figures(db)),
                attempts=await attempt_store.page(db, AttemptFilter(), limit=RECENT),
                blocked=[
                    (row, of_block(row.reason, row.detail, row.account, row.marketplace))
                    for row in blocked
                ],
                dead=[(row, of_errors(row.errors, row.account, row.marketplace)) for row in dead],
            )

    async def static(request: Request, file: str) -> Response:
        answer = await assets.get_response(file, request.scope)
        answer.headers["Cache-Control"] = "no-cache"  # asked for again, answered with 304
        return answer

    routes.add_api_route("/", overview)
    routes.add_api_route("/static/{file:path}", static)
    lists.add(routes, lend, pages)
    reference_page.add(routes, lend, pages, described=described)
    history.add(routes, lend, pages, lights=lights)
    return routes


def _page_route(pages: Pages) -> type[APIRoute]:
    class PageRoute(APIRoute):
        """A route whose errors are pages too."""

        def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
            """Return the handler, with errors shown to people."""
            inner = super().get_route_handler()

            async def handle(request: Request) -> Response:
                try:
                    return await inner(request)
                except Exception as error:  # noqa: BLE001 - the last door: every error is shown
                    return await _sorry(pages, request, error)

            return handle

    return PageRoute


async def _sorry(pages: Pages, request: Request, error: Exception) -> HTMLResponse:
    state = request.scope.setdefault("state", {})
    correlation_id = str(state.setdefault("correlation_id", ids.correlation_id()))
    status, title, fix = _explained(error)
    if status is HTTPStatus.INTERNAL_SERVER_ERROR:
        log.error(
            "page.failed", correlation_id=correlation_id, path=request.url.path, exc_info=error
        )
    page = await pages.render(
        request,
        "error.html",
        status=status,
        accounts=[],
        code=int(status),
        title=title,
        fix=fix,
        correlation_id=correlation_id,
    )
    if status is HTTPStatus.SERVICE_UNAVAILABLE:
        page.headers["Retry-After"] = RETRY_AFTER
    return page


def _explained(error: Exception) -> tuple[HTTPStatus, str, str]:
    match error:
        case NotFound():
            return HTTPStatus.NOT_FOUND, error.message, error.fix
        case RequestValidationError():
            wrong = ", ".join(str(one["loc"][-1]) for one in error.errors())
            return (
                HTTPStatus.BAD_REQUEST,
                f"The address is wrong in: {wrong}.",
                "Go back and try again.",
            )
        case HTTPException():
            return HTTPStatus(error.status_code), str(error.detail), "Go back and try again."
        case _ if isinstance(error, LOST):
            lacks = trouble(error)
            return HTTPStatus.SERVICE_UNAVAILABLE, lacks.words, lacks.fix
        case BaysyncError():
            return HTTPStatus.SERVICE_UNAVAILABLE, error.message, error.fix
        case _:
            return (
                HTTPStatus.INTERNAL_SERVER_ERROR,
                "This page could not be made.",
                "Look for the correlation id in the log of the server, then try again.",
            )
