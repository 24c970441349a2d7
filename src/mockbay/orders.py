"""The fulfillment API: orders, as buyers made them."""

import re
from decimal import Decimal

from mockbay.answers import Document, Reply, refuse
from mockbay.call import Call, Operation
from mockbay.clock import from_iso, to_iso
from mockbay.paging import page_of

BASE = "/sell/fulfillment/v1"
LONGEST_PAGE, USUAL_PAGE = 200, 50
MOST_IDS = 50
NINETY_DAYS_MS = 90 * 86_400_000
TWO_YEARS_MS = 2 * 366 * 86_400_000
DATES = {"creationdate": "created", "lastmodifieddate": "modified"}
PAGING_ERRORS = (31100, 31000)


def get_all(call: Call) -> Reply:
    """Return a page of orders chosen by filter or by ids, oldest first; else those of 90 days.

    That is eBay's order by default, by creation; a filter may change it: the one by modification
    goes by that.
    """
    page = page_of(call, longest=LONGEST_PAGE, usual=USUAL_PAGE, errors=PAGING_ERRORS)
    visible = [o for o in call.seller.orders.values() if o["visible"] <= call.world.clock.ms]
    filters = {} if call.query.get("orderIds") else _filters(call)
    date = "modified" if "lastmodifieddate" in filters else "created"
    chosen = _chosen(call, visible, filters)
    found = sorted(chosen, key=lambda order: (order[date], order["orderId"]))
    body = page.answer(call, len(found), absolute=True) | {"offset": page.offset}
    return Reply(200, body | {"orders": [shown(call, order) for order in page.cut(found)]})


def _filters(call: Call) -> dict[str, str]:
    written = call.query.get("filter", "")
    parts = re.findall(r"[^,{}\[\]]+:(?:\[.*?\]|\{.*?\})|[^,]+", written)
    given = dict(_filter(one) for one in parts)
    if "creationdate" in given:  # it wins over the other date
        given.pop("lastmodifieddate", None)
    return given


def _chosen(call: Call, orders: list[Document], filters: dict[str, str]) -> list[Document]:
    if wanted := call.query.get("orderIds"):
        ids = wanted.split(",")
        if len(ids) > MOST_IDS:
            raise refuse(30900)
        return [order for order in orders if order["orderId"] in ids]
    if not filters:
        first = call.world.clock.ms - NINETY_DAYS_MS
        return [order for order in orders if order["created"] >= first]
    for name, value in filters.items():
        orders = _kept(call, orders, name, value)
    return orders


def _filter(text: str) -> tuple[str, str]:
    name, _, value = text.partition(":")
    if name not in {*DATES, "orderfulfillmentstatus"}:
        raise refuse(30700, name)
    return name, value


def _kept(call: Call, orders: list[Document], name: str, value: str) -> list[Document]:
    if name not in DATES:
        return orders if "NOT_STARTED" in value.strip("{}").split("|") else []
    start, end = _range(call, value)
    return [order for order in orders if start <= order[DATES[name]] <= end]


def _range(call: Call, value: str) -> tuple[int, int]:
    start, dots, end = value.strip("[]").partition("..")
    if not dots or not value.startswith("["):
        raise refuse(30800, value)
    if not start:
        raise refuse(30820)
    try:
        moments = from_iso(start), from_iso(end) if end else call.world.clock.ms
    except ValueError:
        raise refuse(30810, value) from None
    if max(moments) > call.world.clock.ms:
        raise refuse(30850, value)
    if moments[0] > moments[1]:
        raise refuse(30840, value)
    if moments[0] < call.world.clock.ms - TWO_YEARS_MS:
        raise refuse(30830, value)
    return moments


def get(call: Call) -> Reply:
    """Return one order."""
    order = call.seller.orders.get(call.params["order"])
    if order is None or order["visible"] > call.world.clock.ms:
        raise refuse(32100, call.params["order"])
    return Reply(200, shown(call, order))


def shown(call: Call, order: Document) -> Document:
    """Return an order as eBay gives it back."""
    total = _money(Decimal(order["price"]) * order["quantity"], order["currency"])
    payment: Document = {
        "paymentMethod": "EBAY", "paymentStatus": "PAID", "amount": total,
        "paymentDate": to_iso(order["created"]), "paymentReferenceId": f"P{order['line_item_id']}",
    }  # fmt: skip
    return {
        "orderId": order["orderId"],
        "creationDate": to_iso(order["created"]),
        "lastModifiedDate": to_iso(order["modified"]),
        "orderFulfillmentStatus": "NOT_STARTED",
        "orderPaymentStatus": "FULLY_REFUNDED" if order["cancelled"] else "PAID",
        "sellerId": call.seller.name,
        "buyer": {"username": order["buyer"]},
        "cancelStatus": {
            "cancelState": "CANCELED" if order["cancelled"] else "NONE_REQUESTED",
            "cancelRequests": [],
        },
        "pricingSummary": {"priceSubtotal": total, "total": total},
        "paymentSummary": {"totalDueSeller": total, "payments": [payment], "refunds": []},
        "fulfillmentStartInstructions": [],
        "fulfillmentHrefs": [],
        "lineItems": [_line(order, total)],
        "totalFeeBasisAmount": total,
    }


def _line(order: Document, total: Document) -> Document:
    line: Document = {
        "lineItemId": order["line_item_id"],
        "legacyItemId": order["listing_id"],
        "sku": order["sku"],
        "title": order["title"],
        "quantity": order["quantity"],
        "soldFormat": "FIXED_PRICE",
        "listingMarketplaceId": order["marketplace"],
        "purchaseMarketplaceId": order["marketplace"],
        "lineItemFulfillmentStatus": "NOT_STARTED",
        "lineItemCost": total,
        "total": total,
        "taxes": [],
        "appliedPromotions": [],
        "properties": {"buyerProtection": True},
        "deliveryCost": {"shippingCost": _money(Decimal(0), order["currency"])},
    }
    if order["group"]:
        line["legacyVariationId"] = str(700_000_000_000 + int(order["offer_id"]))
    return line


def _money(value: Decimal, currency: str) -> Document:
    return {"value": f"{value:.2f}", "currency": currency}


API = "sell.fulfillment"
OPERATIONS = [
    Operation("getOrders", "GET", f"{BASE}/order", get_all, api=API),
    Operation("getOrder", "GET", f"{BASE}/order/{{order}}", get, api=API),
]
