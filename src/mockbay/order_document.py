"""An order as eBay gives it back."""

from decimal import Decimal

from mockbay import buyers
from mockbay.answers import Document
from mockbay.call import Call
from mockbay.clock import to_iso
from mockbay.order import BoughtLine, BuyerOrder, OrderRefund

BASE = "/sell/fulfillment/v1/order"
DAY_MS = 86_400_000
SOONEST, LATEST = 2 * DAY_MS, 6 * DAY_MS  # on the way, after the day by which it is shipped


def shown(call: Call, order: BuyerOrder, *, requests: bool = False) -> Document:
    """Return an order as eBay gives it back; ``requests``: with those to cancel it.

    Only the call for a single order has them. ``legacyOrderId`` is what the older APIs call it:
    the same id by now.
    """
    now, canary = call.world.clock.ms, call.world.switches.canary
    total = _money(order, order.total)
    payment: Document = {
        "paymentMethod": "EBAY", "paymentStatus": "PAID", "amount": total,
        "paymentDate": to_iso(order.created),
        "paymentReferenceId": f"P{order.lines[0].line_item_id}",
    }  # fmt: skip
    paid_back = sum((Decimal(one.amount) for one in order.refunds if one.done <= now), Decimal(0))
    return {
        "orderId": order.order_id,
        "legacyOrderId": order.order_id,
        "creationDate": to_iso(order.created),
        "lastModifiedDate": to_iso(order.changed(now)),
        "orderFulfillmentStatus": order.fulfillment_status,
        "orderPaymentStatus": order.payment_status(now),
        "sellerId": call.seller.name,
        **({"salesRecordReference": order.record} if order.record else {}),
        "buyer": buyers.shown(order, now, canary),
        "cancelStatus": _cancel_status(order, requests=requests),
        "pricingSummary": {
            "priceSubtotal": _money(order, order.subtotal),
            "deliveryCost": _money(order, order.total - order.subtotal),
            "total": total,
        },
        "paymentSummary": {
            "totalDueSeller": _money(order, order.total - paid_back),
            "payments": [payment],
            "refunds": [_refund(order, one, now) for one in order.refunds],
        },
        "fulfillmentStartInstructions": [_instruction(order, now, canary)],
        "fulfillmentHrefs": [href(call, order, key) for key in order.packages],
        "lineItems": [_line(order, line, now) for line in order.lines],
        "totalFeeBasisAmount": total,
    }


def href(call: Call, order: BuyerOrder, fulfillment_id: str) -> str:
    """Return the address of a package."""
    return f"{call.origin}{BASE}/{order.order_id}/shipping_fulfillment/{fulfillment_id}"


def _cancel_status(order: BuyerOrder, *, requests: bool) -> Document:
    cancelled = order.cancelled
    if cancelled is None:
        return {"cancelState": "NONE_REQUESTED", "cancelRequests": []}
    at = to_iso(cancelled.at)
    request = {
        "cancelRequestId": cancelled.request_id, "cancelInitiator": cancelled.by.title(),
        "cancelReason": cancelled.reason, "cancelRequestState": "COMPLETED",
        "cancelRequestedDate": at, "cancelCompletedDate": at,
    }  # fmt: skip
    shown_requests = [request] if requests else []
    return {"cancelState": "CANCELED", "cancelledDate": at, "cancelRequests": shown_requests}


def _refund(order: BuyerOrder, refund: OrderRefund, now: int) -> Document:
    """Return a refund as the order has it; the id of one of single lines stands at the lines."""
    own_id = refund.refund_id if not refund.lines else None
    return {
        "amount": _money(order, Decimal(refund.amount)),
        "refundStatus": "PENDING" if refund.done > now else "REFUNDED",
        **_ended(refund, now),
        **({"refundId": own_id} if own_id else {}),
    }


def _ended(refund: OrderRefund, now: int) -> Document:
    if refund.done > now:
        return {}
    return {"refundDate": to_iso(refund.done), "refundReferenceId": refund.reference}


def _line_refunds(order: BuyerOrder, line: BoughtLine, now: int) -> list[Document]:
    return [
        {
            "amount": _money(order, Decimal(refund.lines[line.line_item_id])),
            "refundId": refund.refund_id,
            **_ended(refund, now),
        }
        for refund in order.refunds
        if line.line_item_id in refund.lines
    ]


def _instruction(order: BuyerOrder, now: int, canary: str) -> Document:
    by = max(_ship_by(order, line) for line in order.lines)
    return {
        "fulfillmentInstructionsType": "SHIP_TO",
        **_expected(by),
        "ebaySupportedFulfillment": False,
        "shippingStep": {
            "shipTo": buyers.contact(order, now, canary),
            "shippingCarrierCode": order.carrier,
            "shippingServiceCode": order.service,
        },
    }


def _ship_by(order: BuyerOrder, line: BoughtLine) -> int:
    return order.created + DAY_MS if line.ship_by is None else line.ship_by


def _expected(by: int) -> Document:
    return {
        "minEstimatedDeliveryDate": to_iso(by + SOONEST),
        "maxEstimatedDeliveryDate": to_iso(by + LATEST),
    }


def _line(order: BuyerOrder, line: BoughtLine, now: int) -> Document:
    by, delivery = _ship_by(order, line), order.delivery(line)
    document: Document = {
        "lineItemId": line.line_item_id,
        "legacyItemId": line.listing_id,
        "sku": line.sku,
        "title": line.title,
        "quantity": line.quantity,
        "soldFormat": "FIXED_PRICE",
        "listingMarketplaceId": order.marketplace,
        "purchaseMarketplaceId": order.marketplace,
        "lineItemFulfillmentStatus": order.line_status(line),
        "lineItemFulfillmentInstructions": {
            "shipByDate": to_iso(by), **_expected(by), "guaranteedDelivery": False,
        },
        "lineItemCost": _money(order, line.cost),
        "deliveryCost": {"shippingCost": _money(order, delivery)},
        "total": _money(order, line.cost + delivery),
        "taxes": [],
        "appliedPromotions": [],
        "refunds": _line_refunds(order, line, now),
        "properties": {"buyerProtection": True},
    }  # fmt: skip
    if line.location:
        document["itemLocation"] = line.location
    if line.variation_id:
        document["legacyVariationId"] = line.variation_id
        document["variationAspects"] = [
            {"name": name, "value": value} for name, value in line.aspects.items()
        ]
    return document


def _money(order: BuyerOrder, value: Decimal) -> Document:
    return {"value": f"{value:.2f}", "currency": order.currency}
