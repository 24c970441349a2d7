"""Put a saved or written state into a world, or say what of it cannot be.

A file written by hand may hold as little as one seller's items: a part that is named is replaced
whole, what is not named stays. Nothing is loaded unless all can be.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TypeVar

import msgspec

from mockbay import groups, offers, seeds
from mockbay.answers import Document, part
from mockbay.asked import Unusable
from mockbay.call import Call
from mockbay.clock import from_iso
from mockbay.group_checks import shape_problems
from mockbay.inventory import given_quantity, judged, kept_of
from mockbay.listings import refresh
from mockbay.marketplaces import LOCALES, MARKETPLACES
from mockbay.migrate import Foreign
from mockbay.order import BuyerOrder
from mockbay.order_document import BASE, shown
from mockbay.rules import item_problems, location_problems, offer_problems, sku_problem
from mockbay.saved import Account, Binding, Documents, State, category, show
from mockbay.shapes import GROUP, ITEM, LOCATION, OFFER, SHAPES, misfit
from mockbay.state import Item, Listing, Offer, Seller, World, pack
from mockbay.taxonomy import ALL_CONDITIONS, ROOT, Category

FIXED_PRICE = "FIXED_PRICE"
LANGUAGE = "en_US"
T = TypeVar("T")


def load(world: World, state: State) -> None:
    """Put a state into a world: its clock goes on to ``now``, its ids go on from ``counters``.

    Raises:
        Unusable: something cannot be; the world is as it was.
    """
    kept = world.sellers, world.categories, world.products
    world.categories = world.categories | _categories(world.categories, state)
    world.products = dict(world.products)
    try:
        loaded = {name: _seller(world, name, one) for name, one in state.accounts.items()}
        world.sellers = world.sellers | loaded
        for name in loaded:
            _try_out(world, name)
        _move_on(world, state)
    except Unusable:
        world.sellers, world.categories, world.products = kept
        raise


def _move_on(world: World, state: State) -> None:
    try:
        now = from_iso(state.now) if state.now else 0
    except (ValueError, OverflowError):
        raise Unusable(f"now: {state.now!r} is no moment.") from None
    for kind, count in state.counters.items():
        world.counters[kind] = max(count, world.counters.get(kind, 0))
    if not world.clock.real:
        world.advance(max(now - world.clock.ms, 0))


def _categories(known: Mapping[str, Category], state: State) -> dict[str, Category]:
    loaded = {key: category(key, one) for key, one in state.categories.items()}
    every = {**known, **loaded}
    for key, one in loaded.items():
        if strange := set(one.conditions) - set(ALL_CONDITIONS):
            raise Unusable(f"categories.{key}.conditions: {min(strange)!r} is none of eBay's.")
        _check_parents(every, one)
    return loaded


def _check_parents(every: Mapping[str, Category], one: Category) -> None:
    place, seen = f"categories.{one.id}.parent", {one.id}
    while one.parent != ROOT:
        above = every.get(one.parent)
        if above is None:
            raise Unusable(f"{place}: there is no category {one.parent!r}.")
        if above.id in seen:
            raise Unusable(f"{place}: {above.id!r} is below itself.")
        seen.add(above.id)
        one = above


def _seller(world: World, name: str, given: Account) -> Seller:
    seller = replace(world.sellers.get(name) or seeds.made_seller(world, name))
    place = f"accounts.{name}"
    if given.programs is not None:
        seller.programs = set(given.programs)
    _put_items(world, seller, given.items, place)
    _put_groups(world, seller, given.groups, place)
    _put_offers(seller, given, place)
    _put_listings(world, seller, given.listings, place)
    if given.locations is not None:
        seller.locations = {
            key: _location(one, f"{place}.locations.{key}") for key, one in given.locations.items()
        }
    seller.policies = dict(seller.policies)
    for kind, documents in given.policies.items():
        seller.policies[kind] = {
            key: _policy(kind, key, one, f"{place}.policies.{kind}.{key}")
            for key, one in documents.items()
        }
    if given.orders is not None:
        seller.orders = {
            key: _order(key, one, f"{place}.orders.{key}") for key, one in given.orders.items()
        }
    if given.foreign is not None:
        seller.foreign = {
            key: _foreign(one, f"{place}.foreign.{key}") for key, one in given.foreign.items()
        }
    return seller


def _put_items(world: World, seller: Seller, given: Documents | None, place: str) -> None:
    if given is None:
        seller.items = {sku: replace(item, group=None) for sku, item in seller.items.items()}
        return
    seller.items = {
        sku: _item(world, sku, one, f"{place}.items.{sku}") for sku, one in given.items()
    }


def _item(world: World, sku: str, document: Document, place: str) -> Item:
    _check(document, ITEM, place)
    locale = document.get("locale") or LANGUAGE
    if locale not in LOCALES:
        raise Unusable(f"{place}.locale: {locale!r} is none of {', '.join(sorted(LOCALES))}.")
    wrong = sku_problem(sku, strict=False)
    _refuse([*([wrong] if wrong else []), *item_problems(document)], place)
    kept = kept_of(document)
    judged(world, kept)  # who first names an ePID says what its product is
    return Item(sku, locale, pack(kept), given_quantity(document))


def _put_groups(world: World, seller: Seller, given: Documents | None, place: str) -> None:
    if given is not None:
        for key, document in given.items():
            _check(document, GROUP, f"{place}.groups.{key}")
            _refuse(shape_problems(key, document, world.switches), f"{place}.groups.{key}")
        seller.groups = {key: groups.kept_of(document) for key, document in given.items()}
    for key, group in seller.groups.items():
        for sku in group["variantSKUs"]:
            if sku not in seller.items or seller.items[sku].group is not None:
                raise Unusable(f"{place}.groups.{key}: {sku} is no item, or in another group.")
            seller.items[sku].group = key


def _put_offers(seller: Seller, given: Account, place: str) -> None:
    made = [replace(one) for one in seller.offers.values()]
    if given.offers is not None:
        made = [
            _offer(key, one, given.bindings.get(key), f"{place}.offers.{key}")
            for key, one in given.offers.items()
        ]
    seller.offers, seller.offer_ids, seller.offers_of = {}, {}, {}
    for offer in made:
        if offer.sku not in seller.items:
            raise Unusable(f"{place}.offers.{offer.offer_id}: there is no item {offer.sku!r}.")
        if offer.key in seller.offer_ids:
            raise Unusable(f"{place}.offers.{offer.offer_id}: {offer.key} has another offer.")
        seller.add_offer(offer)


def _offer(offer_id: str, document: Document, binding: Binding | None, place: str) -> Offer:
    _check(document, OFFER, place)
    _refuse(offer_problems(document), place)
    sku, marketplace = document.get("sku"), document.get("marketplaceId")
    if not sku or not marketplace or document.get("format", FIXED_PRICE) != FIXED_PRICE:
        raise Unusable(f"{place}: an offer has sku, marketplaceId and the format {FIXED_PRICE}.")
    offer = Offer(offer_id, sku, marketplace, FIXED_PRICE, b"", None, None)
    offers.fill(offer, document)
    offer.published = document.get("status") == "PUBLISHED"
    if listing_id := part(document, "listing").get("listingId"):
        offer.listing_id = str(listing_id)
    if binding is not None:
        offer.listing_id, offer.dead_binding = binding.listing_id, binding.dead
        offer.quantity, offer.overridden = binding.quantity, binding.overridden
    return offer


def _put_listings(world: World, seller: Seller, given: Documents | None, place: str) -> None:
    seller.listings = {key: replace(one) for key, one in seller.listings.items()}
    if given is not None:
        seller.listings = {
            key: _converted(one | {"listing_id": key}, Listing, f"{place}.listings.{key}")
            for key, one in given.items()
        }
    for offer in [one for one in seller.offers.values() if one.published]:
        _list(world, seller, offer)
    for listing in seller.listings.values():
        known = [seller.offers.get(key) for key in listing.offer_ids]
        fits = all(
            one and one.published and (one.listing_id, one.marketplace)
            == (listing.listing_id, listing.marketplace)
            for one in known
        )  # fmt: skip
        if listing.alive and not (known and fits):
            raise Unusable(
                f"{place}.listings.{listing.listing_id}: it is live, and its offers are not."
            )


def _list(world: World, seller: Seller, offer: Offer) -> None:
    """Let a published offer have its listing, which a file written by hand need not name."""
    if offer.listing_id is None:
        offer.listing_id = world.listing_id()
    listing = seller.listings.get(offer.listing_id)
    if listing is None:
        group = seller.items[offer.sku].group
        listing = Listing(offer.listing_id, offer.marketplace, [], world.clock.ms, group)
        seller.listings[offer.listing_id] = listing
    if offer.offer_id not in listing.offer_ids:
        listing.offer_ids.append(offer.offer_id)
        if all(key in seller.offers for key in listing.offer_ids):
            refresh(world, seller, listing)


def _location(document: Document, place: str) -> Document:
    _check(document, LOCATION, place)
    _refuse(location_problems(document), place)
    return {"merchantLocationStatus": "ENABLED", "locationTypes": ["WAREHOUSE"]} | document


def _policy(kind: str, key: str, document: Document, place: str) -> Document:
    _check(document, SHAPES[f"create{kind.title()}Policy"], place)
    if not document.get("name") or document.get("marketplaceId") not in MARKETPLACES:
        raise Unusable(f"{place}: a policy has a name and a marketplaceId that mockbay knows.")
    usual: Document = {"categoryTypes": []}
    return usual | document | {f"{kind}PolicyId": key}


def _order(key: str, document: Document, place: str) -> BuyerOrder:
    order = _converted(document | {"orderId": key}, BuyerOrder, place)
    if order.marketplace not in MARKETPLACES:
        raise Unusable(f"{place}.marketplace: {order.marketplace!r} is not known.")
    if len({line.line_item_id for line in order.lines}) < len(order.lines):
        raise Unusable(f"{place}.lines: each line has a line_item_id of its own.")
    return order


def _foreign(document: Document, place: str) -> Document:
    asked = _converted({n: v for n, v in document.items() if n != "currency"}, Foreign, place)
    if asked.marketplace not in MARKETPLACES:
        raise Unusable(f"{place}.marketplace: {asked.marketplace!r} is not known.")
    return msgspec.to_builtins(asked) | {"currency": MARKETPLACES[asked.marketplace].currency}


def _converted(document: Document, kind: type[T], place: str) -> T:
    try:
        return msgspec.convert(document, kind)
    except msgspec.ValidationError as wrong:
        raise Unusable(f"{place}: {wrong}") from None


def _check(document: Document, shape: object, place: str) -> None:
    if (field := misfit(document, shape)) is not None:
        raise Unusable(f"{place}: {field or 'it'} has the wrong type.")


def _refuse(problems: Iterable[Document], place: str) -> None:
    for problem in problems:
        raise Unusable(f"{place}: {problem['message']}")


def _try_out(world: World, name: str) -> None:
    """Show all that was loaded once, so that no later call fails on it."""
    call = Call(world, "getOrders", "GET", BASE, {}, {}, {}, b"", account=name)
    try:
        for order in world.sellers[name].orders.values():
            shown(call, order)
        show(world)
    except (KeyError, TypeError, ValueError, AttributeError, ArithmeticError) as wrong:
        raise Unusable(
            f"accounts.{name}: it cannot be shown ({type(wrong).__name__}: {wrong}); write it "
            "as GET /_mock/state has it."
        ) from None
