"""Every error of the API in one shape: RFC 9457 problem details with a fix and a correlation id."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from baysync.base.errors import (
    Ambiguous,
    BaysyncError,
    Conflict,
    DatabaseError,
    NotFound,
    Refused,
    SettingsError,
)
from baysync.base.ids import correlation_id
from baysync.db.connection import LOST
from baysync.db.trouble import RETRY_AFTER, trouble
from baysync.listing.strict_json import Malformed
from baysync.telemetry.logs import logger

log = logger(__name__)
MEDIA_TYPE = "application/problem+json"
STATUS: dict[type[BaysyncError], int] = {
    NotFound: 404,
    Conflict: 409,
    Ambiguous: 409,
    Refused: 422,
    SettingsError: 422,
    DatabaseError: 503,
}


def correlation_of(request: Request) -> str:
    """Return the id that links this request's answer, log lines and rows."""
    state = request.scope.setdefault("state", {})
    return str(state.setdefault("correlation_id", correlation_id()))


def problem(
    request: Request, status: int, detail: str, *, code: str = "", **more: object
) -> JSONResponse:
    """Return a problem: ``title`` follows the status, ``code`` names the kind for programs."""
    where = {"instance": request.url.path, "correlation_id": correlation_of(request)}
    body = described(status, detail, code=code, **where, **more)
    return JSONResponse(body, status, media_type=MEDIA_TYPE)


def described(status: int, detail: str, *, code: str = "", **more: object) -> dict[str, object]:
    """Return what a problem says, of which no request need be known."""
    title = HTTPStatus(status).phrase
    return {
        "type": "about:blank",
        "title": title,
        "status": status,
        "detail": detail,
        "code": code or title.lower().replace(" ", "_"),
        **more,
    }


def install(app: FastAPI) -> None:
    """Let ``app`` answer every error as a problem."""
    app.add_exception_handler(BaysyncError, _ours)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(Malformed, _malformed)
    for lost in LOST:
        app.add_exception_handler(lost, _no_database)


async def _ours(request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, BaysyncError):
        raise error
    status = next((code for kind, code in STATUS.items() if isinstance(error, kind)), 400)
    code = "".join(f"_{c.lower()}" if c.isupper() else c for c in type(error).__name__)[1:]
    choices = {"choices": error.choices} if isinstance(error, Ambiguous) else {}
    answer = problem(request, status, error.message, code=code, fix=error.fix, **choices)
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        answer.headers["Retry-After"] = RETRY_AFTER
    return answer


async def _http(request: Request, error: Exception) -> JSONResponse:
    status = error.status_code if isinstance(error, HTTPException) else 500
    detail = str(error.detail) if isinstance(error, HTTPException) else ""
    answer = problem(request, status, detail)
    if isinstance(error, HTTPException) and error.headers:
        answer.headers.update(error.headers)
    return answer


async def _malformed(request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, Malformed):
        raise error
    found = error.problem
    detail = f"The body cannot be read: {found.message}."
    return problem(request, 400, detail, code=found.rule, fix=found.fix)


async def _invalid(request: Request, error: Exception) -> JSONResponse:
    found: Sequence[Any] = error.errors() if isinstance(error, RequestValidationError) else ()
    errors = [
        {"pointer": "".join(f"/{part}" for part in row["loc"]), "detail": row["msg"]}
        for row in found
    ]
    detail = "The request has fields that do not fit."
    return problem(request, 422, detail, code="invalid_request", errors=errors)


async def _no_database(request: Request, error: Exception) -> JSONResponse:
    found = trouble(error)
    log.warning("api.no_database", reason=str(found.lack), error=error)
    fix = f"try again in a moment; where it lasts: {found.fix}"
    answer = problem(request, 503, found.words, fix=fix)
    answer.headers["Retry-After"] = RETRY_AFTER
    return answer


def unexpected(request: Request, error: Exception) -> JSONResponse:
    """Log an error that nobody foresaw; return an answer that does not show it."""
    log.error("api.failed", path=request.url.path, exc_info=error)
    return problem(
        request,
        500,
        "Something went wrong here; the log has it under the correlation id.",
        fix="report it with the correlation id.",
    )
