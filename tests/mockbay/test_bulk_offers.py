"""Bulk calls for offers, prices and quantities."""

from typing import Any

import pytest

from mockbay.client import MockServer
from support.mockbay_calls import INVENTORY, Seller, item

CREATE = f"{INVENTORY}/bulk_create_offer"
PUBLISH = f"{INVENTORY}/bulk_publish_offer"
SET = f"{INVENTORY}/bulk_update_price_quantity"


def change(sku: str, offer_id: str, **fields: object) -> dict[str, Any]:
    """Return a row that changes one offer and the item's quantity with it."""
    row: dict[str, Any] = {"sku": sku, "offers": [{"offerId": offer_id, **fields}]}
    if "availableQuantity" in fields:
        row["shipToLocationAvailability"] = {"quantity": fields["availableQuantity"]}
    return row


def test_offers_are_created_and_published_in_two_calls(seller: Seller) -> None:
    for number in range(3):
        seller.put_item(f"LAMP-{number}")
    rows = [seller.offer(f"LAMP-{number}") for number in range(3)]
    created = seller.call("POST", CREATE, {"requests": rows})
    assert (created.status, created.json["responses"][0]["statusCode"]) == (200, 200)
    ids = [row["offerId"] for row in created.json["responses"]]
    live = seller.call("POST", PUBLISH, {"requests": [{"offerId": one} for one in ids]}).json
    assert [len(row["listingId"]) for row in live["responses"]] == [12, 12, 12]


def test_each_failing_row_says_why(seller: Seller) -> None:
    seller.put_item("LAMP-0")
    rows = [seller.offer("LAMP-0"), seller.offer("NONE")]
    created = seller.call("POST", CREATE, {"requests": rows})
    assert created.status == 207
    assert created.json["responses"][1]["errors"][0]["errorId"] == 25702
    assert created.json["responses"][1]["sku"] == "NONE"


def test_a_bulk_call_with_wrong_rows_is_refused_whole(seller: Seller) -> None:
    rows = [seller.offer("A"), seller.offer("A")]
    assert seller.call("POST", CREATE, {"requests": rows}).error["errorId"] == 25729
    rows = [seller.offer("A"), seller.offer("A", "EBAY_GB")]
    assert seller.call("POST", CREATE, {"requests": rows}).error["errorId"] == 25735
    one = {"offerId": "5001000001"}
    assert seller.call("POST", PUBLISH, {"requests": [one, one]}).error["errorId"] == 25731
    assert seller.call("POST", PUBLISH, {"requests": [one] * 26}).error["errorId"] == 25730
    nameless: dict[str, str] = {}
    assert seller.call("POST", PUBLISH, {"requests": [nameless]}).error["errorId"] == 25709
    assert (
        seller.call("POST", SET, {"requests": [{"offers": [nameless]}]}).error["errorId"] == 25709
    )


def test_price_and_quantity_change_together(mockbay: MockServer, seller: Seller) -> None:
    first, second = seller.live("LAMP-1"), seller.live("LAMP-2")
    price = {"value": "19.90", "currency": "USD"}
    rows = [
        change("LAMP-1", first, availableQuantity=0),
        change("LAMP-2", second, price=price),
    ]
    answer = seller.call("POST", SET, {"requests": rows})
    assert [row["statusCode"] for row in answer.json["responses"]] == [200, 200]
    assert seller.get_offer(first)["listing"]["listingStatus"] == "OUT_OF_STOCK"
    assert seller.get_offer(second)["pricingSummary"]["price"] == price
    assert {one["revisions"] for one in mockbay.listings().values()} == {1}


def test_a_row_without_offers_sets_the_item_alone(seller: Seller) -> None:
    seller.put_item("LAMP-1")
    row = {"sku": "LAMP-1", "shipToLocationAvailability": {"quantity": 9}}
    answer = seller.call("POST", SET, {"requests": [row]})
    assert [one["sku"] for one in answer.json["responses"]] == ["LAMP-1"]
    assert seller.get_item("LAMP-1").json["availability"]["shipToLocationAvailability"][
        "quantity"
    ] == (9)


@pytest.mark.parametrize(
    ("fields", "error_id"),
    [
        ({"availableQuantity": -1}, 25004),
        ({"price": {"value": "1", "currency": "EUR"}}, 25003),
        ({}, 2004),
    ],
)
def test_a_wrong_row_changes_nothing(seller: Seller, fields: dict[str, Any], error_id: int) -> None:
    offer_id = seller.live("LAMP-1")
    before = seller.get_offer(offer_id)
    answer = seller.call("POST", SET, {"requests": [change("LAMP-1", offer_id, **fields)]})
    assert answer.status == 400
    assert answer.json["responses"][0]["errors"][0]["errorId"] == error_id
    assert seller.get_offer(offer_id) == before


def test_a_price_is_an_amount(seller: Seller) -> None:
    row = change("LAMP-1", "1", price={"value": ["1"], "currency": "USD"})
    refused = seller.call("POST", SET, {"requests": [row]})
    assert (refused.status, refused.error_ids) == (400, [2004])


def test_only_live_offers_of_the_sku_can_be_set(seller: Seller) -> None:
    seller.put_item("LAMP-1")
    offer_id = seller.create_offer("LAMP-1")
    row = change("LAMP-1", offer_id, availableQuantity=1)
    answer = seller.call("POST", SET, {"requests": [row]})
    assert answer.json["responses"][0]["errors"][0]["errorId"] == 25002
    row = change("NONE", offer_id, availableQuantity=1)
    assert seller.call("POST", SET, {"requests": [row]}).json["responses"][0]["statusCode"] == 404


def test_one_sku_mode_refuses_a_batch(mockbay: MockServer, seller: Seller) -> None:
    mockbay.switch(price_quantity_max_skus=1)
    rows = [change(f"LAMP-{n}", seller.live(f"LAMP-{n}"), availableQuantity=2) for n in (1, 2)]
    refused = seller.call("POST", SET, {"requests": rows})
    assert (refused.status, refused.error["errorId"]) == (400, 25709)
    assert refused.error["parameters"] == [{"name": "fieldName", "value": "requests"}]
    assert seller.call("POST", SET, {"requests": rows[:1]}).status == 200


def test_the_250_revisions_of_a_listing_come_back_with_ebays_next_day(
    mockbay: MockServer, seller: Seller
) -> None:
    seller.live("LAMP-1")
    for n in range(249):
        mockbay.seller_set("LAMP-1", {"product.mpn": str(n)})
    assert seller.put_item("LAMP-1").status == 204
    assert seller.put_item("LAMP-1").error_ids == [25019]
    assert mockbay.advance(to="tomorrow") == "2026-01-06T08:00:00.000Z", "midnight in California"
    assert [one["revisions"] for one in mockbay.listings().values()] == [250]
    seller.token = mockbay.credentials["user_token"]
    assert seller.put_item("LAMP-1").status == 204
    assert [one["revisions"] for one in mockbay.listings().values()] == [1]
    mockbay.advance(to="2026-07-01T06:59:00Z")
    assert mockbay.advance(to="tomorrow") == "2026-07-01T07:00:00.000Z", "in summer"


def test_a_listing_is_revised_at_most_so_many_times_a_day(
    mockbay: MockServer, seller: Seller
) -> None:
    mockbay.switch(revision_cap=2, revision_error_id=25006)
    offer_id = seller.live("LAMP-1")
    for _ in range(2):
        assert seller.put_item("LAMP-1").status == 204
    refused = seller.put_item("LAMP-1", item(condition="USED_GOOD"))
    assert (refused.status, refused.error["errorId"]) == (400, 25006)
    assert refused.error["parameters"][0]["name"] == "revisionLimit"
    assert seller.get_item("LAMP-1").json["condition"] == "NEW"
    mockbay.advance(86_400)
    seller.token = mockbay.credentials["user_token"]
    assert seller.put_item("LAMP-1").status == 204
    assert seller.get_offer(offer_id)["status"] == "PUBLISHED"
