"""What a category, a policy or a place asks for before anything goes live, and each limit."""

import pytest

from mockbay.client import MockServer
from support.mockbay_calls import INVENTORY, Document, Seller, item

CODE = "4006381333931"
MAKER = {"manufacturer": {"companyName": "Lumen"}}


def charger(**product: object) -> Document:
    """Return the body of an item of the category Chargers."""
    aspects = {"Brand": ["Lumen"], "Model": ["C1"]}
    return item(product={"aspects": aspects, "ean": [CODE], **product})


@pytest.mark.parametrize(
    ("product", "terms", "error_ids"),
    [
        ({}, {}, None),
        ({"ean": ["Does not apply"]}, {}, None),
        ({"ean": None}, {}, [25002]),
        ({"ean": ["4006381333932"]}, {}, [25002]),
        ({"upc": ["12345"]}, {}, [25002]),
        ({"aspects": {"Brand": ["L"], "Model": ["x" * 51]}}, {}, [25022]),
        ({}, {"regulatory": None}, [25111]),
        ({}, {"regulatory": MAKER | {"responsiblePersons": [{"companyName": "A"}]}}, [25116]),
    ],
)
def test_a_category_asks_for_a_code_a_maker_and_its_own_lengths(
    seller: Seller, product: Document, terms: Document, error_ids: list[int] | None
) -> None:
    assert seller.put_item("C1", charger(**product)).status == 201
    offer_id = seller.create_offer("C1", **{"categoryId": "303", "regulatory": MAKER, **terms})
    answer = seller.publish(offer_id)
    assert answer.status == (200 if error_ids is None else 400)
    assert error_ids is None or answer.error_ids == error_ids


def test_metadata_names_what_a_regulated_category_wants(seller: Seller) -> None:
    path = "/sell/metadata/v1/marketplace/EBAY_DE/get_regulatory_policies?filter="
    (policy,) = seller.call("GET", f"{path}categoryIds:%7B101%7C303%7D").json["regulatoryPolicies"]
    assert policy["categoryId"] == "303"
    assert policy["supportedAttributes"] == [{"name": "MANUFACTURER_CONTACT", "usage": "REQUIRED"}]


def test_what_aspects_say_of_a_product_is_picked_up_and_its_codes_count_as_aspects(
    seller: Seller,
) -> None:
    said = {"Artist": ["The Examples"], "MPN": ["X-1"], "Marke": ["Lumen"], "UPC": ["036000291452"]}
    product = {"aspects": said, "ean": ["4006381333931"], "upc": []}
    seller.put_item("CD", item(product=product))
    shown = seller.get_item("CD").json["product"]
    assert (shown["mpn"], shown["brand"], shown["upc"]) == ("X-1", "Lumen", ["036000291452"])
    cds = "402"  # EAN is an aspect that this category requires
    assert seller.publish(seller.create_offer("CD", categoryId=cds)).status == 200
    seller.put_item("LP", item(product=product | {"ean": []}))
    assert seller.publish(seller.create_offer("LP", categoryId=cds)).error_ids == [25002]


@pytest.mark.parametrize(
    ("more", "error_id"),
    [({"takeBackPolicyId": "x1"}, 25766), ({"productCompliancePolicyIds": ["1", "x"]}, 25767)],
)
def test_ids_of_other_policies_are_numbers(
    seller: Seller, more: dict[str, object], error_id: int
) -> None:
    seller.put_item("LAMP-1")
    policies = seller.offer("LAMP-1")["listingPolicies"] | more
    offer_id = seller.create_offer("LAMP-1", listingPolicies=policies)
    assert seller.publish(offer_id).error_ids == [error_id]


@pytest.mark.parametrize(
    ("product", "error_id"),
    [
        ({"subtitle": "x" * 56}, 25016),
        ({"description": "x" * 4001}, 25016),
        ({"brand": "x" * 66}, 25016),
        ({"mpn": "x" * 66}, 25016),
        ({"aspects": {"Features": ["x"] * 31}}, 25022),
        ({"imageUrls": [f"https://img.example/{'x' * 500}"]}, 25015),
    ],
)
def test_each_text_of_an_item_has_its_length(
    seller: Seller, product: Document, error_id: int
) -> None:
    assert seller.put_item("LAMP-1", item(product=product)).error_ids == [error_id]
    fitting = {
        "subtitle": "ü" * 55,
        "description": "ü" * 4000,
        "brand": "x" * 65,
        "imageUrls": ["https://img.example/a%20b.jpg"] * 24,
        "aspects": {"x" * 40: ["y" * 65] * 30},
    }
    assert seller.put_item("LAMP-1", item(product=fitting)).status == 201, "characters, not bytes"


def test_a_start_date_is_a_moment(seller: Seller) -> None:
    seller.put_item("LAMP-1")
    body = seller.offer("LAMP-1", listingStartDate="tomorrow")
    assert seller.call("POST", f"{INVENTORY}/offer", body).error_ids == [25752]
    seller.create_offer("LAMP-1", listingStartDate="2026-02-01T00:00:00.000Z")


def test_a_live_offer_cannot_be_edited_once_its_location_is_out_of_use(seller: Seller) -> None:
    offer_id = seller.live("LAMP-1")
    path = f"{INVENTORY}/location/main-warehouse"
    seller.call("POST", f"{path}/disable", {})
    edit = f"{INVENTORY}/offer/{offer_id}"
    assert seller.call("PUT", edit, seller.offer("LAMP-1")).error_ids == [25012]
    seller.call("DELETE", path)
    assert seller.call("PUT", edit, seller.offer("LAMP-1")).error_ids == [25012]
    assert seller.get_offer(offer_id)["listing"]["listingStatus"] == "ACTIVE"


def test_a_location_is_not_put_but_posted(seller: Seller) -> None:
    answer = seller.call("PUT", f"{INVENTORY}/location/annex", {"name": "Annex"})
    assert (answer.status, answer.error_ids) == (400, [2004])


def test_strict_fields_are_looked_for_at_every_depth(mockbay: MockServer, seller: Seller) -> None:
    mockbay.switch(strict_fields=True)
    product = {"product": {"colour": "red"}}
    assert "[colour]" in seller.put_item("A", item(**product)).error["parameters"][0]["value"]
    row = {"sku": "A", "price": "1"}
    path = f"{INVENTORY}/bulk_update_price_quantity"
    assert seller.call("POST", path, {"requests": [row]}).error_ids == [2004]
    assert seller.put_item("A", item(product={"aspects": {"Any name": ["x"]}})).status == 201
    assert seller.publish(seller.create_offer("A")).error_ids == [25002], "only the aspects lack"


def test_what_is_too_many_for_one_call_is_refused_whole(
    mockbay: MockServer, seller: Seller
) -> None:
    offer = seller.offer("A")
    for path, field, row, most, error_id in (
        ("bulk_get_inventory_item", "requests", {"sku": "A"}, 25, 25727),
        ("bulk_create_offer", "requests", offer, 25, 25730),
        ("bulk_update_price_quantity", "requests", {"sku": "A"}, 25, 25709),
        ("bulk_migrate_listing", "requests", {"listingId": "1"}, 5, 25718),
        ("offer/get_listing_fees", "offers", {"offerId": "1"}, 250, 25709),
    ):
        answer = seller.call("POST", f"{INVENTORY}/{path}", {field: [row] * (most + 1)})
        assert (answer.status, answer.error_ids) == (400, [error_id]), path
    assert mockbay.state()["accounts"]["seller-one"]["offers"] == {}
    rows = [{"sku": "A"}, {"sku": "A"}]
    answer = seller.call("POST", f"{INVENTORY}/bulk_get_inventory_item", {"requests": rows})
    assert answer.error_ids == [25734]
