"""The state of a mock as one document: ``GET /_mock/state`` shows it, ``PUT`` takes it back."""

from typing import Annotated, Literal

import msgspec

from mockbay import offers
from mockbay.answers import Document, part
from mockbay.inventory import shown as shown_item
from mockbay.order import stored
from mockbay.state import Offer, Seller, World
from mockbay.taxonomy import ALL_CONDITIONS, CATEGORIES, ROOT, Aspect, Category

Documents = dict[str, Document]


class OwnAspect(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """One item aspect of a category of one's own; ``longest`` counts characters of a value."""

    name: str
    required: bool = False
    varies: bool = False
    values: tuple[str, ...] = ()
    only_these: bool = False
    many: bool = False
    longest: int = 65


class OwnCategory(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """A category of one's own; a branch has no conditions, ``code`` is a product code it wants."""

    name: str
    parent: str = ROOT
    conditions: tuple[str, ...] = ALL_CONDITIONS
    aspects: tuple[OwnAspect, ...] = ()
    variations: bool = True
    code: Literal["", "ean", "isbn", "upc"] = ""
    regulated: bool = False


class Binding(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """What eBay's own document of an offer does not tell of it."""

    listing_id: str | None = None
    dead: bool = False
    quantity: Annotated[int, msgspec.Meta(ge=0, lt=2**31)] | None = None
    overridden: str | None = None


class Account(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What a seller owns; what is left out stays as it is."""

    items: Documents | None = None
    offers: Documents | None = None
    bindings: dict[str, Binding] = {}
    listings: Documents | None = None
    groups: Documents | None = None
    locations: Documents | None = None
    policies: dict[Literal["fulfillment", "payment", "return"], Documents] = {}
    programs: tuple[str, ...] | None = None
    orders: Documents | None = None
    foreign: Documents | None = None


class State(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What ``PUT /_mock/state`` and ``--seed-file`` take; ``seed`` is read over."""

    now: str | None = None
    seed: int | None = None
    counters: dict[str, int] = {}
    categories: dict[str, OwnCategory] = {}
    accounts: dict[str, Account] = {}


def show(world: World) -> Document:
    """Return everything every seller has, by its key, and the categories that were loaded."""
    own = {
        key: msgspec.to_builtins(_own(one))
        for key, one in world.categories.items()
        if CATEGORIES.get(key) != one
    }
    return {
        "now": world.clock.iso(), "seed": world.seed, "counters": world.counters,
        "categories": own,
        "accounts": {name: _owned(world, seller) for name, seller in world.sellers.items()},
    }  # fmt: skip


def _own(category: Category) -> OwnCategory:
    aspects = tuple(OwnAspect(**one._asdict()) for one in category.aspects)
    fields: Document = category._asdict() | {"aspects": aspects}
    return OwnCategory(**{name: value for name, value in fields.items() if name != "id"})


def category(key: str, own: OwnCategory) -> Category:
    """Return a category of one's own as the mock keeps it."""
    aspects = tuple(Aspect(**msgspec.structs.asdict(one)) for one in own.aspects)
    fields: Document = msgspec.structs.asdict(own) | {"aspects": aspects}
    return Category(id=key, **fields)


def _owned(world: World, seller: Seller) -> Document:
    shown = {one.offer_id: offers.shown(world, seller, one) for one in seller.offers.values()}
    bindings = {key: _binding(seller.offers[key], document) for key, document in shown.items()}
    return {
        "items": {sku: shown_item(item) for sku, item in seller.items.items()},
        "offers": shown,
        "bindings": {k: msgspec.to_builtins(one) for k, one in bindings.items() if one},
        "listings": {one.listing_id: msgspec.to_builtins(one) for one in seller.listings.values()},
        "groups": seller.groups,
        "locations": seller.locations,
        "policies": seller.policies,
        "programs": sorted(seller.programs),
        "orders": {key: stored(order) for key, order in seller.orders.items()},
        "foreign": seller.foreign,
    }


def _binding(offer: Offer, document: Document) -> Binding | None:
    """Return what the document of an offer does not tell, if anything."""
    told = part(document, "listing").get("listingId"), document.get("availableQuantity")
    plain = not (offer.dead_binding or offer.overridden)
    if plain and told == (offer.listing_id, offer.quantity):
        return None
    return Binding(
        listing_id=offer.listing_id, dead=offer.dead_binding, quantity=offer.quantity,
        overridden=offer.overridden,
    )  # fmt: skip
