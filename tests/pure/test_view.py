"""What a read-back tells about a listing."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import NamedTuple

import pytest

from baysync.ebay_listing.model import EbayItem
from baysync.observe import stock
from baysync.projection.model import Lifecycle, Price, Projection
from baysync.publish.model import Work
from baysync.publish.view import Found, SeenItem, seen_item
from support.claims import CLAIMED, TARGET

ITEM: dict[str, object] = {
    "availability": {"shipToLocationAvailability": {"quantity": 3}},
    "condition": "NEW",
    "product": {"title": "Lamp"},
}
LISTING: dict[str, object] = {
    "listingId": "110",
    "listingStatus": "ACTIVE",
    "soldQuantity": 0,
}
OFFER: dict[str, object] = {
    "offerId": "7",
    "status": "PUBLISHED",
    "availableQuantity": 3,
    "pricingSummary": {"price": {"currency": "USD", "value": "10.00"}},
    "listing": LISTING,
}


def work(
    *,
    state: str = "live",
    quantity: int = 3,
    sold: int = 0,
    before: int | None = 0,
    listing: str = "110",
) -> Work:
    verify_at = datetime(2026, 1, 1, tzinfo=UTC)
    return Work(
        change=CLAIMED,
        target=replace(TARGET, lifecycle_state=state, verify_at=verify_at),
        desired=None,
        published=Projection(quantity=quantity, lifecycle=Lifecycle.LIVE),
        items={
            "": EbayItem(
                sku="L1",
                quantity=quantity,
                listing_id=listing,
                sold_quantity=sold,
                pushed_quantity=quantity,
                sold_at_push=before,
            )
        },
    )


def seen(work: Work, item: dict[str, object] | None, offer: dict[str, object] | None) -> SeenItem:
    return seen_item(work.part(), Found(item=item, offer=offer))


def test_what_ebay_shows_is_told_in_our_spelling() -> None:
    now = seen(work(), ITEM, OFFER)
    assert now.published is not None
    assert now.published.lifecycle is Lifecycle.LIVE
    assert now.published.price == Price(currency="USD", value="10")
    assert now.published.quantity == 3
    assert now.item == EbayItem(
        sku="L1", offer_id="7", quantity=3, listing_id="110", pushed_quantity=3, sold_at_push=0
    )


@pytest.mark.parametrize(
    ("state", "status", "listing", "expected"),
    [
        ("new", "UNPUBLISHED", None, None),
        ("live", "UNPUBLISHED", "110", Lifecycle.ENDED),
        ("new", "UNPUBLISHED", "110", Lifecycle.ENDED),
        ("live", "SOMETHING_NEW", None, Lifecycle.LIVE),
    ],
)
def test_the_status_of_the_offer_says_whether_buyers_see_it(
    state: str, status: str, listing: str | None, expected: Lifecycle | None
) -> None:
    doubtful = work(state=state)
    doubtful.part().know(listing_id=listing)
    offer = {name: value for name, value in OFFER.items() if name != "listing"}
    now = seen(doubtful, ITEM, offer | {"status": status})
    assert now.published is not None
    assert now.published.lifecycle is expected


def test_an_item_without_an_offer_is_content_alone() -> None:
    now = seen(work(state="new"), ITEM, None)
    assert now.published is not None
    assert (now.published.lifecycle, now.published.offer, now.item.offer_id) == (None, None, None)


def test_nothing_there_or_nothing_readable_is_nothing_known() -> None:
    assert seen(work(), None, None).published is None
    assert seen(work(), ITEM | {"product": {"title": ["no", "text"]}}, OFFER).published is None


def left(shown: int, sold: int, *, listing: str = "110") -> dict[str, object]:
    of = LISTING | {"soldQuantity": sold, "listingId": listing}
    return OFFER | {"availableQuantity": shown, "listing": of}


STOCKED = ITEM | {"availability": {"shipToLocationAvailability": {"quantity": 9}}}


class Case(NamedTuple):
    """5 went out when ``before`` had been sold, ``seen`` when last asked; and what eBay shows."""

    before: int | None
    seen: int
    shown: int
    sold: int
    quantity: int
    exposed: int = 0


@pytest.mark.parametrize(
    "case",
    [
        Case(before=0, seen=0, shown=3, sold=2, quantity=5),
        Case(before=4, seen=4, shown=3, sold=6, quantity=5),
        Case(before=0, seen=0, shown=3, sold=1, quantity=4),
        Case(before=0, seen=0, shown=5, sold=1, quantity=6, exposed=1),
        Case(before=0, seen=0, shown=9, sold=1, quantity=10, exposed=1),
        Case(before=0, seen=0, shown=9, sold=0, quantity=9),
        Case(before=None, seen=1, shown=3, sold=3, quantity=5),
        Case(before=None, seen=1, shown=3, sold=2, quantity=3),
        Case(before=None, seen=1, shown=7, sold=2, quantity=7),
    ],
    ids=str,
)
def test_what_was_sold_since_the_number_went_out_counts_as_if_it_were_there(case: Case) -> None:
    held = work(quantity=5, before=case.before, sold=case.seen)
    now = seen(held, STOCKED, left(case.shown, case.sold))
    assert now.published is not None
    assert (now.published.quantity, now.exposed) == (case.quantity, case.exposed)
    assert now.item.sold_quantity == case.sold


@pytest.mark.parametrize(
    ("stock", "shown", "quantity", "exposed"),
    [(4, 5, 6, 1), (2, 4, 3, 0), (4, 4, 5, 0)],
    ids=["the offer says too much", "the item says too little", "both are right"],
)
def test_offer_and_item_count_both_where_they_differ(
    stock: int, shown: int, quantity: int, exposed: int
) -> None:
    item = ITEM | {"availability": {"shipToLocationAvailability": {"quantity": stock}}}
    now = seen(work(quantity=5), item, left(shown, 1))
    assert now.published is not None
    assert (now.published.quantity, now.exposed) == (quantity, exposed)


def test_a_listing_that_is_new_to_us_began_with_what_it_has_and_what_it_sold() -> None:
    now = seen(work(quantity=5, before=3), STOCKED, left(4, 1, listing="111"))
    assert now.published is not None
    assert now.published.quantity == 5
    assert (now.item.pushed_quantity, now.item.sold_at_push) == (5, 0)


def test_a_shop_that_says_another_number_has_counted_what_was_sold() -> None:
    held = work(quantity=5)
    held.goals = {"": Projection(quantity=3)}
    unsold = ITEM | {"availability": {"shipToLocationAvailability": {"quantity": 5}}}
    now = seen(held, unsold, left(3, 2))
    assert now.published is not None
    assert (now.published.quantity, now.item.sold_at_push) == (3, 2)


def test_the_same_number_goes_out_less_what_was_sold_since_the_first_time() -> None:
    item = stock.push(EbayItem(sku="L1"), 9, sold=2)
    assert stock.left(item, 9) == 9
    again = stock.push(item, 9, sold=5)
    assert (stock.left(again, 9), stock.left(again, 4)) == (6, 4)
    assert stock.left(stock.push(again, 4), 4) == 4
    assert stock.left(stock.push(again, 9, sold=20), 9) == 0


@pytest.mark.parametrize(
    ("own", "said", "sold", "wanted", "counts"),
    [
        (5, 3, 0, 3, 5),  # an older replacement landed late
        (5, 3, 1, 3, 5),  # one of the three was sold besides
        (5, 3, 2, 3, 3),  # two were sold before the shop said three: the item's own stays at 5
        (3, 3, 0, 3, 3),
        (5, 3, 0, 4, 3),  # the raise sets both
        (5, None, 0, 3, 3),  # no number of the shop's went out yet
        (None, 3, 0, 3, 3),
    ],
)
def test_the_items_own_quantity_counts_where_no_sale_explains_it(
    own: int | None, said: int | None, sold: int, wanted: int, counts: int
) -> None:
    counted = stock.Count(quantity=3, item=EbayItem(sku="L1", sold_quantity=sold))
    assert stock.with_own(counted, own=own, said=said, wanted=wanted).quantity == counts
