"""What a seller does on eBay's site: edit any leaf, take variations in and out of a group."""

from collections.abc import Mapping
from typing import Annotated, Any

import msgspec

from mockbay import groups, inventory, leaves, listings, offers
from mockbay.answers import Document, Refusal, part
from mockbay.rules import PRICE, item_problems, normal_amount, offer_problems
from mockbay.shapes import OFFER, PRODUCT, misfit
from mockbay.state import Item, Offer, Seller, World, pack
from mockbay.target import Impossible, Target


class Edit(Target, forbid_unknown_fields=True, kw_only=True):
    """A seller's edit on the site."""

    title: str | None = None
    description: str | None = None
    price: Annotated[str, msgspec.Meta(pattern=f"^{PRICE}$")] | None = None
    quantity: Annotated[int, msgspec.Meta(ge=0)] | None = None
    product: dict[str, Any] = msgspec.field(default_factory=dict[str, Any])
    offer: dict[str, Any] = msgspec.field(default_factory=dict[str, Any])


class Leaves(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Leaves to set and to take out of one document, live or not: of an item, offer or group."""

    sku: str | None = None
    group: str | None = None
    account: str | None = None
    marketplace: str | None = None
    of: leaves.Kind = "item"
    set: dict[str, Any] = {}
    remove: list[str] = []


class Member(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A variation to come: like its siblings, but for what stands here."""

    sku: str
    aspects: dict[str, list[str]]
    quantity: Annotated[int, msgspec.Meta(ge=0)] = 1
    price: Annotated[str, msgspec.Meta(pattern=f"^{PRICE}$")] | None = None


class Members(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Variations that come into a group, named by itself or by a member, and that leave it."""

    sku: str | None = None
    group: str | None = None
    account: str | None = None
    add: list[Member] = []
    remove: list[str] = []


def edit(world: World, body: Mapping[str, object]) -> Document:
    """Change a live listing as the seller can on the site; a group's words are its own."""
    asked = msgspec.convert(body, Edit)
    if wrong := misfit(asked.product, PRODUCT, "product") or misfit(asked.offer, OFFER, "offer"):
        raise Impossible(f"{wrong}: its type is wrong.")
    seller, offer, listing = asked.find(world)
    item = seller.items[offer.sku]
    document, product, terms = item.document, asked.product, asked.offer
    if listing.group:
        seller.groups[listing.group] |= _said(title=asked.title, description=asked.description)
    else:
        product = _said(title=asked.title) | product
        terms = _said(listingDescription=asked.description) | terms
    document["product"] = part(document, "product") | product
    item.packed = pack(document)
    offer.packed = pack(offer.document | terms)
    if asked.quantity is not None:
        item.quantity = asked.quantity
        offer.quantity = asked.quantity if offer.quantity is not None else None
    if asked.price is not None and offer.price is not None:
        offer.price = normal_amount(asked.price), offer.price[1]
    listings.revise(world, seller, listing)
    return inventory.shown(item)


def _said(**words: str | None) -> Document:
    return {name: word for name, word in words.items() if word is not None}


def set_leaves(world: World, body: Mapping[str, object]) -> Document:
    """Set leaves of an item, an offer or a group by path, or take them out; return it as shown."""
    asked = msgspec.convert(body, Leaves)
    if asked.of == "group":
        seller, key = _group(world, asked)
        document = leaves.edited("group", seller.groups[key], asked.set, asked.remove)
        return _replace_group(world, seller, key, document)
    seller, item = _item(world, asked)
    if asked.of == "item":
        return _edit_item(world, seller, item, asked)
    return _edit_offer(world, seller, _offer(seller, item, asked.marketplace), asked)


def _item(world: World, asked: Leaves) -> tuple[Seller, Item]:
    for seller in world.sellers.values():
        if asked.account in {None, seller.name} and asked.sku in seller.items:
            return seller, seller.items[asked.sku]
    raise Impossible(f"There is no item {asked.sku}.")


def _offer(seller: Seller, item: Item, marketplace: str | None) -> Offer:
    for offer in seller.offers_for(item.sku):
        if marketplace in {None, offer.marketplace}:
            return offer
    raise Impossible(f"There is no offer of {item.sku} on {marketplace or 'any marketplace'}.")


def _group(world: World, asked: Leaves | Members) -> tuple[Seller, str]:
    for seller in world.sellers.values():
        item = seller.items.get(asked.sku or "")
        key = asked.group or (item.group if item else None) or ""
        if asked.account in {None, seller.name} and key in seller.groups:
            return seller, key
    raise Impossible(f"There is no group {asked.group or f'of {asked.sku}'}.")


def _edit_item(world: World, seller: Seller, item: Item, asked: Leaves) -> Document:
    whole = item.document
    if item.quantity is not None:
        ship = whole.setdefault("availability", {}).setdefault("shipToLocationAvailability", {})
        ship["quantity"] = item.quantity
    document = leaves.edited("item", whole, asked.set, asked.remove)
    _permit(list(item_problems(document)))
    kept = inventory.kept_of(document)
    inventory.judged(world, kept)  # the catalogue learns which product an ePID is
    item.packed, item.quantity = pack(kept), inventory.given_quantity(document)
    for listing in listings.live_listings(seller, item.sku):
        listings.revise(world, seller, listing)
    return inventory.shown(item)


def _edit_offer(world: World, seller: Seller, offer: Offer, asked: Leaves) -> Document:
    whole = offers.shown(world, seller, offer)
    if offer.quantity is None:
        whole.pop("availableQuantity", None)
    document = leaves.edited("offer", whole, asked.set, asked.remove)
    _permit(list(offer_problems(document)))
    offers.fill(offer, document)
    if (listing := listings.live_listing(seller, offer)) is not None:
        listings.revise(world, seller, listing)
    return offers.shown(world, seller, offer)


def _replace_group(world: World, seller: Seller, key: str, document: Document) -> Document:
    document = groups.kept_of(document)
    _permit(groups.problems(world, seller, key, document))
    try:
        groups.replace(world, seller, key, document)
    except Refusal as refused:
        _permit(refused.errors)
    return document | {"inventoryItemGroupKey": key}


def _permit(problems: list[Document]) -> None:
    """Let an edit pass that the site would take.

    Raises:
        Impossible: the site would not; says why.
    """
    if problems:
        raise Impossible(" ".join(problem["message"] for problem in problems))


def change_members(world: World, body: Mapping[str, object]) -> Document:
    """Take variations into a group and out of it, with their offers and listings."""
    asked = msgspec.convert(body, Members)
    seller, key = _group(world, asked)
    group = msgspec.json.decode(pack(seller.groups[key]), type=Document)
    sibling = group["variantSKUs"][0]
    for member in asked.add:
        if member.sku in seller.items:
            raise Impossible(f"There is an item {member.sku} already.")
    for member in asked.add:
        _copy(world, seller, sibling, member)
        group["variantSKUs"].append(member.sku)
        axes: list[Document] = part(group, "variesBy")["specifications"]
        for axis in axes:
            values = member.aspects.get(axis["name"], [])
            axis["values"] += [value for value in values if value not in axis["values"]]
    group["variantSKUs"] = [sku for sku in group["variantSKUs"] if sku not in asked.remove]
    shown = _replace_group(world, seller, key, group)
    for listing in groups.live_listings(seller, key):
        for member in asked.add:
            _join(world, seller, listing.listing_id, member.sku)
    return shown


def _copy(world: World, seller: Seller, sibling: str, member: Member) -> None:
    """Make the item and the offers of a new variation out of those of its sibling."""
    like = seller.items[sibling]
    document = like.document
    product = document["product"] = part(document, "product")
    product["aspects"] = part(product, "aspects") | member.aspects
    seller.items[member.sku] = Item(member.sku, like.locale, pack(document), member.quantity)
    for offer in seller.offers_for(sibling):
        price = offer.price
        if price and member.price:
            price = normal_amount(member.price), price[1]
        seller.add_offer(
            Offer(world.offer_id(), member.sku, offer.marketplace, offer.format, offer.packed,
                  member.quantity, price, overridden=offer.overridden)
        )  # fmt: skip


def _join(world: World, seller: Seller, listing_id: str, sku: str) -> None:
    """Put the offer of a new variation into a live listing of its group."""
    listing = seller.listings[listing_id]
    for offer in seller.offers_for(sku):
        if offer.marketplace == listing.marketplace:
            offer.published, offer.listing_id = True, listing_id
            listing.offer_ids.append(offer.offer_id)
    listings.refresh(world, seller, listing)
