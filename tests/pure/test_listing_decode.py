"""From a document to a listing: every bad field is named, every number and text has one form."""

import unicodedata
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baysync.listing import body, lines
from baysync.listing.check import check, check_listing
from baysync.listing.decode import MOST_PROBLEMS, decode, plain, pointer
from baysync.listing.model import Listing, ListingStatus, Override, Variant, Weight
from support import drawn_bodies as drawn


def found(document: object) -> dict[str, str]:
    return {problem.pointer: problem.rule for problem in decode(document).problems}


def test_all_bad_fields_are_named_at_once() -> None:
    document = {
        "sku": "a",
        "price": "12,50",
        "quantity": Decimal("1.5"),
        "title": "\ud800",
        "subtitle": "a\0b",
        "aspects": {"Colour": "red", "\0": ["x"], "Size": ["M", 3]},
        "images": "https://example.com/a.jpg",
        "status": "gone",
        "weight": {"unit": "GRAM"},
        "size": "3x4x5",
        "tax": {"apply": "yes"},
        "variants": [{"sku": "v"}],
        "overrides": [],
        "titel": "Lamp",
        "zzz": 1,
    }
    assert found(document) == {
        "/price": "not_a_number",
        "/quantity": "not_an_integer",
        "/title": "lone_surrogate",
        "/subtitle": "nul",
        "/aspects/Colour": "not_a_list",
        "/aspects/\0": "nul",
        "/aspects/Size/1": "not_text",
        "/images": "not_a_list",
        "/status": "unknown_value",
        "/weight/value": "missing",
        "/size": "not_an_object",
        "/tax/apply": "not_a_flag",
        "/variants/0/options": "missing",
        "/overrides": "not_an_object",
        "/titel": "unknown_field",
        "/zzz": "unknown_field",
    }


def test_a_typing_error_gets_the_name_that_was_meant() -> None:
    (problem,) = decode({"sku": "a", "titel": "Lamp"}).problems
    assert problem.fix == "did you mean 'title'?"


@pytest.mark.parametrize("document", [None, [], "x", 3, {}, {"sku": 7}, {"sku": None}, True])
def test_without_a_readable_sku_there_is_no_listing(document: object) -> None:
    decoded = decode(document)
    assert decoded.listing is None
    assert decoded.problems


def test_the_list_of_problems_is_bounded() -> None:
    assert len(found({"sku": "a"} | {f"f{n}": 1 for n in range(500)})) == MOST_PROBLEMS


@pytest.mark.parametrize(
    ("given_", "stored"),
    [
        ("10.10", "10.1"),
        (Decimal("10.1"), "10.1"),
        (10.1, "10.1"),
        ("500", "500"),
        (Decimal("5E+2"), "500"),
        (0, "0"),
        (" 7. ", "7"),
        ("-0.50", "-0.5"),
    ],
)
def test_numbers_have_one_spelling(given_: object, stored: str) -> None:
    listing = decode({"sku": "a", "price": given_}).listing
    assert listing
    assert str(listing.price) == stored


@pytest.mark.parametrize(
    "bad", ["NaN", "1e400", "", "1.000,00", "\u0661", True, [], Decimal("1e400"), float("inf")]
)
def test_what_is_no_plain_number_is_refused(bad: object) -> None:
    assert found({"sku": "a", "price": bad}) == {"/price": "not_a_number"}


@pytest.mark.parametrize(("given_", "stored"), [(3, 3), ("3", 3), (Decimal("3.0"), 3), (3.0, 3)])
def test_whole_numbers_may_be_text(given_: object, stored: int) -> None:
    listing = decode({"sku": "a", "quantity": given_}).listing
    assert listing
    assert listing.quantity == stored


@pytest.mark.parametrize(
    "bad", [True, "x", "1.5", 1.5, float("inf"), Decimal("NaN"), [1], "1" * 99]
)
def test_what_is_no_whole_number_is_refused(bad: object) -> None:
    assert found({"sku": "a", "quantity": bad}) == {"/quantity": "not_an_integer"}


def test_composed_and_decomposed_letters_are_the_same_listing() -> None:
    spelled = [unicodedata.normalize(form, "Café Ångström") for form in ("NFC", "NFD")]
    assert spelled[0] != spelled[1]
    bodies = {
        body.encode(listing)
        for text in spelled
        if (
            listing := decode(
                {"sku": text, "title": f" {text} ", "aspects": {text: [text]}}
            ).listing
        )
    }
    assert len(bodies) == 1


def test_white_space_around_text_goes() -> None:
    listing = decode({"sku": " a b ", "title": " x "}).listing
    assert listing == Listing(sku="a b", title="x")


def test_a_pointer_escapes_and_can_always_be_printed() -> None:
    assert pointer("/aspects", "a/b~c\ud800") == "/aspects/a~1b~0c\\ud800"


def test_a_listing_from_python_goes_the_same_way() -> None:
    listing = Listing(
        sku="a",
        title=" Lamp ",
        price=Decimal("10.50"),
        description="<p onclick=x>lamp</p>",
        images=("https://example.com/a.jpg",),
        status=ListingStatus.DRAFT,
        variants=(Variant(sku="v", options={"Size": "M"}),),
        overrides={"EBAY_DE": Override(title="Lampe")},
        weight=Weight(unit="GRAM", value=Decimal("1.0")),
    )
    checked = check_listing(listing)
    assert checked.problems == ()
    assert checked.listing
    assert checked.listing.title == "Lamp"
    assert checked.listing.description == "<p>lamp</p>"
    assert checked.stripped == 1
    assert body.decode(body.encode(checked.listing)) == checked.listing
    assert check(body.document(body.encode(checked.listing))).listing == checked.listing


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**14), max_value=10**14))
def test_the_one_spelling_is_equal_and_without_exponent(number: Decimal) -> None:
    spelled = str(plain(number))
    assert Decimal(spelled) == plain(number)
    if number == number.quantize(Decimal("0.000001")):
        assert Decimal(spelled) == number
        assert "E" not in spelled or abs(number) < Decimal("0.000001")


@pytest.mark.parametrize("word", ["untracked", " Untracked "])
def test_a_shop_may_say_that_it_does_not_count(word: str) -> None:
    variant: dict[str, object] = {"sku": "b", "options": {}, "quantity": word}
    listing = decode({"sku": "a", "quantity": word, "variants": [variant]}).listing
    assert listing
    assert [listing.quantity, listing.variants[0].quantity] == ["untracked", "untracked"]
    assert body.decode(body.encode(listing)) == listing


def test_no_marketplace_can_be_untracked_alone() -> None:
    document = {"sku": "a", "overrides": {"EBAY_DE": {"quantity": "untracked"}}}
    assert found(document) == {"/overrides/EBAY_DE/quantity": "not_an_integer"}


def test_a_quantity_that_is_not_said_stays_unsaid() -> None:
    listing = decode({"sku": "a", "quantity": None}).listing
    assert listing
    assert listing.quantity is None
    assert body.encode(listing) == b'{"sku":"a"}'


@pytest.mark.parametrize("huge", [Decimal("1e400"), Decimal("1e28"), 1e300])
def test_a_number_beyond_all_reason_is_refused(huge: object) -> None:
    assert found({"sku": "a", "quantity": huge}) == {"/quantity": "not_an_integer"}


@given(drawn.listings())
@settings(deadline=None)
def test_a_listing_is_the_same_once_it_was_stored(raw: str) -> None:
    drafted = lines.draft(raw.encode("utf-8", "surrogatepass"), 1)
    listing = check(drafted.document).listing if not drafted.problems else None
    if listing is not None:
        assert body.decode(body.encode(listing)) == listing
