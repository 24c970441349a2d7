"""bidkit, a client generated from eBay's own specifications, drives every operation of the mock."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx2
from bidkit import EbayClient, EbayConfig

from mockbay.client import MockServer
from support.mockbay_calls import Seller, item
from support.mockbay_endpoint import Endpoint

BASE = "https://api.ebay.com/oauth/api_scope"
NAMES = (
    "sell.inventory", "sell.account", "sell.fulfillment", "sell.finances",
    "commerce.identity.readonly",
)  # fmt: skip
SCOPES = tuple(f"{BASE}/{name}" for name in NAMES)
POLICIES: dict[str, dict[str, Any]] = {
    "fulfillment": {"handlingTime": {"value": 1, "unit": "DAY"}},
    "payment": {"immediatePay": True},
    "return": {
        "returnsAccepted": True, "returnPeriod": {"value": 30, "unit": "DAY"},
        "returnShippingCostPayer": "SELLER",
    },
}  # fmt: skip
Client = Any  # its namespaces are put on at run time


@dataclass(frozen=True)
class Driver:
    """A seller's client, the application's, and every answer they got."""

    mock: MockServer
    user: Client
    program: Client
    answers: list[httpx2.Response] = field(default_factory=list[httpx2.Response])

    def everything(self, endpoint: Endpoint) -> None:
        """Drive every operation once or more."""
        offer = Seller(self.mock.url, "").offer
        locations(self.user.sell.inventory)
        inventory(self.user.sell.inventory, offer)
        variations(self.user.sell.inventory, offer)
        accounts(self.user)
        categories(self.program, self.user)
        orders(self.mock, self.user.sell.fulfillment)
        sales(self.mock, self.user)
        notices(self.program.commerce.notification, endpoint, endpoint.key_id)


@contextmanager
def driving(mock: MockServer) -> Generator[Driver]:
    """Give clients of the first seller and of the application."""
    keys = mock.credentials
    common: Any = {"app_id": keys["client_id"], "cert_id": keys["client_secret"], "max_retries": 0}
    common |= {"base_url_override": mock.url}
    user = EbayConfig(refresh_token=keys["refresh_token"], scopes=SCOPES, **common)
    answers: list[httpx2.Response] = []

    def keep(answer: httpx2.Response) -> None:
        answer.read()
        answers.append(answer)

    with httpx2.Client(event_hooks={"response": [keep]}) as http:
        yield Driver(
            mock,
            EbayClient(user, http_client=http),
            EbayClient(EbayConfig(scopes=(BASE,), **common), http_client=http),
            answers,
        )


def locations(api: Client) -> None:
    """Drive locations."""
    place = {"location": {"address": {"country": "US", "postalCode": "97301"}}}
    api.create_inventory_location("annex", body=place)
    api.update_inventory_location("annex", body={"name": "Annex"})
    api.disable_inventory_location("annex")
    api.enable_inventory_location("annex")
    assert api.get_inventory_location("annex").merchant_location_key == "annex"
    assert api.get_inventory_locations().total == 2
    api.delete_inventory_location("annex")


def inventory(api: Client, offer: Callable[..., dict[str, Any]]) -> None:
    """Drive items and offers."""
    api.create_or_replace_inventory_item("A 1/ü", body=item())
    api.create_or_replace_inventory_item("A 1/ü", body=item())
    assert api.get_inventory_item("A 1/ü").locale.value == "en_US"
    rows = [item() | {"sku": sku, "locale": "en_US"} for sku in ("B", "C")]
    done = api.bulk_create_or_replace_inventory_item(body={"requests": rows})
    assert [row.status_code for row in done.responses] == [201, 201]
    got = api.bulk_get_inventory_item(body={"requests": [{"sku": "B"}, {"sku": "none"}]})
    assert [row.status_code for row in got.responses] == [200, 404]
    assert api.get_inventory_items(limit=2).total == 3

    offer_id = api.create_offer(body=offer("A 1/ü")).offer_id
    api.update_offer(offer_id, body=offer("A 1/ü"))
    fees = api.get_listing_fees(body={"offers": [{"offerId": offer_id}]})
    assert fees.fee_summaries[0].fees[0].amount.value == "0.00"
    assert api.publish_offer(offer_id).listing_id
    assert api.get_offer(offer_id).status.value == "PUBLISHED"
    assert api.get_offers(sku="A 1/ü").offers[0].listing.listing_status.value == "ACTIVE"
    assert api.withdraw_offer(offer_id).listing_id
    api.delete_offer(offer_id)

    made = api.bulk_create_offer(body={"requests": [offer("B"), offer("C")]})
    ids = [{"offerId": row.offer_id} for row in made.responses]
    assert all(row.listing_id for row in api.bulk_publish_offer(body={"requests": ids}).responses)
    change = {"sku": "B", "offers": [ids[0] | {"availableQuantity": 2}]}
    assert api.bulk_update_price_quantity(body={"requests": [change]}).responses[0].offer_id
    api.delete_inventory_item("A 1/ü")


def variations(api: Client, offer: Callable[..., dict[str, Any]]) -> None:
    """Drive groups."""
    aspects = {"Brand": ["L"], "Department": ["Men"], "Size": ["M"]}
    api.create_or_replace_inventory_item("TEE-M", body=item(product={"aspects": aspects}))
    axes = {"specifications": [{"name": "Size", "values": ["M"]}]}
    group = {"title": "Tee", "description": "Cotton", "variantSKUs": ["TEE-M"], "variesBy": axes}
    api.create_or_replace_inventory_item_group("TEE", body=group)
    assert api.get_inventory_item_group("TEE").variant_sk_us == ["TEE-M"]
    api.create_offer(body=offer("TEE-M", categoryId="201"))
    asked = {"inventoryItemGroupKey": "TEE", "marketplaceId": "EBAY_US"}
    assert api.publish_offer_by_inventory_item_group(body=asked).listing_id
    api.withdraw_offer_by_inventory_item_group(body=asked)
    api.delete_inventory_item_group("TEE")


def accounts(user: Client) -> None:
    """Drive policies, programs and the user."""
    api = user.sell.account
    for kind in ("fulfillment", "payment", "return"):
        listed = getattr(api, f"get_{kind}_policies".replace("policys", "policies"))(
            marketplace_id="EBAY_US"
        )
        policy = getattr(listed, f"{kind}_policies")[0]
        one = getattr(api, f"get_{kind}_policy")(getattr(policy, f"{kind}_policy_id"))
        named = getattr(api, f"get_{kind}_policy_by_name")(
            marketplace_id="EBAY_US", name=policy.name
        )
        assert one == named
        body = POLICIES[kind] | {"name": "Mine", "marketplaceId": "EBAY_US"}
        body |= {"categoryTypes": [{"name": "ALL_EXCLUDING_MOTORS_VEHICLES"}]}
        made = getattr(api, f"create_{kind}_policy")(body=body)
        own_id = getattr(made, f"{kind}_policy_id")
        getattr(api, f"update_{kind}_policy")(own_id, body=body | {"name": "Yours"})
        getattr(api, f"delete_{kind}_policy")(own_id)
    assert api.get_privileges().seller_registration_completed is True
    program = {"programType": "SELLING_POLICY_MANAGEMENT"}
    api.opt_out_of_program(body=program)
    api.opt_in_to_program(body=program)
    assert len(api.get_opted_in_programs().programs) == 1
    assert user.commerce.identity.get_user().username == "seller-one"
    assert user.developer.analytics.get_user_rate_limits().rate_limits


def categories(program: Client, user: Client) -> None:
    """Drive taxonomy and metadata."""
    api = program.commerce.taxonomy
    assert api.get_default_category_tree_id(marketplace_id="EBAY_US").category_tree_id == "0"
    assert api.get_category_tree("0").root_category_node.child_category_tree_nodes
    assert api.get_category_subtree("0", category_id="100").category_subtree_node
    assert api.get_category_suggestions("0", q="board games").category_suggestions
    assert api.get_item_aspects_for_category("0", category_id="101").aspects
    one = {"filter": "categoryIds:{302}"}
    found = user.sell.metadata.get_item_condition_policies("EBAY_US", **one)
    assert len(found.item_condition_policies) == 1, "bidkit escapes the braces"
    found = user.sell.metadata.get_listing_structure_policies("EBAY_US", **one)
    assert found.listing_structure_policies[0].variations_supported is True
    found = user.sell.metadata.get_regulatory_policies("EBAY_US")
    assert found.regulatory_policies[0].category_id == "303"
    assert program.developer.analytics.get_rate_limits(api_name="inventory").rate_limits


def orders(mockbay: MockServer, api: Client) -> None:
    """Drive an order from sale to refund, and another to its cancellation."""
    lines = [{"sku": "B"}, {"sku": "C", "quantity": 2}]
    order_id = mockbay.buy(lines=lines, shipping_cost="3.50")["orderId"]
    assert api.get_orders().orders[0].order_id == order_id
    line = api.get_order(order_id).line_items[1]
    assert (line.sku, line.quantity) == ("C", 2)
    package = {
        "lineItems": [{"lineItemId": line.line_item_id, "quantity": 2}],
        "trackingNumber": "TRACK1", "shippingCarrierCode": "USPS",
    }  # fmt: skip
    api.create_shipping_fulfillment(order_id, body=package)
    assert api.get_shipping_fulfillments(order_id).total == 1
    assert api.get_shipping_fulfillment("TRACK1", order_id).shipping_carrier_code == "USPS"
    assert api.get_order(order_id).order_fulfillment_status.value == "IN_PROGRESS"
    amount = {"value": "1.00", "currency": "USD"}
    refund = {"reasonForRefund": "BUYER_RETURN"}
    rows = [{"lineItemId": line.line_item_id, "refundAmount": amount}]
    for asked in ({"refundItems": rows}, {"orderLevelRefundAmount": amount}):
        assert api.issue_refund(order_id, body=refund | asked).refund_status.value == "PENDING"
    assert api.get_order(order_id).order_payment_status.value == "PARTIALLY_REFUNDED"
    cancelled = mockbay.cancel_order(mockbay.buy("B")["orderId"])["orderId"]
    assert api.get_order(cancelled).cancel_status.cancel_state.value == "CANCELED"


def sales(mockbay: MockServer, user: Client) -> None:
    """Drive pictures, reports and migration."""
    image = {"imageUrl": "https://img.example/a.jpg"}
    made = user.commerce.media.create_image_from_url(body=image, raw_response=True)
    image_id = made.headers["location"].rpartition("/")[2].replace("%7C", "|")
    assert user.commerce.media.get_image(image_id).image_url == made.json()["imageUrl"]
    task = {"feedType": "LMS_ACTIVE_INVENTORY_REPORT", "schemaVersion": "1.0"}
    made = user.sell.feed.create_inventory_task(body=task, raw_response=True)
    task_id = made.headers["location"].rpartition("/")[2]
    assert user.sell.feed.get_inventory_task(task_id).status.value == "COMPLETED"
    assert user.sell.feed.get_inventory_tasks(feed_type=task["feedType"]).total == 1
    assert user.sell.feed.get_result_file(task_id)
    listing_id = mockbay.list_on_site("Vase", "9.00", sku="VASE")["listingId"]
    asked = {"requests": [{"listingId": listing_id}]}
    moved = user.sell.inventory.bulk_migrate_listing(body=asked).responses[0]
    assert moved.inventory_items[0].sku == "VASE"


def notices(api: Client, endpoint: Endpoint, kid: str) -> None:
    """Drive notifications."""
    api.update_config(body={"alertEmail": "shop@example.org"})
    assert api.get_config().alert_email == "shop@example.org"
    topic = api.get_topics().topics[0]
    assert api.get_topic(topic.topic_id) == topic
    config = {"endpoint": endpoint.url, "verificationToken": endpoint.token}
    body = {"name": "shop", "status": "ENABLED", "deliveryConfig": config}
    made = api.create_destination(body=body, raw_response=True)
    destination = made.headers["location"].rpartition("/")[2]
    api.update_destination(destination, body=body)
    assert api.get_destination(destination).name == "shop"
    assert api.get_destinations().total == 1
    payload = {"format": "JSON", "schemaVersion": "1.0", "deliveryProtocol": "HTTPS"}
    wanted = {"topicId": topic.topic_id, "destinationId": destination, "status": "ENABLED"}
    made = api.create_subscription(body=wanted | {"payload": payload}, raw_response=True)
    subscription = made.headers["location"].rpartition("/")[2]
    again = {"destinationId": destination, "status": "DISABLED", "payload": payload}
    api.update_subscription(subscription, body=again)
    api.disable_subscription(subscription)
    api.enable_subscription(subscription)
    assert api.get_subscription(subscription).topic_id == topic.topic_id
    assert api.get_subscriptions().total == 1
    api.test_subscription(subscription)
    assert api.get_public_key(kid).algorithm == "ECDSA"
    api.delete_subscription(subscription)
    api.delete_destination(destination)
