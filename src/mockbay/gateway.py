"""What happens to every call before its handler: token, scope, headers, quota."""

import math

from mockbay.answers import Refusal, Reply, refuse
from mockbay.call import Call, Operation
from mockbay.marketplaces import LOCALES
from mockbay.scopes import APPLICATION
from mockbay.shapes import SHAPES
from mockbay.state import Access

BODIED = frozenset({"POST", "PUT"})
LENGTH_REQUIRED = Reply(
    411, b"<html><head><title>411</title></head><body>Length Required</body></html>",
    content_type="text/html",
)  # fmt: skip
FREE = frozenset({"developer.analytics", "commerce.media"})
REFERENCE = frozenset({"commerce.taxonomy", "sell.metadata"})
INVENTORY = "sell.inventory"  # the only API that is known to insist on a language
SCOPE_OF = {"sell.feed": "sell.inventory", "issueRefund": "sell.finances"}
"""The scope of an API, or of one call of it, that is not named like the API."""
DAILY = {
    "sell.inventory": 2_000_000, "sell.account": 25_000, "sell.fulfillment": 100_000,
    "sell.feed": 100_000, "sell.metadata": 5_000, "commerce.taxonomy": 5_000,
    "commerce.notification": 10_000, "developer.analytics": 5_000,
    "client_credentials": 1_000, "authorization_code": 10_000, "refresh_token": 50_000,
}  # fmt: skip
"""Calls per API (or grant of the token call) and Pacific day, as eBay documents them."""


def identify(call: Call) -> Access | None:
    """Return the access behind the token, expired or not, and note the account."""
    scheme, _, token = call.headers.get("authorization", "").partition(" ")
    access = call.world.access.get(token.strip()) if scheme.lower() == "bearer" else None
    if access is not None:
        call.account = access.seller
    return access


def admit(call: Call, operation: Operation) -> Reply | None:
    """Let a call pass, or answer it: length, token, headers, quota, in this order.

    Raises:
        Refusal: the token, a header or the quota forbids the call.
    """
    if call.method in BODIED and not _has_length(call):
        return LENGTH_REQUIRED
    if operation.authority == "no token":
        return None
    _authorize(call, operation, identify(call))
    _check_headers(call, operation)
    return over_quota(call, operation.api)


def _has_length(call: Call) -> bool:
    return "content-length" in call.headers or "transfer-encoding" in call.headers


def _authorize(call: Call, operation: Operation, access: Access | None) -> None:
    given = call.headers.get("authorization", "").strip()
    if not given:
        raise refuse(1002)
    if not given.lower().startswith("bearer "):
        raise refuse(1003)
    if access is None or access.expires <= call.world.clock.ms:
        raise refuse(1001)
    if operation.authority == "basic scope":
        if not has_basic_scope(call, access):
            raise refuse(1100, f"This call wants a token with the scope {APPLICATION}.")
    elif operation.authority == "user" and access.seller is None:
        raise refuse(1100, "This call wants the token of a user.")
    elif not _covered(operation, access):
        raise refuse(1100, f"A scope is missing for {operation.api}.")


def has_basic_scope(call: Call, access: Access) -> bool:
    """Tell whether a token serves for the calls that want eBay's scope ``api_scope``."""
    anyones = access.seller is None or call.world.switches.basic_scope_tokens == "scope"
    return anyones and APPLICATION in access.scopes


def _covered(operation: Operation, access: Access) -> bool:
    if access.seller is None or operation.authority == "either" or operation.api in FREE:
        return True
    names = {scope.rpartition("/")[2] for scope in access.scopes}
    wanted = SCOPE_OF.get(operation.op) or SCOPE_OF.get(operation.api, operation.api)
    reading = {f"{wanted}.readonly"} if operation.method == "GET" else set[str]()
    return bool(names & ({wanted} | reading))


def _check_headers(call: Call, operation: Operation) -> None:
    strict = call.world.switches.strict_headers
    written = call.headers.get("content-language", "")
    accepted = call.headers.get("accept-language", written).strip()
    if strict and operation.api == INVENTORY and accepted in {"", "*"}:
        raise _wrong_header("Accept-Language")
    if operation.language and (call.locale not in LOCALES or "_" in written):
        raise _wrong_header("Content-Language")
    kind = call.headers.get("content-type", "" if strict else "application/json")
    if operation.op in SHAPES and call.body and "json" not in kind.lower():
        raise refuse(2004, f"Content-Type {kind!r}.", parameters={"header": "Content-Type"})


def _wrong_header(name: str) -> Refusal:
    return refuse(25709, f"Invalid value for header {name}.", parameters={"header": name})


def over_quota(call: Call, api: str) -> Reply | None:
    """Count one more call of an API; answer it when there were too many today or just now."""
    switches = call.world.switches
    if call.world.used(api) < limit_of(call, api) and not _bursts(call, api):
        return None
    reply = refuse(2001).reply()
    if switches.retry_after is not None:
        reply.headers = {"retry-after": str(switches.retry_after)}
    return reply


def _bursts(call: Call, api: str) -> bool:
    most = call.world.switches.burst_calls
    return most is not None and call.world.within(api, call.world.switches.burst_ms) >= most


def limit_of(call: Call, api: str) -> float:
    """Return how many calls of an API a day may have: by the switches, else as documented."""
    switches = call.world.switches
    quota = switches.reference_quota if api in REFERENCE else switches.quota
    return DAILY.get(api, math.inf) if quota is None else quota
