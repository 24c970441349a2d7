"""Who the seller is, and how many calls are left today."""

from datetime import timedelta

from mockbay.answers import Document, Reply
from mockbay.call import Call, Operation
from mockbay.clock import pacific_day, to_datetime, to_iso, to_ms
from mockbay.gateway import DAILY, limit_of

HOUR_MS = 3_600_000
DAY_SECONDS = 86_400
RESOURCES = [api for api in DAILY if "." in api]


def user(call: Call) -> Reply:
    """Return the user behind the token."""
    body: Document = {
        "userId": call.seller.user_id,
        "username": call.seller.name,
        "accountType": "BUSINESS",
        "registrationMarketplaceId": "EBAY_US",
        "status": "CONFIRMED",
    }
    return Reply(200, body)


def rate_limits(call: Call) -> Reply:
    """Return limit, count and rest of every API, or of the one asked for."""
    wanted = call.query.get("api_name", "").lower(), call.query.get("api_context", "").lower()
    limits = [
        _limit(call, api)
        for api in RESOURCES
        for context, _, name in [api.partition(".")]
        if wanted[0] in {"", name} and wanted[1] in {"", context}
    ]
    return Reply(200, {"rateLimits": limits}) if limits else Reply(204)


def _limit(call: Call, api: str) -> Document:
    context, _, name = api.partition(".")
    limit = round(limit_of(call, api))
    count = call.world.usage.get((api, call.world.today), 0)
    rate = {
        "limit": limit, "count": count, "remaining": max(limit - count, 0),
        "reset": to_iso(next_reset(call.world.clock.ms)), "timeWindow": DAY_SECONDS,
    }  # fmt: skip
    return {
        "apiContext": context, "apiName": name,
        "apiVersion": "v1_beta" if context == "developer" else "v1",
        "resources": [{"name": api, "rates": [rate]}],
    }  # fmt: skip


def next_reset(ms: int) -> int:
    """Return when the next day begins in California."""
    today = pacific_day(ms)
    hour = to_datetime(ms).replace(minute=0, second=0, microsecond=0)
    while pacific_day(to_ms(hour)) == today:
        hour += timedelta(hours=1)
    return to_ms(hour)


OPERATIONS = [
    Operation("getUser", "GET", "/commerce/identity/v1/user", user, api="commerce.identity"),
    Operation("getRateLimits", "GET", "/developer/analytics/v1_beta/rate_limit", rate_limits,
              authority="basic scope", api="developer.analytics"),
    Operation("getUserRateLimits", "GET", "/developer/analytics/v1_beta/user_rate_limit",
              rate_limits, api="developer.analytics"),
]  # fmt: skip
