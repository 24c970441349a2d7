"""Groups sell several SKUs as the variations of one listing."""

from typing import Any

import pytest

from mockbay.client import ControlError, MockServer
from support.mockbay_calls import INVENTORY, Answer, Document, Seller, item

GROUP = f"{INVENTORY}/inventory_item_group/TEE"
BY_GROUP = f"{INVENTORY}/offer/publish_by_inventory_item_group"
END_GROUP = f"{INVENTORY}/offer/withdraw_by_inventory_item_group"
SIX_AXES = [{"name": str(number), "values": ["x"]} for number in range(6)]
NO_SKUS = list[str]()
ASKED = {"inventoryItemGroupKey": "TEE", "marketplaceId": "EBAY_US"}


def tee(size: str, **changes: Any) -> Document:  # noqa: ANN401  (parts of a document)
    """Return the body of one T-shirt."""
    aspects = {"Size": [size], "Brand": ["Loom"], "Department": ["Men"]}
    return item(product={"aspects": aspects, **changes})


def group(*sizes: str, **changes: object) -> Document:
    """Return the body of the group with these sizes."""
    axis = {"name": "Size", "values": ["S", "M", "L", "XL"]}
    whole: Document = {
        "title": "Plain T-shirt",
        "description": "<p>Cotton.</p>",
        "imageUrls": ["https://img.example/tee.jpg"],
        "aspects": {"Brand": ["Loom"]},
        "variantSKUs": [f"TEE-{size}" for size in sizes],
        "variesBy": {"specifications": [axis], "aspectsImageVariesBy": ["Size"]},
    }
    return whole | changes


def ready(seller: Seller, *sizes: str, **terms: object) -> list[str]:
    """Store items, group and offers; return the offer ids."""
    for size in sizes:
        seller.put_item(f"TEE-{size}", tee(size))
    stored = seller.call("PUT", GROUP, group(*sizes))
    assert stored.status in {201, 204}, stored.raw
    return [seller.create_offer(f"TEE-{size}", categoryId="201", **terms) for size in sizes]


def publish(seller: Seller) -> Answer:
    """Put the group live."""
    return seller.call("POST", BY_GROUP, ASKED)


def test_a_group_is_stored_whole_and_read_back(seller: Seller) -> None:
    ready(seller, "S", "M")
    assert seller.call("GET", GROUP).json == group("S", "M") | {"inventoryItemGroupKey": "TEE"}
    assert seller.get_item("TEE-S").json["inventoryItemGroupKeys"] == ["TEE"]
    assert seller.call("PUT", GROUP, group("S", "M")).status == 204


def test_a_group_is_published_as_one_listing_and_withdrawn_whole(
    mockbay: MockServer, seller: Seller
) -> None:
    offers = ready(seller, "S", "M")
    listing_id = publish(seller).json["listingId"]
    assert {seller.get_offer(one)["listing"]["listingId"] for one in offers} == {listing_id}
    assert publish(seller).json["listingId"] == listing_id, "publishing again is a revision"
    assert mockbay.listings()[listing_id]["revisions"] == 1
    assert seller.call("POST", END_GROUP, ASKED).status == 204
    assert {seller.get_offer(one)["status"] for one in offers} == {"UNPUBLISHED"}
    assert seller.call("POST", END_GROUP, ASKED).error["errorId"] == 25726
    assert publish(seller).json["listingId"] != listing_id


def test_a_new_member_joins_the_live_listing(mockbay: MockServer, seller: Seller) -> None:
    ready(seller, "S")
    listing_id = publish(seller).json["listingId"]
    seller.put_item("TEE-M", tee("M"))
    seller.call("PUT", GROUP, group("S", "M"))
    seller.create_offer("TEE-M", categoryId="201")
    assert publish(seller).json["listingId"] == listing_id
    assert len(mockbay.listings()[listing_id]["offer_ids"]) == 2


def test_a_member_left_out_stops_being_a_variation_unless_it_sold(
    mockbay: MockServer, seller: Seller
) -> None:
    small, medium = ready(seller, "S", "M")
    publish(seller)
    order = mockbay.buy("TEE-S")
    assert order["lines"][0]["group"] == "TEE"
    refused = seller.call("PUT", GROUP, group("M"))
    assert (refused.status, refused.error["errorId"]) == (400, 25013)
    assert seller.call("PUT", GROUP, group("S")).status == 204
    assert seller.get_offer(medium)["status"] == "UNPUBLISHED"
    assert seller.get_offer(small)["status"] == "PUBLISHED"
    assert seller.get_item("TEE-M").json["groupIds"] == []
    assert seller.call("DELETE", f"{INVENTORY}/offer/{small}").error["errorId"] == 25002


def test_the_offer_of_a_variation_that_sold_is_not_deleted(
    mockbay: MockServer, seller: Seller
) -> None:
    sold, other = ready(seller, "S", "M")
    publish(seller)
    mockbay.buy("TEE-S")
    assert seller.call("DELETE", f"{INVENTORY}/offer/{sold}").error_ids == [25002]
    assert seller.call("DELETE", f"{INVENTORY}/offer/{other}").status == 204
    assert [one["status"] for one in mockbay.listings().values()] == ["ACTIVE"]


def test_a_group_with_a_policy_of_another_marketplace_is_misled_like_an_offer(
    seller: Seller,
) -> None:
    british = seller.offer("x", "EBAY_GB")["listingPolicies"]
    ready(seller, "S", listingPolicies=british)
    answer = publish(seller)
    assert (answer.status, set(answer.error_ids)) == (404, {25713})


def test_one_variation_can_be_withdrawn_alone(seller: Seller) -> None:
    small, medium = ready(seller, "S", "M")
    publish(seller)
    assert seller.withdraw(small).status == 200
    assert seller.get_offer(medium)["status"] == "PUBLISHED"


def test_incomplete_members_are_left_out_silently(mockbay: MockServer, seller: Seller) -> None:
    small, medium = ready(seller, "S", "M")
    seller.put_item("TEE-M", tee("M") | {"condition": None})
    live = publish(seller)
    assert live.status == 200
    assert mockbay.listings()[live.json["listingId"]]["offer_ids"] == [small]
    assert seller.get_offer(medium)["status"] == "UNPUBLISHED"
    seller.call("POST", END_GROUP, ASKED)
    seller.put_item("TEE-S", tee("S") | {"condition": None})
    assert publish(seller).error["errorId"] == 25021, "none is complete"


def test_a_member_cannot_be_published_alone(seller: Seller) -> None:
    offers = ready(seller, "S")
    assert seller.publish(offers[0]).error["errorId"] == 25732


def test_a_sku_is_in_one_group_and_not_listed_singly(seller: Seller) -> None:
    ready(seller, "S")
    other = f"{INVENTORY}/inventory_item_group/OTHER"
    assert seller.call("PUT", other, group("S")).error["errorId"] == 25703
    seller.live("TEE-L")
    assert seller.call("PUT", other, group("L")).error["errorId"] == 25704
    assert seller.call("PUT", other, group("X")).error["errorId"] == 25701


@pytest.mark.parametrize(
    ("changes", "error_id"),
    [
        ({"title": "x" * 81}, 25016),
        ({"variantSKUs": NO_SKUS}, 25013),
        ({"variantSKUs": "TEE-S"}, 2004),
        ({"variantSKUs": ["TEE-S", "TEE-S"]}, 25013),
        ({"variesBy": None}, 25013),
        ({"variesBy": {"specifications": SIX_AXES}}, 25013),
        ({"variesBy": {"specifications": [{"name": "Size", "values": ["S"]}],
                       "aspectsImageVariesBy": ["Color"]}}, 25013),
        ({"imageUrls": ["ftp://img.example/a.jpg"]}, 25015),
    ],
)  # fmt: skip
def test_a_wrong_group_is_refused(
    seller: Seller, changes: dict[str, object], error_id: int
) -> None:
    seller.put_item("TEE-S", tee("S"))
    answer = seller.call("PUT", GROUP, group("S", **changes))
    assert (answer.status, answer.error["errorId"]) == (400, error_id)
    long = f"{INVENTORY}/inventory_item_group/{'x' * 51}"
    assert seller.call("PUT", long, group("S")).error["errorId"] == 25709


def test_the_most_variations_can_be_switched(mockbay: MockServer, seller: Seller) -> None:
    mockbay.switch(variation_limit=1)
    ready(seller, "S")
    seller.put_item("TEE-M", tee("M"))
    assert seller.call("PUT", GROUP, group("S", "M")).error["errorId"] == 25013


def test_variations_must_differ_on_axes_that_may_vary(seller: Seller) -> None:
    ready(seller, "S", "M")
    seller.put_item("TEE-M", tee("S"))
    assert publish(seller).error_ids == [25013]
    seller.put_item("TEE-M", tee("Huge"))
    assert publish(seller).error["parameters"] == [{"name": "aspectName", "value": "Size"}]
    seller.put_item("TEE-M", tee("M", imageUrls=["https://img.example/a.jpg"] * 13))
    assert publish(seller).error_ids == [25014]
    brand = {"specifications": [{"name": "Brand", "values": ["Loom"]}]}
    seller.call("PUT", GROUP, group("S", variesBy=brand))
    assert publish(seller).error_ids == [25013]


def test_the_members_share_a_category_that_permits_variations(seller: Seller) -> None:
    small, medium = ready(seller, "S", "M")
    path = f"{INVENTORY}/offer/"
    for category, error_ids in (("202", [25005]), ("401", [25013]), ("200", [25005])):
        seller.call("PUT", path + small, seller.offer("TEE-S", categoryId=category))
        if category != "202":
            seller.call("PUT", path + medium, seller.offer("TEE-M", categoryId=category))
        assert publish(seller).error_ids == error_ids
    best = seller.offer("TEE-S", categoryId="201")
    best["listingPolicies"]["bestOfferTerms"] = {"bestOfferEnabled": True}
    seller.call("PUT", path + small, best)
    seller.call("PUT", path + medium, seller.offer("TEE-M", categoryId="201"))
    assert publish(seller).error_ids == [25013]


def test_a_group_that_is_not_there_or_has_no_offers_is_refused(
    mockbay: MockServer, seller: Seller
) -> None:
    assert seller.call("GET", GROUP).error["errorId"] == 25705
    assert publish(seller).error["errorId"] == 25705
    assert seller.call("POST", BY_GROUP, {}).error["errorId"] == 25709
    seller.put_item("TEE-S", tee("S"))
    seller.call("PUT", GROUP, group("S"))
    assert publish(seller).error["errorId"] == 25725
    seller.create_offer("TEE-S", categoryId="201")
    publish(seller)
    mockbay.end_listing("TEE-S")
    assert publish(seller).error["errorId"] == 25001
    with pytest.raises(ControlError):
        mockbay.buy("TEE-S")


def test_a_deleted_group_ends_its_listing_and_frees_its_items(
    mockbay: MockServer, seller: Seller
) -> None:
    ready(seller, "S", "M")
    publish(seller)
    seller.call("DELETE", f"{INVENTORY}/inventory_item/TEE-M", {})
    assert seller.call("GET", GROUP).json["variantSKUs"] == ["TEE-S"]
    assert seller.call("DELETE", GROUP, {}).status == 204
    assert [one["status"] for one in mockbay.listings().values()] == ["ENDED"]
    assert seller.get_item("TEE-S").json["groupIds"] == []


def test_a_live_group_on_hold_is_not_revised(mockbay: MockServer, seller: Seller) -> None:
    ready(seller, "S")
    publish(seller)
    mockbay.hold("TEE-S")
    assert seller.call("PUT", GROUP, group("S")).error["errorId"] == 25097
    mockbay.switch(hold_allows_revision=True)
    warned = seller.call("PUT", GROUP, group("S"))
    assert (warned.status, warned.json["warnings"][0]["errorId"]) == (200, 25096)
    assert seller.call("POST", END_GROUP, ASKED).error["errorId"] == 25098
    mockbay.unhold("TEE-S")
    assert seller.call("POST", END_GROUP, ASKED).status == 204


def test_an_edit_on_the_site_changes_the_words_of_the_group(
    mockbay: MockServer, seller: Seller
) -> None:
    ready(seller, "S", "M")
    publish(seller)
    before = seller.get_item("TEE-S").json["product"]
    mockbay.seller_edit("TEE-S", title="Soft T-shirt", description="<p>Softer.</p>")
    read = seller.call("GET", GROUP).json
    assert (read["title"], read["description"]) == ("Soft T-shirt", "<p>Softer.</p>")
    assert seller.get_item("TEE-S").json["product"] == before


@pytest.mark.parametrize(("by", "error_id"), [("seller", 25001), ("ebay", 25019)])
def test_a_group_that_others_ended_does_not_go_live_again(
    mockbay: MockServer, seller: Seller, by: str, error_id: int
) -> None:
    ready(seller, "S", "M")
    publish(seller)
    mockbay.end_listing("TEE-M", by=by)
    assert publish(seller).error["errorId"] == error_id
