"""What is wrong with a listing: all of it at once, pure.

Refused is only what cannot be stored or is unsafe. What eBay alone forbids is stored and blocks
the listing there, so that the shop's data is never lost and says itself what to correct.
"""

from collections.abc import Iterator
from datetime import UTC
from decimal import Decimal

from baysync.listing import ebay_rules, sale_rules
from baysync.listing.decode import pointer
from baysync.listing.image_url import unsafe
from baysync.listing.model import (
    Listing,
    Override,
    Problem,
    Size,
    Variant,
    VariantOverride,
    Weight,
)
from baysync.listing.sale import moment

LONGEST_SKU = 200
DOTS = frozenset({".", ".."})
LONGEST_DESCRIPTION = 500_000
LARGEST_QUANTITY = 2**31 - 1
LARGEST_PRICE = Decimal(10) ** 12
THOUSAND = 3  # digits between two signs of a grouped number

Part = Listing | Variant | Override | VariantOverride
FIX_DATE = "write it as 2026-12-24 or 2026-12-24T18:00:00+01:00, from 1970 to 9998"


def problems(listing: Listing) -> tuple[Problem, ...]:
    """Return everything wrong with ``listing``, refusals first, but for its currency."""
    return (*refusals(listing), *blocking(listing, None))


def blocking(listing: Listing, marketplace_currency: str | None) -> tuple[Problem, ...]:
    """Return what eBay's rules and ours forbid in a stored listing, as one marketplace sees it.

    Pass the listing with the overrides of that marketplace and the account's defaults filled
    in, and the currency in which it trades (None leaves the currency unjudged). Of sale prices
    only those without an end are judged: others may be over.
    """
    return (*ebay_rules.blocks(listing, marketplace_currency), *sale_rules.blocks(listing, None))


def refusals(listing: Listing) -> tuple[Problem, ...]:
    """Return what keeps ``listing`` out: not storable, or not safe to store."""
    return tuple(_refusals(listing))


def _refusals(listing: Listing) -> Iterator[Problem]:
    yield from _sku(listing.sku, "/sku")
    yield from _part(listing, "")
    yield from _sale(listing, "")
    yield from _images(listing.images, "/images")
    yield from _weight(listing.weight, "/weight")
    yield from _size(listing.size)
    for index, variant in enumerate(listing.variants):
        yield from _variant(variant, f"/variants/{index}")
    for marketplace, override in listing.overrides.items():
        at = pointer("/overrides", marketplace)
        yield from _part(override, at)
        for sku, variant in (override.variants or {}).items():
            yield from _part(variant, pointer(f"{at}/variants", sku))
        yield from _description(override.description or "", at)
    yield from _description(listing.description, "")


def _variant(variant: Variant, at: str) -> Iterator[Problem]:
    yield from _sku(variant.sku, f"{at}/sku")
    yield from _part(variant, at)
    yield from _sale(variant, at)
    yield from _images(variant.images, f"{at}/images")
    yield from _weight(variant.weight, f"{at}/weight")


def _sku(sku: str, at: str) -> Iterator[Problem]:
    if not sku.strip():
        yield _problem(at, "missing_sku", "is empty", "give the listing a SKU of its own")
    elif not sku.isprintable():
        yield _problem(
            at, "sku_not_printable", "has a control character or an unusual space", "remove it"
        )
    elif sku in DOTS:
        yield _problem(at, "sku_is_a_path", "means a folder in every address", "use other letters")
    if len(sku) > LONGEST_SKU:
        yield _problem(
            at, "sku_too_long", f"has {len(sku)} characters", f"use at most {LONGEST_SKU}"
        )


def _part(part: Part, at: str) -> Iterator[Problem]:
    if part.price is not None:
        yield from _price(part.price, f"{at}/price")
    if isinstance(part.quantity, int) and not 0 <= part.quantity <= LARGEST_QUANTITY:
        yield _problem(
            f"{at}/quantity",
            "quantity_out_of_range",
            f"is {part.quantity}",
            f"write a whole number from 0 to {LARGEST_QUANTITY}",
        )


def _sale(part: Listing | Variant, at: str) -> Iterator[Problem]:
    if part.sale_price is not None:
        yield from _price(part.sale_price, f"{at}/sale_price")
    for name in ("sale_from", "sale_until"):
        text: str | None = getattr(part, name)
        if text and moment(text, UTC) is None:
            message = f"{text[:40]!r} is no date or time"
            yield _problem(f"{at}/{name}", "not_a_date", message, FIX_DATE)


def _price(price: Decimal, at: str) -> Iterator[Problem]:
    if not price.is_finite() or not 0 < price < LARGEST_PRICE:
        yield _problem(at, "price_out_of_range", f"is {price}", "write a price above 0")
    elif price != price.quantize(Decimal("0.01")):
        yield _problem(
            at, "price_too_precise", f"{price} has more than two decimals", _readings(price)
        )


def _readings(price: Decimal) -> str:
    """Return both readings of a price like 1.249, which may have a point between its thousands."""
    cents, _, digits = f"{price:f}".partition(".")
    rounded = f"{price.quantize(Decimal('0.01')):f}"
    if len(digits) != THOUSAND:
        return f"write two decimals, as {rounded}"
    return f"write {cents}{digits} if the point parts the thousands, else {rounded}"


def _images(images: tuple[str, ...], at: str) -> Iterator[Problem]:
    for index, url in enumerate(images):
        reason = unsafe(url)
        if reason:
            yield _problem(
                f"{at}/{index}",
                "image_unsafe",
                reason,
                "give a public https address of the picture",
            )


def _weight(weight: Weight | None, at: str) -> Iterator[Problem]:
    if weight:
        yield from _measure(weight.value, f"{at}/value")


def _size(size: Size | None) -> Iterator[Problem]:
    if size:
        yield from _measure(size.height, "/size/height")
        yield from _measure(size.length, "/size/length")
        yield from _measure(size.width, "/size/width")


def _measure(value: Decimal, at: str) -> Iterator[Problem]:
    if not value.is_finite() or not 0 <= value < LARGEST_PRICE:
        yield _problem(at, "measure_out_of_range", f"is {value}", "write a number of 0 or more")


def _description(html: str, at: str) -> Iterator[Problem]:
    if len(html) > LONGEST_DESCRIPTION:
        yield _problem(
            f"{at}/description",
            "description_too_long",
            f"has {len(html):,} characters",
            f"shorten it to {LONGEST_DESCRIPTION:,}",
        )


def _problem(pointer: str, rule: str, message: str, fix: str) -> Problem:
    return Problem(pointer=pointer, rule=rule, message=message, fix=fix)
