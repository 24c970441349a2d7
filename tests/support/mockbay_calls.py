"""A seller's calls to the mock over real HTTP, with documents that eBay would accept."""

import http.client
import json
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import quote, urlsplit

Document = dict[str, Any]
INVENTORY = "/sell/inventory/v1"
ORDERS = "/sell/fulfillment/v1/order"
ORDER_ID, LINE_ID = "01-10001-20001", "10000000001"
"""The first order of a fresh mock, and its first line."""
LANGUAGE = {"Content-Language": "en-US"}
PICTURE = "https://img.example/lamp.jpg"


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    raw: bytes

    @property
    def json(self) -> Document:
        """The body as a document."""
        return json.loads(self.raw)

    @property
    def error(self) -> Document:
        """The first error of the envelope."""
        return self.json["errors"][0]

    @property
    def error_ids(self) -> list[int]:
        """The ids of all errors."""
        return [error["errorId"] for error in self.json["errors"]]


def send(
    url: str, method: str, path: str, body: bytes | None = None, headers: Document | None = None
) -> Answer:
    """Send one request exactly as given, on a connection of its own."""
    place = urlsplit(url)
    connection = http.client.HTTPConnection(place.hostname or "", place.port or 80, timeout=20)
    try:
        connection.request(method, path, body, headers or {})
        answer = connection.getresponse()
        return Answer(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())
    finally:
        connection.close()


def item(**changes: object) -> Document:
    """Return the body of an inventory item that could be sold in Desk Lamps."""
    product = {
        "title": "Brass desk lamp",
        "description": "A lamp of brass.",
        "aspects": {"Brand": ["Lumen"], "Type": ["Desk Lamp"]},
        "imageUrls": [PICTURE],
    }
    whole: Document = {
        "condition": "NEW",
        "availability": {"shipToLocationAvailability": {"quantity": 5}},
        "product": product | cast("Document", changes.pop("product", {})),
    }
    return whole | changes


@dataclass
class Seller:
    """One account of the mock."""

    url: str
    token: str
    first_policy: int = 6_000_000_010_000

    def call(self, method: str, path: str, body: object = None, **headers: str) -> Answer:
        """Send a call with the usual headers; ``headers`` names use underscores."""
        sent = {"Authorization": f"Bearer {self.token}", "Accept-Language": "en-US"}
        data = None if body is None else json.dumps(body).encode()
        if data is not None or method in {"POST", "PUT"}:
            sent |= {"Content-Type": "application/json", **LANGUAGE}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        if method in {"POST", "PUT"} and data is None:
            data = b""
        return send(self.url, method, path, data, sent)

    def put_item(self, sku: str, document: Document | None = None, /, **headers: str) -> Answer:
        """Store an item."""
        path = f"{INVENTORY}/inventory_item/{quote(sku, safe='')}"
        return self.call("PUT", path, item() if document is None else document, **headers)

    def get_item(self, sku: str) -> Answer:
        """Read an item."""
        return self.call("GET", f"{INVENTORY}/inventory_item/{quote(sku, safe='')}")

    def offer(self, sku: str, marketplace: str = "EBAY_US", /, **changes: object) -> Document:
        """Return the body of an offer that could be published."""
        index = {"EBAY_US": 1, "EBAY_GB": 2, "EBAY_DE": 3}[marketplace]
        currency = {"EBAY_US": "USD", "EBAY_GB": "GBP", "EBAY_DE": "EUR"}[marketplace]
        kinds = ("fulfillmentPolicyId", "paymentPolicyId", "returnPolicyId")
        ids = {n: str(self.first_policy + k * 1000 + index) for k, n in enumerate(kinds)}
        whole: Document = {
            "sku": sku,
            "marketplaceId": marketplace,
            "format": "FIXED_PRICE",
            "availableQuantity": 5,
            "categoryId": "101",
            "listingDescription": "<p>A lamp of brass.</p>",
            "listingPolicies": ids,
            "merchantLocationKey": "main-warehouse",
            "pricingSummary": {"price": {"value": "24.90", "currency": currency}},
        }
        return whole | changes

    def create_offer(self, sku: str, marketplace: str = "EBAY_US", /, **changes: object) -> str:
        """Create an offer; return its id."""
        answer = self.call("POST", f"{INVENTORY}/offer", self.offer(sku, marketplace, **changes))
        assert answer.status == 201, answer.raw
        return str(answer.json["offerId"])

    def get_offer(self, offer_id: str) -> Document:
        """Read an offer."""
        return self.call("GET", f"{INVENTORY}/offer/{offer_id}").json

    def publish(self, offer_id: str) -> Answer:
        """Put an offer live."""
        return self.call("POST", f"{INVENTORY}/offer/{offer_id}/publish", {})

    def withdraw(self, offer_id: str) -> Answer:
        """End the listing of an offer."""
        return self.call("POST", f"{INVENTORY}/offer/{offer_id}/withdraw", {})

    def order(self, order_id: str) -> Document:
        """Read an order."""
        return self.call("GET", f"{ORDERS}/{order_id}").json

    def ship(self, order_id: str, units: dict[str, int], tracking: str = "") -> Answer:
        """Ship units of an order, by line item id, in one package."""
        lines = [{"lineItemId": key, "quantity": number} for key, number in units.items()]
        how = {"trackingNumber": tracking, "shippingCarrierCode": "DHL"} if tracking else {}
        path = f"{ORDERS}/{order_id}/shipping_fulfillment"
        return self.call("POST", path, {"lineItems": lines} | how)

    def live(self, sku: str, **changes: object) -> str:
        """Put a SKU live; return its offer id."""
        assert self.put_item(sku).status in {201, 204}
        offer_id = self.create_offer(sku, **changes)
        published = self.publish(offer_id)
        assert published.status == 200, published.raw
        return offer_id
