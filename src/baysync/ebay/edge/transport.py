"""The only place that speaks HTTP to eBay: headers, time limit, and answers of any shape.

Nothing is repeated here and no redirect is followed. An answer is always returned, never an
exception: whatever eBay, a proxy or the network does becomes a status or a ``Failure``.
"""

from base64 import b64encode
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import TypeAlias

import aiohttp
import msgspec
from yarl import URL

from baysync.base import clock
from baysync.ebay import envelope, wire
from baysync.ebay.environment import Environment, Hosts, checked
from baysync.ebay.model import Answer, Call, Failure, Operation
from baysync.ebay.waiting import retry_after

TIMEOUT = 20.0
LARGEST_BODY = 5 * 1024 * 1024
LARGEST_TREE = 64 * 1024 * 1024  # of categories
LOGGED_TEXT = 8_000
NO_CONTENT = 204
IDLE = 4.0  # seconds; shorter than the 5 s after which common servers hang up on us
KEPT = ("retry-after", "rlogid", "x-ebay-c-request-id", "location", "x-rate-limit-remaining")


Http: TypeAlias = aiohttp.ClientSession  # for who hands it on without knowing the library


@dataclass(slots=True)
class _Progress:
    """Filled in by aiohttp's trace: whether the request has left."""

    sent: bool = False


class Transport:
    """Sends calls to the hosts of one environment over a shared pool of connections."""

    def __init__(
        self,
        http: aiohttp.ClientSession,
        *,
        environment: Environment,
        hosts: Hosts,
        timeout: float = TIMEOUT,
    ) -> None:
        self.environment = environment
        self.hosts = checked(environment, hosts)
        self.timeout = timeout
        self._http = http

    async def send(self, call: Call, *, token: str) -> Answer:
        """Send ``call`` with an access token and return what came of it."""
        headers = {**_headers(call), "Authorization": f"Bearer {token}"}
        body = None if call.body is None else msgspec.json.encode(call.body)
        return await self._exchange(call, headers, body)

    async def send_form(
        self, call: Call, form: Mapping[str, str], *, client_id: str, client_secret: str
    ) -> Answer:
        """Send a form to the token endpoint, where the application names itself."""
        basic = b64encode(f"{client_id}:{client_secret}".encode()).decode()
        headers = {"Accept": "application/json", "Authorization": f"Basic {basic}"}
        return await self._exchange(call, headers, aiohttp.FormData(dict(form)))

    async def _exchange(
        self, call: Call, headers: Mapping[str, str], data: bytes | aiohttp.FormData | None
    ) -> Answer:
        progress = _Progress()
        began = clock.monotonic()
        try:
            async with self._http.request(
                call.method,
                URL(self.hosts.of(call.family) + call.path, encoded=True),
                headers=headers,
                data=data,
                allow_redirects=False,
                timeout=aiohttp.ClientTimeout(total=self.timeout),
                trace_request_ctx=progress,
            ) as response:
                answer = await _read(call, response)
        except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as error:
            answer = Answer(call=call, failure=_failure(error, progress))
        return replace(answer, elapsed_ms=round((clock.monotonic() - began) * 1000))


@asynccontextmanager
async def open_http(*, connections: int = 32) -> AsyncGenerator[aiohttp.ClientSession]:
    """Open the pool of connections: no cookies, no proxies or credentials of the environment."""
    trace = aiohttp.TraceConfig()
    trace.on_request_headers_sent.append(_mark_sent)
    connector = aiohttp.TCPConnector(limit=connections, keepalive_timeout=IDLE)
    async with aiohttp.ClientSession(
        connector=connector,
        cookie_jar=aiohttp.DummyCookieJar(),
        trace_configs=[trace],
        trust_env=False,
    ) as http:
        # aiohttp repeats a PUT on a connection that broke; a repeated write must be our decision
        http._retry_connection = False  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
        yield http


async def _mark_sent(
    _http: aiohttp.ClientSession,
    context: SimpleNamespace,
    _params: aiohttp.TraceRequestHeadersSentParams,
) -> None:
    context.trace_request_ctx.sent = True


def _headers(call: Call) -> dict[str, str]:
    """Return the headers eBay wants on every call, and those of a write."""
    headers = {
        "Accept": "application/json",
        "Accept-Language": "en-US",  # without it, or with *, eBay answers 25709
        "X-EBAY-C-MARKETPLACE-ID": call.marketplace,
        "User-Agent": "baysync",
    }
    if call.body is not None:
        headers["Content-Type"] = "application/json"
    if call.language is not None:
        headers["Content-Language"] = call.language
    return headers


def _failure(error: Exception, progress: _Progress) -> Failure:
    if not progress.sent:
        return Failure.NOT_CONNECTED
    return Failure.TIMEOUT if isinstance(error, TimeoutError) else Failure.RESET


async def _read(call: Call, response: aiohttp.ClientResponse) -> Answer:
    headers = {name: response.headers[name] for name in KEPT if name in response.headers}
    answer = Answer(call=call, status=response.status, headers=headers)
    asked = headers.get("retry-after")
    if asked is not None:
        date = response.headers.get("date", "")
        answer = replace(answer, retry_after=retry_after(asked, date))
    if response.status == NO_CONTENT:
        if response.headers.get("content-length", "0") != "0":
            response.close()  # a body that must not be there would be read as the next answer
        return answer
    return await _with_body(answer, response)


async def _with_body(answer: Answer, response: aiohttp.ClientResponse) -> Answer:
    try:
        tree = answer.call.op is Operation.GET_CATEGORY_TREE
        raw = await _drain(response, LARGEST_TREE if tree else LARGEST_BODY)
    except aiohttp.ClientPayloadError:  # cut off, or not in the encoding it claims
        return replace(answer, failure=Failure.BAD_BODY)
    if raw is None:
        response.close()
        return replace(answer, failure=Failure.BAD_BODY)
    if not raw.strip():
        return answer
    family = answer.call.family
    text = envelope.unread(raw[:LOGGED_TEXT].decode("utf-8", "replace"), family)
    try:
        body = envelope.cleaned(msgspec.json.decode(raw), family)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return replace(answer, text=text, failure=Failure.BAD_BODY)
    sections = wire.mapping(body)
    return replace(
        answer,
        body=body,
        text=text,
        problems=wire.problems(sections.get("errors")),
        warnings=wire.problems(sections.get("warnings")),
    )


async def _drain(response: aiohttp.ClientResponse, largest: int) -> bytes | None:
    """Return the whole body, or None once it is larger than any such answer of eBay's."""
    raw = bytearray()
    async for chunk in response.content.iter_chunked(65_536):
        raw += chunk
        if len(raw) > largest:
            return None
    return bytes(raw)
