"""What eBay forbids in a listing that can be stored all the same, pure.

Limits are those of the Inventory API (InventoryItem, EbayOfferDetailsWithKeys) and of the errors
it answers with; what depends on category or policy is judged when it is projected or published.
"""

import re
from collections.abc import Iterator

from baysync.ebay.metadata import CONDITION_IDS
from baysync.listing import characters, variant_rules
from baysync.listing.gtin import FIX as GTIN_FIX
from baysync.listing.gtin import is_gtin
from baysync.listing.model import Listing, Problem, Severity, Size, Weight

LONGEST_TITLE = 80
LONGEST_DESCRIPTION = 500_000
MOST_IMAGES = 24
LONGEST_IMAGE_URL = 500
MOST_STORE_CATEGORIES = 2
LONGEST_ASPECT_NAME = 40
CHECKED = frozenset({"ean", "upc"})  # eBay takes such item specifics for product numbers
LONGEST_ASPECT_VALUE = 65
MOST_ASPECT_VALUES = 30
WEIGHT_UNITS = frozenset({"POUND", "KILOGRAM", "OUNCE", "GRAM"})
LENGTH_UNITS = frozenset({"INCH", "FEET", "CENTIMETER", "METER"})
_MARKETPLACE = re.compile(r"EBAY_[A-Z]{2,8}(?:_[A-Z]{2,6})?")
_LONGEST = {"subtitle": 55, "brand": 65, "mpn": 65, "condition_note": 1000, "location": 36}


def blocks(listing: Listing, currency: str | None) -> tuple[Problem, ...]:
    """Return what keeps ``listing`` off a marketplace that trades in ``currency``."""
    return tuple(_blocks(listing, currency))


def _blocks(listing: Listing, currency: str | None) -> Iterator[Problem]:
    yield from _title(listing.title)
    yield from _texts(listing)
    yield from characters.blocks(listing)
    yield from _description(listing.description)
    yield from _images(listing)
    yield from _money(listing, currency)
    yield from _identity(listing)
    yield from _aspects(listing.aspects)
    yield from _measures(listing.weight, listing.size)
    yield from _marketplaces(listing)
    yield from _variants(listing)


def _title(title: str) -> Iterator[Problem]:
    if not title.strip():
        yield _block("/title", "missing_title", "is empty", "give the listing a title")
    elif len(title) > LONGEST_TITLE:
        yield _block(
            "/title",
            "title_too_long",
            f"has {len(title)} characters, eBay takes {LONGEST_TITLE}",
            f"take {len(title) - LONGEST_TITLE} away; it is never cut for you",
        )


def _texts(listing: Listing) -> Iterator[Problem]:
    for name, longest in _LONGEST.items():
        text: str = getattr(listing, name) or ""
        if len(text) > longest:
            yield _block(
                f"/{name}",
                f"{name}_too_long",
                f"has {len(text)} characters, eBay takes {longest}",
                "shorten it",
            )


def _description(html: str) -> Iterator[Problem]:
    if not html.strip():
        yield _block("/description", "missing_description", "is empty", "describe what is sold")
    elif len(html) > LONGEST_DESCRIPTION:  # cleaning writes out what was left open
        yield _block(
            "/description", "description_too_long", f"has {len(html):,} characters", "shorten it"
        )


def _images(listing: Listing) -> Iterator[Problem]:
    count = len(listing.images)
    if not count and not any(variant.images for variant in listing.variants):
        yield _block("/images", "missing_image", "has no picture", "give at least one address")
    if count > MOST_IMAGES:
        yield _block(
            "/images",
            "too_many_images",
            f"has {count} pictures, eBay takes {MOST_IMAGES}",
            f"leave {count - MOST_IMAGES} out; none is dropped for you",
        )
    for index, url in enumerate(listing.images):
        if not _is_usual(url):
            yield from _image(url, f"/images/{index}")


def _is_usual(url: str) -> bool:
    return (
        url.startswith("https://")
        and " " not in url
        and url.isascii()
        and len(url) <= LONGEST_IMAGE_URL
    )


def _image(url: str, at: str) -> Iterator[Problem]:
    if not url.startswith("https://"):
        yield _block(at, "image_not_https", "is not https", "serve the picture over https")
    if " " in url:
        yield _block(at, "image_not_encoded", "has a space", "write %20 instead")
    elif not url.isascii():
        fix = "percent-encode it: ü is %C3%BC"
        yield _block(at, "image_not_encoded", "has letters outside ASCII", fix)
    if len(url) > LONGEST_IMAGE_URL:
        message = f"has {len(url)} characters, eBay takes {LONGEST_IMAGE_URL}"
        yield _block(at, "image_url_too_long", message, "give the picture a shorter address")


def _money(listing: Listing, currency: str | None) -> Iterator[Problem]:
    if listing.price is None and not listing.variants:
        yield _block("/price", "missing_price", "is missing", "give a price")
    if currency and listing.currency == "":  # resolved, and nothing says it
        yield _block(
            "/currency",
            "missing_currency",
            f"is missing, and there are rates for other currencies than {currency}",
            "say which it is: in the listing, with `baysync listings import FILE --currency CODE`, "
            "or with `baysync accounts defaults NAME --set currency=CODE`",
        )
    if currency and listing.currency and listing.currency != currency:
        yield _block(
            "/currency",
            "wrong_currency",
            f"is {listing.currency[:20]}, the marketplace trades in {currency}",
            f"give the price in {currency}, or override price and currency for the marketplace",
        )


def _identity(listing: Listing) -> Iterator[Problem]:
    if listing.condition is not None and listing.condition not in CONDITION_IDS:
        yield _block(
            "/condition",
            "unknown_condition",
            f"{listing.condition[:40]!r} is none of eBay's conditions",
            f"write one of {', '.join(sorted(CONDITION_IDS))}",
        )
    for index, gtin in enumerate(listing.gtins):
        yield from _gtin(gtin, f"/gtins/{index}")


def _gtin(gtin: str, at: str) -> Iterator[Problem]:
    if not is_gtin(gtin):
        yield _block(
            at,
            "invalid_gtin",
            f"{gtin[:40]!r} is no EAN, UPC, ISBN-13 or GTIN-14",
            GTIN_FIX,
        )


def _aspects(aspects: dict[str, tuple[str, ...]]) -> Iterator[Problem]:
    for name, values in aspects.items():
        if name and _are_usual(name, values):
            continue
        at = f"/aspects/{name.replace('~', '~0').replace('/', '~1')}"
        if not name or len(name) > LONGEST_ASPECT_NAME:
            fix = f"use 1 to {LONGEST_ASPECT_NAME} characters"
            yield _block(at, "aspect_name_length", f"its name has {len(name)} characters", fix)
        if len(values) > MOST_ASPECT_VALUES:
            fix = f"keep {MOST_ASPECT_VALUES}"
            yield _block(at, "too_many_aspect_values", f"has {len(values)} values", fix)
        for index, value in enumerate(values):
            if not 0 < len(value) <= LONGEST_ASPECT_VALUE:
                fix = f"use 1 to {LONGEST_ASPECT_VALUE} characters"
                message = f"has {len(value)} characters"
                yield _block(f"{at}/{index}", "aspect_value_length", message, fix)
            elif name.casefold() in CHECKED:
                yield from _gtin(value, f"{at}/{index}")


def _are_usual(name: str, values: tuple[str, ...]) -> bool:
    return (
        len(name) <= LONGEST_ASPECT_NAME
        and len(values) <= MOST_ASPECT_VALUES
        and name.casefold() not in CHECKED
        and all(0 < len(value) <= LONGEST_ASPECT_VALUE for value in values)
    )


def _measures(weight: Weight | None, size: Size | None, at: str = "") -> Iterator[Problem]:
    if weight and weight.unit not in WEIGHT_UNITS:
        yield _unit(f"{at}/weight/unit", weight.unit, WEIGHT_UNITS)
    if size and size.unit not in LENGTH_UNITS:
        yield _unit("/size/unit", size.unit, LENGTH_UNITS)


def _unit(at: str, unit: str, known: frozenset[str]) -> Problem:
    fix = f"write one of {', '.join(sorted(known))}"
    return _block(at, "unknown_unit", f"{unit[:20]!r} is none of eBay's units", fix)


def _marketplaces(listing: Listing) -> Iterator[Problem]:
    named = [(f"/marketplaces/{index}", name) for index, name in enumerate(listing.marketplaces)]
    named += [("/overrides", name) for name in listing.overrides]
    for at, name in named:
        if not _MARKETPLACE.fullmatch(name):
            message = f"{name[:40]!r} is no marketplace"
            yield _block(at, "unknown_marketplace", message, "write it as EBAY_DE or EBAY_US")
    if len(listing.store_categories) > MOST_STORE_CATEGORIES:
        message = f"names {len(listing.store_categories)}, eBay takes {MOST_STORE_CATEGORIES}"
        yield _block("/store_categories", "too_many_store_categories", message, "keep two")


def _variants(listing: Listing) -> Iterator[Problem]:
    yield from variant_rules.blocks(listing)
    for index, variant in enumerate(listing.variants):
        yield from _measures(variant.weight, None, f"/variants/{index}")
        for position, url in enumerate(variant.images):
            yield from _image(url, f"/variants/{index}/images/{position}")


def _block(pointer: str, rule: str, message: str, fix: str) -> Problem:
    return Problem(pointer=pointer, rule=rule, message=message, fix=fix, severity=Severity.BLOCK)
