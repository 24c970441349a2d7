"""Decide whether a list of eBay's may be believed that is shorter than the one before it. Pure."""

from collections.abc import Mapping
from datetime import timedelta
from typing import TypeAlias

from msgspec import Struct

from baysync.reference.model import Gone, Location, SellerPolicies

SECOND_LOOK = timedelta(seconds=60)
Listed: TypeAlias = SellerPolicies | Mapping[str, Location]


def gone(known: Listed, shown: Struct | Mapping[str, Location]) -> Gone:
    """Return what was known and is missing from what eBay shows now."""
    if isinstance(known, SellerPolicies) and isinstance(shown, SellerPolicies):
        return Gone(
            fulfillment=_less(known.fulfillment, shown.fulfillment),
            payment=_less(known.payment, shown.payment),
            return_=_less(known.return_, shown.return_),
        )
    if isinstance(known, Mapping) and isinstance(shown, Mapping):
        return Gone(locations=_less(tuple(known), tuple(shown)))
    return Gone()


def united(known: Listed, shown: Struct | Mapping[str, Location]) -> Struct | dict[str, Location]:
    """Return what eBay shows now, and what is missing from it as it was known."""
    if isinstance(known, SellerPolicies) and isinstance(shown, SellerPolicies):
        kinds = known.names.keys() | shown.names.keys()
        return SellerPolicies(
            fulfillment=_both(known.fulfillment, shown.fulfillment),
            names={kind: known.names.get(kind, {}) | shown.names.get(kind, {}) for kind in kinds},
            payment=_both(known.payment, shown.payment),
            return_=_both(known.return_, shown.return_),
        )
    return {**_locations(known), **_locations(shown)}


def _locations(of: Struct | Mapping[str, Location]) -> Mapping[str, Location]:
    return of if isinstance(of, Mapping) else {}


def _less(known: tuple[str, ...], shown: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted(set(known) - set(shown)))


def _both(known: tuple[str, ...], shown: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted(set(known) | set(shown)))
