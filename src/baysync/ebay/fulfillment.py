"""The Fulfillment API, reading only: which orders there are, without any buyer's data. Pure.

Source: sell/fulfillment/v1. Pages count in records. A sale shows here late or, unpaid, never;
a cancelled order does not bring its quantity back to the listing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from baysync.ebay import wire
from baysync.ebay.calls import get, segment, with_query
from baysync.ebay.model import Answer, Call, Family, Operation

ROOT = "/sell/fulfillment/v1/order"
PAGE = 200
IDS = 50


class Dated(StrEnum):
    """The date of an order that a query goes by."""

    CREATED = "creationdate"
    MODIFIED = "lastmodifieddate"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderLine:
    """One line: units of one SKU sold by one listing. ``total`` is a decimal in ``currency``."""

    line_item_id: str
    sku: str
    listing_id: str
    variation_id: str
    marketplace: str
    quantity: int
    total: str
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """An order with what stock-keeping needs; a time eBay did not tell is None."""

    order_id: str
    created_at: datetime | None
    modified_at: datetime | None
    payment_status: str
    cancel_state: str
    lines: tuple[OrderLine, ...]


def get_orders(dated: Dated, since: datetime, until: datetime | None) -> Call:
    """Read the first page of the orders of a span of time; ``calls.following`` goes on.

    ``until`` None means up to now. eBay refuses times in the future and more than two years back.
    """
    span = f"{dated}:[{_spelled(since)}..{_spelled(until) if until else ''}]"
    return _get(Operation.GET_ORDERS, with_query(ROOT, filter=span, limit=PAGE))


def get_orders_by_id(order_ids: Sequence[str]) -> Call:
    """Read up to 50 orders.

    Raises:
        ValueError: none or more than 50 ids.
    """
    if not 1 <= len(order_ids) <= IDS:
        raise ValueError(f"1 to {IDS} orders in a call, not {len(order_ids)}")
    return _get(Operation.GET_ORDERS, with_query(ROOT, orderIds=",".join(order_ids)))


def get_order(order_id: str) -> Call:
    """Read one order."""
    return _get(Operation.GET_ORDER, f"{ROOT}/{segment(order_id)}")


def orders_in(answer: Answer) -> list[Order] | None:
    """Return the orders of a page; one without id is left out, a line without id too.

    None: the answer neither lists orders nor says that there are none.
    """
    body = wire.mapping(answer.body)
    if not isinstance(body.get("orders"), list) and wire.number(body.get("total")) != 0:
        return None
    return [order for row in wire.rows(body.get("orders")) if (order := _order(row)).order_id]


def order_in(answer: Answer) -> Order | None:
    """Return the order of an answer to ``get_order``; None when it has none."""
    order = _order(wire.mapping(answer.body))
    return order if order.order_id else None


def _order(row: Mapping[str, object]) -> Order:
    lines = [_line(line) for line in wire.rows(row.get("lineItems"))]
    return Order(
        order_id=wire.text(row.get("orderId")),
        created_at=wire.moment(row.get("creationDate")),
        modified_at=wire.moment(row.get("lastModifiedDate")),
        payment_status=wire.text(row.get("orderPaymentStatus")),
        cancel_state=wire.text(wire.mapping(row.get("cancelStatus")).get("cancelState")),
        lines=tuple(line for line in lines if line.line_item_id),
    )


def _line(row: Mapping[str, object]) -> OrderLine:
    total = wire.mapping(row.get("total"))
    return OrderLine(
        line_item_id=wire.text(row.get("lineItemId")),
        sku=wire.text(row.get("sku")),
        listing_id=wire.text(row.get("legacyItemId")),
        variation_id=wire.text(row.get("legacyVariationId")),
        marketplace=wire.text(row.get("listingMarketplaceId")),
        quantity=wire.number(row.get("quantity")) or 0,
        total=wire.text(total.get("value")),
        currency=wire.text(total.get("currency")),
    )


def _spelled(time: datetime) -> str:
    utc = time.astimezone(UTC)
    return f"{utc:%Y-%m-%dT%H:%M:%S}.{utc.microsecond // 1000:03d}Z"


def _get(op: Operation, path: str) -> Call:
    return get(op, path, Family.FULFILLMENT)
