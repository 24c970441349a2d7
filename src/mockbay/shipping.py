"""Shipping fulfillments: which lines of an order travel in which package."""

import re

from mockbay import orders
from mockbay.answers import Document, Reply, part, refuse
from mockbay.call import Call, Operation
from mockbay.clock import from_iso, is_moment, to_iso
from mockbay.order import LAST_MOMENT, BuyerOrder, Package
from mockbay.order_document import BASE, href
from mockbay.rules import listed

UNTRACKED = 999
"""The id of a package without a tracking number; eBay's example is an arbitrary number like it."""


def create(call: Call) -> Reply:
    """Ship lines of an order in one package; its tracking number, if any, becomes its id.

    A package that is there already takes up the lines.
    """
    order = orders.find(call)
    document = call.document
    lines = _lines(order, document)
    carrier, tracking = _tracked(document)
    shipped = _shipped(call, document)
    if order.cancelled is not None:
        raise refuse(32600, "The order is cancelled.")
    key = tracking or str(UNTRACKED + sum(not one.tracking for one in order.packages.values()))
    before = order.packages[key].lines if key in order.packages else {}
    package = Package(lines=before | lines, shipped=shipped, carrier=carrier, tracking=tracking)
    orders.change(call, order, packages=order.packages | {key: package})
    return Reply(201, {}, {"location": href(call, order, key)})


def _lines(order: BuyerOrder, document: Document) -> dict[str, int]:
    bought = {line.line_item_id: line.quantity for line in order.lines}
    lines: dict[str, int] = {}
    for row in listed(document, "lineItems"):
        one = part({"": row}, "")
        line_item_id, quantity = one.get("lineItemId") or "", one.get("quantity")
        quantity = 1 if quantity is None else quantity
        if line_item_id not in bought:
            raise refuse(32200, line_item_id)
        if line_item_id in lines:
            raise refuse(32210, line_item_id)
        if not 1 <= quantity <= bought[line_item_id]:
            raise refuse(32600, f"quantity: 1 to {bought[line_item_id]} of {line_item_id}.")
        lines[line_item_id] = quantity
    if not lines:
        raise refuse(32600, "lineItems: which lines does the package hold?")
    return lines


def _tracked(document: Document) -> tuple[str | None, str | None]:
    carrier = document.get("shippingCarrierCode") or None
    tracking = document.get("trackingNumber") or None
    if (carrier is None) != (tracking is None):
        raise refuse(32300, "trackingNumber and shippingCarrierCode go together.")
    if tracking is not None and not re.fullmatch(r"[0-9A-Za-z]+", tracking):
        raise refuse(32300, "trackingNumber: letters and digits only.")
    return carrier, tracking


def _shipped(call: Call, document: Document) -> int:
    text = document.get("shippedDate")
    if not text:
        return call.world.clock.ms
    if not is_moment(text) or not 0 <= from_iso(text) <= LAST_MOMENT:
        raise refuse(32500, text)
    return from_iso(text)


def get_all(call: Call) -> Reply:
    """Return every package of an order."""
    order = orders.find(call)
    shown = [_shown(key, package) for key, package in order.packages.items()]
    return Reply(200, {"fulfillments": shown, "total": len(shown)})


def get(call: Call) -> Reply:
    """Return one package of an order."""
    order, key = orders.find(call), call.params["fulfillment"]
    if key not in order.packages:
        raise refuse(32110, key)
    return Reply(200, _shown(key, order.packages[key]))


def _shown(key: str, package: Package) -> Document:
    shown: Document = {
        "fulfillmentId": key,
        "shippedDate": to_iso(package.shipped),
        "lineItems": [{"lineItemId": one, "quantity": n} for one, n in package.lines.items()],
    }
    if package.tracking:
        shown |= {
            "shipmentTrackingNumber": package.tracking, "shippingCarrierCode": package.carrier,
        }  # fmt: skip
    return shown


PATH = f"{BASE}/{{order}}/shipping_fulfillment"
OPERATIONS = [
    Operation("createShippingFulfillment", "POST", PATH, create, api=orders.API),
    Operation("getShippingFulfillments", "GET", PATH, get_all, api=orders.API),
    Operation("getShippingFulfillment", "GET", f"{PATH}/{{fulfillment}}", get, api=orders.API),
]
