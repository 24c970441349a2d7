"""What is wanted of a listing that may only follow what eBay holds: it is blocked or ended."""

from collections.abc import Mapping

from msgspec import Struct
from msgspec.structs import replace

from baysync.projection.group import stocked
from baysync.projection.model import Lifecycle, Projection


class Limit(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How far a published document may still change while nothing new may be said.

    ``ended``: buyers shall not find it. ``quantity``: at most this many are for sale;
    ``quantities``: at most these of each variant, and none of another. None: it stays as it is.
    ``removed``: once it is ended nothing is wanted there ever again.
    """

    ended: bool = False
    quantities: dict[str, int | None] = {}
    quantity: int | None = None
    removed: bool = False


def follow(limit: Limit, published: Projection | None) -> Projection | None:
    """Return the desired document: ``published`` with what ``limit`` takes from it.

    Stock only goes down and a listing only ends. What buyers do not see is left as it is: then
    desired equals published and there is nothing to do. Called whenever either side changes.
    """
    if published is None or published.lifecycle is not Lifecycle.LIVE:
        return published
    if limit.ended:
        return replace(published, lifecycle=Lifecycle.ENDED)
    if published.quantity is None:
        return published
    if published.quantities:
        caps = limit.quantities or _spread(published.quantities, limit.quantity)
        held = published.quantities.items()
        return stocked(published, {key: _at_most(stock, caps.get(key, 0)) for key, stock in held})
    return replace(published, quantity=_at_most(published.quantity, limit.quantity))


def _at_most(stock: int, cap: int | None) -> int:
    return stock if cap is None else min(stock, cap)


def _spread(quantities: Mapping[str, int], most: int | None) -> Mapping[str, int]:
    """Return what each variant may keep of what all together may have."""
    if most is None:
        return quantities
    kept: dict[str, int] = {}
    for key, quantity in quantities.items():
        kept[key] = min(quantity, most - sum(kept.values()))
    return kept
