"""Which listing somebody means who acts outside the API."""

import msgspec

from mockbay import listings
from mockbay.state import Listing, Offer, Seller, World


class Impossible(Exception):
    """The actor cannot do that; says what is missing."""


class Target(msgspec.Struct, kw_only=True):
    """Names a live listing: by SKU or by listing id, and by account and marketplace if needed."""

    sku: str | None = None
    listing_id: str | None = None
    account: str | None = None
    marketplace: str | None = None

    def find(self, world: World) -> tuple[Seller, Offer, Listing]:
        """Return the live listing that is meant, with its seller and offer.

        Raises:
            Impossible: nothing live fits.
        """
        for seller in world.sellers.values():
            if self.account in {None, seller.name}:
                for offer in self._offers(seller):
                    listing = listings.live_listing(seller, offer)
                    if listing is not None and self.listing_id in {None, listing.listing_id}:
                        return seller, offer, listing
        raise Impossible(f"No live listing fits {msgspec.to_builtins(self)}.")

    def _offers(self, seller: Seller) -> list[Offer]:
        found = seller.offers_for(self.sku) if self.sku else list(seller.offers.values())
        return [offer for offer in found if self.marketplace in {None, offer.marketplace}]
