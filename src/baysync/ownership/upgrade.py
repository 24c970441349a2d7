"""Upgrade day: what an older program published takes an owner for each leaf. Pure."""

from collections.abc import Mapping

from msgspec.structs import replace

from baysync.observe import normalise_item as remote
from baysync.ownership.carrying import leaves_of, mask
from baysync.ownership.documents import THE_GROUP, Document, Kind
from baysync.ownership.leaves import Said, said_by
from baysync.ownership.model import NO_LEAVES, Leaves
from baysync.ownership.rules import ITEM, OFFER
from baysync.projection import payload
from baysync.projection.model import Content, Offer, Price, Projection

NO_PRICE = Price(currency="XXX", value="0")


def owned_since(
    desired: Projection | None, sent: Projection | None, skus: Mapping[str, str]
) -> dict[Document, Leaves]:
    """Return the leaves that are ours: those of what is wanted and of what was sent last.

    Never those of a read-back: it shows what the seller set as well.
    """
    wanted, was = said_by(desired, skus), said_by(sent, skus)
    owned = {
        **{Document(Kind.ITEM, key): _both(wanted, was, "items", key) for key in skus},
        **{Document(Kind.OFFER, key): _both(wanted, was, "offers", key) for key in skus},
    }
    group = wanted.group | was.group
    return owned | ({THE_GROUP: group} if group else {})


def masked(published: Projection, owned: Mapping[Document, Leaves]) -> Projection:
    """Return what of ``published`` is ours: a read-back of an older program took all for it."""
    items, offers = _of(owned, Kind.ITEM), _of(owned, Kind.OFFER)
    return replace(
        published,
        content=published.content and _content(published.content, items),
        offer=published.offer and _offer(published.offer, offers),
    )


def _both(wanted: Said, was: Said, kind: str, key: str) -> Leaves:
    one: Mapping[str, Leaves] = getattr(wanted, kind)
    two: Mapping[str, Leaves] = getattr(was, kind)
    return one.get(key, NO_LEAVES) | two.get(key, NO_LEAVES)


def _of(owned: Mapping[Document, Leaves], kind: Kind) -> Leaves:
    return frozenset(
        leaf for document, leaves in owned.items() if document.kind is kind for leaf in leaves
    )


def _content(content: Content, owned: Leaves) -> Content:
    body = payload.item(replace(content, group=None), description="", quantity=0)
    if leaves_of(body, ITEM) <= owned:
        return content
    shown = remote.normalise(mask(body, owned, ITEM), None).content or Content()
    return replace(shown, group=content.group)


def _offer(offer: Offer, owned: Leaves) -> Offer:
    body = payload.offer_update(offer, price=NO_PRICE, quantity=0)
    if leaves_of(body, OFFER) <= owned:
        return offer
    shown = remote.normalise({}, mask(body, owned, OFFER)).offer or Offer()
    return replace(shown, description=offer.description)
