"""Which orders are read next, and what is kept of them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baysync.ebay.fulfillment import Order, OrderLine
from baysync.orders import rules
from baysync.orders.model import OrderWindow, PollLimits, ReadPosition

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LIMITS = PollLimits(lookback=30 * DAY, overlap=HOUR)
LINE = OrderLine(
    line_item_id="1",
    sku="LAMP-1",
    listing_id="110",
    variation_id="",
    marketplace="EBAY_US",
    quantity=2,
    total="39.80",
    currency="USD",
)
ORDER = Order(
    order_id="12-34",
    created_at=NOW - HOUR,
    modified_at=NOW - HOUR,
    payment_status="PAID",
    cancel_state="NONE_REQUESTED",
    lines=(LINE,),
)


def at(read_to: datetime | None) -> ReadPosition:
    return ReadPosition(read_to=read_to, now=NOW)


@pytest.mark.parametrize(
    ("read_to", "window"),
    [
        (None, OrderWindow(since=NOW - 30 * DAY, until=NOW - 29 * DAY)),
        (NOW - 10 * DAY, OrderWindow(since=NOW - 10 * DAY - HOUR, until=NOW - 9 * DAY)),
        (NOW - 2 * DAY, OrderWindow(since=NOW - 2 * DAY - HOUR, until=NOW - DAY)),
        (NOW - 2 * DAY + HOUR, OrderWindow(since=NOW - 2 * DAY, until=None)),
        (NOW, OrderWindow(since=NOW - HOUR, until=None)),
        (NOW - 1000 * DAY, OrderWindow(since=NOW - 729 * DAY, until=NOW - 728 * DAY)),
    ],
)
def test_a_day_that_is_over_is_read_by_itself_and_the_rest_to_now(
    read_to: datetime | None, window: OrderWindow
) -> None:
    assert rules.window(at(read_to), LIMITS) == window


def test_the_first_reading_goes_back_two_years_at_most() -> None:
    far = PollLimits(lookback=5000 * DAY, overlap=HOUR)
    assert rules.window(at(None), far).since == NOW - 729 * DAY


@given(
    st.none() | st.integers(-1000, 24).map(lambda hours: NOW + hours * HOUR),
    st.integers(0, 100).map(lambda hours: hours * HOUR),
    st.none() | st.integers(-100, 100).map(lambda hours: NOW + hours * HOUR),
)
def test_reading_never_asks_for_the_future_never_goes_back_and_ends(
    read_to: datetime | None, overlap: timedelta, newest: datetime | None
) -> None:
    limits = replace(LIMITS, overlap=overlap)
    place = at(read_to)
    for _ in range(60):
        window = rules.window(place, limits)
        assert window.until is None or window.until <= NOW - DAY
        if place.read_to is not None:
            assert window.since <= place.read_to, "nothing is left out"
        reached = rules.reached(window, place, newest)
        assert reached >= (place.read_to or window.since)
        if window.until is None:
            assert reached <= max(NOW, place.read_to or NOW), "what eBay says of the future"
            return
        place = at(reached)
    raise AssertionError("it does not end")


def test_reading_to_now_reaches_the_latest_change_that_was_seen() -> None:
    window = OrderWindow(since=NOW - 2 * HOUR, until=None)
    place = at(NOW - HOUR)
    assert rules.newest([ORDER, replace(ORDER, modified_at=None)]) == NOW - HOUR
    assert rules.newest([replace(ORDER, modified_at=None)]) is None
    assert rules.reached(window, place, NOW - HOUR / 2) == NOW - HOUR / 2
    assert rules.reached(window, place, None) == NOW - HOUR, "without a sale it stays"
    assert rules.reached(window, place, NOW + 10 * DAY) == NOW


def test_an_order_is_kept_line_by_line_as_it_was_last() -> None:
    other = replace(LINE, line_item_id="2", sku="", listing_id="", marketplace="")
    cancelled = replace(ORDER, modified_at=NOW, cancel_state="canceled", lines=(LINE, other))
    undated = replace(cancelled, modified_at=None, cancel_state="")
    first, second = rules.lines([undated, cancelled, ORDER])
    assert (first.sku, first.quantity, first.total) == ("LAMP-1", 2, Decimal("39.80"))
    assert (first.cancelled, first.modified_at) == (True, NOW), "the older ones do not win"
    assert (second.sku, second.external_item_id, second.marketplace) == (None, None, None)


@pytest.mark.parametrize("total", ["", "free", "NaN", "1e99"])
def test_an_amount_that_is_none_is_left_out(total: str) -> None:
    (line,) = rules.lines([replace(ORDER, lines=(replace(LINE, total=total),))])
    assert line.total is None


@pytest.mark.parametrize(("told", "kept"), [(-1, 0), (10**12, 2**31 - 1)])
def test_what_the_ledger_cannot_hold_is_cut(told: int, kept: int) -> None:
    odd = replace(LINE, quantity=told, sku="LA\0MP")
    (line,) = rules.lines([replace(ORDER, lines=(odd,))])
    assert (line.quantity, line.sku) == (kept, "LAMP")
