"""The life of a listing: published, revised, withdrawn, ended, put on hold."""

from mockbay import beside, publishable
from mockbay.answers import Document, describe, refuse
from mockbay.state import Item, Listing, Offer, Seller, World, pack

ENDED = "ENDED"


def effective_quantity(world: World, seller: Seller, offer: Offer) -> int:
    """Return what buyers can buy: the smaller of item and offer, unless switched otherwise."""
    item = seller.items.get(offer.sku)
    stock = (item.quantity if item else None) or 0
    if offer.quantity is None:
        return stock
    return min(stock, offer.quantity) if world.switches.minimum_rule else offer.quantity


def live_listing(seller: Seller, offer: Offer) -> Listing | None:
    """Return the listing that buyers see for an offer."""
    listing = seller.listings.get(offer.listing_id or "")
    return listing if listing and offer.published and listing.alive else None


def refresh(world: World, seller: Seller, listing: Listing) -> None:
    """Set a live listing to ACTIVE or OUT_OF_STOCK, by what can be bought."""
    if listing.alive:
        offers = [seller.offers[offer_id] for offer_id in listing.offer_ids]
        stock = any(effective_quantity(world, seller, offer) > 0 for offer in offers)
        listing.status = "ACTIVE" if stock else "OUT_OF_STOCK"


def check_binding(seller: Seller, offer: Offer) -> None:
    """Permit an offer to go live unless it is bound to a listing that others have ended.

    Raises:
        Refusal: 25001 where the seller ended it on the site, 25019 where eBay did.
    """
    if offer.dead_binding:
        raise refuse(25001, f"offerId {offer.offer_id}")
    bound = seller.listings.get(offer.listing_id or "")
    if bound is not None and bound.status == "EBAY_ENDED":
        raise refuse(25019, f"eBay ended listing {bound.listing_id}.")


def publishing_item(world: World, seller: Seller, offer: Offer) -> Item:
    """Return the item of an offer that may go live.

    Raises:
        Refusal: the offer is bound to a dead listing, or something is missing or wrong.
    """
    check_binding(seller, offer)
    item = seller.items.get(offer.sku)
    if item is None:
        raise refuse(25702, offer.sku)
    judged = publishable.candidate(world, seller, item, offer)
    if found := publishable.problems(judged):
        raise publishable.refusal(found)
    return item


def check_selling_limit(world: World, seller: Seller, offers: list[Offer]) -> None:
    """Refuse offers that would put more units on sale than the seller may have."""
    limit = world.switches.selling_limit
    if limit is None:
        return
    live = [o for o in seller.offers.values() if o.published] + offers
    if sum(effective_quantity(world, seller, offer) for offer in live) > limit:
        raise refuse(25026, f"The limit is {limit} units.")


def publish(world: World, seller: Seller, offer: Offer) -> tuple[str, list[Document]]:
    """Put one offer live; return the listing id and warnings.

    Raises:
        Refusal: see ``publishing_item``; 25732 for a member of a group; 25002 for a live
            offer when the switch ``republish`` says so.
    """
    if (live := live_listing(seller, offer)) is not None:
        if world.switches.republish == "error":
            raise refuse(25002, "The offer is already published.")
        return live.listing_id, [describe(25402, "The offer is already published.")]
    item = publishing_item(world, seller, offer)
    if item.group:
        raise refuse(25732, f"{offer.sku} is in {item.group}.", parameters={"sku": offer.sku})
    check_selling_limit(world, seller, [offer])
    warnings = settle(world, seller, offer)
    return start(world, seller, [offer], group=None).listing_id, warnings


def settle(world: World, seller: Seller, offer: Offer) -> list[Document]:
    """Take out of an offer what eBay drops beside something else; return its warnings."""
    item = seller.items[offer.sku]
    verdict = publishable.clashes(publishable.candidate(world, seller, item, offer))
    if verdict.dropped:
        offer.packed = pack(beside.without(offer.document, verdict.dropped))
    return verdict.warnings


def start(world: World, seller: Seller, offers: list[Offer], *, group: str | None) -> Listing:
    """Begin a new listing of some offers: new id, nothing sold yet."""
    listing = Listing(
        world.listing_id(), offers[0].marketplace, [o.offer_id for o in offers],
        world.clock.ms, group,
    )  # fmt: skip
    seller.listings[listing.listing_id] = listing
    for offer in offers:
        if offer.listing_id is not None and world.switches.republish_at_zero:
            offer.quantity = 0
        offer.published, offer.listing_id = True, listing.listing_id
    refresh(world, seller, listing)
    return listing


def withdraw(world: World, seller: Seller, offer: Offer) -> str:
    """Take one offer off the market, with its listing unless others share it; return its id.

    Raises:
        Refusal: 404 with 25713, or 25002 where switched, the offer is not published.
    """
    listing = live_listing(seller, offer)
    if listing is None:
        again = world.switches.withdraw_again
        raise refuse(again, f"offerId {offer.offer_id} is not published.")
    check_hold(listing)
    leave(world, seller, offer)
    return listing.listing_id


def check_hold(listing: Listing) -> None:
    """Permit a listing to be withdrawn.

    Raises:
        Refusal: 25098, it is on hold.
    """
    if listing.on_hold:
        raise refuse(25098, f"Listing {listing.listing_id}.")


def end(world: World, seller: Seller, listing: Listing, status: str = ENDED) -> None:
    """End a listing; its offers become unpublished and keep the dead id."""
    listing.status, listing.ended = status, world.clock.ms
    for offer_id in listing.offer_ids:
        if (offer := seller.offers.get(offer_id)) is not None:
            offer.published = False


def leave(world: World, seller: Seller, offer: Offer) -> None:
    """Take an offer out of its live listing; the last one takes the listing with it."""
    listing = live_listing(seller, offer)
    if listing is None:
        return
    if listing.offer_ids == [offer.offer_id]:
        end(world, seller, listing)
        return
    listing.offer_ids.remove(offer.offer_id)
    offer.published = False
    refresh(world, seller, listing)


def check_revision(world: World, listing: Listing) -> list[Document]:
    """Permit one more revision of a live listing today; return warnings.

    Raises:
        Refusal: 25097 on hold; 25019 with the parameter ``revisionLimit`` beyond the cap.
    """
    warnings: list[Document] = []
    if listing.on_hold:
        if not world.switches.hold_allows_revision:
            raise refuse(25097, f"Listing {listing.listing_id}.")
        warnings.append(describe(25096, f"Listing {listing.listing_id}."))
    cap, used = world.switches.revision_cap, revisions_today(world, listing)
    if cap is not None and used >= cap:
        raise refuse(
            world.switches.revision_error_id,
            f"Listing {listing.listing_id} was revised {used} times today.", status=400,
            parameters={"revisionLimit": str(cap)},
        )  # fmt: skip
    return warnings


def revise(world: World, seller: Seller, listing: Listing) -> None:
    """Count a revision that was made and see whether the listing still has stock."""
    used = revisions_today(world, listing)
    listing.revision_day, listing.revisions = world.today, used + 1
    refresh(world, seller, listing)


def revisions_today(world: World, listing: Listing) -> int:
    """Return how often a listing was revised since midnight in California."""
    return listing.revisions if listing.revision_day == world.today else 0


def live_listings(seller: Seller, sku: str) -> list[Listing]:
    """Return the live listings, one per marketplace, that sell a SKU."""
    found = [live_listing(seller, offer) for offer in seller.offers_for(sku)]
    return [listing for listing in found if listing is not None]
