"""What others do: buyers buy, eBay ends or holds a listing, tokens die; ``site`` has edits."""

from collections.abc import Callable, Mapping
from typing import Annotated, Literal

import msgspec

from mockbay import listings, site
from mockbay.answers import Document, part
from mockbay.clock import to_iso
from mockbay.delivery import Notice, deliver
from mockbay.inventory import remove
from mockbay.marketplaces import MARKETPLACES
from mockbay.migrate import Foreign, list_on_site
from mockbay.state import Offer, Seller, World
from mockbay.target import Impossible, Target


class Purchase(Target, forbid_unknown_fields=True, kw_only=True):
    """A sale: ``force`` sells more than there is; one not ``paid`` leaves no order, as on eBay."""

    quantity: Annotated[int, msgspec.Meta(ge=1)] = 1
    buyer: str = "buyer-one"
    force: bool = False
    paid: bool = True


class Ending(Target, forbid_unknown_fields=True, kw_only=True):
    """Who ends a listing: the seller on the site, or eBay."""

    by: Literal["seller", "ebay"] = "seller"


class Cancelling(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """An order to cancel."""

    order_id: str


class Held(Target, forbid_unknown_fields=True, kw_only=True):
    """A listing to put on hold or to free, or whose item is to go."""


class Who(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """An account, or all; ``access_only`` leaves refresh tokens alone, and the reverse."""

    account: str | None = None
    refresh_only: bool = False


def buy(world: World, body: Mapping[str, object]) -> Document:
    """Sell some units to a buyer: stock falls, soldQuantity rises, an order appears."""
    asked = msgspec.convert(body, Purchase)
    seller, offer, listing = asked.find(world)
    left = listings.effective_quantity(world, seller, offer)
    if asked.quantity > left and not asked.force:
        raise Impossible(f"Only {left} of {offer.sku} are left.")
    listing.sold[offer.sku] = listing.sold.get(offer.sku, 0) + asked.quantity
    if offer.quantity is not None:
        offer.quantity = max(offer.quantity - asked.quantity, 0)
    item = seller.items[offer.sku]
    if item.quantity is not None and (
        world.switches.item_quantity_drops_on_sale or offer.quantity is None
    ):
        item.quantity = max(item.quantity - asked.quantity, 0)
    for live in listings.live_listings(seller, offer.sku):
        listings.refresh(world, seller, live)
    return _order(world, seller, offer, asked)


def _order(world: World, seller: Seller, offer: Offer, asked: Purchase) -> Document:
    number = world.count("order")
    order_id = f"{number % 100:02}-{10_000 + number:05}-{20_000 + world.seed % 1000:05}"
    value, currency = offer.price or ("0.00", "USD")
    order: Document = {
        "orderId": order_id, "created": world.clock.ms, "modified": world.clock.ms,
        "visible": world.clock.ms + world.switches.order_lag_ms, "buyer": asked.buyer,
        "sku": offer.sku, "listing_id": offer.listing_id, "offer_id": offer.offer_id,
        "line_item_id": str(10_000_000_000 + number), "quantity": asked.quantity,
        "title": part(seller.items[offer.sku].document, "product").get("title", ""),
        "price": value, "currency": currency, "marketplace": offer.marketplace,
        "group": seller.items[offer.sku].group,
        "cancelled": False,
    }  # fmt: skip
    if asked.paid:
        seller.orders[order_id] = order
    return order | {"created": to_iso(world.clock.ms)}


def cancel_order(world: World, body: Mapping[str, object]) -> Document:
    """Cancel an order; the quantity stays as low as the sale left it."""
    order_id = msgspec.convert(body, Cancelling).order_id
    for seller in world.sellers.values():
        if order_id in seller.orders:
            seller.orders[order_id] |= {"cancelled": True, "modified": world.clock.ms}
            return seller.orders[order_id]
    raise Impossible(f"There is no order {order_id}.")


def end_listing(world: World, body: Mapping[str, object]) -> Document:
    """End a listing outside the API; a seller's end leaves a binding that cannot be published."""
    asked = msgspec.convert(body, Ending)
    seller, _, listing = asked.find(world)
    offers = [seller.offers[offer_id] for offer_id in listing.offer_ids]
    listings.end(world, seller, listing, "EBAY_ENDED" if asked.by == "ebay" else "ENDED")
    for offer in offers:
        offer.dead_binding = asked.by != "ebay"
    return {"listingId": listing.listing_id, "listingStatus": listing.status}


def delete_item(world: World, body: Mapping[str, object]) -> Document:
    """Delete the item of a live SKU as another program can: offers and single listings go too."""
    seller, offer, _ = msgspec.convert(body, Held).find(world)
    remove(world, seller, seller.items[offer.sku])
    return {"sku": offer.sku}


def hold(world: World, body: Mapping[str, object]) -> Document:
    """Put a listing on hold for a policy reason."""
    _, _, listing = msgspec.convert(body, Held).find(world)
    listing.on_hold = True
    return {"listingId": listing.listing_id, "onHold": True}


def unhold(world: World, body: Mapping[str, object]) -> Document:
    """Free a listing that was on hold."""
    _, _, listing = msgspec.convert(body, Held).find(world)
    listing.on_hold = False
    return {"listingId": listing.listing_id, "onHold": False}


def revoke(world: World, body: Mapping[str, object]) -> Document:
    """Take back what a seller granted: refresh tokens and, unless spared, access tokens."""
    asked = msgspec.convert(body, Who)
    grants = [g for g in world.refresh.values() if asked.account in {None, g.seller}]
    for grant in grants:
        grant.revoked = True
    if not asked.refresh_only:
        expire(world, {"account": asked.account})
    return {"revoked": len(grants)}


def expire(world: World, body: Mapping[str, object]) -> Document:
    """Let the access tokens of a seller, or of everybody, end now."""
    asked = msgspec.convert(body, Who)
    tokens = [a for a in world.access.values() if asked.account in {None, a.seller}]
    for access in tokens:
        access.expires = min(access.expires, world.clock.ms)
    return {"expired": len(tokens)}


def on_site(world: World, body: Mapping[str, object]) -> Document:
    """Make a listing that the inventory API does not know."""
    asked = msgspec.convert(body, Foreign)
    account = asked.account or next(iter(world.sellers))
    if account not in world.sellers or asked.marketplace not in MARKETPLACES:
        raise Impossible(f"There is no seller {account} on {asked.marketplace}.")
    return list_on_site(world, world.sellers[account], asked)


def notify(world: World, body: Mapping[str, object]) -> Document:
    """Send a notification to its subscribers without waiting for their answers."""
    deliver(world, msgspec.convert(body, Notice))
    return {}


Action = Callable[[World, Mapping[str, object]], Document]
ACTIONS: dict[str, Action] = {
    "buy": buy,
    "cancel-order": cancel_order,
    "seller-edit": site.edit,
    "seller-set": site.set_leaves,
    "seller-members": site.change_members,
    "end-listing": end_listing,
    "delete-item": delete_item,
    "hold": hold,
    "list-on-site": on_site,
    "notify": notify,
    "unhold": unhold,
    "token/revoke": revoke,
    "token/expire": expire,
}
BODIES: dict[str, type[msgspec.Struct]] = {
    "buy": Purchase,
    "cancel-order": Cancelling,
    "seller-edit": site.Edit,
    "seller-set": site.Leaves,
    "seller-members": site.Members,
    "end-listing": Ending,
    "delete-item": Held,
    "hold": Held,
    "list-on-site": Foreign,
    "notify": Notice,
    "unhold": Held,
    "token/revoke": Who,
    "token/expire": Who,
}
"""What each action is sent."""
