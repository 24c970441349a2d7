"""SKUs as eBay takes them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baysync.ebay_listing.rules import derived_sku, is_legal_sku


@given(st.text(max_size=300), st.sampled_from(["EBAY_US", "EBAY_DE"]))
def test_a_derived_sku_is_legal_and_always_the_same(sku: str, marketplace: str) -> None:
    derived = derived_sku(sku, marketplace)
    assert is_legal_sku(derived)
    assert derived == derived_sku(sku, marketplace)


@pytest.mark.parametrize("sku", ["", "a b", "a/b", "ä", "x" * 51, "a\n"])
def test_what_ebay_refuses_is_not_legal(sku: str) -> None:
    assert not is_legal_sku(sku)


def test_marketplaces_get_names_of_their_own() -> None:
    assert derived_sku("LAMP 1", "EBAY_US").startswith("LAMP-1-")
    assert derived_sku("LAMP 1", "EBAY_US") != derived_sku("LAMP 1", "EBAY_DE")
