"""Decide which orders to read next, and what is kept of them; pure."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation

from baysync.ebay.fulfillment import Order, OrderLine
from baysync.orders.model import OrderLineRow, OrderWindow, PollLimits, ReadPosition

DAY = timedelta(days=1)  # what is read at once, and how far eBay's clock may be from ours
REACH = timedelta(days=730) - DAY  # eBay tells of two years
MOST_UNITS = 2**31 - 1  # what the column holds
LARGEST = Decimal(10) ** 15
CANCELLED = "CANCELED"  # eBay's spelling


def window(place: ReadPosition, limits: PollLimits) -> OrderWindow:
    """Return what to read next: a day that is over, or the rest up to now.

    Only a day that is surely over by eBay's clock gets an end, so that none lies in its future.
    """
    oldest = place.now - REACH
    if place.read_to is None:
        mark = since = max(oldest, place.now - limits.lookback)
    else:
        mark = max(oldest, place.read_to)
        since = max(oldest, place.read_to - limits.overlap)
    end = mark + DAY
    return OrderWindow(since=since, until=end if end <= place.now - DAY else None)


def reached(read: OrderWindow, place: ReadPosition, newest: datetime | None) -> datetime:
    """Return how far orders are read once ``read`` is; ``newest`` is their latest change.

    Up to now means up to the latest change that eBay has told of: its own clock counts, and what
    it says of the future does not.
    """
    known = place.read_to or read.since
    if read.until is not None:
        return max(known, read.until)
    return max(known, min(newest or known, place.now))


def newest(orders: Iterable[Order]) -> datetime | None:
    """Return when the last of ``orders`` changed; None where eBay told of none."""
    return max((order.modified_at for order in orders if order.modified_at), default=None)


def lines(orders: Iterable[Order]) -> list[OrderLineRow]:
    """Return what is kept of a page of orders, each line once and as it was last."""
    found: dict[tuple[str, str], OrderLineRow] = {}
    for order in orders:
        for line in order.lines:
            _keep_later(found, _line(order, line))
    return list(found.values())


def _keep_later(found: dict[tuple[str, str], OrderLineRow], line: OrderLineRow) -> None:
    key = line.order_id, line.line_item_id
    if key not in found or _age(found[key]) <= _age(line):
        found[key] = line


def _age(line: OrderLineRow) -> datetime:
    return line.modified_at or datetime.min.replace(tzinfo=UTC)


def _line(order: Order, line: OrderLine) -> OrderLineRow:
    return OrderLineRow(
        order_id=_storable(order.order_id) or "",
        line_item_id=_storable(line.line_item_id) or "",
        sku=_storable(line.sku),
        external_item_id=_storable(line.listing_id),
        marketplace=_storable(line.marketplace),
        quantity=min(max(line.quantity, 0), MOST_UNITS),
        total=_amount(line.total),
        currency=_storable(line.currency),
        payment_status=_storable(order.payment_status),
        cancel_state=_storable(order.cancel_state),
        cancelled=order.cancel_state.upper() == CANCELLED,
        ordered_at=order.created_at,
        modified_at=order.modified_at,
    )


def _storable(text: str) -> str | None:
    """Return a text without what PostgreSQL cannot hold; None for an empty one."""
    return text.replace("\0", "") or None


def _amount(text: str) -> Decimal | None:
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return value if value.is_finite() and abs(value) < LARGEST else None
