"""Prices are shown with their currency's digits, and reading them again changes nothing."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baysync.ebay.marketplace import MARKETPLACES, digits
from baysync.listing import body
from baysync.listing.check import check
from baysync.listing.decode import plain
from baysync.listing.model import Listing, Override, Severity, Variant, VariantOverride
from baysync.listing.shown import document, scaled, shown

prices = st.none() | st.decimals(Decimal("0.01"), 10**9, places=2).map(plain)
listings = st.builds(
    Listing,
    sku=st.just("A"),
    currency=st.sampled_from([None, "EUR", "USD", "JPY"]),
    price=prices,
    sale_price=prices,
    variants=st.lists(
        st.builds(Variant, sku=st.just("B"), options=st.just({"a": "b"}), price=prices)
    ).map(tuple),
    overrides=st.dictionaries(
        st.just("EBAY_DE"),
        st.builds(
            Override,
            price=prices,
            currency=st.sampled_from([None, "GBP"]),
            variants=st.none()
            | st.fixed_dictionaries({"B": st.builds(VariantOverride, price=prices)}),
        ),
    ),
)


@pytest.mark.parametrize(
    ("stored", "answer"),
    [("12", "12.00"), ("24.9", "24.90"), ("0.05", "0.05"), ("1500", "1500.00"), ("1.125", "1.125")],
)
def test_a_price_has_at_least_the_digits_of_its_currency_and_is_never_rounded(
    stored: str, answer: str
) -> None:
    assert scaled(stored, "EUR") == scaled(stored, None) == answer


def test_every_marketplace_trades_in_a_currency_of_known_digits() -> None:
    assert {digits(each.currency) for each in MARKETPLACES.values()} == {2}


def test_every_price_of_a_listing_is_shown_so() -> None:
    listing = Listing(
        sku="A",
        price=Decimal(12),
        sale_price=Decimal("9.5"),
        variants=(Variant(sku="B", options={}, price=Decimal(3), sale_price=Decimal(2)),),
        overrides={
            "EBAY_DE": Override(
                price=Decimal(11), variants={"B": VariantOverride(price=Decimal(4))}
            )
        },
    )
    found = document(body.document(body.encode(listing)))
    assert (found["price"], found["sale_price"]) == ("12.00", "9.50")
    assert found["variants"] == (
        {"options": {}, "price": "3.00", "sale_price": "2.00", "sku": "B"},
    )
    assert found["overrides"] == {
        "EBAY_DE": {"price": "11.00", "variants": {"B": {"price": "4.00"}}}
    }


@given(listings)
def test_what_is_shown_is_read_as_the_listing_that_is_stored(listing: Listing) -> None:
    stored = body.encode(listing)
    again = check(body.document(shown(stored))).listing
    if again is not None:  # a price of 0.001 and the like are refused either way
        assert body.encode(again) == stored


def test_entities_in_titles_of_documents_are_taken_as_they_are_with_a_warning() -> None:
    checked = check(
        {
            "sku": "A",
            "title": "Salt &amp; pepper mills &#8211; 2 pcs",
            "subtitle": "R&D; AT&T & sons",
            "overrides": {"EBAY_DE": {"title": "Salz &amp; Pfeffer"}},
        }
    )
    assert checked.listing
    assert checked.listing.title == "Salt &amp; pepper mills &#8211; 2 pcs"
    found = [each for each in checked.problems if each.severity is Severity.WARN]
    assert [(each.pointer, each.rule) for each in found] == [
        ("/title", "html_entity"),
        ("/overrides/EBAY_DE/title", "html_entity"),
    ]
    assert "Salt & pepper mills \N{EN DASH} 2 pcs" in found[0].fix


@pytest.mark.parametrize(
    ("quantity", "variants", "warned"),
    [(7, [None, None], True), (7, [None, 3], False), (0, [None, None], False), (7, [1, 2], False)],
)
def test_variants_that_share_a_stock_are_named(
    quantity: int, variants: list[int | None], *, warned: bool
) -> None:
    rows = [
        {"sku": f"V{at}", "options": {"Size": str(at)}, "quantity": each}
        for at, each in enumerate(variants)
    ]
    problems = check({"sku": "A", "quantity": quantity, "variants": rows}).problems
    assert ("shared_stock" in {each.rule for each in problems}) is warned
