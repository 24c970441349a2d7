"""Listings and defaults as a shop would have them, for tests."""

from decimal import Decimal

from baysync.account.model import Defaults, Policies
from baysync.listing.model import Listing

DEFAULTS = Defaults(
    category="112581",
    condition="NEW",
    location="berlin",
    policies=Policies(fulfillment="11", payment="12", return_="13"),
)
LAMP = Listing(
    sku="LAMP-1",
    aspects={"Colour": ("Brass",)},
    brand="Lumo",
    description="<p>A lamp.</p>",
    images=("https://shop.example/lamp-1.jpg",),
    price=Decimal("34.90"),
    quantity=5,
    title="Brass desk lamp",
)
