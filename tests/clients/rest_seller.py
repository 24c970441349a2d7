"""A seller with ebay-rest, run by the clients' own Python: token, listing, sale, shipping."""

import json
import os
import sys
from importlib import import_module
from typing import Any
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

KEYS: dict[str, Any] = json.loads(os.environ["KEYS"])
POLICIES: dict[str, str] = json.loads(os.environ["POLICIES"])
MOCKBAY = os.environ["MOCKBAY"]
JSON = {"content_type": "application/json"}


def lead_to_mockbay() -> None:
    """Lead what urllib3 sends to eBay's hosts to mockbay; ebay-rest has no setting for that."""
    manager: Any = import_module("urllib3.poolmanager").PoolManager
    connect, place = manager.connection_from_host, urlsplit(MOCKBAY)

    def lead(
        self: object, host: str, port: int | None = None, scheme: str = "http", *more: object,
        pool_kwargs: object = None,
    ) -> object:  # fmt: skip
        if host.endswith(".ebay.com"):
            host, port, scheme = place.hostname or "", place.port, "http"
        return connect(self, host, port, scheme, *(more or (pool_kwargs,)))

    manager.connection_from_host = lead


def seller() -> Any:  # noqa: ANN401  (it is not installed where types are checked)
    """Return ebay-rest's API for the first seller, with every scope that it asks for by itself."""
    header = {
        "accept_language": "en-US", "content_language": "en-US", "country": "US",
        "currency": "USD", "marketplace_id": "EBAY_US", "zip": "90210",
        "device_id": "", "affiliate_campaign_id": "", "affiliate_reference_id": "",
    }  # fmt: skip
    return import_module("ebay_rest").API(
        application={
            "app_id": KEYS["client_id"], "cert_id": KEYS["client_secret"], "dev_id": "dev",
            "redirect_uri": KEYS["ru_name"],
        },
        user={
            "email_or_username": "shop", "password": "none", "refresh_token": KEYS["refresh_token"],
            "refresh_token_expiry": "2100-01-01T00:00:00.000Z",
        },
        header=header,
    )  # fmt: skip


def listed(api: Any) -> dict[str, Any]:  # noqa: ANN401  (as above)
    """List a lamp; return its listing id and what lists of eBay's pages say of it."""
    item = {
        "condition": "NEW",
        "availability": {"shipToLocationAvailability": {"quantity": 5}},
        "product": {
            "title": "Brass lamp", "description": "A lamp.",
            "imageUrls": ["https://img.example/lamp.jpg"],
            "aspects": {"Brand": ["Lumen"], "Type": ["Desk Lamp"]},
        },
    }  # fmt: skip
    api.sell_inventory_create_or_replace_inventory_item(
        body=item, content_language="en-US", sku="REST-1", **JSON
    )
    offer = {
        "sku": "REST-1", "marketplaceId": "EBAY_US", "format": "FIXED_PRICE", "categoryId": "101",
        "listingDescription": "A lamp.", "merchantLocationKey": "main-warehouse",
        "listingPolicies": POLICIES,
        "pricingSummary": {"price": {"value": "24.90", "currency": "USD"}},
    }  # fmt: skip
    made = api.sell_inventory_create_offer(body=offer, content_language="en-US", **JSON)
    published = api.sell_inventory_publish_offer(offer_id=made["offer_id"])
    offers = [
        row["record"] for row in api.sell_inventory_get_offers(sku="REST-1") if "record" in row
    ]
    places = [row for row in api.sell_inventory_get_inventory_locations() if "record" in row]
    return {
        "listing": published["listing_id"], "status": offers[0]["status"], "places": len(places),
    }  # fmt: skip


def sold(api: Any) -> dict[str, Any]:  # noqa: ANN401  (as above)
    """Let a buyer buy, read the order, ship it; return its status and address."""
    sale = Request(f"{MOCKBAY}/_mock/buy", b'{"sku": "REST-1"}', method="POST")  # noqa: S310  (ours)
    with urlopen(sale) as answer:  # noqa: S310  (as above)
        order_id = json.load(answer)["orderId"]
    order = next(row["record"] for row in api.sell_fulfillment_get_orders() if "record" in row)
    line = {"lineItemId": order["line_items"][0]["line_item_id"], "quantity": 1}
    package = {"lineItems": [line], "shippingCarrierCode": "USPS", "trackingNumber": "TRACK1"}
    api.sell_fulfillment_create_shipping_fulfillment(body=package, order_id=order_id, **JSON)
    return {
        "country": order["fulfillment_start_instructions"][0]["shipping_step"]["ship_to"][
            "contact_address"
        ]["country_code"],
        "fulfilled": api.sell_fulfillment_get_order(order_id=order_id)["order_fulfillment_status"],
    }


def main() -> None:
    """Play the story; print what it saw as JSON."""
    lead_to_mockbay()
    api = seller()
    topic = api.commerce_notification_get_topic(topic_id="MARKETPLACE_ACCOUNT_DELETION")
    tree = api.commerce_taxonomy_get_default_category_tree_id(marketplace_id="EBAY_US")
    seen = {"user": api.commerce_identity_get_user()["username"], "topic": topic["scope"]}
    seen |= {"tree": tree["category_tree_id"]} | listed(api) | sold(api)
    json.dump(seen, sys.stdout)


if __name__ == "__main__":
    main()
