"""What others do: eBay ends or holds a listing, tokens die.

Buyers are in ``sales``, edits of the seller in ``site``.
"""

from collections.abc import Callable, Mapping
from typing import Literal

import msgspec

from mockbay import listings, sales, site
from mockbay.answers import Document
from mockbay.delivery import Notice, deliver
from mockbay.inventory import remove
from mockbay.marketplaces import MARKETPLACES
from mockbay.migrate import Foreign, list_on_site
from mockbay.state import World
from mockbay.target import Impossible, Target


class Ending(Target, forbid_unknown_fields=True, kw_only=True):
    """Who ends a listing: the seller on the site, or eBay."""

    by: Literal["seller", "ebay"] = "seller"


class Held(Target, forbid_unknown_fields=True, kw_only=True):
    """A listing to put on hold or to free, or whose item is to go."""


class Who(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """An account, or all; ``access_only`` leaves refresh tokens alone, and the reverse."""

    account: str | None = None
    refresh_only: bool = False


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
    "buy": sales.buy,
    "cancel-order": sales.cancel_order,
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
    "buy": sales.Purchase,
    "cancel-order": sales.Cancelling,
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
