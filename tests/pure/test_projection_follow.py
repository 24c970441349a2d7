"""A blocked or ended listing may only follow what eBay holds."""

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from baysync.projection.follow import Limit, follow
from baysync.projection.model import Content, Lifecycle, Projection
from support.projections import LAMP, projections

limits = st.builds(
    Limit, ended=st.booleans(), quantity=st.none() | st.integers(0, 100), removed=st.booleans()
)


def test_an_ended_listing_differs_from_ebay_in_its_lifecycle_alone() -> None:
    ended = replace(LAMP, lifecycle=Lifecycle.ENDED)
    assert follow(Limit(ended=True, quantity=0), LAMP) == ended
    assert follow(Limit(ended=True), ended) == ended


def test_stock_of_a_blocked_listing_goes_down_and_never_up() -> None:
    assert follow(Limit(quantity=2), LAMP) == replace(LAMP, quantity=2)
    assert follow(Limit(quantity=9), LAMP) == LAMP
    assert follow(Limit(), LAMP) == LAMP


def test_a_quantity_nobody_knows_is_left_alone() -> None:
    unknown = replace(LAMP, quantity=None)
    assert follow(Limit(quantity=1), unknown) == unknown


def test_what_buyers_do_not_see_is_left_alone() -> None:
    half = Projection(content=Content(title="x"), quantity=5)
    assert follow(Limit(ended=True, quantity=0), half) == half
    assert follow(Limit(ended=True), None) is None


@given(limits, st.none() | projections)
def test_following_twice_changes_nothing_more(limit: Limit, published: Projection | None) -> None:
    once = follow(limit, published)
    assert follow(limit, once) == once
