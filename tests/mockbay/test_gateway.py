"""Headers, lengths and odd requests are met as eBay's edge meets them."""

import json
import socket
from urllib.parse import urlsplit

import pytest

from mockbay.client import MockServer
from support.mockbay_calls import INVENTORY, LANGUAGE, Answer, Seller, item, send

OTHERS = (
    "/sell/account/v1/privilege",
    "/sell/account/v1/fulfillment_policy?marketplace_id=EBAY_US",
    "/sell/fulfillment/v1/order",
    "/sell/feed/v1/inventory_task?feed_type=LMS_ACTIVE_INVENTORY_REPORT",
    "/sell/metadata/v1/marketplace/EBAY_US/get_listing_structure_policies",
    "/commerce/identity/v1/user",
    "/commerce/notification/v1/topic",
    "/commerce/taxonomy/v1/get_default_category_tree_id?marketplace_id=EBAY_US",
    "/developer/analytics/v1_beta/user_rate_limit",
)
"""A read of each API but one."""
ITEM = f"{INVENTORY}/inventory_item/LAMP-1"


def raw(mockbay: MockServer, request: bytes) -> bytes:
    """Send bytes as they are; return the status line."""
    place = urlsplit(mockbay.url)
    with socket.create_connection((place.hostname, place.port or 80), timeout=10) as connection:
        connection.sendall(request)
        return connection.recv(4096).partition(b"\r\n")[0]


@pytest.mark.parametrize(
    ("headers", "status", "error_id"),
    [
        ({"Authorization": ""}, 400, 1002),
        ({"Authorization": "Basic eDp5"}, 400, 1003),
        ({"Authorization": "Bearer nobody"}, 401, 1001),
        ({"Accept_Language": "*"}, 400, 25709),
        ({"Accept_Language": ""}, 400, 25709),
        ({"Content_Language": ""}, 400, 25709),
        ({"Content_Language": "en_US"}, 400, 25709),
        ({"Content_Language": "xx-XX"}, 400, 25709),
        ({"Content_Type": "text/plain"}, 400, 2004),
    ],
)
def test_a_wrong_header_is_refused(
    seller: Seller, headers: dict[str, str], status: int, error_id: int
) -> None:
    answer = seller.put_item("LAMP-1", **headers)
    assert (answer.status, answer.error["errorId"]) == (status, error_id)


def untyped(seller: Seller) -> Answer:
    """Store an item without saying what kind of body that is."""
    bearer = {"Authorization": f"Bearer {seller.token}", "Accept-Language": "en-US"}
    return send(seller.url, "PUT", ITEM, json.dumps(item()).encode(), bearer | LANGUAGE)


def test_a_body_without_a_content_type_is_refused(seller: Seller) -> None:
    assert untyped(seller).error["errorId"] == 2004


@pytest.mark.parametrize("path", OTHERS)
def test_only_the_inventory_api_insists_on_a_language(seller: Seller, path: str) -> None:
    bearer = {"Authorization": f"Bearer {seller.token}"}
    assert send(seller.url, "GET", path, headers=bearer).status == 200
    refused = send(seller.url, "GET", f"{INVENTORY}/location", headers=bearer).error
    assert "Invalid value for header Accept-Language" in refused["message"]


def test_a_content_language_stands_in_for_a_missing_accept_language(seller: Seller) -> None:
    bearer = {"Authorization": f"Bearer {seller.token}"} | LANGUAGE
    assert send(seller.url, "GET", f"{INVENTORY}/location", headers=bearer).status == 200
    spoiled = bearer | {"Accept-Language": "*"}
    refused = send(seller.url, "GET", f"{INVENTORY}/location", headers=spoiled)
    assert (refused.status, refused.error["errorId"]) == (400, 25709)


@pytest.mark.parametrize(
    ("path", "error_id"),
    [
        (f"{INVENTORY}/inventory_item", 25706),
        (f"{INVENTORY}/location", 25706),
        ("/sell/fulfillment/v1/order", 31100),
        ("/sell/feed/v1/inventory_task", 160012),
    ],
)
def test_an_empty_value_counts_as_not_given_unless_switched(
    mockbay: MockServer, seller: Seller, path: str, error_id: int
) -> None:
    asked = f"{path}?feed_type=LMS_ACTIVE_INVENTORY_REPORT&limit=&offset="
    assert seller.call("GET", asked).status == 200
    mockbay.switch(empty_query="given")
    assert seller.call("GET", asked).error_ids == [error_id]


def test_a_body_where_none_is_asked_for_may_be_of_any_kind(seller: Seller) -> None:
    seller.put_item("LAMP-1")
    path = f"{INVENTORY}/offer/{seller.create_offer('LAMP-1')}/publish"
    assert seller.call("POST", path, {}, Content_Type="text/plain").status == 200


def test_headers_can_be_switched_to_lenient(mockbay: MockServer, seller: Seller) -> None:
    mockbay.switch(strict_headers=False)
    assert seller.put_item("LAMP-1", Accept_Language="*").status == 201
    assert untyped(seller).status == 204


def test_a_lower_case_bearer_and_needless_headers_are_fine(seller: Seller) -> None:
    bearer = f"bearer {seller.token}"
    assert seller.put_item("LAMP-1", Authorization=bearer).status == 201
    more = {"Content_Type": "application/json", "Accept_Encoding": "application/gzip"}
    assert seller.call("GET", ITEM, None, **more).status == 200
    assert seller.call("DELETE", ITEM, {}).status == 204


def test_publishing_wants_a_length_but_no_body(mockbay: MockServer, seller: Seller) -> None:
    seller.put_item("LAMP-1")
    offer_id = seller.create_offer("LAMP-1")
    path = f"{INVENTORY}/offer/{offer_id}/publish"
    start = f"POST {path} HTTP/1.1\r\nHost: mock\r\nAccept-Language: en-US\r\n"
    start += f"Authorization: Bearer {seller.token}\r\n"
    assert raw(mockbay, f"{start}\r\n".encode()).startswith(b"HTTP/1.1 411 ")
    assert raw(mockbay, f"{start}Content-Length: 0\r\n\r\n".encode()).startswith(b"HTTP/1.1 200 ")


def test_an_unescaped_sku_is_a_4xx(mockbay: MockServer) -> None:
    for sku in (b"\xc3\xbc", b"A 1"):
        line = raw(mockbay, b"GET " + ITEM.encode() + sku + b" HTTP/1.1\r\nHost: m\r\n\r\n")
        assert line.split()[1].startswith(b"4")


def test_an_unreadable_body_is_2004(mockbay: MockServer, seller: Seller) -> None:
    sent = {
        "Authorization": f"Bearer {seller.token}",
        "Accept-Language": "en-US",
        "Content-Language": "en-US",
    }
    for body in (b"{", b"[]", b'"x"', b"\xff{}", b"[" * 100_000):
        answer = send(mockbay.url, "PUT", ITEM, body, sent)
        assert (answer.status, answer.error["errorId"]) == (400, 2004)


def test_an_unknown_address_is_404_in_the_envelope(seller: Seller) -> None:
    answer = seller.call("GET", "/sell/inventory/v1/nothing")
    assert (answer.status, answer.error["errorId"]) == (404, 2002)


def test_a_daily_quota_ends_in_429_and_begins_anew(mockbay: MockServer, seller: Seller) -> None:
    mockbay.switch(quota=2, retry_after=60)
    statuses = [seller.put_item("LAMP-1", item()).status for _ in range(3)]
    assert statuses == [201, 204, 429]
    limits = seller.call("GET", "/developer/analytics/v1_beta/user_rate_limit?api_name=inventory")
    rate = limits.json["rateLimits"][0]["resources"][0]["rates"][0]
    assert (rate["limit"], rate["remaining"]) == (2, 0)
    assert rate["reset"] == "2026-01-06T08:00:00.000Z", "midnight in California"
    none = seller.call("GET", "/developer/analytics/v1_beta/user_rate_limit?api_name=x")
    assert none.status == 204
    mockbay.advance(86_400)
    seller.token = mockbay.credentials["user_token"]
    assert seller.put_item("LAMP-1").status == 204
    mockbay.switch(quota=0, retry_after=None)
    refused = seller.put_item("LAMP-1")
    assert (refused.error["errorId"], "retry-after" in refused.headers) == (2001, False)
