"""What a listing says of a variant for one marketplace: its price and stock there."""

from decimal import Decimal

from msgspec.structs import replace

from baysync.account.model import Defaults, Pricing, Stock
from baysync.listing.check import check_listing
from baysync.listing.model import Listing, Override, Severity, Variant, VariantOverride
from baysync.projection.build import build
from baysync.projection.resolve import explained, resolve
from support.shop import DEFAULTS, LAMP

US, DE = "EBAY_US", "EBAY_DE"
SIZES = tuple(
    Variant(sku=f"SHIRT-{size}", options={"Size": size}, price=Decimal(20), quantity=5)
    for size in "SML"
)
RATED = replace(DEFAULTS, pricing=Pricing(rates={"USD": Decimal("0.9")}), stock=Stock(buffer=1))


def shirt(*variants: Variant, **said: object) -> Listing:
    """Return a shirt priced in dollars that says ``said`` for Germany."""
    return replace(
        LAMP,
        currency="USD",
        price=None,
        variants=variants or SIZES,
        overrides={DE: replace(Override(), **said)},
    )


def terms(listing: Listing, rules: Defaults, at: str = DE) -> list[tuple[str, str, int | None]]:
    """Return the price as it is explained and the stock of each variant."""
    return [
        (each.sku, each.price.words if each.price else "-", each.quantity.value)
        for each in explained(listing, rules, at)
    ]


def test_what_is_said_of_a_variant_stands_and_the_others_follow_the_rules() -> None:
    own = {
        "SHIRT-S": VariantOverride(price=Decimal("21.50"), quantity=4),
        "SHIRT-M": VariantOverride(quantity=0),
    }
    listing = shirt(currency="EUR", variants=own)
    assert terms(listing, RATED) == [
        ("SHIRT-S", "21.50, as the listing says for EBAY_DE", 4),
        ("SHIRT-M", "18.00 = 20.00 USD x 0.9", 0),
        ("SHIRT-L", "18.00 = 20.00 USD x 0.9", 4),
    ]
    found = resolve(listing, RATED, DE)
    assert [(each.price, each.quantity) for each in found.variants] == [
        (Decimal("21.50"), 4),
        (Decimal("18.00"), 0),
        (Decimal("18.00"), 4),
    ]
    assert (found.currency, build(listing, RATED, DE).quantities) == (
        "EUR",
        {"SHIRT-S": 4, "SHIRT-M": 0, "SHIRT-L": 4},
    )
    assert resolve(listing, DEFAULTS, US).variants == SIZES


def test_a_price_said_for_a_marketplace_makes_no_euros_of_other_prices_in_dollars() -> None:
    for said in (
        {"price": Decimal(30)},
        {"variants": {"SHIRT-S": VariantOverride(price=Decimal(30))}},
    ):
        listing = shirt(currency="EUR", **said)
        (block,) = build(listing, DEFAULTS, DE).blocks
        assert (block.reason, block.pointer) == ("wrong_currency", "/overrides/EBAY_DE/currency")
        assert resolve(listing, RATED, DE).variants[2].price == Decimal("18.00")
    relabelled = resolve(shirt(currency="EUR"), DEFAULTS, DE)
    assert (relabelled.currency, relabelled.variants[0].price) == ("EUR", Decimal(20))


def test_a_marketplace_of_which_every_variant_has_its_price_needs_no_rate() -> None:
    own = {each.sku: VariantOverride(price=Decimal(19)) for each in SIZES}
    listing = replace(shirt(currency="EUR", variants=own), price=Decimal(99))
    found = build(listing, DEFAULTS, DE)
    assert found.blocks == ()
    assert found.projection is not None
    assert found.projection.price is not None
    assert found.projection.price.currency == "EUR"


def test_the_only_variant_has_its_price_and_stock_as_the_listing_that_it_becomes() -> None:
    own = {"SHIRT-S": VariantOverride(price=Decimal("21.50"), quantity=4)}
    listing = shirt(SIZES[0], currency="EUR", variants=own)
    found = resolve(listing, RATED, DE)
    assert (found.variants, found.price, found.quantity) == ((), Decimal("21.50"), 4)
    assert build(listing, RATED, DE).quantity == 4
    assert terms(listing, RATED) == [("LAMP-1", "21.50, as the listing says for EBAY_DE", 4)]


def test_the_only_variant_follows_the_rules_where_nothing_is_said_of_it() -> None:
    found = resolve(shirt(SIZES[0], title="Hemd"), RATED, DE)
    assert (found.title, found.price, found.quantity) == ("Hemd", Decimal("18.00"), 4)


def test_a_variant_that_there_is_not_blocks_that_marketplace_alone() -> None:
    listing = shirt(currency="EUR", variants={"SHIRT/XL": VariantOverride(quantity=1)})
    (problem,) = check_listing(listing).problems
    at = "/overrides/EBAY_DE/variants/SHIRT~1XL"
    assert (problem.pointer, problem.rule) == (at, "unknown_variant")
    assert problem.severity is Severity.BLOCK
    (block,) = build(listing, DEFAULTS, DE).blocks
    assert (block.reason, block.pointer) == ("unknown_variant", at)
    assert build(listing, DEFAULTS, US).blocks == ()


def test_a_price_that_cannot_be_is_refused_with_its_place() -> None:
    own = {"SHIRT-S": VariantOverride(price=Decimal(0), quantity=-1)}
    refused = {each.pointer: each.rule for each in check_listing(shirt(variants=own)).problems}
    assert refused == {
        "/overrides/EBAY_DE/variants/SHIRT-S/price": "price_out_of_range",
        "/overrides/EBAY_DE/variants/SHIRT-S/quantity": "quantity_out_of_range",
    }
