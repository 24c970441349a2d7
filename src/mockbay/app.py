"""The application: a Starlette app for pages and control, and eBay's contract on raw paths."""

import asyncio
import gzip
from collections.abc import Awaitable, Callable, MutableMapping
from functools import partial
from typing import Any
from urllib.parse import parse_qsl

import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mockbay import (
    contract,
    control,
    delivery,
    dialect,
    doors,
    gateway,
    notifications,
    oauth,
    openapi,
    page,
    writing,
)
from mockbay.answers import Refusal, Reply, lacking
from mockbay.call import Call, Operation, Table
from mockbay.clock import http_date
from mockbay.control import Mock
from mockbay.effects import Cut, Passage, play
from mockbay.journal import Entry, digest, packed, redacted
from mockbay.operations import OPERATIONS
from mockbay.rules import unreadable
from mockbay.shapes import SHAPES, misfit, stranger

BODILESS = frozenset({204, 304})
METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]
Endpoint = Callable[[Request], Awaitable[Response]]
CUTTER = "mockbay.cut"
"""Where the server puts the function that cuts the connection of a request."""


def application(mock: Mock) -> Starlette:
    """Return the ASGI application of a mock."""
    table = Table([*OPERATIONS, *contract.ABSENT])
    own = [
        (f"/_mock/{path}", method, partial(control.answer, mock, handler))
        for (method, path), handler in control.CONTROLS.items()
    ]
    own += [
        ("/_mock/openapi.json", "GET", partial(_described, tuple(control.CONTROLS))),
        ("/", "GET", partial(page.show, mock)),
        ("/", "POST", partial(page.press, mock)),
    ]
    own += [("/_mock/{path:path}", method, _unknown) for method in METHODS]
    routes = [Route(at, partial(_own, mock, act), methods=[method]) for at, method, act in own]
    served = partial(_serve, mock, table)
    return Starlette(routes=[*routes, Route("/{path:path}", served, methods=METHODS)])


async def _own(mock: Mock, answer: Endpoint, request: Request) -> Response:
    """Answer a call that is not eBay's, unless a page of the internet sends it."""
    problem = doors.stranger(request.headers, mock.beginning.hosts)
    if problem is not None:
        return Response(msgspec.json.encode({"error": problem}), 403, media_type="application/json")
    return await answer(request)


async def _unknown(request: Request) -> Response:
    """Say that there is no such control call: it is none of eBay's either."""
    asked = f"{request.method} {request.url.path}"
    problem = {"error": f"There is no control call {asked}; GET /_mock/openapi.json has them all."}
    return Response(msgspec.json.encode(problem), 404, media_type="application/json")


async def _described(controls: tuple[tuple[str, str], ...], _: Request) -> Response:
    return Response(openapi.document(controls), media_type="application/json")


async def _serve(mock: Mock, table: Table, request: Request) -> Response:
    """Answer one call of eBay's contract, journalled, with its fault if one is planned."""
    raw_path = request.scope["raw_path"].decode("ascii", "replace").partition("?")[0]
    found = table.find(request.method, raw_path)
    operation, params = found or (None, {})
    call = Call(
        mock.world, operation.op if operation else "unknown", request.method, raw_path, params,
        _query(mock, request), dict(request.headers),
        await request.body(), request.url.query, f"{request.url.scheme}://{request.url.netloc}",
    )  # fmt: skip
    if call.op == "getToken":
        call.account = oauth.asked_for(call)
    else:
        gateway.identify(call)
    entry = _begin(call, request.url.query, form=call.op in {"getToken", "giveConsent"})
    await _prove(call)
    try:
        reply = await _spoiled(mock, call, entry, partial(_seen, table, operation))
    except Cut:
        return _cut(request.scope)
    entry.account = call.account
    entry.record(reply)
    if (missed := lacking(reply)) is not None:
        mock.world.journal.miss(entry, missed)
    if mock.world.switches.error_dialect == "odd":
        reply = dialect.odd(reply)
    answer = _response(reply, zipped=call.zipped)
    answer.headers.setdefault("date", http_date(mock.world.clock.ms))
    answer.headers["x-ebay-c-request-id"] = f"mockbay-{entry.seq}"
    return answer


async def _prove(call: Call) -> None:
    """Challenge the endpoint that a call registers: outside the loop, it may call back."""
    wanted = notifications.challenge(call)
    if wanted is not None:
        call.proved = await asyncio.to_thread(delivery.challenged, *wanted)


def _query(mock: Mock, request: Request) -> dict[str, str]:
    blank = mock.world.switches.empty_query == "given"
    return dict(parse_qsl(request.url.query, keep_blank_values=blank))


async def _spoiled(mock: Mock, call: Call, entry: Entry, answer: Callable[[Call], Reply]) -> Reply:
    rule = mock.faults.pick(call)
    if rule is not None:
        entry.faults.append(rule.spec.id)
        with writing.kept(call):
            try:
                return await play(Passage(call, entry, rule, answer))
            except Refusal as refusal:  # the rule is about a body that cannot be read
                return refusal.reply()
    reply = answer(call)
    entry.applied = reply.succeeded and call.method != "GET"
    return reply


def _seen(table: Table, operation: Operation | None, call: Call) -> Reply:
    """Answer a call; a read may be shown what was there some time ago."""
    sellers, account = call.world.sellers, call.account or ""
    before = call.world.seen(account) if call.reads else None
    if before is None:
        return _answer(table, operation, call)
    now = sellers[account]
    sellers[account] = before
    try:
        return _answer(table, operation, call)
    finally:
        sellers[account] = now


def _answer(table: Table, operation: Operation | None, call: Call) -> Reply:
    if operation is None:
        return contract.unrouted(table, call)
    if operation.handler is contract.unimplemented:
        return contract.unimplemented(call)
    try:
        return gateway.admit(call, operation) or _handle(operation, call)
    except Refusal as refusal:
        return refusal.reply()


def _handle(operation: Operation, call: Call) -> Reply:
    if (shape := SHAPES.get(operation.op)) is not None:
        if not call.world.switches.strict_types:
            call.read_scalars(shape)
        field = misfit(call.document, shape)
        if field is None and call.world.switches.strict_fields:
            field = stranger(call.document, shape)
        if field is not None:
            raise Refusal(400, [unreadable(field)])
    writing.enter(call)
    return operation.handler(call)


def _begin(call: Call, query: str, *, form: bool) -> Entry:
    body = call.body if call.world.switches.journal_bodies else b""
    entry = Entry(
        0, call.world.clock.ms, call.method, call.path, query, call.op, redacted(call.headers),
        packed(body, form=form), digest(call.body), call.account,
    )  # fmt: skip
    return call.world.journal.begin(entry)


def _response(reply: Reply, *, zipped: bool) -> Response:
    body = reply.body
    content = msgspec.json.encode(body) if isinstance(body, dict) else body or b""
    if reply.status in BODILESS:
        content = b""
    headers = dict(reply.headers)
    if content:
        headers["content-type"] = reply.content_type
    if content and zipped:
        content = gzip.compress(content, 1, mtime=0)
        headers["content-encoding"] = "gzip"
    return Response(content, reply.status, headers)


def _cut(scope: MutableMapping[str, Any]) -> Response:
    scope[CUTTER]()
    return Response(status_code=500)
