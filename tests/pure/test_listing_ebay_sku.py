"""The SKU that eBay is told."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baysync.listing.ebay_sku import LONGEST, derived, is_legal


@pytest.mark.parametrize("sku", ["A", "LAMP-1", "lamp_1.b", "x" * 50])
def test_a_legal_sku_is_kept(sku: str) -> None:
    assert is_legal(sku)


@pytest.mark.parametrize("sku", ["x" * 51, "a/b", "a?b", "a#b", "%00", "a b", "é", "-a", "..", ""])
def test_any_other_is_derived(sku: str) -> None:
    assert not is_legal(sku)
    assert derived(sku, "EBAY_DE") != sku


def test_a_plain_sku_has_letters_and_digits_only() -> None:
    assert is_legal("LAMP1", plain=True)
    assert not is_legal("LAMP-1", plain=True)
    assert derived("LAMP-1", "EBAY_US", plain=True).startswith("LAMP1")


def test_what_is_derived_can_be_recognised() -> None:
    assert derived("Lamp / brass, 40 cm", "EBAY_DE") == "Lamp-brass-40-cm-OUMB7HPKZL"
    assert derived("💡", "EBAY_DE").startswith("sku-")


@given(st.text(max_size=200), st.text(max_size=200))
def test_what_is_derived_is_legal_and_belongs_to_one_sku(one: str, other: str) -> None:
    for marketplace in ("EBAY_DE", "EBAY_US"):
        assert is_legal(derived(one, marketplace))
        assert is_legal(derived(one, marketplace, plain=True), plain=True)
        assert len(derived(one, marketplace)) <= LONGEST
    assert derived(one, "EBAY_DE") != derived(one, "EBAY_US")
    assert (derived(one, "EBAY_DE") == derived(other, "EBAY_DE")) == (one == other)
    assert re.search(r"-[A-Z2-7]{10}$", derived(one, "EBAY_DE"))
