"""Buyers, sellers on the site, and eBay itself change what the API shows."""

import pytest

from mockbay.client import ControlError, MockServer
from support.mockbay_calls import INVENTORY, Seller

ITEM = f"{INVENTORY}/inventory_item"


def quantity(seller: Seller, sku: str) -> int:
    """Read the item's own quantity."""
    return seller.get_item(sku).json["availability"]["shipToLocationAvailability"]["quantity"]


def test_a_sale_lowers_the_stock_and_counts_on_the_listing(
    mockbay: MockServer, seller: Seller
) -> None:
    offer_id = seller.live("LAMP-1")
    order = mockbay.buy("LAMP-1", 2)
    read = seller.get_offer(offer_id)
    assert (read["availableQuantity"], read["listing"]["soldQuantity"]) == (3, 2)
    assert (quantity(seller, "LAMP-1"), order["lines"][0]["quantity"]) == (3, 2)
    with pytest.raises(ControlError, match="Only 3"):
        mockbay.buy("LAMP-1", 4)
    mockbay.buy("LAMP-1", 4, force=True)
    assert seller.get_offer(offer_id)["listing"]["listingStatus"] == "OUT_OF_STOCK"


def test_the_items_own_quantity_can_be_switched_to_stay(
    mockbay: MockServer, seller: Seller
) -> None:
    mockbay.switch(item_quantity_drops_on_sale=False)
    seller.live("LAMP-1")
    mockbay.buy("LAMP-1")
    assert quantity(seller, "LAMP-1") == 5


def test_an_edit_on_the_site_shows_in_item_and_offer(mockbay: MockServer, seller: Seller) -> None:
    offer_id = seller.live("LAMP-1")
    mockbay.seller_edit("LAMP-1", title="Lamp", description="Dim", price="9.9", quantity=1)
    mockbay.seller_edit("LAMP-1", product={"mpn": "M1"}, offer={"categoryId": "999"})
    read = seller.get_offer(offer_id)
    product = seller.get_item("LAMP-1").json["product"]
    assert (product["title"], product["mpn"]) == ("Lamp", "M1")
    assert (read["pricingSummary"]["price"]["value"], read["availableQuantity"]) == ("9.90", 1)
    assert (read["categoryId"], read["listingDescription"]) == ("999", "Dim")


def test_a_listing_ended_on_the_site_cannot_be_published_until_its_offer_is_new(
    mockbay: MockServer, seller: Seller
) -> None:
    offer_id = seller.live("LAMP-1")
    mockbay.end_listing("LAMP-1")
    read = seller.get_offer(offer_id)
    assert (read["status"], read["listing"]["listingStatus"]) == ("UNPUBLISHED", "ENDED")
    for _ in range(4):
        refused = seller.publish(offer_id)
        assert (refused.status, refused.error["errorId"]) == (500, 25001)
    seller.call("DELETE", f"{INVENTORY}/offer/{offer_id}")
    assert seller.publish(seller.create_offer("LAMP-1")).status == 200


def test_what_ebay_ended_stays_ended(mockbay: MockServer, seller: Seller) -> None:
    offer_id = seller.live("LAMP-1")
    mockbay.end_listing("LAMP-1", by="ebay")
    assert seller.get_offer(offer_id)["listing"]["listingStatus"] == "EBAY_ENDED"
    assert seller.publish(offer_id).error["errorId"] == 25019


def test_a_listing_on_hold_is_not_revised(mockbay: MockServer, seller: Seller) -> None:
    offer_id = seller.live("LAMP-1")
    mockbay.hold("LAMP-1")
    assert seller.get_offer(offer_id)["listing"]["listingOnHold"] is True
    assert seller.put_item("LAMP-1").error["errorId"] == 25097
    assert seller.withdraw(offer_id).error["errorId"] == 25098
    mockbay.switch(hold_allows_revision=True)
    warned = seller.put_item("LAMP-1")
    assert (warned.status, warned.json["warnings"][0]["errorId"]) == (200, 25096)
    mockbay.unhold("LAMP-1")
    assert seller.put_item("LAMP-1").status == 204


def test_only_what_is_live_can_be_acted_on(mockbay: MockServer, seller: Seller) -> None:
    seller.put_item("LAMP-1")
    seller.create_offer("LAMP-1")
    with pytest.raises(ControlError, match="No live listing"):
        mockbay.buy("LAMP-1")
    with pytest.raises(ControlError, match="quantity"):
        mockbay.buy("LAMP-1", quantity="two")  # type: ignore[arg-type]


def test_the_selling_limit_stops_publishing(mockbay: MockServer, seller: Seller) -> None:
    mockbay.switch(selling_limit=7)
    seller.live("LAMP-1")
    seller.put_item("LAMP-2")
    assert seller.publish(seller.create_offer("LAMP-2")).error["errorId"] == 25026
    limit = seller.call("GET", "/sell/account/v1/privilege").json["sellingLimit"]
    assert limit["quantity"] == 7


def test_the_open_questions_of_publishing_are_switches(mockbay: MockServer, seller: Seller) -> None:
    mockbay.switch(republish="error", stale_listing_after_withdraw=True, republish_at_zero=True)
    offer_id = seller.live("LAMP-1")
    assert seller.publish(offer_id).error["errorId"] == 25002
    seller.withdraw(offer_id)
    assert seller.get_offer(offer_id)["listing"]["listingStatus"] == "ENDED"
    seller.publish(offer_id)
    read = seller.get_offer(offer_id)
    assert (read["availableQuantity"], read["listing"]["listingStatus"]) == (0, "OUT_OF_STOCK")


def test_policies_programs_and_locations_are_there(seller: Seller) -> None:
    base, account = f"{INVENTORY}/location", "/sell/account/v1"
    for kind in ("fulfillment", "payment", "return"):
        listed = seller.call("GET", f"{account}/{kind}_policy?marketplace_id=EBAY_GB").json
        policy = listed[{"return": "returnPolicies"}.get(kind, f"{kind}Policies")][0]
        policy_id = policy[f"{kind}PolicyId"]
        assert listed["total"] == 1
        assert seller.call("GET", f"{account}/{kind}_policy/{policy_id}").json == policy
        named = f"{account}/{kind}_policy/get_by_policy_name?marketplace_id=EBAY_GB&name="
        assert seller.call("GET", f"{named}{kind.title()}%20EBAY_GB").json == policy
        assert seller.call("GET", f"{named}x").error["errorId"] == 20404
        assert seller.call("GET", f"{account}/{kind}_policy/1").error["errorId"] == 20404
    for query, error_id in (("", 20401), ("?marketplace_id=EBAY_MOON", 20402)):
        assert seller.call("GET", f"{account}/return_policy{query}").error["errorId"] == error_id
    program = {"programType": "SELLING_POLICY_MANAGEMENT"}
    assert seller.call("POST", f"{account}/program/opt_out", program).status == 200
    gone = seller.call("GET", f"{account}/return_policy?marketplace_id=EBAY_GB")
    assert gone.error["errorId"] == 20403
    assert seller.call("POST", f"{account}/program/opt_in", {}).error["errorId"] == 20402
    assert seller.call("POST", f"{account}/program/opt_in", program).status == 200
    programs = seller.call("GET", f"{account}/program/get_opted_in_programs").json
    assert programs["programs"] == [program]
    assert seller.call("GET", base).json["locations"][0]["merchantLocationKey"] == "main-warehouse"


def test_a_location_is_made_changed_disabled_and_deleted(seller: Seller) -> None:
    seller.put_item("LAMP-1")
    offer_id = seller.create_offer("LAMP-1", merchantLocationKey="annex")
    path = f"{INVENTORY}/location/annex"
    place = {"location": {"address": {"country": "US", "city": "Salem"}}, "name": "Annex"}
    assert seller.call("POST", path, {"name": "Annex"}).error["errorId"] == 25801
    assert seller.call("POST", path, {"location": "here"}).error["errorId"] == 2004
    for wrong in (
        {"locationTypes": "x"},
        {"locationTypes": ["SHED"]},
        {"merchantLocationStatus": "ON"},
    ):
        assert seller.call("POST", path, place | wrong).error["errorId"] == 2004
    assert seller.call("POST", f"{path}{'x' * 40}", place).error["errorId"] == 25800
    assert seller.call("POST", path, place).status == 204
    assert seller.call("POST", path, place).status == 409
    assert seller.publish(offer_id).error["errorId"] == 25012, "the address is not complete"
    whole = {"location": {"address": {"country": "US", "postalCode": "97301"}}}
    assert seller.call("POST", f"{path}/update_location_details", whole).status == 204
    seller.call("POST", f"{path}/disable", {})
    assert seller.publish(offer_id).error["errorId"] == 25012
    seller.call("POST", f"{path}/enable", {})
    assert seller.publish(offer_id).status == 200
    assert seller.call("GET", path).json["merchantLocationStatus"] == "ENABLED"
    assert seller.call("DELETE", path, {}).status == 204
    assert seller.call("GET", path).error["errorId"] == 25805


def test_an_item_deleted_by_others_takes_offer_and_listing_along(
    mockbay: MockServer, seller: Seller
) -> None:
    offer_id = seller.live("LAMP-1")
    mockbay.delete_item("LAMP-1")
    assert seller.get_item("LAMP-1").status == 404
    assert offer_id not in mockbay.offers()
    assert [one["status"] for one in mockbay.listings().values()] == ["ENDED"]
