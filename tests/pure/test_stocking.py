"""How many are offered: every way in which a shop says its stock, by every rule of the account."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from baysync.account.model import Defaults, SharedStock, Stock
from baysync.listing.model import Listing, Override, Quantity, Variant, VariantOverride
from baysync.projection.resolve import explained, stocks
from baysync.projection.stocking import Stocked

DE = "EBAY_DE"
PLAIN = Defaults()
FIVE = Defaults(untracked_quantity=5)
EXTRA = Defaults(backorder_quantity=2)
NARROW = Defaults(untracked_quantity=50, stock=Stock(buffer=2, cap=4))


@pytest.mark.parametrize(
    ("quantity", "backorders", "account", "offered", "words"),
    [
        (9, False, PLAIN, 9, ""),
        (9, False, NARROW, 4, "4 = 9 - 2 kept back, at most 4"),
        (1, True, NARROW, 0, "0 = 1 - 1 kept back"),
        (0, False, EXTRA, 0, ""),
        (0, True, PLAIN, 0, "0 on backorder, as the account says"),
        (0, True, EXTRA, 2, "2 on backorder, as the account says"),
        (3, True, EXTRA, 3, ""),
        ("untracked", False, PLAIN, None, ""),
        ("untracked", True, EXTRA, None, ""),
        ("untracked", False, FIVE, 5, "5 of what is not counted, as the account says"),
        ("untracked", False, NARROW, 50, "50 of what is not counted, as the account says"),
        (None, False, FIVE, None, ""),
        (None, True, EXTRA, None, ""),
    ],
)
def test_each_way_of_saying_the_stock_offers_what_the_account_makes_of_it(
    quantity: Quantity | None,
    account: Defaults,
    offered: int | None,
    words: str,
    *,
    backorders: bool,
) -> None:
    listing = Listing(sku="A", quantity=quantity, backorders=backorders)
    untracked = quantity == "untracked"
    assert stocks(listing, account, DE) == {"": Stocked(offered, words, untracked)}
    variant = Variant(sku="A", options={}, quantity=quantity, backorders=backorders)
    several = Listing(sku="P", quantity=quantity, variants=(variant, b(1)), backorders=backorders)
    found = stocks(several, account, DE)
    assert found["A"].value == offered
    assert found["A"].untracked is untracked


def b(quantity: Quantity | None, sku: str = "B") -> Variant:
    return Variant(sku=sku, options={}, quantity=quantity)


def shared(quantity: Quantity | None, *variants: Variant, **fields: object) -> Listing:
    return replace(Listing(sku="P", quantity=quantity, variants=variants), **fields)


SPLIT = Defaults(shared_stock=SharedStock.SPLIT)
HERE = {"L": VariantOverride(quantity=2)}


@pytest.mark.parametrize(
    ("listing", "account", "offered"),
    [
        (shared(7, b(None, "S"), b(None, "L")), PLAIN, [7, 0]),
        (shared(7, b(None, "S"), b(None, "L")), SPLIT, [4, 3]),
        (shared(1, b(None, "S"), b(None, "L")), SPLIT, [1, 0]),
        (shared(0, b(None, "S"), b(None, "L")), SPLIT, [0, 0]),
        (shared(7, b(None, "S"), b(3, "L")), PLAIN, [7, 3]),
        (shared(None, b(None, "S"), b(3, "L")), PLAIN, [None, 3]),
        (shared("untracked", b(None, "S"), b(3, "L")), FIVE, [5, 3]),
        (shared("untracked", b(None, "S"), b(None, "L")), PLAIN, [None, None]),
        (shared(0, b(None, "S"), b(None, "L"), backorders=True), EXTRA, [2, 0]),
        (shared(9, b(None, "S"), b(None, "L")), NARROW, [4, 0]),
        (
            shared(9, b(None, "S"), b(None, "L")),
            replace(NARROW, shared_stock=SharedStock.SPLIT),
            [4, 3],
        ),
        (shared(9, b(None, "S"), b(3, "L")), NARROW, [4, 1]),
        (
            shared(7, b(None, "S"), b(None, "L"), overrides={DE: Override(variants=HERE)}),
            PLAIN,
            [5, 2],
        ),
        (
            shared(7, b(None, "S"), b(None, "L"), overrides={DE: Override(quantity=3)}),
            SPLIT,
            [2, 1],
        ),
        (
            shared(7, b(None, "S"), b(None, "L"), overrides={DE: Override(quantity=30)}),
            NARROW,
            [30, 0],
        ),
    ],
)
def test_variants_that_say_no_quantity_share_the_listings(
    listing: Listing, account: Defaults, offered: list[int | None]
) -> None:
    assert [each.value for each in stocks(listing, account, DE).values()] == offered


def test_shared_stock_explains_itself() -> None:
    listing = shared(9, b(None, "S"), b(None, "L"), price=Decimal(1))
    account = Defaults(stock=Stock(buffer=2, cap=3), shared_stock=SharedStock.SPLIT)
    assert [term.quantity.words for term in explained(listing, account, DE)] == [
        "3 = 4 of the 7 = 9 - 2 kept back that 2 variants share, at most 3",
        "3 of the 7 = 9 - 2 kept back that 2 variants share",
    ]
    alone = explained(shared(9, b(None, "S"), b(1, "L")), Defaults(stock=Stock(cap=3)), DE)
    assert [term.quantity.words for term in alone] == ["3 = 9, at most 3", ""]


@given(
    st.integers(0, 50),
    st.lists(st.none() | st.integers(0, 9), min_size=2, max_size=6),
    st.sampled_from(SharedStock),
    st.builds(Stock, buffer=st.integers(0, 3), cap=st.none() | st.integers(1, 9)),
    st.integers(0, 60),
)
def test_what_is_shared_is_never_offered_twice(
    pile: int, own: list[int | None], how: SharedStock, rules: Stock, here: int
) -> None:
    variants = [b(quantity, f"V{at}") for at, quantity in enumerate(own)]
    said = {"V0": VariantOverride(quantity=here)}
    for overrides in ({}, {DE: Override(variants=said)}):
        listing = shared(pile, *variants, overrides=overrides)
        found = stocks(listing, Defaults(shared_stock=how, stock=rules), DE)
        sharers = [each.sku for each in variants if each.quantity is None]
        offered = sum(found[sku].value or 0 for sku in sharers)
        assert offered <= (max(pile, here) if overrides and "V0" in sharers else pile)


def test_one_variant_alone_is_the_listing_and_takes_its_stock() -> None:
    listing = shared(7, b(None))
    assert stocks(listing, PLAIN, DE) == {"": Stocked(7)}
    assert stocks(listing, PLAIN, DE, grouped=True) == {"B": Stocked(7)}
    backorder = replace(listing, quantity=0, backorders=True)
    assert stocks(backorder, EXTRA, DE)[""].value == EXTRA.backorder_quantity
