"""What is refused, and what is stored and blocked."""

from decimal import Decimal
from typing import Any

import pytest
from msgspec import structs

from baysync.listing import rules
from baysync.listing.check import check, check_listing
from baysync.listing.gtin import is_gtin
from baysync.listing.image_url import unsafe
from baysync.listing.model import (
    Listing,
    Override,
    Problem,
    Severity,
    Size,
    Variant,
    Weight,
)

GOOD = Listing(
    sku="LAMP-1",
    title="Brass lamp",
    description="<p>A lamp.</p>",
    price=Decimal("49.9"),
    quantity=3,
    currency="EUR",
    images=("https://example.com/lamp.jpg",),
)


def lamp(**changes: Any) -> Listing:  # noqa: ANN401 - any field of a listing
    return structs.replace(GOOD, **changes)


def named(problems: tuple[Problem, ...], severity: Severity) -> dict[str, str]:
    assert all(problem.message and problem.fix for problem in problems)
    return {problem.pointer: problem.rule for problem in problems if problem.severity is severity}


@pytest.mark.parametrize(
    ("price", "fix"),
    [
        ("1.249", "write 1249 if the point parts the thousands, else 1.25"),
        ("12.5555", "write two decimals, as 12.56"),
    ],
)
def test_a_price_with_three_decimals_has_two_readings(price: str, fix: str) -> None:
    (problem,) = rules.refusals(structs.replace(GOOD, price=Decimal(price)))
    assert problem.fix == fix


def test_a_good_listing_has_no_problem() -> None:
    assert rules.problems(GOOD) == ()
    assert rules.blocking(GOOD, "EUR") == ()
    assert check_listing(GOOD).listing == GOOD


@pytest.mark.parametrize(
    ("changes", "pointer", "rule"),
    [
        ({"sku": ""}, "/sku", "missing_sku"),
        ({"sku": " "}, "/sku", "missing_sku"),
        ({"sku": "x" * 201}, "/sku", "sku_too_long"),
        ({"sku": "a\tb"}, "/sku", "sku_not_printable"),
        ({"price": Decimal(0)}, "/price", "price_out_of_range"),
        ({"price": Decimal(-1)}, "/price", "price_out_of_range"),
        ({"price": Decimal("NaN")}, "/price", "price_out_of_range"),
        ({"price": Decimal("1e400")}, "/price", "price_out_of_range"),
        ({"price": Decimal("1.234")}, "/price", "price_too_precise"),
        ({"quantity": -1}, "/quantity", "quantity_out_of_range"),
        ({"quantity": 2**31}, "/quantity", "quantity_out_of_range"),
        ({"description": "x" * 500_001}, "/description", "description_too_long"),
        ({"images": ("https://169.254.169.254/",)}, "/images/0", "image_unsafe"),
        (
            {"weight": Weight(unit="GRAM", value=Decimal(-1))},
            "/weight/value",
            "measure_out_of_range",
        ),
        (
            {"size": Size(unit="INCH", height=Decimal(1), length=Decimal("NaN"), width=Decimal(1))},
            "/size/length",
            "measure_out_of_range",
        ),
        (
            {"variants": (Variant(sku="", options={"Size": "M"}),)},
            "/variants/0/sku",
            "missing_sku",
        ),
        (
            {"variants": (Variant(sku="v", options={"Size": "M"}, quantity=-1),)},
            "/variants/0/quantity",
            "quantity_out_of_range",
        ),
        (
            {"overrides": {"a/b": Override(price=Decimal(0))}},
            "/overrides/a~1b/price",
            "price_out_of_range",
        ),
        (
            {"overrides": {"EBAY_DE": Override(description="x" * 500_001)}},
            "/overrides/EBAY_DE/description",
            "description_too_long",
        ),
    ],
)
def test_what_cannot_be_stored_or_is_unsafe_is_refused(
    changes: dict[str, Any], pointer: str, rule: str
) -> None:
    refused = named(rules.problems(lamp(**changes)), Severity.REFUSE)
    assert refused == {pointer: rule}


@pytest.mark.parametrize(
    ("changes", "pointer", "rule"),
    [
        ({"title": ""}, "/title", "missing_title"),
        ({"title": " \t"}, "/title", "missing_title"),
        ({"title": "x" * 81}, "/title", "title_too_long"),
        ({"title": "a\x07"}, "/title", "control_character"),
        ({"title": "ti\x1b]0;pwn\x07tle"}, "/title", "control_character"),
        ({"description": "<p>a\x9b31m</p>"}, "/description", "control_character"),
        ({"subtitle": "abc\u202egnp"}, "/subtitle", "control_character"),
        ({"aspects": {"Co\x7flour": ("Red",)}}, "/aspects/Co\x7flour", "control_character"),
        ({"aspects": {"Colour": ("Red", "a\x85")}}, "/aspects/Colour/1", "control_character"),
        ({"subtitle": "x" * 56}, "/subtitle", "subtitle_too_long"),
        ({"brand": "x" * 66}, "/brand", "brand_too_long"),
        ({"description": " "}, "/description", "missing_description"),
        ({"images": ()}, "/images", "missing_image"),
        ({"images": ("https://example.com/a",) * 25}, "/images", "too_many_images"),
        ({"images": ("http://example.com/a",)}, "/images/0", "image_not_https"),
        ({"images": ("https://example.com/a b",)}, "/images/0", "image_not_encoded"),
        ({"images": ("https://example.com/ü.jpg",)}, "/images/0", "image_not_encoded"),
        (
            {"images": ("https://example.com/" + "a" * 481,)},
            "/images/0",
            "image_url_too_long",
        ),
        ({"price": None}, "/price", "missing_price"),
        ({"currency": "USD"}, "/currency", "wrong_currency"),
        ({"condition": "SHINY"}, "/condition", "unknown_condition"),
        ({"gtins": ("123",)}, "/gtins/0", "invalid_gtin"),
        ({"gtins": ("N/A",)}, "/gtins/0", "invalid_gtin"),
        ({"aspects": {"EAN": ("4006381333932",)}}, "/aspects/EAN/0", "invalid_gtin"),
        ({"aspects": {"x" * 41: ("a",)}}, f"/aspects/{'x' * 41}", "aspect_name_length"),
        ({"aspects": {"a/b": ("x" * 66,)}}, "/aspects/a~1b/0", "aspect_value_length"),
        ({"aspects": {"a": ("x",) * 31}}, "/aspects/a", "too_many_aspect_values"),
        ({"weight": Weight(unit="STONE", value=Decimal(1))}, "/weight/unit", "unknown_unit"),
        (
            {"size": Size(unit="MILE", height=Decimal(1), length=Decimal(1), width=Decimal(1))},
            "/size/unit",
            "unknown_unit",
        ),
        ({"marketplaces": ("DE",)}, "/marketplaces/0", "unknown_marketplace"),
        ({"overrides": {"de": Override()}}, "/overrides", "unknown_marketplace"),
        ({"store_categories": ("a", "b", "c")}, "/store_categories", "too_many_store_categories"),
        ({"variants": (Variant(sku="v", options={}),)}, "/variants/0/options", "missing_options"),
        (
            {"variants": (Variant(sku="v", options={"a": "b"}),) * 2},
            "/variants/1/sku",
            "variant_sku_twice",
        ),
        (
            {"variants": (Variant(sku="v", options={"a": "b"}, gtins=("1",)),)},
            "/variants/0/gtins/0",
            "invalid_gtin",
        ),
        (
            {"variants": (Variant(sku="v", options={"a": "b"}, images=("http://a.de/x",)),)},
            "/variants/0/images/0",
            "image_not_https",
        ),
    ],
)
def test_what_only_ebay_forbids_is_stored_and_blocked(
    changes: dict[str, Any], pointer: str, rule: str
) -> None:
    listing = lamp(**changes)
    assert rules.refusals(listing) == ()
    assert named(rules.blocking(listing, "EUR"), Severity.BLOCK) == {pointer: rule}
    assert check_listing(listing).listing is not None


def test_what_cleaning_wrote_out_can_become_too_long_for_ebay() -> None:
    grown = lamp(description="<p>x" * 9_000 + "x" * 400_000 + "&" * 49_000)
    checked = check_listing(grown)
    assert checked.listing
    assert named(checked.problems, Severity.BLOCK) == {"/description": "description_too_long"}


def test_the_currency_is_judged_per_marketplace_only() -> None:
    assert rules.problems(lamp(currency="USD")) == ()
    assert rules.blocking(lamp(currency=None), "EUR") == ()


def test_refusals_and_blocks_come_together_and_a_field_is_told_once() -> None:
    checked = check({"sku": "a", "title": 7, "price": "x", "images": ["https://10.0.0.1/a"] * 25})
    assert checked.listing is None
    assert named(checked.problems, Severity.REFUSE) == {
        "/title": "not_text",
        "/price": "not_a_number",
    } | {f"/images/{n}": "image_unsafe" for n in range(25)}
    assert named(checked.problems, Severity.BLOCK) == {
        "/description": "missing_description",
        "/images": "too_many_images",
    }


@pytest.mark.parametrize("field", ["description", "overrides"])
def test_markup_too_deep_to_clean_is_refused_where_it_stands(field: str) -> None:
    deep = "<div>" * 300
    changes = {"description": deep, "overrides": {"EBAY_DE": Override(description=deep)}}
    checked = check_listing(lamp(**{field: changes[field]}))
    assert checked.listing is None
    pointers = {"description": "/description", "overrides": "/overrides/EBAY_DE/description"}
    assert named(checked.problems, Severity.REFUSE) == {pointers[field]: "html_too_complex"}


def test_the_description_of_one_marketplace_is_cleaned_too() -> None:
    overrides = {"EBAY_DE": Override(description="<p onclick=x>a</p>"), "EBAY_US": Override()}
    checked = check_listing(lamp(overrides=overrides))
    assert checked.listing
    assert checked.listing.overrides["EBAY_DE"].description == "<p>a</p>"
    assert checked.listing.description == GOOD.description
    assert checked.stripped == 1


@pytest.mark.parametrize(
    "url",
    [
        "https://169.254.169.254/",
        "https://[::ffff:127.0.0.1]/a",
        "https://0x7f.1/a",
        "https://2130706433/a",
        "https://127.0.0.1:443/",
        "https://user@example.com/a",
        "https://g\u043e\u043egle.com/a",
        "https://localhost/a",
        "https://printer.local/a",
        "https://example/a",
        "https:///a",
        "https://example.com:99999/a",
        "https://example.com\\@example.org/a",
        "https://exam\tple.com/a",
        "ftp://example.com/a",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "https://example.com/" + "a" * 2048,
    ],
)
def test_an_image_address_with_two_readings_or_a_private_one_is_unsafe(url: str) -> None:
    assert unsafe(url)


@pytest.mark.parametrize(
    "url",
    [
        "https://burst.shopifycdn.com/photos/city_925x@2x.jpg",
        "http://example.com/a b.jpg?x=1",
        "https://xn--mller-kva.de./a",
        "HTTPS://EXAMPLE.COM:8443/A",
    ],
)
def test_a_public_image_address_is_safe(url: str) -> None:
    assert unsafe(url) is None


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        ("4006381333931", True),
        ("036000291452", True),
        ("96385074", True),
        ("Does not apply", True),
        ("nicht zutreffend", True),
        ("Ne s'applique pas", True),
        ("N/A", False),
        ("4006381333932", False),
        ("400638133393", False),
        ("١٢٣٤٥٦٧٨", False),
        ("", False),
        ("123456789", False),
    ],
)
def test_a_gtin_has_a_length_and_a_check_digit(text: str, valid: bool) -> None:  # noqa: FBT001
    assert is_gtin(text) is valid
