"""What stands before every request: who passed it on, whose host is meant, which page asks.

Until operators and roles exist, being on this machine is the only credential: so no other site
may borrow the browser of somebody who sits here (DNS rebinding, cross-site requests).
"""

import ipaddress
import re
from urllib.parse import SplitResult, unquote_to_bytes, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from baysync.api.problems import correlation_of, problem, unexpected
from baysync.base.errors import Refused
from baysync.telemetry import logs

log = logs.logger(__name__)
API = "/api/"
SAFE = {"GET", "HEAD", "OPTIONS"}
_GIVEN_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
_PROXIES = frozenset(
    {
        *("cf-connecting-ip", "cf-connecting-ipv6", "fastly-client-ip", "fly-client-ip"),
        *("forwarded", "true-client-ip", "via", "x-azure-clientip", "x-client-ip"),
        *("x-cluster-client-ip", "x-forwarded", "x-original-forwarded-for", "x-real-ip"),
    }
)
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "font-src 'self'; img-src 'self' https://i.ebayimg.com; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
}


def refuse_public(host: str) -> None:
    """Return if ``host`` can only be reached from this machine.

    Raises:
        Refused: it is another address.
    """
    if not is_loopback(host):
        raise Refused(
            f"baysync does not listen on {host}: until operators and roles exist, whoever "
            "reaches it may do everything.",
            fix="BAYSYNC_HOST=127.0.0.1, and a tunnel (ssh -L) from elsewhere.",
        )


def is_loopback(host: str) -> bool:
    """Say whether a host name or address means this machine only."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


class Guard:
    """ASGI middleware: checks Host and Origin, answers what nobody foresaw, adds headers."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request that may not pass; else hand it on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        given = request.headers.get("x-correlation-id", "")
        if _GIVEN_ID.fullmatch(given):
            scope.setdefault("state", {})["correlation_id"] = given
        identity = correlation_of(request)

        async def reply(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in {**HEADERS, "X-Correlation-Id": identity}.items():
                    headers.setdefault(name, value)
            await send(message)

        # Routed as it was sent: a slash within a name parts no segments.
        scope["path"] = scope["raw_path"].decode("ascii")
        with logs.bound(correlation_id=identity):
            checks = (_malformed, _proxied, _foreign, _encoded, _empty)
            answer = next(filter(None, (check(request) for check in checks)), None)
            try:
                await (answer or self._app)(scope, receive, reply)
            except ClientDisconnect:
                log.debug("api.client_left", path=request.url.path)  # nobody is there to answer
            except Exception as error:  # noqa: BLE001 - the last who can answer it
                await unexpected(request, error)(scope, receive, reply)


def _malformed(request: Request) -> Response | None:
    """Return the answer to an address that means no text, or text that no database stores."""
    raw = (request.scope.get("raw_path", b""), request.scope.get("query_string", b""))
    for part, name in zip(raw, ("path", "query"), strict=True):
        try:
            text = unquote_to_bytes(part).decode()
        except UnicodeDecodeError:
            return problem(request, 400, f"The {name} is not UTF-8.", code="malformed_address")
        if "\0" in text:
            detail = f"The {name} has a NUL character."
            return problem(request, 400, detail, code="malformed_address")
    return None


def _empty(request: Request) -> Response | None:
    """Return the answer to a question of the API with a parameter that says nothing.

    Pages have forms, which send the fields that nobody filled in.
    """
    if not request.url.path.startswith(API):
        return None
    for name, value in request.query_params.multi_items():
        if not value.strip():
            detail = f"The parameter {name} is empty: give it a value, or leave it out."
            return problem(request, 422, detail, code="empty_parameter")
    return None


def _proxied(request: Request) -> Response | None:
    """Return the answer to a request that a proxy passed on, from whomever it came."""
    for name in request.headers:
        if name in _PROXIES or name.startswith("x-forwarded-"):
            detail = (
                f"The header {name} says that a proxy passed this on. There is no login yet: "
                "everybody whom the proxy lets in could do everything. Ask this machine directly, "
                "from elsewhere through a tunnel (ssh -L)."
            )
            return problem(request, 403, detail, code="proxied_request")
    return None


def _encoded(request: Request) -> Response | None:
    """Return the answer to a body that is compressed, as RFC 9110 15.5.16 has it."""
    encoding = request.headers.get("content-encoding", "identity")
    if encoding.strip().lower() in {"", "identity"}:
        return None
    detail = f"Bodies are read as they come: Content-Encoding {encoding} is not undone here."
    fix = "Send the body uncompressed, without the header Content-Encoding."
    answer = problem(request, 415, detail, code="encoded_body", fix=fix)
    answer.headers["Accept-Encoding"] = "identity"
    return answer


def _foreign(request: Request) -> Response | None:
    """Return the answer to a request that another site or host is behind."""
    refused = _refusal(request.method, request.headers)
    return problem(request, 403, refused, code="foreign_request") if refused else None


def _refusal(method: str, headers: Headers) -> str | None:
    host = headers.get("host", "")
    if not _is_here(host):
        return f"The host {host!r} is not this machine."
    if method in SAFE:
        return None
    origin = headers.get("origin")
    if origin is not None and _split(origin).netloc != host:
        return f"A page of {origin!r} may not change anything here."
    if headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        return "Another site may not change anything here."
    return None


def _is_here(host: str) -> bool:
    """Say whether a Host header is a loopback address or name and at most a port, no more."""
    name, colon, port = host.rpartition(":")
    if not colon or port.endswith("]"):
        name, port = host, ""
    return is_loopback(name.lower()) and (not port or (port.isascii() and port.isdigit()))


def _split(address: str) -> SplitResult:
    """Return the parts of an address; none of them where it is no address, as with ``[``."""
    try:
        return urlsplit(address)
    except ValueError:
        return SplitResult("", "", "", "", "")
