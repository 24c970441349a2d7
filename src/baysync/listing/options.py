"""The order in which buyers choose among variants, pure: first the size, then the colour."""

import unicodedata
from collections.abc import Mapping

from msgspec.structs import replace

from baysync.listing.model import Listing


def names(listing: Listing) -> tuple[str, ...]:
    """Return what the variants differ in, in the shop's order.

    ``listing.options`` says it; what it does not name follows as the first variant has it.
    """
    first = listing.variants[0].options if listing.variants else {}
    ordered_names = [name for name in dict.fromkeys(listing.options) if name in first]
    return (*ordered_names, *(name for name in first if name not in ordered_names))


def ordered(listing: Listing) -> Listing:
    """Return a listing as it is stored: ``options`` says the order unless it is by name.

    A stored body keeps no order of its own, so what a variant names first would be lost.
    """
    found = names(listing)
    return replace(listing, options=() if list(found) == sorted(found) else found)


def place(options: Mapping[str, object]) -> frozenset[tuple[str, str]]:
    """Return what tells a variant apart, as eBay compares it: composed, trimmed, in one case."""
    return frozenset((_same(name), _same(value)) for name, value in options.items())


def _same(value: object) -> str:
    return unicodedata.normalize("NFC", str(value)).strip().casefold()
