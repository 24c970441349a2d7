"""What a projection says of eBay's documents, and leaves as they are stored. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from baysync.ownership.carrying import leaves_of
from baysync.ownership.model import NO_LEAVES, Leaves
from baysync.ownership.rules import GROUP, ITEM, OFFER
from baysync.projection import payload
from baysync.projection.group import group_of, members
from baysync.projection.model import Offer, Price, Projection

NOTHING_SAID: dict[str, Leaves] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """The leaves of the bodies of one listing: items and offers by variant key, and the group."""

    items: Mapping[str, Leaves] = field(default_factory=lambda: NOTHING_SAID)
    offers: Mapping[str, Leaves] = field(default_factory=lambda: NOTHING_SAID)
    group: Leaves = NO_LEAVES


def said_by(document: Projection | None, skus: Mapping[str, str]) -> Said:
    """Return what the bodies made from ``document`` say; ``skus`` are eBay's names of its items."""
    if document is None:
        return Said()
    sold = {key: part for key, part in members(document).items() if key in skus}
    grouped = group_of(document) is not None and sold.keys() == members(document).keys()
    return Said(
        items={key: item_leaves(part) for key, part in sold.items()},
        offers={key: offer_leaves(part) for key, part in sold.items()},
        group=leaves_of(payload.group(document, skus), GROUP) if grouped else NO_LEAVES,
    )


def item_leaves(part: Projection) -> Leaves:
    """Return what the item body of one member of a document says."""
    body, _ = payload.bodies(part, sku="", marketplace="", quantity=0)
    return leaves_of(body, ITEM)


def offer_leaves(part: Projection) -> Leaves:
    """Return what the offer body of one member of a document says."""
    price = part.price or Price(currency="", value="0")
    return leaves_of(payload.offer_update(part.offer or Offer(), price=price, quantity=0), OFFER)


def pointers(leaves: Iterable[tuple[str, ...]]) -> list[str]:
    """Return leaves as JSON pointers (RFC 6901), sorted."""
    return sorted("".join(map(_token, path)) for path in leaves)


def from_pointers(stored: Iterable[str]) -> Leaves:
    """Return the leaves that ``pointers`` wrote."""
    return frozenset(
        tuple(name.replace("~1", "/").replace("~0", "~") for name in pointer.split("/")[1:])
        for pointer in stored
    )


@lru_cache(maxsize=4096)  # the same few names in every document
def _token(name: str) -> str:
    return "/" + name.replace("~", "~0").replace("/", "~1")
