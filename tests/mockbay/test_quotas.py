"""Every API and every grant has its calls a day, as documented or as switched."""

import base64
from typing import Any

import pytest

from mockbay.client import MockServer
from support.mockbay_calls import INVENTORY, Answer, Seller, send

LIMITS = "/developer/analytics/v1_beta/user_rate_limit"


def application(mockbay: MockServer, keys: dict[str, Any]) -> Answer:
    """Ask for a token of the application."""
    pair = f"{keys['client_id']}:{keys['client_secret']}".encode()
    sent = {"Authorization": f"Basic {base64.b64encode(pair).decode()}"}
    body = b"grant_type=client_credentials"
    return send(mockbay.url, "POST", "/identity/v1/oauth2/token", body, sent)


def test_the_limits_are_those_that_ebay_documents(seller: Seller) -> None:
    listed = seller.call("GET", LIMITS).json["rateLimits"]
    limits = {
        (one["apiContext"], one["apiName"]): one["resources"][0]["rates"][0]["limit"]
        for one in listed
    }
    assert limits["sell", "inventory"] == 2_000_000
    assert limits["sell", "account"] == 25_000
    assert limits["sell", "fulfillment"] == 100_000
    assert limits["sell", "feed"] == 100_000
    assert limits["commerce", "notification"] == 10_000
    assert limits["developer", "analytics"] == 5_000


def test_each_api_has_a_quota_of_its_own(mockbay: MockServer, seller: Seller) -> None:
    mockbay.switch(quota=1)
    assert seller.put_item("A").status == 201
    assert seller.put_item("A").status == 429
    assert seller.call("GET", "/sell/account/v1/privilege").status == 200


def test_calls_of_one_api_are_limited_within_a_window(mockbay: MockServer, seller: Seller) -> None:
    mockbay.switch(burst_calls=2, burst_ms=5_000, retry_after=5)
    assert [seller.get_item("A").status for _ in range(2)] == [404, 404]
    refused = seller.get_item("A")
    assert (refused.status, refused.error_ids, refused.headers["retry-after"]) == (429, [2001], "5")
    assert seller.call("GET", "/sell/account/v1/privilege").status == 200, "another API"
    mockbay.advance(5)
    assert seller.get_item("A").status == 404


def test_a_grant_beyond_its_quota_is_refused_in_the_gateways_words(mockbay: MockServer) -> None:
    keys = mockbay.credentials
    assert application(mockbay, keys).status == 200
    mockbay.switch(quota=1)
    refused = application(mockbay, keys)
    assert (refused.status, refused.error_ids) == (429, [2001])


@pytest.mark.parametrize(("hours", "status"), [(23, 409), (25, 202)])
def test_25_reports_can_be_ordered_within_24_hours(
    mockbay: MockServer, seller: Seller, hours: int, status: int
) -> None:
    task = {"feedType": "LMS_ACTIVE_INVENTORY_REPORT", "schemaVersion": "1.0"}
    for _ in range(25):
        assert seller.call("POST", "/sell/feed/v1/inventory_task", task).status == 202
    mockbay.advance(hours * 3600)
    seller.token = mockbay.credentials["user_token"]
    assert seller.call("POST", "/sell/feed/v1/inventory_task", task).status == status


def test_every_answer_has_an_id_that_leads_to_the_journal(
    mockbay: MockServer, seller: Seller
) -> None:
    answer = seller.call("GET", f"{INVENTORY}/inventory_item")
    (entry,) = mockbay.journal()
    assert answer.headers["x-ebay-c-request-id"] == f"mockbay-{entry['seq']}"
