"""What a read-back tells about a listing."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from baysync.projection.model import Lifecycle, Price, Projection
from baysync.publish.model import Item, Work
from baysync.publish.view import Found, SeenItem, seen_item
from claims import CLAIMED, TARGET

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


def work(*, state: str = "live", quantity: int = 3, sold: int = 0, listing: str = "110") -> Work:
    verify_at = datetime(2026, 1, 1, tzinfo=UTC)
    return Work(
        change=CLAIMED,
        target=replace(TARGET, lifecycle_state=state, verify_at=verify_at),
        desired=None,
        published=Projection(quantity=quantity, lifecycle=Lifecycle.LIVE),
        items={"": Item(sku="L1", quantity=quantity, sold_quantity=sold, listing_id=listing)},
    )


def seen(work: Work, item: dict[str, object] | None, offer: dict[str, object] | None) -> SeenItem:
    return seen_item(work.part(), Found(item=item, offer=offer))


def test_what_ebay_shows_is_told_in_our_spelling() -> None:
    now = seen(work(), ITEM, OFFER)
    assert now.published is not None
    assert now.published.lifecycle is Lifecycle.LIVE
    assert now.published.price == Price(currency="USD", value="10")
    assert now.published.quantity == 3
    assert now.item == Item(sku="L1", offer_id="7", quantity=3, listing_id="110")


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


@pytest.mark.parametrize("sold", [1, 2, 3])
def test_units_that_were_sold_are_not_put_back(sold: int) -> None:
    offer = OFFER | {"availableQuantity": 3, "listing": LISTING | {"soldQuantity": sold}}
    now = seen(work(quantity=5), ITEM, offer)
    assert now.published is not None
    assert now.published.quantity == 5, "as pushed: what is missing was sold"
    assert now.item.quantity == 5


@pytest.mark.parametrize(
    ("held", "wanted", "sold", "told"),
    [
        (2, 4, 1, 4),  # a raise that landed: more is shown than was confirmed
        (5, 4, 1, 4),  # a lower one that landed before the sale
        (5, 4, 2, 4),  # or after one that the shop knew of: too few is the safe side
        (3, 4, 1, 3),  # a raise that may never have arrived is sent again
        (5, 6, 2, 5),  # more is missing than was sold: it never arrived
        (5, 2, 2, 5),  # less is wanted than is shown: sent again too
    ],
)
def test_a_new_quantity_that_landed_unseen_is_not_pushed_again(
    held: int, wanted: int, sold: int, told: int
) -> None:
    doubtful = work(quantity=held)
    doubtful.desired = Projection(quantity=wanted, lifecycle=Lifecycle.LIVE)
    doubtful.plan()
    now = seen(doubtful, ITEM, OFFER | {"listing": LISTING | {"soldQuantity": sold}})
    assert now.published is not None
    assert (now.published.quantity, now.item.quantity) == (told, told)


@pytest.mark.parametrize(
    ("pushed", "sold", "listing"), [(5, 0, "110"), (5, 2, "111"), (2, 2, "110"), (3, 1, "110")]
)
def test_a_quantity_that_no_sale_explains_is_told_as_it_is(
    pushed: int, sold: int, listing: str
) -> None:
    offer = OFFER | {"listing": LISTING | {"soldQuantity": sold, "listingId": listing}}
    now = seen(work(quantity=pushed), ITEM, offer)
    assert now.published is not None
    assert now.published.quantity == 3
    assert now.item.sold_quantity == sold
