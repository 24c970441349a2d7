"""What eBay forbids in the variants of a listing, pure.

Source: Inventory API 1.18, ``InventoryItemGroup``; numbers as observed by integrators.
"""

import unicodedata
from collections import Counter
from collections.abc import Iterator

from baysync.listing.decode import pointer
from baysync.listing.gtin import FIX as GTIN_FIX
from baysync.listing.gtin import is_gtin
from baysync.listing.model import Listing, Problem, Severity, Variant

MOST_VARIANTS = 250
MOST_AXES = 5
MOST_VALUES = 60
MOST_IMAGES = 12
LONGEST_AXIS = 40
LONGEST_VALUE = 65
LONGEST_MPN = 65


def blocks(listing: Listing) -> Iterator[Problem]:
    """Yield what keeps a listing with variants off eBay; nothing for one without."""
    yield from _strangers(listing)
    if listing.variants:
        yield from _group(listing)
        yield from _places(listing)
        for index, variant in enumerate(listing.variants):
            yield from _variant(variant, listing, f"/variants/{index}")


def _strangers(listing: Listing) -> Iterator[Problem]:
    """Yield what overrides say of variants that there are not."""
    known = {each.sku for each in listing.variants}
    for marketplace, override in listing.overrides.items():
        for sku in override.variants or {}:
            if sku not in known:
                at = pointer(pointer("/overrides", marketplace) + "/variants", sku)
                message = f"{sku[:60]!r} is none of its variants"
                fix = "name a variant by its SKU, or take this out"
                yield block(at, "unknown_variant", message, fix)


def _group(listing: Listing) -> Iterator[Problem]:
    count, axes = len(listing.variants), list(listing.variants[0].options)
    if count > MOST_VARIANTS:
        message = f"has {count}, eBay takes {MOST_VARIANTS}"
        fix = "split it into several listings; none is dropped for you"
        yield block("/variants", "too_many_variants", message, fix)
    if len(axes) > MOST_AXES:
        message = f"differ in {len(axes)} options, eBay takes {MOST_AXES}"
        yield block("/variants", "too_many_options", message, "join two of them in one")
    for name in axes:
        values = {_same(variant.options.get(name, "")) for variant in listing.variants}
        if len(values) > MOST_VALUES:
            message = f"{name[:40]!r} has {len(values)} values, eBay takes {MOST_VALUES}"
            yield block("/variants", "too_many_option_values", message, "split the listing")


def _places(listing: Listing) -> Iterator[Problem]:
    """Yield variants that stand twice, by their SKU or by their options."""
    skus, places = Counter[str](), Counter[tuple[tuple[str, str], ...]]()
    for index, variant in enumerate(listing.variants):
        at = f"/variants/{index}"
        place = tuple(sorted((_same(n), _same(value)) for n, value in variant.options.items()))
        skus[variant.sku] += 1
        places[place] += 1
        if skus[variant.sku] > 1:
            message = f"{variant.sku[:60]!r} stands twice"
            yield block(f"{at}/sku", "variant_sku_twice", message, "give each its own SKU")
        elif place and places[place] > 1:
            message = "are those of another variant"
            yield block(f"{at}/options", "variant_options_twice", message, "say how it differs")


def _variant(variant: Variant, listing: Listing, at: str) -> Iterator[Problem]:
    yield from _options(variant, listing.variants[0], f"{at}/options")
    if variant.price is None and listing.price is None:
        yield block(f"{at}/price", "missing_price", "is missing", "give it, or the listing, one")
    if len(variant.mpn or "") > LONGEST_MPN:
        message = f"has {len(variant.mpn or '')} characters, eBay takes {LONGEST_MPN}"
        yield block(f"{at}/mpn", "mpn_too_long", message, "shorten it")
    if len(variant.images) > MOST_IMAGES and len(listing.variants) > 1:
        message = f"has {len(variant.images)} pictures, eBay takes {MOST_IMAGES} for a variant"
        yield block(f"{at}/images", "too_many_images", message, "leave some out")
    for position, gtin in enumerate(variant.gtins):
        if not is_gtin(gtin):
            message = f"{gtin[:40]!r} is no EAN, UPC, ISBN-13 or GTIN-14"
            yield block(f"{at}/gtins/{position}", "invalid_gtin", message, GTIN_FIX)


def _options(variant: Variant, first: Variant, at: str) -> Iterator[Problem]:
    if not variant.options:
        yield block(at, "missing_options", "is empty", "say how it differs, as in Size: M")
    elif missing := sorted(first.options.keys() - variant.options.keys()):
        message = f"lacks {', '.join(missing)}, which other variants have"
        yield block(at, "option_missing", message, "give every variant the same options")
    elif more := sorted(variant.options.keys() - first.options.keys()):
        message = f"has {', '.join(more)}, which other variants lack"
        yield block(at, "option_missing", message, "give every variant the same options")
    if len({_same(name) for name in variant.options}) < len(variant.options):
        yield block(at, "option_twice", "names an option twice", "name each option once")
    for name, value in variant.options.items():
        if not (_fits(name, LONGEST_AXIS) and _fits(value, LONGEST_VALUE)):
            message = f"{name[:60]!r} is {value[:80]!r}"
            fix = f"use 1 to {LONGEST_AXIS} characters for the name, {LONGEST_VALUE} for the value"
            yield block(at, "option_length", message, fix)


def _fits(words: str, longest: int) -> bool:
    return 0 < len(words.strip()) <= longest


def _same(words: str) -> str:
    """Return the text as eBay compares it: composed, without space around it, in one case."""
    return unicodedata.normalize("NFC", words).strip().casefold()


def block(pointer: str, rule: str, message: str, fix: str) -> Problem:
    """Return a problem that only keeps the listing off eBay."""
    return Problem(pointer=pointer, rule=rule, message=message, fix=fix, severity=Severity.BLOCK)
