"""Calls of the Inventory API about offers and their publishing, and what offers say when read.

Source: sell/inventory/v1. There is one offer per SKU, marketplace and format; an update replaces
the whole document; a publish of a live offer keeps its listing id, of an ended one makes a new
listing. Pure builders and readers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from baysync.ebay import wire
from baysync.ebay.calls import Body, bulk, delete, get, segment, with_query
from baysync.ebay.marketplace import marketplace as find
from baysync.ebay.model import (
    DEFAULT_MARKETPLACE,
    Answer,
    Call,
    Family,
    ItemAnswer,
    Operation,
)

ROOT = "/sell/inventory/v1/offer"
NOT_FOUND = 404
NO_SUCH_OFFER = 25713
ENDED = ("ENDED", "EBAY_ENDED", "NOT_LISTED")


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferState:
    """What an offer says about itself; absent values are empty or None.

    ``listing_id`` alone is no sign of life: an ended offer may keep the old one. ``quantity`` is
    the offer's own ``availableQuantity``; buyers see the smaller of it and the item's.
    """

    offer_id: str
    sku: str = ""
    marketplace: str = ""
    status: str = ""
    listing_id: str = ""
    listing_status: str = ""
    on_hold: bool = False
    sold_quantity: int | None = None
    quantity: int | None = None
    price: str = ""
    currency: str = ""

    @property
    def is_live(self) -> bool:
        """True while buyers can find it, sold out included; an unknown state counts as live."""
        return self.status != "UNPUBLISHED" and self.listing_status not in ENDED

    @property
    def is_stale(self) -> bool:
        """True where an unpublished offer still points to a listing that eBay itself did not end.

        Ended on eBay's site, such an offer can answer 25001 to every publish; only then may it
        be deleted and made anew.
        """
        bound = self.status == "UNPUBLISHED" and self.listing_id != ""
        return bound and self.listing_status != "EBAY_ENDED"


def get_offer(offer_id: str) -> Call:
    """Read one offer; 404 with 25713 when there is none."""
    return get(Operation.GET_OFFER, f"{ROOT}/{segment(offer_id)}", keys=(offer_id,))


def get_offers(sku: str, *, marketplace: str | None = None) -> Call:
    """Read the offers of a SKU, on one marketplace or all; read the answer with ``offers_in``."""
    path = with_query(ROOT, sku=sku, marketplace_id=marketplace)
    where = marketplace or DEFAULT_MARKETPLACE
    return get(Operation.GET_OFFERS, path, keys=(sku,), marketplace=where)


def create_offer(body: Body, *, language: str | None = None) -> Call:
    """Create an unpublished offer; the body names SKU, marketplace and format."""
    sku, marketplace = wire.text(body.get("sku")), wire.text(body.get("marketplaceId"))
    return Call(
        op=Operation.CREATE_OFFER,
        method="POST",
        path=ROOT,
        family=Family.INVENTORY,
        body=body,
        keys=(sku,),
        marketplace=marketplace,
        language=language or find(marketplace).language,
        idempotent=False,
    )


def bulk_create_offer(bodies: Sequence[Body], *, language: str | None = None) -> Call:
    """Create up to 25 unpublished offers, all on one marketplace.

    Raises:
        ValueError: not 1 to 25 rows, a SKU twice, or two marketplaces.
    """
    marketplaces = sorted({wire.text(body.get("marketplaceId")) for body in bodies})
    if len(marketplaces) > 1:
        raise ValueError(f"the offers of a call share one marketplace, not {marketplaces}")
    marketplace = next(iter(marketplaces), DEFAULT_MARKETPLACE)
    return bulk(
        Operation.BULK_CREATE_OFFER,
        bodies,
        [wire.text(body.get("sku")) for body in bodies],
        marketplace=marketplace,
        language=language or find(marketplace).language,
    )


def update_offer(
    offer_id: str, body: Body, *, marketplace: str, language: str | None = None
) -> Call:
    """Replace an offer; the body leaves out SKU, marketplace and format. Live at once if live."""
    return Call(
        op=Operation.UPDATE_OFFER,
        method="PUT",
        path=f"{ROOT}/{segment(offer_id)}",
        family=Family.INVENTORY,
        body=body,
        keys=(offer_id,),
        marketplace=marketplace,
        language=language or find(marketplace).language,
    )


def delete_offer(offer_id: str) -> Call:
    """Delete an offer, which ends its listing."""
    return delete(Operation.DELETE_OFFER, f"{ROOT}/{segment(offer_id)}", offer_id)


def publish_offer(offer_id: str, *, marketplace: str = DEFAULT_MARKETPLACE) -> Call:
    """Publish an offer; the answer brings the listing id."""
    path = f"{ROOT}/{segment(offer_id)}/publish"
    return _act(Operation.PUBLISH_OFFER, path, offer_id, {}, marketplace)


def bulk_publish_offer(offer_ids: Sequence[str], *, marketplace: str = DEFAULT_MARKETPLACE) -> Call:
    """Publish up to 25 offers, none of them of a group's SKU."""
    rows = [{"offerId": offer_id} for offer_id in offer_ids]
    return bulk(Operation.BULK_PUBLISH_OFFER, rows, offer_ids, marketplace=marketplace)


def withdraw_offer(offer_id: str, *, marketplace: str = DEFAULT_MARKETPLACE) -> Call:
    """End the listing of an offer; the offer stays, unpublished."""
    path = f"{ROOT}/{segment(offer_id)}/withdraw"
    return _act(Operation.WITHDRAW_OFFER, path, offer_id, {}, marketplace)


def publish_group(key: str, *, marketplace: str) -> Call:
    """Publish a group as one listing; members that are not ready are silently left out."""
    body = {"inventoryItemGroupKey": key, "marketplaceId": marketplace}
    path = f"{ROOT}/publish_by_inventory_item_group"
    return _act(Operation.PUBLISH_GROUP, path, key, body, marketplace)


def withdraw_group(key: str, *, marketplace: str) -> Call:
    """End the listing of a group; its offers stay, unpublished."""
    body = {"inventoryItemGroupKey": key, "marketplaceId": marketplace}
    path = f"{ROOT}/withdraw_by_inventory_item_group"
    return _act(Operation.WITHDRAW_GROUP, path, key, body, marketplace)


def offers_in(answer: Answer) -> list[Mapping[str, object]] | None:
    """Return the offers a ``get_offers`` found, as eBay sent them; None if that is not known.

    eBay says "none" as 404 with 25713, never as an empty list; any other 404 comes from a wrong
    address and says nothing.
    """
    ids = [problem.error_id for problem in answer.problems]
    if answer.status == NOT_FOUND and ids == [NO_SUCH_OFFER]:
        return []
    offers = wire.mapping(answer.body).get("offers")
    if answer.status != 200 or answer.problems or not isinstance(offers, list):  # noqa: PLR2004
        return None
    return wire.rows(wire.mapping(answer.body).get("offers"))


def state_of(offer: Mapping[str, object]) -> OfferState:
    """Read what matters for publishing out of an offer's JSON, tolerating any shape."""
    listing = wire.mapping(offer.get("listing"))
    price = wire.mapping(wire.mapping(offer.get("pricingSummary")).get("price"))
    return OfferState(
        offer_id=wire.text(offer.get("offerId")),
        sku=wire.text(offer.get("sku")),
        marketplace=wire.text(offer.get("marketplaceId")),
        status=wire.text(offer.get("status")),
        listing_id=wire.text(listing.get("listingId")),
        listing_status=wire.text(listing.get("listingStatus")),
        on_hold=listing.get("listingOnHold") is True,
        sold_quantity=wire.number(listing.get("soldQuantity")),
        quantity=wire.number(offer.get("availableQuantity")),
        price=wire.text(price.get("value")),
        currency=wire.text(price.get("currency")),
    )


def offer_id_in(answer: ItemAnswer) -> str:
    """Return the offer id an answer brought: of a new offer, or of the one in the way; or ''."""
    named = [problem.parameter("offerId") or "" for problem in answer.problems]
    return next(filter(None, [wire.text(answer.data.get("offerId")), *named]), "")


def listing_id_in(answer: ItemAnswer) -> str:
    """Return the listing id a publish brought, or ''."""
    return wire.text(answer.data.get("listingId"))


def _act(op: Operation, path: str, key: str, body: Body, marketplace: str) -> Call:
    """A POST always has a body: without one eBay's edge answers 411."""
    return Call(
        op=op,
        method="POST",
        path=path,
        family=Family.INVENTORY,
        body=body,
        keys=(key,),
        marketplace=marketplace,
        idempotent=False,
    )
