"""Offers and listings live as eBay's do."""

import pytest

from mockbay.client import MockServer
from support.mockbay_calls import INVENTORY, Seller, item

PUBLISHED = "PUBLISHED"


def test_an_offer_needs_only_sku_marketplace_and_format(seller: Seller) -> None:
    seller.put_item("LAMP-1")
    body = {"sku": "LAMP-1", "marketplaceId": "EBAY_US", "format": "FIXED_PRICE"}
    created = seller.call("POST", f"{INVENTORY}/offer", body)
    assert created.status == 201
    read = seller.get_offer(created.json["offerId"])
    assert (read["status"], read["includeCatalogProductDetails"]) == ("UNPUBLISHED", True)
    assert len(created.json["offerId"]) == 10
    assert "listing" not in read


def test_a_second_offer_names_the_first(seller: Seller) -> None:
    seller.put_item("LAMP-1")
    first = seller.create_offer("LAMP-1")
    second = seller.call("POST", f"{INVENTORY}/offer", seller.offer("LAMP-1"))
    assert (second.status, second.error["errorId"]) == (400, 25002)
    assert second.error["parameters"] == [{"name": "offerId", "value": first}]


def test_a_sku_without_an_offer_is_404_with_25713(seller: Seller) -> None:
    seller.put_item("LAMP-1")
    answer = seller.call("GET", f"{INVENTORY}/offer?sku=LAMP-1")
    assert (answer.status, answer.error["errorId"]) == (404, 25713)
    assert seller.call("GET", f"{INVENTORY}/offer").error["errorId"] == 25707


def test_offers_are_found_by_sku_and_marketplace(seller: Seller) -> None:
    seller.put_item("LAMP-1")
    american, british = seller.create_offer("LAMP-1"), seller.create_offer("LAMP-1", "EBAY_GB")
    both = seller.call("GET", f"{INVENTORY}/offer?sku=LAMP-1").json
    assert [offer["offerId"] for offer in both["offers"]] == [american, british]
    one = seller.call("GET", f"{INVENTORY}/offer?sku=LAMP-1&marketplace_id=EBAY_GB").json
    assert (one["total"], one["offers"][0]["offerId"]) == (1, british)


def test_publishing_makes_a_listing_and_doing_it_again_warns(seller: Seller) -> None:
    offer_id = seller.live("LAMP-1")
    read = seller.get_offer(offer_id)
    assert read["status"] == PUBLISHED
    assert read["listing"]["listingStatus"] == "ACTIVE"
    assert len(read["listing"]["listingId"]) == 12
    again = seller.publish(offer_id)
    assert again.json["listingId"] == read["listing"]["listingId"]
    assert again.json["warnings"][0]["errorId"] == 25402


def test_withdrawn_and_published_again_is_a_new_listing(seller: Seller) -> None:
    offer_id = seller.live("LAMP-1")
    first = seller.get_offer(offer_id)["listing"]["listingId"]
    assert seller.withdraw(offer_id).json["listingId"] == first
    assert "listing" not in seller.get_offer(offer_id)
    twice = seller.withdraw(offer_id)
    assert (twice.status, twice.error["errorId"]) == (404, 25713)
    assert seller.publish(offer_id).json["listingId"] != first


def test_buyers_see_the_smaller_quantity(mockbay: MockServer, seller: Seller) -> None:
    offer_id = seller.live("LAMP-1", availableQuantity=3)
    body = item(availability={"shipToLocationAvailability": {"quantity": 0}})
    seller.put_item("LAMP-1", body)
    assert seller.get_offer(offer_id)["listing"]["listingStatus"] == "OUT_OF_STOCK"
    mockbay.switch(minimum_rule=False)
    seller.put_item("LAMP-1", body)
    assert seller.get_offer(offer_id)["listing"]["listingStatus"] == "ACTIVE"


def test_an_item_without_availability_takes_a_live_listing_out_of_stock(seller: Seller) -> None:
    offer_id = seller.live("LAMP-1")
    seller.put_item("LAMP-1", {"product": {"title": "Lamp"}})
    assert seller.get_offer(offer_id)["listing"]["listingStatus"] == "OUT_OF_STOCK"


@pytest.mark.parametrize(
    ("goods", "terms", "error_ids"),
    [
        ({"product": {"title": None}}, {}, [25016]),
        ({"product": {"imageUrls": []}}, {}, [25014]),
        ({"product": {"description": ""}}, {"listingDescription": ""}, [25016]),
        ({"condition": "LIKE_NEW"}, {}, [25021]),
        ({"product": {"aspects": {}}}, {}, [25002]),
        ({"availability": {}}, {}, [25004]),
        ({}, {"categoryId": "100"}, [25005]),
        ({}, {"categoryId": None}, [25005]),
        ({}, {"merchantLocationKey": "nowhere"}, [25012]),
        ({}, {"pricingSummary": {}}, [25003]),
        ({}, {"pricingSummary": {"price": {"value": "9", "currency": "EUR"}}}, [25003]),
        ({}, {"listingPolicies": {}}, [25007, 25008, 25009]),
        ({}, {"listingDuration": "DAYS_7"}, [25006]),
        ({"product": {"aspects": {"Brand": ["L"]}}, "condition": "X"}, {}, None),
    ],
)
def test_publishing_asks_for_what_creating_did_not(
    seller: Seller, goods: dict[str, object], terms: dict[str, object], error_ids: list[int] | None
) -> None:
    stored = seller.put_item("LAMP-1", item(**goods))
    if error_ids is None:
        assert stored.error["errorId"] == 2004
        return
    answer = seller.publish(seller.create_offer("LAMP-1", **terms))
    assert (answer.status, answer.error_ids) == (400, error_ids)


def test_only_the_first_missing_aspect_is_reported(seller: Seller) -> None:
    seller.put_item("LAMP-1", item(product={"aspects": {}}))
    answer = seller.publish(seller.create_offer("LAMP-1"))
    assert answer.error["parameters"] == [{"name": "aspectName", "value": "Brand"}]


def test_a_brand_counts_as_the_aspect_brand(seller: Seller) -> None:
    seller.put_item("LAMP-1", item(product={"brand": "Lumen", "aspects": {"Type": ["Lamp"]}}))
    assert seller.publish(seller.create_offer("LAMP-1")).status == 200


def test_a_value_outside_a_closed_list_is_refused(seller: Seller) -> None:
    aspects = {"Brand": ["L"], "Size": ["M"], "Department": ["Robots"]}
    seller.put_item("TEE-1", item(product={"aspects": aspects}))
    answer = seller.publish(seller.create_offer("TEE-1", categoryId="201"))
    assert answer.error_ids == [25022]


def test_policies_must_exist_fit_and_be_of_the_marketplace(seller: Seller) -> None:
    seller.put_item("LAMP-1")
    ids = seller.offer("LAMP-1")["listingPolicies"]
    british = seller.offer("LAMP-1", "EBAY_GB")["listingPolicies"]
    offer_id = seller.create_offer("LAMP-1")
    for wrong, expected in (
        ("999", (400, 25035)),
        (ids["paymentPolicyId"], (400, 25036)),
        (british["fulfillmentPolicyId"], (404, 25713)),
    ):
        body = seller.offer("LAMP-1", listingPolicies=ids | {"fulfillmentPolicyId": wrong})
        seller.call("PUT", f"{INVENTORY}/offer/{offer_id}", body)
        answer = seller.publish(offer_id)
        assert (answer.status, answer.error["errorId"]) == expected


def test_text_in_another_language_does_not_go_live(mockbay: MockServer, seller: Seller) -> None:
    seller.put_item("LAMP-1")
    assert seller.publish(seller.create_offer("LAMP-1", "EBAY_DE")).error["errorId"] == 25604
    british = seller.create_offer("LAMP-1", "EBAY_GB")
    mockbay.switch(locale_exact=True)
    assert seller.publish(british).error["errorId"] == 25702
    mockbay.switch(locale_exact=False)
    assert seller.publish(british).status == 200


def test_a_live_offer_is_judged_when_it_is_replaced(seller: Seller) -> None:
    offer_id = seller.live("LAMP-1")
    path = f"{INVENTORY}/offer/{offer_id}"
    body = seller.offer("LAMP-1", listingDescription=None)
    assert seller.call("PUT", path, body).error["errorId"] == 25016
    assert seller.call("PUT", path, seller.offer("LAMP-1", categoryId="100")).status == 400
    assert seller.get_offer(offer_id)["categoryId"] == "101", "a refused write changes nothing"
    cheaper = {"price": {"value": "9.990", "currency": "USD"}}
    assert seller.call("PUT", path, seller.offer("LAMP-1", pricingSummary=cheaper)).status == 204
    assert seller.get_offer(offer_id)["pricingSummary"]["price"]["value"] == "9.99"


def test_a_deleted_offer_ends_its_listing(mockbay: MockServer, seller: Seller) -> None:
    offer_id = seller.live("LAMP-1")
    assert seller.call("DELETE", f"{INVENTORY}/offer/{offer_id}", {}).status == 204
    assert [one["status"] for one in mockbay.listings().values()] == ["ENDED"]
    assert seller.call("DELETE", f"{INVENTORY}/offer/{offer_id}").error["errorId"] == 25713


@pytest.mark.parametrize(
    ("terms", "error_id"),
    [
        ({"pricingSummary": {"price": {"value": ["9.5"], "currency": "USD"}}}, 2004),
        ({"pricingSummary": {"price": {"value": "abc", "currency": "USD"}}}, 25003),
        ({"pricingSummary": {"price": {"value": "0", "currency": "USD"}}}, 25003),
        ({"pricingSummary": 9}, 2004),
        ({"pricingSummary": {"pricingVisibility": "HIDDEN"}}, 2004),
        ({"pricingSummary": {"originallySoldForRetailPriceOn": "SHOP"}}, 2004),
        ({"regulatory": {"responsiblePersons": [{"types": ["MAKER"]}]}}, 2004),
        ({"regulatory": {"responsiblePersons": [{"types": [1]}]}}, 2004),
        ({"marketplaceId": "EBAY_MOON"}, 2004),
        ({"format": None}, 25735),
        ({"availableQuantity": True}, 2004),
        ({"sku": "NONE"}, 25702),
        ({"includeCatalogProductDetails": "no"}, 2004),
        ({"storeCategoryNames": ["a", "b", "c"]}, 25016),
        ({"listingPolicies": {"returnPolicyId": "mine"}}, 25016),
        ({"listingPolicies": []}, 2004),
        ({"listingDescription": "x" * 500_001}, 25016),
    ],
)
def test_a_wrong_offer_is_refused_with_its_reason(
    seller: Seller, terms: dict[str, object], error_id: int
) -> None:
    seller.put_item("LAMP-1")
    answer = seller.call("POST", f"{INVENTORY}/offer", seller.offer("LAMP-1", **terms))
    assert (answer.status, answer.error["errorId"]) == (400, error_id)
