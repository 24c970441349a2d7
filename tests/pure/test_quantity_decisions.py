"""What is wanted of a listing by what the shop says of its stock and by what buyers see."""

from dataclasses import dataclass

import pytest
from msgspec.structs import replace

from baysync.account.model import Defaults, OutOfStock
from baysync.change.model import DecisionFacts
from baysync.change.rules import decide
from baysync.ebay_listing.model import Lifecycle
from baysync.listing.model import Listing, ListingStatus, Quantity, Variant
from baysync.projection import refill
from baysync.projection.build import build
from baysync.projection.follow import Limit, follow
from baysync.projection.group import beside, on_sale
from baysync.projection.model import Lifecycle as Shown
from baysync.projection.model import Projection
from baysync.projection.stocking import Stocked
from support.shop import DEFAULTS, LAMP

US = "EBAY_US"
FIVE = replace(DEFAULTS, untracked_quantity=5)
EXTRA = replace(DEFAULTS, backorder_quantity=2)
ENDS = replace(DEFAULTS, out_of_stock=OutOfStock.END)


def projected(listing: Listing, defaults: Defaults = DEFAULTS) -> Projection:
    document = build(listing, defaults, US).projection
    assert document is not None
    return document


SEVEN = projected(replace(LAMP, quantity=7))
STAGES = {
    "new": (None, Lifecycle.NEW),
    "live": (SEVEN, Lifecycle.LIVE),
    "over": (replace(SEVEN, lifecycle=Shown.ENDED), Lifecycle.ENDED),
}


@dataclass(frozen=True)
class Stock:
    """What the shop says of a single listing's stock."""

    quantity: Quantity | None
    backorders: bool = False


def wanted(listing: Listing, defaults: Defaults, stage: str) -> tuple[Projection | None, str]:
    """Return the desired document and the first reason why content is blocked."""
    published, state = STAGES[stage]
    facts = DecisionFacts(
        built=beside(build(listing, defaults, US, published=published), published),
        out_of_stock=defaults.out_of_stock,
        published=published,
        state=state,
        status=ListingStatus.ACTIVE,
    )
    decision = decide(facts)
    return decision.desired, decision.blocks[0].reason if decision.blocks else ""


@pytest.mark.parametrize(
    ("stock", "defaults", "new", "live", "over"),
    [
        (Stock(3), DEFAULTS, 3, 3, 3),
        (Stock(0), DEFAULTS, "out_of_stock", 0, "out_of_stock"),
        (Stock(0), ENDS, "out_of_stock", "ends", "out_of_stock"),
        (Stock(0, backorders=True), EXTRA, 2, 2, 2),
        (Stock(0, backorders=True), DEFAULTS, "out_of_stock", 0, "out_of_stock"),
        (Stock(3, backorders=True), EXTRA, 3, 3, 3),
        (Stock("untracked"), FIVE, 5, 5, 5),
        (Stock("untracked"), DEFAULTS, "quantity_unknown", "quantity_unknown", "quantity_unknown"),
        (Stock("untracked"), ENDS, "quantity_unknown", "quantity_unknown", "quantity_unknown"),
        (Stock(None), DEFAULTS, "quantity_unknown", 7, "quantity_unknown"),
        (Stock(None), FIVE, "quantity_unknown", 7, "quantity_unknown"),
        (Stock(None), ENDS, "quantity_unknown", 7, "quantity_unknown"),
    ],
)
def test_each_stock_at_each_stage(
    stock: Stock, defaults: Defaults, new: int | str, live: int | str, over: int | str
) -> None:
    listing = replace(LAMP, quantity=stock.quantity, backorders=stock.backorders)
    for stage, expected in {"new": new, "live": live, "over": over}.items():
        desired, reason = wanted(listing, defaults, stage)
        if isinstance(expected, int):
            assert desired
            assert (desired.quantity, reason) == (expected, ""), stage
        elif expected == "ends":
            assert desired
            assert desired.lifecycle is Shown.ENDED
        else:
            assert reason == expected, stage
            if stage == "live":
                assert desired == SEVEN, "what nobody says stays as it is"


def test_what_buyers_see_at_zero_and_nobody_says_ends_nothing() -> None:
    empty = replace(SEVEN, quantity=0)
    built = build(replace(LAMP, quantity=None), ENDS, US, published=empty)
    assert built.quantity is None
    assert built.projection == empty


def sized(*quantities: Quantity | None, own: Quantity | None = None) -> Listing:
    variants = tuple(
        Variant(sku=f"V{at}", options={"Size": str(at)}, quantity=quantity)
        for at, quantity in enumerate(quantities)
    )
    return replace(LAMP, quantity=own, variants=variants)


def test_variants_that_are_no_longer_said_keep_what_buyers_see() -> None:
    published = projected(sized(4, 6))
    built = build(sized(2, None), DEFAULTS, US, published=published)
    assert built.projection
    assert built.projection.quantities == {"V0": 2, "V1": 6}
    assert built.quantities == {"V0": 2, "V1": None}
    assert built.quantity is None


def test_a_new_variant_without_a_quantity_blocks_and_the_others_stock_still_falls() -> None:
    published = projected(sized(4, 6))
    built = build(sized(2, None, None), DEFAULTS, US, published=published)
    (block,) = built.blocks
    assert (block.reason, block.pointer) == ("quantity_unknown", "/variants/2/quantity")
    followed = follow(Limit(quantities=built.quantities, quantity=built.quantity), published)
    assert followed
    assert followed.quantities == {"V0": 2, "V1": 6}


@pytest.mark.parametrize(
    ("listing", "pointers"),
    [
        (sized(None, None), ["/quantity"]),
        (sized(3, None), ["/variants/1/quantity"]),
        (sized("untracked", "untracked"), ["/variants/0/quantity", "/variants/1/quantity"]),
        (sized(None, None, own="untracked"), ["/quantity"]),
        (sized(None, 3, own="untracked"), ["/quantity"]),
        (sized(None), ["/quantity"]),
    ],
)
def test_a_block_points_to_where_the_quantity_is_missing(
    listing: Listing, pointers: list[str]
) -> None:
    found = build(listing, DEFAULTS, US).blocks
    assert [(block.reason, block.pointer) for block in found] == [
        ("quantity_unknown", pointer) for pointer in pointers
    ]


def test_a_limit_without_a_number_leaves_a_group_as_it_is() -> None:
    published = projected(sized(4, 6))
    assert follow(Limit(), published) == published
    assert follow(Limit(quantity=5), published) != published


def test_what_buyers_see_is_by_variant() -> None:
    assert on_sale(None) == {}
    assert on_sale(SEVEN) == {"": 7}
    assert on_sale(replace(SEVEN, lifecycle=Shown.ENDED)) == {}
    assert on_sale(projected(sized(4, 6))) == {"V0": 4, "V1": 6}


def test_only_what_is_not_counted_is_filled_up_and_at_most_what_buyers_saw() -> None:
    untracked, counted = Stocked(5, untracked=True), Stocked(5)
    group = projected(sized(4, 6))
    offered = {"V0": untracked, "V1": counted}
    assert refill.sold_of(offered, {"V0": 9, "V1": 1, "V2": 1}, group) == {"V0": 4}
    assert refill.sold_of(offered, {"V0": 0}, group) == {}
    assert refill.less(group, {"V0": 4}).quantities == {"V0": 0, "V1": 6}
    assert refill.sold_of({"": untracked}, {"": 2}, SEVEN) == {"": 2}
    assert refill.sold_of({"": untracked}, {"": 2}, replace(SEVEN, quantity=0)) == {}
    assert refill.less(SEVEN, {"": 2}).quantity == 5
