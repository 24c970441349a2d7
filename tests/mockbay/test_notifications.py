"""Notifications are set up, proven, signed and delivered as eBay's."""

import base64
import json
from typing import Any

import pytest

from mockbay.client import MockServer
from support.mockbay_calls import Seller
from support.mockbay_endpoint import Endpoint
from support.mockbay_subscriber import (
    BASE,
    DELETION,
    PAYLOAD,
    place,
    program_of,
    subscribe,
    verifying,
    wish,
)


@pytest.fixture
def program(mockbay: MockServer) -> Seller:
    """A caller with the token of the application, its alert address set."""
    made = program_of(mockbay)
    assert made.call("POST", f"{BASE}/destination", {}).error["errorId"] == 195003
    assert made.call("GET", f"{BASE}/config").error["errorId"] == 195026
    assert made.call("PUT", f"{BASE}/config", {"alertEmail": "x"}).error["errorId"] == 195025
    assert made.call("PUT", f"{BASE}/config", {"alertEmail": "a@b.example"}).status == 204
    return made


def subscribed(program: Seller, endpoint: Endpoint, topic: str = DELETION) -> tuple[str, str]:
    """Set up a destination and a subscription; return their paths."""
    made = program.call("POST", f"{BASE}/destination", place(endpoint))
    assert made.status == 201, made.raw
    destination = made.headers["location"]
    body = wish(destination, topic)
    made = program.call("POST", f"{BASE}/subscription", body)
    assert made.status == 201, made.raw
    again = program.call("POST", f"{BASE}/subscription", body)
    assert (again.status, again.error["errorId"]) == (409, 195012)
    return destination, made.headers["location"]


def test_a_delivery_is_signed_over_its_very_bytes(
    mockbay: MockServer, program: Seller, endpoint: Endpoint
) -> None:
    subscribed(program, endpoint)
    data = {"username": "käufer", "userId": "U1"}
    assert mockbay.notify(DELETION, data) == [204]
    assert mockbay.notify(DELETION, data, signature="bad", times=2) == [204, 204]
    assert mockbay.notify(DELETION, data, signature="missing") == [204]
    with verifying(mockbay) as verify:
        verified = [verify(body, mark) for body, mark in endpoint.got]
    assert verified == [True, False, False, False]
    first, second, third = (json.loads(body) for body, _ in endpoint.got[:3])
    assert first["notification"]["data"] == data
    assert second["notification"]["notificationId"] == third["notification"]["notificationId"]
    assert "käufer".encode() in endpoint.got[0][0], "compact, not escaped"


def test_a_late_delivery_goes_out_when_its_time_has_come_and_newer_ones_overtake_it(
    mockbay: MockServer, program: Seller, endpoint: Endpoint
) -> None:
    subscribed(program, endpoint)
    assert mockbay.notify(DELETION, {"n": 1}, late_ms=5_000, times=2) == []
    mockbay.advance(4)
    assert mockbay.notify(DELETION, {"n": 2}) == [204]
    mockbay.advance(1)
    assert mockbay.notify(DELETION, {"n": 3}) == [204]
    told = [json.loads(body)["notification"] for body, _ in endpoint.got]
    assert [one["data"]["n"] for one in told] == [2, 1, 1, 3]
    late = told[1]
    assert late == told[2]
    assert (late["eventDate"][-7:], late["publishDate"][-7:]) == ("00.000Z", "05.000Z")


def test_an_endpoints_refusal_is_reported(
    mockbay: MockServer, program: Seller, endpoint: Endpoint
) -> None:
    destination, subscription = subscribed(program, endpoint)
    endpoint.status = 412
    assert mockbay.notify(DELETION, {}) == [412]
    assert mockbay.notify("ITEM_AVAILABILITY", {}) == []
    assert program.call("POST", f"{subscription}/disable", {}).status == 204
    assert mockbay.notify(DELETION, {}) == []
    assert program.call("POST", f"{subscription}/enable", {}).status == 204
    off = place(endpoint, status="DISABLED")
    assert program.call("PUT", destination, off).status == 204
    assert mockbay.notify(DELETION, {}) == []
    assert program.call("DELETE", destination, {}).error["errorId"] == 195024
    assert program.call("DELETE", subscription, {}).status == 204
    assert program.call("DELETE", destination, {}).status == 204
    assert program.call("GET", destination).error["errorId"] == 195022
    assert program.call("GET", subscription).error["errorId"] == 195013


def test_a_dead_endpoint_answers_nothing(
    mockbay: MockServer, program: Seller, endpoint: Endpoint
) -> None:
    destination, _ = subscribed(program, endpoint)
    gone = place(endpoint, deliveryConfig={"endpoint": "http://127.0.0.1:9/x",
                                           "verificationToken": "t" * 32})  # fmt: skip
    assert program.call("PUT", destination, gone).error["errorId"] == 195020
    assert mockbay.notify(DELETION, {}) == [204]


@pytest.mark.parametrize(
    ("changes", "error_id"),
    [
        ({"name": ""}, 195016),
        ({"status": "ON"}, 195018),
        ({"deliveryConfig": {"endpoint": "http://a.example/", "verificationToken": "t"}}, 195017),
        ({"deliveryConfig": {"endpoint": "https://a.example/", "verificationToken": "t"}}, 195019),
    ],
)  # fmt: skip
def test_a_wrong_destination_is_refused(
    program: Seller, endpoint: Endpoint, changes: dict[str, Any], error_id: int
) -> None:
    answer = program.call("POST", f"{BASE}/destination", place(endpoint, **changes))
    assert (answer.status, answer.error["errorId"]) == (400, error_id)


def test_an_endpoint_may_ask_the_mock_while_it_is_challenged_and_is_not_followed_elsewhere(
    mockbay: MockServer, program: Seller, endpoint: Endpoint
) -> None:
    endpoint.meanwhile = lambda: mockbay.state()["now"]
    assert program.call("POST", f"{BASE}/destination", place(endpoint)).status == 201
    endpoint.status, endpoint.elsewhere = 302, endpoint.url
    (listed,) = program.call("GET", f"{BASE}/destination").json["destinations"]
    topic = wish(listed["destinationId"], DELETION)
    assert program.call("POST", f"{BASE}/subscription", topic).status == 201
    assert mockbay.notify(DELETION, {}) == [302]
    assert len(endpoint.got) == 1


def test_a_late_delivery_goes_out_by_itself_where_the_clock_runs(
    mockbay: MockServer, endpoint: Endpoint
) -> None:
    mockbay.reset(clock="real")
    subscribe(mockbay, endpoint)
    assert mockbay.notify(DELETION, {"n": 1}, late_ms=20) == []
    assert endpoint.arrived.wait(10)


def test_an_endpoint_must_prove_itself_and_is_registered_once(
    program: Seller, endpoint: Endpoint
) -> None:
    endpoint.proves = False
    path = f"{BASE}/destination"
    assert program.call("POST", path, place(endpoint)).error["errorId"] == 195020
    endpoint.proves = True
    assert program.call("POST", path, place(endpoint)).status == 201
    assert program.call("POST", path, place(endpoint)).error["errorId"] == 195021


@pytest.mark.parametrize(
    ("changes", "error_id"),
    [
        ({"topicId": "NEW_ORDER"}, 195027),
        ({"destinationId": "x"}, 195007),
        ({"status": None}, 195006),
        ({"payload": PAYLOAD | {"schemaVersion": "9"}}, 195008),
        ({"payload": PAYLOAD | {"format": "XML"}}, 195009),
        ({"payload": PAYLOAD | {"deliveryProtocol": "FTP"}}, 195010),
    ],
)
def test_a_wrong_subscription_is_refused(
    program: Seller, endpoint: Endpoint, changes: dict[str, Any], error_id: int
) -> None:
    made = program.call("POST", f"{BASE}/destination", place(endpoint))
    destination = made.headers["location"].rpartition("/")[2]
    body = {"topicId": DELETION, "destinationId": destination, "status": "ENABLED"}
    answer = program.call("POST", f"{BASE}/subscription", body | {"payload": PAYLOAD} | changes)
    assert answer.error["errorId"] == error_id


def test_a_subscription_is_replaced_and_delivers_to_an_enabled_destination_only(
    mockbay: MockServer, program: Seller, endpoint: Endpoint
) -> None:
    destination, subscription = subscribed(program, endpoint)
    said = wish(destination)
    assert program.call("PUT", subscription, said | {"status": "DISABLED"}).status == 204
    shown = program.call("GET", subscription).json
    assert (shown["status"], shown["topicId"]) == ("DISABLED", DELETION)
    assert mockbay.notify(DELETION, {}) == []
    assert program.call("PUT", subscription, said | {"status": "ON"}).error["errorId"] == 195006
    assert program.call("PUT", destination, place(endpoint, status="DISABLED")).status == 204
    for answer in (
        program.call("PUT", subscription, said),
        program.call("POST", f"{subscription}/enable", {}),
    ):
        assert (answer.status, answer.error["errorId"]) == (409, 195015)
    assert program.call("PUT", destination, place(endpoint)).status == 204
    assert program.call("PUT", subscription, said).status == 204
    assert mockbay.notify(DELETION, {}) == [204]
    assert program.call("PUT", f"{BASE}/subscription/x", said).error["errorId"] == 195013


def test_a_sellers_token_sets_up_all_that_is_his(
    mockbay: MockServer, seller: Seller, endpoint: Endpoint
) -> None:
    assert seller.call("PUT", f"{BASE}/config", {"alertEmail": "a@b.example"}).status == 204
    _, subscription = subscribed(seller, endpoint, "ORDER_CONFIRMATION")
    assert mockbay.notify("ORDER_CONFIRMATION", {"orderId": "1"}) == [204]
    kid = json.loads(base64.b64decode(endpoint.got[0][1]))["kid"]
    assert seller.call("GET", f"{BASE}/public_key/{kid}").json["digest"] == "SHA1"
    assert seller.call("DELETE", subscription).status == 204
    mockbay.switch(basic_scope_tokens="application")
    challenges: list[int] = []
    endpoint.meanwhile = lambda: challenges.append(1)
    refused = seller.call("POST", f"{BASE}/destination", place(endpoint, name="other"))
    assert (refused.status, refused.error["errorId"]) == (403, 1100)
    assert challenges == [], "for who may not register, nobody is challenged"


def test_each_seller_subscribes_to_a_topic_for_himself(
    mockbay: MockServer, program: Seller, seller: Seller, endpoint: Endpoint
) -> None:
    destination, _ = subscribed(program, endpoint)
    other = Seller(mockbay.url, mockbay.credentials_of("seller-two")["user_token"])
    own = wish(destination, "ORDER_CONFIRMATION")
    for one in (seller, other):
        assert one.call("POST", f"{BASE}/subscription", own).status == 201
        assert one.call("POST", f"{BASE}/subscription", own).error_ids == [195012]


def test_topics_of_the_application_want_its_token(
    program: Seller, seller: Seller, endpoint: Endpoint
) -> None:
    made = program.call("POST", f"{BASE}/destination", place(endpoint))
    destination = made.headers["location"].rpartition("/")[2]
    body = {"destinationId": destination, "status": "ENABLED", "payload": PAYLOAD}
    refused = seller.call("POST", f"{BASE}/subscription", body | {"topicId": DELETION})
    assert (refused.status, refused.error["errorId"]) == (403, 195011)
    own = body | {"topicId": "FEEDBACK_RECEIVED"}
    assert seller.call("POST", f"{BASE}/subscription", own).status == 201
    assert seller.call("GET", f"{BASE}/topic/x").error["errorId"] == 195002
    assert program.call("GET", f"{BASE}/public_key/x").error["errorId"] == 195001
