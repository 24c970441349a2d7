"""Refunds: the seller gives money back, of the order or of single lines."""

import re
from decimal import Decimal

from mockbay import orders
from mockbay.answers import Document, Refusal, Reply, part, refuse
from mockbay.call import Call, Operation
from mockbay.names import names
from mockbay.order import BoughtLine, BuyerOrder, OrderRefund
from mockbay.order_document import BASE
from mockbay.rules import listed, unreadable
from mockbay.state import World

REASONS = names(
    "BUYER_CANCEL SELLER_CANCEL ITEM_NOT_RECEIVED BUYER_RETURN ITEM_NOT_AS_DESCRIBED "
    "OTHER_ADJUSTMENT SHIPPING_DISCOUNT"
)
LONGEST_COMMENT = 1000


def issue(call: Call) -> Reply:
    """Give money back; it is under way when this answers, and the order tells when it is done."""
    order = orders.find(call, 34913)
    document = call.document
    if not document:
        raise refuse(34902)
    _check_reason(document)
    rows, whole = listed(document, "refundItems"), document.get("orderLevelRefundAmount")
    if bool(rows) == (whole is not None):
        raise refuse(34905)
    left = order.total - order.refunded
    if left <= 0:
        raise refuse(34917)
    lines = _lines(order, [part({"": row}, "") for row in rows])
    amount = sum(lines.values(), Decimal(0)) if whole is None else _amount(order, whole)
    if amount > left:
        raise refuse(34924 if lines else 34915, f"{left:.2f} is left.")
    texts = {key: f"{value:.2f}" for key, value in lines.items()}
    refund_id = str(5_100_000_000 + call.world.count("refund"))
    refund = made(call.world, amount, refund_id=refund_id, lines=texts)
    orders.change(call, order, refunds=(*order.refunds, refund))
    return Reply(200, {"refundId": refund_id, "refundStatus": "PENDING"})


def made(
    world: World, amount: Decimal, *, refund_id: str | None = None, lines: dict[str, str]
) -> OrderRefund:
    """Return a refund that begins now."""
    reference = str(7_100_000_000 + world.count("refund reference"))
    return OrderRefund(
        amount=f"{amount:.2f}", done=world.clock.ms + world.switches.refund_lag_ms,
        reference=reference, refund_id=refund_id, lines=lines,
    )  # fmt: skip


def _check_reason(document: Document) -> None:
    reason = document.get("reasonForRefund")
    if not reason:
        raise refuse(34903)
    if reason not in REASONS:
        raise Refusal(400, [unreadable("reasonForRefund")])
    if len(document.get("comment") or "") > LONGEST_COMMENT:
        raise refuse(34921)


def _lines(order: BuyerOrder, rows: list[Document]) -> dict[str, Decimal]:
    amounts: dict[str, Decimal] = {}
    for row in rows:
        line = _line(order, row)
        before = amounts.get(line.line_item_id, Decimal(0))
        amounts[line.line_item_id] = before + _amount(order, part(row, "refundAmount"))
        left = line.cost + order.delivery(line) - order.refunded_of(line)
        if amounts[line.line_item_id] > left:
            raise refuse(34924, f"{left:.2f} of {line.line_item_id} is left.")
    return amounts


def _line(order: BuyerOrder, row: Document) -> BoughtLine:
    """Return the line that is meant: by its id, or by listing and transaction.

    A transaction of the older APIs has the id of its line.
    """
    line_item_id, item_id = row.get("lineItemId"), None
    if not line_item_id:
        legacy = part(row, "legacyReference")
        if not legacy:
            raise refuse(34910)
        line_item_id, item_id = legacy.get("legacyTransactionId"), legacy.get("legacyItemId")
        if not item_id:
            raise refuse(34911)
        if not line_item_id:
            raise refuse(34912)
    for line in order.lines:
        if line.line_item_id == line_item_id and item_id in {None, line.listing_id}:
            return line
    raise refuse(34914, line_item_id)


def _amount(order: BuyerOrder, amount: Document) -> Decimal:
    value, currency = amount.get("value"), amount.get("currency")
    if not value:
        raise refuse(34906)
    if not re.fullmatch(r"[0-9]{1,12}(\.[0-9]{1,2})?", value) or Decimal(value) == 0:
        raise refuse(34907, value)
    if not currency:
        raise refuse(34908)
    if currency != order.currency:
        raise refuse(34909, f"It is {order.currency}.")
    return Decimal(value)


OPERATIONS = [
    Operation("issueRefund", "POST", f"{BASE}/{{order}}/issue_refund", issue, api=orders.API)
]
