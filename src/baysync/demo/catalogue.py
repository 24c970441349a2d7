"""The shop's catalogue: 60 listings, some with variants, some sold in Germany as well.

eBay's rules forbid seven of them, each in another way; one more eBay itself will not take.
"""

from decimal import Decimal
from importlib.resources import files

from baysync.account.model import Pricing, Rounding
from baysync.listing import lines
from baysync.listing.draft import Draft

ACCOUNT = "harbour-and-hearth"
CONDITION = "NEW"
PRICING = {
    "EBAY_US": Pricing(),
    "EBAY_DE": Pricing(rates={"USD": Decimal("0.92")}, rounding=Rounding.NINETY_NINE),
}
"""How the shop's dollars become the prices of each marketplace that it sells on."""
REFUSED = "TOOL-SECATEURS"
"""What eBay holds back though nothing that it publishes forbids it."""
CATEGORIES = {
    "Desk lamps": "101",
    "Mugs": "102",
    "Cushions": "103",
    "T-shirts": "201",
    "Hoodies": "202",
    "Headphones": "301",
    "Phone cases": "302",
    "Books": "401",
    "Board games": "501",
    "Yoga mats": "601",
    "Soap": "701",
    "Workshop": "999",
}
"""The shop's own types as leaf categories of the mock; one type is left out on purpose."""


def drafts() -> list[Draft]:
    """Return the catalogue as ``baysync listings import`` reads it."""
    text = files("baysync.demo").joinpath("catalogue.jsonl").read_bytes()
    return [lines.draft(raw, number) for number, raw in enumerate(text.splitlines(), start=1)]
