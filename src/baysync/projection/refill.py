"""What the shop does not count is filled up again: a sale that was read takes units off; pure.

The published document counts what was sold since the shop's number went out as still there. Taken
off both it and that number, sold units differ from what is wanted, and are sent once more.
"""

from collections.abc import Mapping

from msgspec.structs import replace

from baysync.projection.group import SINGLE, on_sale, stocked
from baysync.projection.model import Projection
from baysync.projection.stocking import Stocked


def sold_of(
    offered: Mapping[str, Stocked], sold: Mapping[str, int], published: Projection | None
) -> dict[str, int]:
    """Return how many units of what the shop does not count are to be filled up, by variant.

    ``sold`` are the units of sales that were read, by variant. Of what buyers do not see nothing.
    """
    seen = on_sale(published)
    return {
        key: min(units, seen[key])
        for key, units in sold.items()
        if units > 0 and seen.get(key) and key in offered and offered[key].untracked
    }


def less(published: Projection, units: Mapping[str, int]) -> Projection:
    """Return a published document with ``units`` taken off its stock, by variant."""
    if SINGLE in units:
        return replace(published, quantity=(published.quantity or 0) - units[SINGLE])
    left = {key: stock - units.get(key, 0) for key, stock in published.quantities.items()}
    return stocked(published, left)
