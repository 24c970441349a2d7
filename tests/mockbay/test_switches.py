"""What is open about eBay, answered one way and the other."""

from mockbay.client import MockServer
from support.mockbay_calls import INVENTORY, Seller, item

MISSING: dict[str, tuple[int, list[int]]] = {
    "404 25710": (404, [25710]),
    "400 25702": (400, [25702]),
    "404": (404, []),
}
DUPLICATE: dict[str, tuple[int, list[str]]] = {
    "25002 with offerId": (25002, ["offerId"]), "25002": (25002, []), "25729": (25729, []),
}  # fmt: skip


def test_an_item_that_is_not_there_is_missed_in_three_ways(
    mockbay: MockServer, seller: Seller
) -> None:
    for switch, (status, ids) in MISSING.items():
        mockbay.switch(missing_item=switch)
        answer = seller.get_item("NONE")
        assert (answer.status, answer.error_ids) == (status, ids)
        body = {"requests": [{"sku": "NONE"}]}
        rows = seller.call("POST", f"{INVENTORY}/bulk_get_inventory_item", body).json["responses"]
        assert (rows[0]["statusCode"], len(rows[0]["errors"])) == (status, len(ids))


def test_a_sku_without_offers_is_an_error_or_an_empty_list(
    mockbay: MockServer, seller: Seller
) -> None:
    seller.put_item("LAMP-1")
    assert seller.call("GET", f"{INVENTORY}/offer?sku=LAMP-1").error_ids == [25713]
    mockbay.switch(no_offers="empty")
    answer = seller.call("GET", f"{INVENTORY}/offer?sku=LAMP-1")
    assert (answer.status, answer.json["offers"], answer.json["total"]) == (200, [], 0)


def test_a_second_offer_is_refused_in_three_ways(mockbay: MockServer, seller: Seller) -> None:
    seller.put_item("LAMP-1")
    seller.create_offer("LAMP-1")
    for switch, (error_id, named) in DUPLICATE.items():
        mockbay.switch(duplicate_offer=switch)
        error = seller.call("POST", f"{INVENTORY}/offer", seller.offer("LAMP-1")).error
        assert error["errorId"] == error_id
        assert [one["name"] for one in error.get("parameters", [])] == named


def test_an_auction_is_what_mockbay_lacks(mockbay: MockServer, seller: Seller) -> None:
    seller.put_item("LAMP-1")
    body = seller.offer("LAMP-1") | {"format": "AUCTION"}
    answer = seller.call("POST", f"{INVENTORY}/offer", body)
    assert (answer.status, answer.headers["x-mockbay"]) == (501, "not-implemented")
    assert "AUCTION" in answer.error["message"]
    assert mockbay.offers() == {}


def test_a_replacement_says_nothing_or_that_there_is_nothing_to_say(
    mockbay: MockServer, seller: Seller
) -> None:
    offer_id = seller.live("LAMP-1")
    update = seller.offer("LAMP-1")
    assert seller.put_item("LAMP-1").status == 204
    mockbay.switch(updated=200)
    assert seller.put_item("LAMP-1").json == {"warnings": []}
    assert seller.call("PUT", f"{INVENTORY}/offer/{offer_id}", update).json == {"warnings": []}


def test_an_offer_withdrawn_twice_is_missed_or_misused(mockbay: MockServer, seller: Seller) -> None:
    offer_id = seller.live("LAMP-1")
    assert seller.withdraw(offer_id).status == 200
    assert seller.withdraw(offer_id).error_ids == [25713]
    mockbay.switch(withdraw_again=25002)
    assert seller.withdraw(offer_id).error_ids == [25002]


def test_rows_of_which_some_failed_come_under_another_status(
    mockbay: MockServer, seller: Seller
) -> None:
    seller.put_item("LAMP-1")
    body = {"requests": [{"sku": "LAMP-1"}, {"sku": "NONE"}]}
    for status in (207, 200, 400):
        mockbay.switch(mixed_rows=status)
        answer = seller.call("POST", f"{INVENTORY}/bulk_get_inventory_item", body)
        assert answer.status == status
        assert [row["statusCode"] for row in answer.json["responses"]] == [200, 404]


def test_aspects_are_spelled_exactly_or_in_any_case(mockbay: MockServer, seller: Seller) -> None:
    said = {"brand": ["Loom"], "SIZE": ["m"], "department": ["men"]}
    seller.put_item("TEE", item(product={"aspects": said}))
    offer_id = seller.create_offer("TEE", categoryId="201")
    assert seller.publish(offer_id).error["parameters"][0]["value"] == "Size"
    mockbay.switch(exact_aspects=False)
    assert seller.publish(offer_id).status == 200


def test_reference_data_has_a_quota_of_its_own(mockbay: MockServer, seller: Seller) -> None:
    mockbay.switch(reference_quota=0)
    conditions = "/sell/metadata/v1/marketplace/EBAY_US/get_item_condition_policies"
    assert seller.call("GET", conditions).status == 429
    assert seller.put_item("LAMP-1").status == 201


def test_axes_and_their_values_are_limited(mockbay: MockServer, seller: Seller) -> None:
    seller.put_item("S", item(product={"aspects": {"Size": ["S"], "Color": ["Red"]}}))
    axes = [{"name": "Size", "values": ["S", "M"]}, {"name": "Color", "values": ["Red"]}]
    group = {"title": "A", "variantSKUs": ["S"], "variesBy": {"specifications": axes}}
    path = f"{INVENTORY}/inventory_item_group/G"
    for switch in ({"axis_limit": 1}, {"axis_limit": 2, "axis_values_limit": 1}):
        mockbay.switch(**switch)
        assert seller.call("PUT", path, group).error_ids == [25013]
    mockbay.switch(axis_values_limit=2)
    assert seller.call("PUT", path, group).status == 201
