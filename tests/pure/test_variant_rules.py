"""What eBay forbids in variants."""

from decimal import Decimal

import pytest
from msgspec.structs import replace

from baysync.listing.model import Listing, Variant
from baysync.listing.variant_rules import blocks
from support.shop import LAMP


def variant(sku: str, **options: str) -> Variant:
    return Variant(sku=sku, options=options or {"Size": sku}, price=Decimal(1))


def found(*variants: Variant, **fields: object) -> dict[str, str]:
    listing: Listing = replace(LAMP, variants=variants, **fields)
    return {problem.pointer: problem.rule for problem in blocks(listing)}


def test_a_listing_without_variants_has_nothing_wrong_with_them() -> None:
    assert found() == {}
    assert found(variant("S"), variant("M")) == {}


@pytest.mark.parametrize(
    ("second", "pointer", "rule"),
    [
        (variant("S"), "/variants/1/sku", "variant_sku_twice"),
        (variant("S2", Size=" s "), "/variants/1/options", "variant_options_twice"),
        (variant("M", Colour="red"), "/variants/1/options", "option_missing"),
        (variant("M", Size="M", Colour="red"), "/variants/1/options", "option_missing"),
        (variant("M", Size="M", size="L"), "/variants/1/options", "option_twice"),
        (variant("M", Size=" "), "/variants/1/options", "option_length"),
        (variant("M", Size="x" * 66), "/variants/1/options", "option_length"),
        (replace(variant("M"), options={}), "/variants/1/options", "missing_options"),
        (replace(variant("M"), price=None), "/variants/1/price", "missing_price"),
        (replace(variant("M"), mpn="x" * 66), "/variants/1/mpn", "mpn_too_long"),
        (replace(variant("M"), images=("a",) * 13), "/variants/1/images", "too_many_images"),
        (replace(variant("M"), gtins=("1",)), "/variants/1/gtins/0", "invalid_gtin"),
    ],
)
def test_a_variant_that_ebay_refuses_is_named(second: Variant, pointer: str, rule: str) -> None:
    assert found(variant("S"), second, price=None)[pointer] == rule


def test_a_variant_with_everything_is_fine() -> None:
    whole = replace(variant("M"), gtins=("4006381333931",), images=("a",), mpn="m")
    assert found(variant("S"), whole) == {}


def test_more_than_ebay_takes_is_named_and_nothing_is_dropped() -> None:
    many = found(*[variant(f"v{n}", Size=f"{n % 60}", Colour=f"{n // 60}") for n in range(251)])
    assert many == {"/variants": "too_many_variants"}
    assert found(*[variant(f"v{n}") for n in range(61)]) == {"/variants": "too_many_option_values"}
    axes = {f"axis {n}": "x" for n in range(6)}
    assert found(variant("S", **axes)) == {"/variants": "too_many_options"}
