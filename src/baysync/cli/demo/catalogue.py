"""The shop's catalogue: 60 listings, of which eBay's rules forbid six, each in another way."""

from importlib.resources import files

from baysync.listing import lines
from baysync.listing.draft import Draft

ACCOUNT = "harbour-and-hearth"
MARKETPLACE = "EBAY_US"
CONDITION = "NEW"
CATEGORIES = {
    "Desk lamps": "101",
    "Mugs": "102",
    "Cushions": "103",
    "T-shirts": "201",
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
    text = files("baysync.cli.demo").joinpath("catalogue.jsonl").read_bytes()
    return [lines.draft(raw, number) for number, raw in enumerate(text.splitlines(), start=1)]
