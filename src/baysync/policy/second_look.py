"""Decide whether a list of eBay's may be believed that is shorter than the one before it. Pure."""

from collections.abc import Collection, Mapping
from datetime import timedelta

from msgspec import Struct

from baysync.policy.model import Location, Policies

SECOND_LOOK = timedelta(seconds=60)


def lacks(known: Policies | Mapping[str, Location], found: Struct | Mapping[str, Location]) -> bool:
    """Return whether something that was known is missing from what eBay shows now."""
    if isinstance(known, Policies):
        return isinstance(found, Policies) and not set(_ids(known)) <= set(_ids(found))
    return isinstance(found, Mapping) and not known.keys() <= set(found)


def _ids(policies: Policies) -> Collection[str]:
    return (*policies.fulfillment, *policies.payment, *policies.return_)
