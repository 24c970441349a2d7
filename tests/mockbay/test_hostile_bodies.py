"""No body, however wrong, makes the mock fail by itself."""

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest

from mockbay.client import MockServer
from support.mockbay_calls import INVENTORY, LINE_ID, ORDER_ID, ORDERS, Document, Seller, item, send
from support.mockbay_drive import POLICIES

ODD: tuple[Any, ...] = (None, True, -1, 2.5, "", "x", [], [None], ["x"], [{}], {}, {"x": None})
AXES = {
    "specifications": [{"name": "Size", "values": ["S"]}],
    "aspectsImageVariesBy": ["Size"],
}
GROUP: Document = {
    "title": "Tee",
    "variantSKUs": ["A"],
    "variesBy": AXES,
    "aspects": {"Brand": ["L"]},
    "imageUrls": ["https://img.example/a.jpg"],
}
ROW: Document = {
    "sku": "A",
    "shipToLocationAvailability": {"quantity": 1},
    "offers": [{"offerId": "1", "price": {"value": "1.00", "currency": "USD"}}],
}
PLACE: Document = {
    "location": {"address": {"country": "US", "city": "x"}},
    "locationTypes": ["STORE"],
}
AMOUNT = {"value": "0.01", "currency": "USD"}
PACKAGE: Document = {
    "lineItems": [{"lineItemId": LINE_ID, "quantity": 1}], "shippedDate": "2026-01-05T12:00:00Z",
    "trackingNumber": "T1", "shippingCarrierCode": "DHL",
}  # fmt: skip
LEGACY = {"legacyItemId": "1", "legacyTransactionId": LINE_ID}
REFUND: Document = {
    "reasonForRefund": "OTHER_ADJUSTMENT", "comment": "x", "orderLevelRefundAmount": AMOUNT,
    "refundItems": [{"lineItemId": LINE_ID, "refundAmount": AMOUNT, "legacyReference": LEGACY}],
}  # fmt: skip
OF_ORDERS = (
    "/_mock/buy", f"{ORDERS}/{ORDER_ID}/issue_refund", f"{ORDERS}/{ORDER_ID}/shipping_fulfillment",
)  # fmt: skip
SALE: Document = {
    "lines": [{"sku": "A", "quantity": 1}], "shipping_cost": "1.00", "force": True,
    "ship_to": {"fullName": "A", "contactAddress": {"countryCode": "DE"}},
}  # fmt: skip
CONFIG = {"endpoint": "http://127.0.0.1:9/x", "verificationToken": "t" * 32}


SOLD: Document = {
    "created": 0, "marketplace": "EBAY_US", "currency": "USD",
    "lines": [{"line_item_id": "3", "sku": "A", "listing_id": "9", "quantity": 1, "price": "1.00",
               "ship_by": 5}],
    "packages": {"T1": {"lines": {"3": 1}, "shipped": 1}},
    "refunds": [{"amount": "1.00", "done": 9, "reference": "8", "lines": {"3": "1.00"}}],
    "cancelled": {"request_id": "7", "at": 3, "by": "buyer", "reason": "x"},
}  # fmt: skip


def mutants(document: Document | list[Any]) -> Iterator[Any]:
    """Yield the document with each of its parts in turn replaced by something odd."""
    yield from copy.deepcopy(ODD)
    keys: list[Any] = list(document if isinstance(document, dict) else range(len(document)))
    for key in keys:
        inner: Any = document[key]
        deeper = type(inner) in {dict, list}
        for changed in mutants(inner) if deeper else copy.deepcopy(ODD):
            mutant: Any = copy.deepcopy(document)
            mutant[key] = changed
            yield mutant


def bodies(seller: Seller) -> dict[tuple[str, str], Document]:
    """Return a sound body for each call that takes one."""
    goods = item(packageWeightAndSize={"weight": {"value": 1, "unit": "GRAM"}})
    return {
        ("PUT", f"{INVENTORY}/inventory_item/A"): goods,
        ("PUT", f"{INVENTORY}/inventory_item_group/G"): GROUP,
        ("POST", f"{INVENTORY}/bulk_create_or_replace_inventory_item"): {
            "requests": [goods | {"sku": "A", "locale": "en_US"}]
        },
        ("POST", f"{INVENTORY}/offer"): seller.offer("A"),
        ("POST", f"{INVENTORY}/bulk_create_offer"): {"requests": [seller.offer("A")]},
        ("POST", f"{INVENTORY}/bulk_publish_offer"): {"requests": [{"offerId": "1"}]},
        ("POST", f"{INVENTORY}/bulk_get_inventory_item"): {"requests": [{"sku": "A"}]},
        ("POST", f"{INVENTORY}/bulk_update_price_quantity"): {"requests": [ROW]},
        ("POST", f"{INVENTORY}/bulk_migrate_listing"): {"requests": [{"listingId": "1"}]},
        ("POST", f"{INVENTORY}/offer/get_listing_fees"): {"offers": [{"offerId": "1"}]},
        ("POST", f"{INVENTORY}/location/x"): PLACE,
        ("POST", f"{INVENTORY}/location/main-warehouse/update_location_details"): PLACE,
        ("POST", "/commerce/media/v1_beta/image/create_image_from_url"): {"imageUrl": "x"},
        ("POST", "/sell/feed/v1/inventory_task"): {"feedType": "x", "schemaVersion": "1.0"},
        ("POST", "/sell/account/v1/program/opt_in"): {"programType": "x"},
        ("POST", f"{ORDERS}/{ORDER_ID}/shipping_fulfillment"): PACKAGE,
        ("POST", f"{ORDERS}/{ORDER_ID}/issue_refund"): REFUND,
        ("POST", "/_mock/buy"): SALE,
        **{
            ("POST", f"/sell/account/v1/{kind}_policy"): {
                "name": "A",
                "marketplaceId": "EBAY_US",
                "categoryTypes": [{"name": "ALL_EXCLUDING_MOTORS_VEHICLES"}],
            }
            | POLICIES[kind]
            for kind in POLICIES
        },
        ("POST", "/commerce/notification/v1/subscription"): {
            "topicId": "FEEDBACK_RECEIVED",
            "payload": {"schemaVersion": "1.0"},
        },
    }


CALLS = sorted(bodies(Seller("", "")))


@pytest.mark.parametrize(("method", "path"), CALLS)
def test_an_odd_body_is_answered_without_a_failure(
    mockbay: MockServer, seller: Seller, method: str, path: str
) -> None:
    mockbay.switch(journal_bodies=False, revision_cap=None)
    seller.live("A")
    mockbay.buy("A")
    for body in mutants(bodies(seller)[method, path]):
        answer = seller.call(method, path, body)
        assert answer.status < 500, (body, answer.raw)
        read = seller.call("GET", ORDERS if path in OF_ORDERS else f"{INVENTORY}/inventory_item")
        assert read.status == 200, body


def test_an_odd_state_is_loaded_whole_or_refused(mockbay: MockServer, seller: Seller) -> None:
    mockbay.switch(journal_bodies=False)
    offer = {"sku": "A", "marketplaceId": "EBAY_US", "status": "PUBLISHED"}
    listing = {"marketplace": "EBAY_US", "offer_ids": ["1"], "started": 0}
    live = offer | {"listing": {"listingId": "9"}}
    owned: Document = {
        "items": {"A": {"product": {"title": "A"}}, "S": {}}, "offers": {"1": live},
        "listings": {"9": listing}, "groups": {"G": GROUP | {"variantSKUs": ["S"]}},
        "policies": {"payment": {"7": {"name": "A", "marketplaceId": "EBAY_US"}}},
        "locations": {"L": PLACE}, "foreign": {"8": {"title": "A", "price": "1.00"}},
        "bindings": {"1": {"listing_id": "9", "quantity": 2}}, "programs": [],
        "orders": {"2": SOLD},
    }  # fmt: skip
    lamps = {"name": "A", "aspects": [{"name": "B"}]}
    whole: Document = {"now": "2027-01-01T00:00:00Z", "categories": {"5": lamps}}
    whole["accounts"] = {"seller-one": owned}
    mockbay.restore(whole)
    for body in mutants(whole):
        answer = send(mockbay.url, "PUT", "/_mock/state", json.dumps(body).encode())
        assert answer.status in {200, 400}, body
        if answer.status == 200:
            mockbay.restore(mockbay.state())
            assert seller.call("GET", f"{INVENTORY}/offer?sku=A").status < 500, body


def test_a_live_offer_survives_odd_items_and_offers(mockbay: MockServer, seller: Seller) -> None:
    mockbay.switch(journal_bodies=False, revision_cap=None)
    offer_id = seller.live("A")
    for body in mutants(item()):
        seller.put_item("A", body)
        assert seller.publish(offer_id).status < 500, body
        assert seller.withdraw(offer_id).status < 500, body
        assert seller.publish(offer_id).status < 500, body
    seller.put_item("A")
    for body in mutants(seller.offer("A")):
        assert seller.call("PUT", f"{INVENTORY}/offer/{offer_id}", body).status < 500, body
        assert seller.publish(offer_id).status < 500, body
        assert seller.call("GET", f"{INVENTORY}/offer?sku=A").status == 200, body
