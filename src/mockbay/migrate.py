"""Listings made on the site or by older APIs, and how they come into the inventory model."""

from typing import Annotated

import msgspec

from mockbay import bulk
from mockbay.answers import Document, Reply, refuse
from mockbay.call import Call, Operation
from mockbay.inventory import BASE
from mockbay.marketplaces import MARKETPLACES
from mockbay.rules import PRICE
from mockbay.state import Item, Listing, Offer, Seller, World, pack

MOST_ROWS = 5


class Foreign(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A listing that the inventory API does not know; without a SKU it cannot be migrated."""

    title: str
    price: Annotated[str, msgspec.Meta(pattern=f"^{PRICE}$")]
    sku: str = ""
    quantity: Annotated[int, msgspec.Meta(ge=0)] = 1
    marketplace: str = "EBAY_US"
    category: str = "999"
    account: str | None = None


def list_on_site(world: World, seller: Seller, asked: Foreign) -> Document:
    """Make a listing outside the inventory model; return it with its id."""
    document = msgspec.to_builtins(asked) | {"currency": MARKETPLACES[asked.marketplace].currency}
    listing_id = world.listing_id()
    seller.foreign[listing_id] = document
    return document | {"listingId": listing_id}


def migrate(call: Call) -> Reply:
    """Take up to five listings into the inventory model."""
    found = bulk.rows(call)
    bulk.at_most(found, MOST_ROWS, 25718)
    bulk.distinct((str(row.get("listingId")) for row in found), 25718)
    return bulk.answer(call, found, _migrate)


def _migrate(call: Call, row: Document) -> list[Document]:
    listing_id, seller = str(row.get("listingId")), call.seller
    document = seller.foreign.get(listing_id)
    if document is None or not document["sku"] or document["sku"] in seller.items:
        raise refuse(
            25718, f"{listing_id} is no listing with a SKU of its own.",
            parameters={"listingId": listing_id},
        )  # fmt: skip
    offer = _adopt(call.world, seller, listing_id, document)
    del seller.foreign[listing_id]
    items = [{"sku": offer.sku, "offerId": offer.offer_id}]
    return [{
        "statusCode": 200, "listingId": listing_id, "marketplaceId": offer.marketplace,
        "inventoryItems": items,
    }]  # fmt: skip


def _adopt(world: World, seller: Seller, listing_id: str, document: Document) -> Offer:
    """Make item, offer and listing of what was listed on the site, under its own listing id."""
    sku, marketplace = document["sku"], document["marketplace"]
    goods = {"condition": "NEW", "product": {"title": document["title"]}}
    locale = MARKETPLACES[marketplace].locale
    seller.items[sku] = Item(sku, locale, pack(goods), document["quantity"])
    terms = {"categoryId": document["category"], "listingDuration": "GTC"}
    price = document["price"], document["currency"]
    offer = Offer(
        world.offer_id(), sku, marketplace, "FIXED_PRICE", pack(terms), document["quantity"],
        price, published=True, listing_id=listing_id,
    )  # fmt: skip
    seller.add_offer(offer)
    started = world.clock.ms
    seller.listings[listing_id] = Listing(listing_id, marketplace, [offer.offer_id], started)
    return offer


OPERATIONS = [
    Operation("bulkMigrateListing", "POST", f"{BASE}/bulk_migrate_listing", migrate),
]
