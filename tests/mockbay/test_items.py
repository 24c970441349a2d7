"""Inventory items behave as eBay's."""

import pytest

from mockbay.client import MockServer
from support.mockbay_calls import INVENTORY, Seller, item


def test_a_new_item_is_201_and_a_replaced_one_204_without_a_body(seller: Seller) -> None:
    first, second = seller.put_item("LAMP-1"), seller.put_item("LAMP-1")
    assert (first.status, first.json) == (201, {})
    assert (second.status, second.raw) == (204, b"")


def test_a_replaced_item_loses_what_the_new_body_does_not_name(seller: Seller) -> None:
    seller.put_item("LAMP-1")
    seller.put_item("LAMP-1", {"product": {"title": "Lamp"}})
    read = seller.get_item("LAMP-1").json
    assert read["product"] == {"title": "Lamp"}
    assert "availability" not in read
    assert "condition" not in read


@pytest.mark.parametrize("sku", ["A 1/ü", "A+B", "100%", "a?b#c"])
def test_a_sku_is_decoded_once_from_the_raw_path(seller: Seller, sku: str) -> None:
    assert seller.put_item(sku).status == 201
    assert seller.get_item(sku).json["sku"] == sku


def test_the_language_of_the_last_write_is_the_locale(seller: Seller) -> None:
    seller.put_item("LAMP-1")
    seller.put_item("LAMP-1", Content_Language="de-DE")
    assert seller.get_item("LAMP-1").json["locale"] == "de_DE"


def test_an_unknown_item_is_404_with_25710(seller: Seller) -> None:
    answer = seller.get_item("NONE")
    assert (answer.status, answer.error["errorId"]) == (404, 25710)
    deleted = seller.call("DELETE", f"{INVENTORY}/inventory_item/NONE", {})
    assert (deleted.status, deleted.error["errorId"]) == (404, 25710)


@pytest.mark.parametrize(
    ("changes", "error_id"),
    [
        ({"condition": "1000"}, 2004),
        ({"product": {"title": "x" * 81}}, 25016),
        ({"product": {"title": True}}, 2004),
        ({"product": {"imageUrls": ["http://img.example/a.jpg"]}}, 25015),
        ({"product": {"imageUrls": ["https://img.example/a b.jpg"]}}, 25721),
        ({"product": {"imageUrls": ["https://[img/a.jpg"]}}, 25015),
        ({"product": {"imageUrls": "https://img.example/a.jpg"}}, 2004),
        ({"product": {"imageUrls": ["https://img.example/a.jpg"] * 25}}, 25014),
        ({"product": {"aspects": {"Brand": "Lumen"}}}, 2004),
        ({"product": {"aspects": {"x" * 41: ["a"]}}}, 25022),
        ({"product": {"aspects": {"Brand": ["x" * 66]}}}, 25022),
        ({"product": {"aspects": ["Brand"]}}, 2004),
        ({"product": {"upc": "1"}}, 2004),
        ({"availability": {"shipToLocationAvailability": {"quantity": -1}}}, 25004),
        ({"availability": {"shipToLocationAvailability": {"quantity": "5.5"}}}, 2004),
        ({"availability": "5"}, 2004),
        ({"packageWeightAndSize": {"weight": {"value": 0, "unit": "GRAM"}}}, 25020),
        ({"packageWeightAndSize": 3}, 2004),
        ({"packageWeightAndSize": {"weight": {"value": 1, "unit": "LB"}}}, 2004),
        ({"packageWeightAndSize": {"dimensions": {"unit": "CM"}}}, 2004),
        ({"packageWeightAndSize": {"packageType": "BOX"}}, 2004),
        ({"conditionDescription": "x" * 1001}, 25016),
    ],
)
def test_a_wrong_item_is_refused_with_its_reason(
    seller: Seller, changes: dict[str, object], error_id: int
) -> None:
    answer = seller.put_item("LAMP-1", item(**changes))
    assert (answer.status, answer.error["errorId"]) == (400, error_id)
    assert seller.get_item("LAMP-1").status == 404


def test_a_number_its_text_and_the_text_of_a_truth_value_are_read_as_what_the_field_wants(
    mockbay: MockServer, seller: Seller
) -> None:
    parcel = {"weight": {"value": "1.5", "unit": "GRAM"}, "shippingIrregular": "true"}
    stock = {"shipToLocationAvailability": {"quantity": "5"}}
    spelled = item(availability=stock, packageWeightAndSize=parcel, product={"mpn": 12})
    assert seller.put_item("LAMP-1", spelled).status == 201
    read = seller.get_item("LAMP-1").json
    assert read["availability"]["shipToLocationAvailability"]["quantity"] == 5
    assert read["packageWeightAndSize"]["weight"]["value"] == 1.5
    assert read["packageWeightAndSize"]["shippingIrregular"] is True
    assert read["product"]["mpn"] == "12"
    price = {"price": {"value": 24.9, "currency": "USD"}}
    offer_id = seller.create_offer("LAMP-1", pricingSummary=price, availableQuantity=4.0)
    assert seller.publish(offer_id).status == 200
    change = {"offerId": int(offer_id), "price": {"value": 19, "currency": "USD"}}
    body = {"requests": [{"sku": "LAMP-1", "offers": [change]}]}
    assert seller.call("POST", f"{INVENTORY}/bulk_update_price_quantity", body).status == 200
    offer = seller.get_offer(offer_id)
    assert offer["pricingSummary"] == {"price": {"value": "19.00", "currency": "USD"}}
    assert offer["availableQuantity"] == 4
    mockbay.switch(strict_types=True)
    for strict in (item(availability=stock), item(product={"mpn": 12})):
        assert seller.put_item("LAMP-1", strict).error["errorId"] == 2004


def test_a_field_that_cannot_be_read_is_named_as_ebay_names_it(seller: Seller) -> None:
    for wrong, path in (
        ({"product": {"aspects": "Brand"}}, "product.aspects"),
        ({"condition": "USED"}, "condition"),
        ({"packageWeightAndSize": {"weight": {"unit": "LB"}}}, "packageWeightAndSize.weight.unit"),
    ):
        named = [{"name": "reason", "value": f"Could not serialize field [{path}]"}]
        assert seller.put_item("LAMP-1", wrong).error["parameters"] == named


def test_a_product_is_an_object(seller: Seller) -> None:
    assert seller.put_item("LAMP-1", {"product": "lamp"}).error["errorId"] == 2004


def test_a_sku_has_at_most_50_characters(seller: Seller) -> None:
    assert seller.put_item("x" * 50).status == 201
    assert seller.put_item("x" * 51).error["errorId"] == 25707


def test_strict_switches_refuse_odd_skus_and_unknown_fields(
    mockbay: MockServer, seller: Seller
) -> None:
    mockbay.switch(strict_sku=True, strict_fields=True)
    assert seller.put_item("LAMP-1").error["errorId"] == 25707
    assert seller.put_item("LAMP1", item(colour="red")).error["errorId"] == 2004
    assert seller.put_item("LAMP1").status == 201


def test_pages_are_followed_by_next_and_count_pages(seller: Seller) -> None:
    for number in range(5):
        seller.put_item(f"LAMP-{number}")
    path, seen = f"{INVENTORY}/inventory_item?limit=2", list[str]()
    while path:
        page = seller.call("GET", path).json
        assert (page["total"], page["size"]) == (5, 3)
        seen += [one["sku"] for one in page["inventoryItems"]]
        path = page.get("next", "")
    assert seen == [f"LAMP-{number}" for number in range(5)]


def test_a_page_outside_its_bounds_is_refused(seller: Seller) -> None:
    for query in ("limit=0", "limit=201", "limit=x", "offset=-1"):
        answer = seller.call("GET", f"{INVENTORY}/inventory_item?{query}")
        assert (answer.status, answer.error["errorId"]) == (400, 25706)


def test_a_long_page_is_cut_where_ebay_names_no_maximum(seller: Seller) -> None:
    seller.put_item("LAMP-1")
    seller.create_offer("LAMP-1")
    for path in (f"{INVENTORY}/offer?sku=LAMP-1&limit=200", f"{INVENTORY}/location?limit=200"):
        answer = seller.call("GET", path)
        assert (answer.status, answer.json["limit"], answer.json["total"]) == (200, 100, 1)
    assert seller.call("GET", f"{INVENTORY}/location?limit=0").error_ids == [25706]


def test_offset_can_be_switched_to_records(mockbay: MockServer, seller: Seller) -> None:
    mockbay.switch(item_offset="records")
    for number in range(3):
        seller.put_item(f"LAMP-{number}")
    page = seller.call("GET", f"{INVENTORY}/inventory_item?limit=2&offset=1").json
    assert [one["sku"] for one in page["inventoryItems"]] == ["LAMP-1", "LAMP-2"]


def test_25_items_are_stored_in_one_call_and_read_in_another(seller: Seller) -> None:
    rows = [item() | {"sku": f"LAMP-{n}", "locale": "en_US"} for n in range(25)]
    path = f"{INVENTORY}/bulk_create_or_replace_inventory_item"
    stored = seller.call("POST", path, {"requests": rows})
    assert stored.status == 200
    assert {row["statusCode"] for row in stored.json["responses"]} == {201}
    again = seller.call("POST", path, {"requests": rows}).json["responses"]
    assert {row["statusCode"] for row in again} == {200}
    asked = {"requests": [{"sku": f"LAMP-{n}"} for n in range(25)]}
    read = seller.call("POST", f"{INVENTORY}/bulk_get_inventory_item", asked).json["responses"]
    assert [row["inventoryItem"]["sku"] for row in read] == [f"LAMP-{n}" for n in range(25)]


def test_failed_rows_make_a_207_and_all_failed_a_400(seller: Seller) -> None:
    path = f"{INVENTORY}/bulk_create_or_replace_inventory_item"
    good = item() | {"sku": "A", "locale": "en_US"}
    bad = item(condition="SHINY") | {"sku": "B", "locale": "en_US"}
    mixed = seller.call("POST", path, {"requests": [good, bad]})
    assert mixed.status == 207
    assert [row["statusCode"] for row in mixed.json["responses"]] == [201, 400]
    assert mixed.json["responses"][1]["errors"][0]["errorId"] == 2004
    assert seller.call("POST", path, {"requests": [bad]}).status == 400


def test_a_bulk_call_with_wrong_rows_is_refused_whole(seller: Seller) -> None:
    path = f"{INVENTORY}/bulk_create_or_replace_inventory_item"
    row = item() | {"sku": "A", "locale": "en_US"}
    many = [row | {"sku": f"A{n}"} for n in range(26)]
    for rows, error_id in (
        ([], 25709),
        ([row, row], 25728),
        ([{"sku": "A"}], 25733),
        (many, 25727),
        (["A"], 2004),
    ):
        answer = seller.call("POST", path, {"requests": rows})
        assert (answer.status, answer.error["errorId"]) == (400, error_id)
    read = f"{INVENTORY}/bulk_get_inventory_item"
    assert seller.call("POST", read, {"requests": [{"sku": ""}]}).error["errorId"] == 25709


def test_a_deleted_item_takes_its_offers_and_its_single_listing(
    mockbay: MockServer, seller: Seller
) -> None:
    seller.live("LAMP-1")
    assert seller.call("DELETE", f"{INVENTORY}/inventory_item/LAMP-1", {}).status == 204
    assert mockbay.offers() == {}
    assert [one["status"] for one in mockbay.listings().values()] == ["ENDED"]
