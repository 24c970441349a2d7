"""Orders are made by buyers, read by date, state and id, and cancelled, as on eBay."""

from decimal import Decimal
from urllib.parse import quote

import pytest

from mockbay.client import ControlError, MockServer
from support.mockbay_calls import INVENTORY, ORDERS, Document, Seller, item
from support.mockbay_drive import POLICIES


def test_a_sale_becomes_an_order_after_the_lag(mockbay: MockServer, seller: Seller) -> None:
    mockbay.switch(order_lag_ms=60_000)
    listing_id = seller.get_offer(seller.live("LAMP-1"))["listing"]["listingId"]
    sold = mockbay.buy("LAMP-1", 2)
    assert seller.call("GET", ORDERS).json["total"] == 0
    assert seller.call("GET", f"{ORDERS}/{sold['orderId']}").error["errorId"] == 32100
    mockbay.advance(60)
    order = seller.call("GET", ORDERS).json["orders"][0]
    line = order["lineItems"][0]
    assert (line["sku"], line["legacyItemId"], line["quantity"]) == ("LAMP-1", listing_id, 2)
    assert order["pricingSummary"]["total"] == {"value": "49.80", "currency": "USD"}
    assert seller.call("GET", f"{ORDERS}/{order['orderId']}").json == order


def test_orders_are_chosen_by_date_and_by_id(mockbay: MockServer, seller: Seller) -> None:
    seller.live("LAMP-1")
    first = mockbay.buy("LAMP-1")["orderId"]
    mockbay.advance(3600)
    second = mockbay.buy("LAMP-1")["orderId"]

    def ids(query: str) -> list[str]:
        found = seller.call("GET", f"{ORDERS}?{query}").json["orders"]
        return [order["orderId"] for order in found]

    since = quote("creationdate:[2026-01-05T12:30:00.000Z..]")
    changed = quote("lastmodifieddate:[2026-01-05T12:30:00.000Z..2026-01-05T13:00:00.000Z]")
    assert ids("") == [first, second], "oldest first"
    assert ids(f"filter={since}") == [second]
    assert ids(f"filter={changed}") == [second]
    assert ids("filter=" + quote("orderfulfillmentstatus:{FULFILLED}")) == []
    assert ids(f"orderIds={first}") == [first]
    mockbay.advance(60)
    mockbay.cancel_order(first)
    changed = quote("lastmodifieddate:[2026-01-05T12:30:00.000Z..]")
    assert ids(f"filter={changed}") == [second, first], "a cancelled order has changed"
    assert ids(f"orderIds={second},{first}") == [first, second]
    assert ids(f"orderIds={second},{first}&limit=1&offset=9") == [first, second], "read over"
    page = seller.call("GET", f"{ORDERS}?limit=1").json
    assert page["next"].startswith(mockbay.url)
    assert ids(page["next"].partition("?")[2]) == [second]


def test_orders_of_the_last_ninety_days_are_shown_unless_others_are_asked_for(
    mockbay: MockServer, seller: Seller
) -> None:
    def total(query: str = "") -> int:
        again = Seller(mockbay.url, mockbay.credentials["user_token"])  # the last has run out
        return again.call("GET", ORDERS + query).json["total"]

    seller.live("LAMP-1")
    mockbay.buy("LAMP-1")
    mockbay.advance(89 * 86_400)
    assert total() == 1
    mockbay.advance(2 * 86_400)
    assert total() == 0
    since = quote("creationdate:[2026-01-01T00:00:00.000Z..]")
    assert total(f"?filter={since}") == 1


def test_a_cancelled_order_gives_no_stock_back(mockbay: MockServer, seller: Seller) -> None:
    offer_id = seller.live("LAMP-1")
    order_id = mockbay.buy("LAMP-1")["orderId"]
    mockbay.cancel_order(order_id)
    order = seller.call("GET", f"{ORDERS}/{order_id}").json
    status = order["cancelStatus"]
    (request,) = status["cancelRequests"]
    assert (status["cancelState"], request["cancelInitiator"]) == ("CANCELED", "Buyer")
    (listed,) = seller.call("GET", ORDERS).json["orders"]
    assert listed["cancelStatus"] == status | {"cancelRequests": []}, "as eBay says of a page"
    (refund,) = order["paymentSummary"]["refunds"]
    assert (refund["refundStatus"], refund["amount"]["value"]) == ("REFUNDED", "24.90")
    assert order["orderPaymentStatus"] == "FULLY_REFUNDED"
    assert seller.get_offer(offer_id)["availableQuantity"] == 4
    with pytest.raises(ControlError, match="cancelled already"):
        mockbay.cancel_order(order_id)
    with pytest.raises(ControlError, match="no order"):
        mockbay.cancel_order("1")


def test_a_sale_that_is_not_paid_leaves_no_order(mockbay: MockServer, seller: Seller) -> None:
    offer_id = seller.live("LAMP-1")
    mockbay.buy("LAMP-1", paid=False)
    assert seller.get_offer(offer_id)["listing"]["soldQuantity"] == 1
    assert seller.call("GET", ORDERS).json["total"] == 0


@pytest.mark.parametrize(
    ("query", "error_id"),
    [
        ("limit=201", 31100),
        ("limit=0", 31100),
        ("offset=x", 31000),
        ("filter=colour:red", 30700),
        ("filter=orderfulfillmentstatus:{SHIPPED}", 30800),
        ("fieldGroups=ALL", 32800),
        ("filter=creationdate:2026", 30800),
        ("filter=creationdate:[..2026-01-01T00:00:00Z]", 30820),
        ("filter=creationdate:[yesterday..]", 30810),
        ("filter=creationdate:[2026-01-05T11:00:00Z..2027-01-01T00:00:00Z]", 30850),
        ("filter=creationdate:[2026-01-05T11:00:00Z..2026-01-05T10:00:00Z]", 30840),
        ("filter=creationdate:[2020-01-05T11:00:00Z..]", 30830),
        ("orderIds=" + ",".join(str(n) for n in range(51)), 30900),
    ],
)
def test_a_wrong_question_about_orders_is_refused(
    seller: Seller, query: str, error_id: int
) -> None:
    answer = seller.call("GET", f"{ORDERS}?{quote(query, safe='=,')}")
    assert (answer.status, answer.error["errorId"]) == (400, error_id)


def test_an_order_of_several_lines_adds_up(seller: Seller, two: Document) -> None:
    order = seller.order(two["orderId"])
    costs, totals = [
        [Decimal(line[name]["value"]) for line in order["lineItems"]]
        for name in ("lineItemCost", "total")
    ]
    assert (costs, totals) == (
        [Decimal("49.80"), Decimal("24.90")],
        [Decimal("55.80"), Decimal("24.90")],
    )
    summary = {name: one["value"] for name, one in order["pricingSummary"].items()}
    assert summary == {"priceSubtotal": "74.70", "deliveryCost": "6.00", "total": "80.70"}
    assert order["paymentSummary"]["totalDueSeller"]["value"] == "80.70"
    assert seller.call("GET", ORDERS).json["orders"] == [order]


def test_an_order_has_what_a_seller_needs_to_ship_it(
    mockbay: MockServer, seller: Seller, two: Document
) -> None:
    mockbay.switch(canary="")
    order = seller.order(two["orderId"])
    (start,) = order["fulfillmentStartInstructions"]
    whom = start["shippingStep"]["shipTo"]
    address = whom["contactAddress"]
    assert (whom["fullName"], address["countryCode"]) == ("Robin Sample", "US")
    assert "invented" in address["addressLine2"]
    assert whom["email"] == "buyer-one@invented.example"
    assert order["buyer"]["taxAddress"]["postalCode"] == address["postalCode"]
    assert order["legacyOrderId"] == order["orderId"]
    assert order["salesRecordReference"] == "101"
    line = order["lineItems"][0]
    assert line["lineItemFulfillmentInstructions"]["shipByDate"] == "2026-01-06T12:00:00.000Z"
    assert line["itemLocation"]["countryCode"] == "US"


def test_a_test_says_whom_an_order_goes_to(mockbay: MockServer, seller: Seller) -> None:
    seller.live("LAMP")
    place = {"addressLine1": "1 Own Road", "city": "Leeds", "countryCode": "GB"}
    own = {"fullName": "Own Name", "contactAddress": place}
    order = seller.order(mockbay.buy("LAMP", ship_to=own, buyer="kim")["orderId"])
    whom = order["fulfillmentStartInstructions"][0]["shippingStep"]["shipTo"]
    assert (whom["fullName"], whom["contactAddress"]) == ("Own Name", place)
    abroad = mockbay.buy("LAMP", ship_to={"contactAddress": {"countryCode": "DE"}})
    assert seller.order(abroad["orderId"])["buyer"]["taxAddress"]["city"] == "Berlin"
    mockbay.advance(15 * 86_400)
    seller.token = mockbay.credentials["user_token"]
    later = seller.order(abroad["orderId"])["fulfillmentStartInstructions"][0]["shippingStep"][
        "shipTo"
    ]
    assert "email" not in later, "eBay shows it for 14 days"


def test_a_variation_is_named_and_shipped_as_its_policy_says(
    mockbay: MockServer, seller: Seller
) -> None:
    service = {"shippingServiceCode": "USPSPriority", "shippingCarrierCode": "USPS"}
    option = {"optionType": "DOMESTIC", "costType": "FLAT_RATE", "shippingServices": [service]}
    mine = POLICIES["fulfillment"] | {
        "name": "Slow", "marketplaceId": "EBAY_US", "shippingOptions": [option],
        "handlingTime": {"value": 3, "unit": "DAY"},
        "categoryTypes": [{"name": "ALL_EXCLUDING_MOTORS_VEHICLES"}],
    }  # fmt: skip
    made = seller.call("POST", "/sell/account/v1/fulfillment_policy", mine).json
    ids = seller.offer("")["listingPolicies"]
    ids |= {"fulfillmentPolicyId": made["fulfillmentPolicyId"]}
    aspects = {"Brand": ["Loom"], "Department": ["Men"], "Size": ["S"]}
    seller.put_item("TEE-S", item(product={"aspects": aspects}))
    axes = {"specifications": [{"name": "Size", "values": ["S"]}]}
    group = {"title": "Tee", "description": "T", "variantSKUs": ["TEE-S"], "variesBy": axes}
    seller.call("PUT", f"{INVENTORY}/inventory_item_group/TEE", group)
    seller.create_offer("TEE-S", categoryId="201", listingPolicies=ids)
    asked = {"inventoryItemGroupKey": "TEE", "marketplaceId": "EBAY_US"}
    path = f"{INVENTORY}/offer/publish_by_inventory_item_group"
    assert seller.call("POST", path, asked).status == 200
    mockbay.switch(canary="")
    order = seller.order(mockbay.buy("TEE-S", buyer="kim & co")["orderId"])
    (line,) = order["lineItems"]
    assert line["variationAspects"] == [{"name": "Size", "value": "S"}]
    assert line["lineItemFulfillmentInstructions"]["shipByDate"] == "2026-01-08T12:00:00.000Z"
    step = order["fulfillmentStartInstructions"][0]["shippingStep"]
    assert step.items() >= service.items()
    assert step["shipTo"]["email"] == "kim---co@invented.example"


def test_what_cannot_be_one_order_is_refused_and_sells_nothing(
    mockbay: MockServer, seller: Seller
) -> None:
    offer_id = seller.live("LAMP")
    seller.put_item("MUG")
    assert seller.publish(seller.create_offer("MUG", "EBAY_GB")).status == 200
    for said, asked in [
        ("Only 5", {"lines": [{"sku": "LAMP", "quantity": 3}] * 2}),
        ("one marketplace", {"lines": [{"sku": "LAMP"}, {"sku": "MUG"}]}),
        ("No live listing", {"lines": [{"sku": "LAMP"}, {"sku": "NONE"}]}),
        ("in each line", {"sku": "LAMP", "lines": [{"sku": "LAMP"}]}),
    ]:
        with pytest.raises(ControlError, match=said):
            mockbay.buy(**asked)  # pyright: ignore[reportArgumentType] -- one is wrong
    assert seller.get_offer(offer_id)["availableQuantity"] == 5
    assert seller.call("GET", ORDERS).json["total"] == 0
