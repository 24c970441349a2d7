"""Orders are shipped in packages and refunded, whole or by line, as on eBay."""

from typing import Any
from urllib.parse import quote

import pytest

from mockbay.client import ControlError, MockServer
from support.mockbay_calls import ORDERS, Document, Seller


def line_ids(order: Document) -> list[str]:
    return [line["line_item_id"] for line in order["lines"]]


def test_an_order_is_shipped_package_by_package(seller: Seller, two: Document) -> None:
    def chosen(words: str) -> int:
        query = quote(f"orderfulfillmentstatus:{{{words}}}")
        return seller.call("GET", f"{ORDERS}?filter={query}").json["total"]

    lamps, mug = line_ids(two)
    path = f"{ORDERS}/{two['orderId']}/shipping_fulfillment"
    assert (chosen("NOT_STARTED|IN_PROGRESS"), chosen("FULFILLED|IN_PROGRESS")) == (1, 0)
    made = seller.ship(two["orderId"], {lamps: 1}, "TRACK1")
    assert made.status == 201
    assert made.headers["location"] == f"{seller.url}{path}/TRACK1"
    order = seller.order(two["orderId"])
    assert order["orderFulfillmentStatus"] == "IN_PROGRESS"
    words = [line["lineItemFulfillmentStatus"] for line in order["lineItems"]]
    assert words == ["FULFILLED", "NOT_STARTED"], "one unit of a line is enough"
    assert (chosen("FULFILLED"), chosen("IN_PROGRESS")) == (0, 1)
    package = seller.call("GET", f"{path}/TRACK1").json
    assert package == {
        "fulfillmentId": "TRACK1", "shipmentTrackingNumber": "TRACK1",
        "shippingCarrierCode": "DHL", "shippedDate": "2026-01-05T12:00:00.000Z",
        "lineItems": [{"lineItemId": lamps, "quantity": 1}],
    }  # fmt: skip
    assert seller.ship(two["orderId"], {mug: 1, lamps: 1}).headers["location"].endswith("/999")
    order = seller.order(two["orderId"])
    assert order["orderFulfillmentStatus"] == "FULFILLED"
    assert order["fulfillmentHrefs"] == [f"{seller.url}{path}/{key}" for key in ("TRACK1", "999")]
    assert (chosen("NOT_STARTED|IN_PROGRESS"), chosen("FULFILLED|IN_PROGRESS")) == (0, 1)
    listed = seller.call("GET", path).json
    assert (listed["total"], listed["fulfillments"][0]) == (2, package)


def test_a_package_sent_again_stays_one(seller: Seller, two: Document) -> None:
    lamps, mug = line_ids(two)
    for units in ({lamps: 2}, {lamps: 2}, {mug: 1}):
        assert seller.ship(two["orderId"], units, "TRACK1").status == 201
    (package,) = seller.call("GET", f"{ORDERS}/{two['orderId']}/shipping_fulfillment").json[
        "fulfillments"
    ]
    assert {one["lineItemId"]: one["quantity"] for one in package["lineItems"]} == {
        lamps: 2,
        mug: 1,
    }


@pytest.mark.parametrize(
    ("body", "error_id"),
    [
        ({}, 32600),
        ({"lineItems": [{"lineItemId": "1"}]}, 32200),
        ({"lineItems": [{"lineItemId": "MUG"}] * 2}, 32210),
        ({"lineItems": [{"lineItemId": "MUG", "quantity": 2}]}, 32600),
        ({"trackingNumber": "T1"}, 32300),
        ({"shippingCarrierCode": "DHL"}, 32300),
        ({"trackingNumber": "T 1", "shippingCarrierCode": "DHL"}, 32300),
        ({"shippedDate": "yesterday"}, 32500),
        ({"lineItems": [{"lineItemId": "MUG", "quantity": "one"}]}, 2004),
    ],
)
def test_a_wrong_package_is_refused(
    seller: Seller, two: Document, body: Document, error_id: int
) -> None:
    mug = line_ids(two)[1]
    rows: list[Any] = body.get("lineItems", [{"lineItemId": "MUG"}] if body else [])
    rows = [row | {"lineItemId": mug} if row["lineItemId"] == "MUG" else row for row in rows]
    path = f"{ORDERS}/{two['orderId']}/shipping_fulfillment"
    refused = seller.call("POST", path, body | {"lineItems": rows})
    assert (refused.status, refused.error_ids) == (400, [error_id])
    assert seller.call("GET", path).json == {"fulfillments": [], "total": 0}
    assert seller.call("GET", f"{path}/1").error_ids == [32110]
    assert seller.ship("1", {mug: 1}).error_ids == [32100]


EMPTY: Document = {}


def usd(value: str) -> Document:
    return {"value": value, "currency": "USD"}


def refund(seller: Seller, order: Document, **body: object) -> Any:  # noqa: ANN401 -- an answer
    asked: Document = {"reasonForRefund": "OTHER_ADJUSTMENT"} | body
    return seller.call("POST", f"{ORDERS}/{order['orderId']}/issue_refund", asked)


def test_an_order_is_refunded_in_part_and_then_whole(
    mockbay: MockServer, seller: Seller, two: Document
) -> None:
    mockbay.switch(refund_lag_ms=60_000)
    made = refund(seller, two, orderLevelRefundAmount=usd("10.00"))
    assert made.json["refundStatus"] == "PENDING"
    order = seller.order(two["orderId"])
    assert order["orderPaymentStatus"] == "PENDING"
    (pending,) = order["paymentSummary"]["refunds"]
    assert pending == {
        "refundId": made.json["refundId"], "refundStatus": "PENDING", "amount": usd("10.00")
    }  # fmt: skip
    mockbay.advance(60)
    order = seller.order(two["orderId"])
    (done,) = order["paymentSummary"]["refunds"]
    assert (done["refundStatus"], done["refundDate"]) == ("REFUNDED", order["lastModifiedDate"])
    assert order["orderPaymentStatus"] == "PARTIALLY_REFUNDED"
    assert order["paymentSummary"]["totalDueSeller"] == usd("70.70")
    assert refund(seller, two, orderLevelRefundAmount=usd("70.71")).error_ids == [34915]
    assert refund(seller, two, orderLevelRefundAmount=usd("70.70")).status == 200
    mockbay.advance(60)
    assert seller.order(two["orderId"])["orderPaymentStatus"] == "FULLY_REFUNDED"
    assert refund(seller, two, orderLevelRefundAmount=usd("0.01")).error_ids == [34917]


def test_single_lines_are_refunded(seller: Seller, two: Document) -> None:
    lamps, mug = line_ids(two)
    item_id = two["lines"][1]["listing_id"]
    legacy = {"legacyItemId": item_id, "legacyTransactionId": mug}
    rows = [
        {"lineItemId": lamps, "refundAmount": usd("5.00")},
        {"legacyReference": legacy, "refundAmount": usd("24.90")},
    ]
    made = refund(seller, two, refundItems=rows)
    order = seller.order(two["orderId"])
    found = [one for line in order["lineItems"] for one in line["refunds"]]
    assert [one["amount"]["value"] for one in found] == ["5.00", "24.90"]
    assert {one["refundId"] for one in found} == {made.json["refundId"]}
    (whole,) = order["paymentSummary"]["refunds"]
    assert whole["amount"] == usd("29.90")
    assert "refundId" not in whole, "eBay has it at the lines"
    assert order["orderPaymentStatus"] == "PARTIALLY_REFUNDED"
    again = refund(seller, two, refundItems=[{"lineItemId": mug, "refundAmount": usd("0.01")}])
    assert (again.status, again.error_ids) == (409, [34924])


@pytest.mark.parametrize(
    ("body", "error_id"),
    [
        ({"reasonForRefund": None}, 34903),
        ({"reasonForRefund": "WHIM"}, 2004),
        ({"comment": "x" * 1001}, 34921),
        (EMPTY, 34905),
        ({"orderLevelRefundAmount": usd("1.00"), "refundItems": [EMPTY]}, 34905),
        ({"orderLevelRefundAmount": {"currency": "USD"}}, 34906),
        ({"orderLevelRefundAmount": usd("1.001")}, 34907),
        ({"orderLevelRefundAmount": usd("0.00")}, 34907),
        ({"orderLevelRefundAmount": {"value": "1.00"}}, 34908),
        ({"orderLevelRefundAmount": usd("1.00") | {"currency": "EUR"}}, 34909),
        ({"refundItems": [{"refundAmount": usd("1.00")}]}, 34910),
        ({"refundItems": [{"legacyReference": {"legacyTransactionId": "1"}}]}, 34911),
        ({"refundItems": [{"legacyReference": {"legacyItemId": "1"}}]}, 34912),
        ({"refundItems": [{"lineItemId": "1"}]}, 34914),
    ],
)
def test_a_wrong_refund_is_refused(
    seller: Seller, two: Document, body: Document, error_id: int
) -> None:
    assert refund(seller, two, **body).error_ids == [error_id]
    assert seller.order(two["orderId"])["orderPaymentStatus"] == "PAID"


def test_a_refund_needs_an_order_and_a_body(
    mockbay: MockServer, seller: Seller, two: Document
) -> None:
    missing = refund(seller, {"orderId": "1"})
    assert (missing.status, missing.error_ids) == (404, [34913])
    path = f"{ORDERS}/{two['orderId']}/issue_refund"
    assert seller.call("POST", path).error_ids == [34902]
    assert mockbay.journal("issueRefund")[-1]["errors"] == [34902]


def test_a_shipped_order_is_not_cancelled_and_a_cancelled_one_not_shipped(
    mockbay: MockServer, seller: Seller, two: Document
) -> None:
    lamps, _ = line_ids(two)
    other = mockbay.buy("MUG")
    refund(seller, other, orderLevelRefundAmount=usd("4.90"))
    mockbay.cancel_order(other["orderId"], by="seller")
    order = seller.order(other["orderId"])
    given = [one["amount"]["value"] for one in order["paymentSummary"]["refunds"]]
    assert given == ["4.90", "20.00"], "the rest is given back"
    assert order["cancelStatus"]["cancelRequests"][0]["cancelInitiator"] == "Seller"
    assert seller.ship(other["orderId"], {line_ids(other)[0]: 1}).error_ids == [32600]
    seller.ship(two["orderId"], {lamps: 1})
    with pytest.raises(ControlError, match="refund it instead"):
        mockbay.cancel_order(two["orderId"])
