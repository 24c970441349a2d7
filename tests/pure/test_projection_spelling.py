"""Texts, numbers and lists that mean the same are spelled the same."""

import unicodedata
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baysync.projection import spelling
from baysync.projection.model import Tax


@given(st.text())
def test_composed_and_decomposed_text_is_spelled_the_same(words: str) -> None:
    nfc, nfd = (unicodedata.normalize(form, words) for form in ("NFC", "NFD"))
    assert spelling.text(nfc) == spelling.text(nfd)


@pytest.mark.parametrize(
    ("number", "spelled"),
    [
        ("10.50", "10.5"),
        ("10.5", "10.5"),
        ("34.990", "34.99"),
        ("1E+3", "1000"),
        ("1000", "1000"),
        ("-0.00", "0"),
        ("0", "0"),
        ("1E-7", "0.0000001"),
        ("-1.20", "-1.2"),
        ("20.00", "20"),
    ],
)
def test_a_number_has_one_spelling(number: str, spelled: str) -> None:
    assert spelling.decimal(Decimal(number)) == spelled


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4), st.integers(0, 6))
def test_zeros_at_the_end_say_nothing(number: Decimal, zeros: int) -> None:
    longer = Decimal(f"{number}{'0' * zeros}")
    assert spelling.decimal(longer) == spelling.decimal(number)
    assert Decimal(spelling.decimal(number)) == number


def test_text_that_says_nothing_is_nothing() -> None:
    assert spelling.optional(" \n") is None
    assert spelling.optional(None) is None
    assert spelling.optional(" a ") == "a"


def test_lists_keep_their_order_unless_it_means_nothing() -> None:
    assert spelling.distinct(["b", "a", " b", ""]) == ("b", "a")
    assert spelling.unordered(["b", "a", "b "]) == ("a", "b")


def test_specifics_without_a_name_or_value_are_left_out() -> None:
    assert spelling.aspects({"Size": [""], "": ["x"], " Colour ": ["Red", "Blue"]}) == {
        "Colour": ("Blue", "Red")
    }


@pytest.mark.parametrize(
    ("named", "specifics", "brand"),
    [
        ("Lumo", {}, "Lumo"),
        (None, {"Brand": ("Lumo",)}, "Lumo"),
        (" ", {"Marke": ("Lumo",)}, "Lumo"),
        ("Lumo", {"Brand": ("Other",)}, "Lumo"),
        (None, {"Brand": ("A", "B"), "Colour": ("Red",)}, None),
    ],
)
def test_the_brand_may_stand_among_the_specifics(
    named: str | None, specifics: dict[str, tuple[str, ...]], brand: str | None
) -> None:
    assert spelling.identity(named, specifics, spelling.BRAND) == brand


@pytest.mark.parametrize(
    ("named", "specifics", "numbers"),
    [
        (["036000291452"], {}, ("036000291452",)),
        ([], {"EAN": ("4006381333931",), "Size": ("M",)}, ("4006381333931",)),
        (["4006381333931"], {"ean": ("96385074",)}, ("4006381333931",)),
        (["036000291452"], {"EAN": ("4006381333931",)}, ("036000291452", "4006381333931")),
        (["4006381333931"], {"UPC": ("Does not apply",)}, ("4006381333931",)),
        ([], {"EAN": ("Nicht zutreffend",)}, ("Nicht zutreffend",)),
    ],
)
def test_product_numbers_may_stand_among_the_specifics(
    named: list[str], specifics: dict[str, tuple[str, ...]], numbers: tuple[str, ...]
) -> None:
    assert spelling.numbers(named, specifics) == numbers


def test_an_empty_document_is_no_document() -> None:
    assert spelling.said(Tax()) is None
    assert spelling.said(Tax(apply=False)) == Tax(apply=False)
