"""The Developer Analytics API: how many calls are left today. Pure.

Source: developer/analytics/v1_beta. Some APIs share a pool in ways this does not show, and the
sandbox answers with stubs: a 429 is the truth, this is a forecast.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from baysync.ebay import wire
from baysync.ebay.calls import get
from baysync.ebay.model import Answer, Call, Family, Operation

ROOT = "/developer/analytics/v1_beta"
DAY_SECONDS = 86_400
FAMILIES = {
    ("sell", "inventory"): Family.INVENTORY,
    ("sell", "account"): Family.ACCOUNT,
    ("sell", "fulfillment"): Family.FULFILLMENT,
    ("sell", "metadata"): Family.METADATA,
    ("commerce", "taxonomy"): Family.TAXONOMY,
    ("commerce", "identity"): Family.IDENTITY,
    ("developer", "analytics"): Family.ANALYTICS,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CallQuota:
    """What is left of one resource's calls until ``reset_at`` (None where eBay names no time)."""

    family: Family
    resource: str
    limit: int
    remaining: int
    window_seconds: int
    reset_at: datetime | None


def get_rate_limits() -> Call:
    """Ask for the quotas of the application."""
    path = f"{ROOT}/rate_limit/"
    return get(Operation.GET_RATE_LIMITS, path, Family.ANALYTICS, application=True)


def get_user_rate_limits() -> Call:
    """Ask for the quotas that count for each seller apart."""
    return get(Operation.GET_USER_RATE_LIMITS, f"{ROOT}/user_rate_limit/", Family.ANALYTICS)


def quotas_in(answer: Answer) -> list[CallQuota]:
    """Return the quotas of the APIs baysync uses; what is a stub or incomplete is left out."""
    return [
        quota
        for api in wire.rows(wire.mapping(answer.body).get("rateLimits"))
        if (family := _family(api)) is not None
        for resource in wire.rows(api.get("resources"))
        for rate in wire.rows(resource.get("rates"))
        if (quota := _quota(family, wire.text(resource.get("name")), rate)) is not None
    ]


def daily(quotas: Iterable[CallQuota]) -> dict[Family, CallQuota]:
    """Return each family's quota of the day: of several resources the one with the most calls.

    Pools of single resources are smaller and not told apart here; a 429 speaks for them.
    """
    found: dict[Family, CallQuota] = {}
    for quota in quotas:
        known = found.get(quota.family)
        a_day = quota.window_seconds in {0, DAY_SECONDS} and quota.reset_at is not None
        if a_day and quota.limit > 0 and (known is None or quota.limit > known.limit):
            found[quota.family] = quota
    return found


def _family(api: Mapping[str, object]) -> Family | None:
    context, name = wire.text(api.get("apiContext")), wire.text(api.get("apiName"))
    return FAMILIES.get((context.lower(), name.lower()))


def _quota(family: Family, resource: str, rate: Mapping[str, object]) -> CallQuota | None:
    limit, remaining = wire.number(rate.get("limit")), wire.number(rate.get("remaining"))
    if limit is None or remaining is None:
        return None
    return CallQuota(
        family=family,
        resource=resource,
        limit=limit,
        remaining=max(0, remaining),
        window_seconds=wire.number(rate.get("timeWindow")) or 0,
        reset_at=wire.moment(rate.get("reset")),
    )
