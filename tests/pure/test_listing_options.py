"""The order in which buyers choose among variants: the shop's, wherever a listing comes from."""

import pytest

from baysync.listing import body
from baysync.listing.check import check
from baysync.listing.model import Listing
from baysync.listing.options import names


def shirt(*options: dict[str, str], **fields: object) -> dict[str, object]:
    variants = [{"sku": f"S-{n}", "options": each} for n, each in enumerate(options)]
    return {"sku": "SHIRT", "title": "Shirt", "variants": variants, **fields}


def stored(document: dict[str, object]) -> Listing:
    """Return a listing as it comes out of the database: its objects are sorted by name there."""
    listing = check(document).listing
    assert listing is not None
    return body.decode(body.encode(listing))


SIZE_FIRST = {"Size": "M", "Colour": "red"}
COLOUR_FIRST = {"Colour": "red", "Size": "M"}


def test_the_first_variant_says_the_order() -> None:
    assert names(stored(shirt(SIZE_FIRST, COLOUR_FIRST))) == ("Size", "Colour")
    assert names(stored(shirt(COLOUR_FIRST, SIZE_FIRST))) == ("Colour", "Size")


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (["Colour", "Size"], ("Colour", "Size")),
        (["Colour"], ("Colour", "Size")),
        (["Width", "Colour", "Colour"], ("Colour", "Size")),
        ([], ("Size", "Colour")),
    ],
)
def test_the_listing_may_say_it_itself(said: list[str], expected: tuple[str, ...]) -> None:
    assert names(stored(shirt(SIZE_FIRST, options=said))) == expected


def test_an_order_by_name_is_not_stored_so_what_was_stored_before_stays_equal() -> None:
    assert b"options" not in body.encode(stored(shirt(options=["Size"])))
    by_name = body.encode(stored(shirt(COLOUR_FIRST)))
    assert by_name == body.encode(stored(shirt(SIZE_FIRST, options=["Colour", "Size"])))
    assert by_name.count(b'"options":') == 1, "that of the variant"
