"""What a seller sets on eBay's site: any leaf of item, offer and group, and its variations."""

from typing import Any

import pytest

from mockbay.client import ControlError, MockServer
from mockbay.leaves import Kind, settable
from support.mockbay_calls import INVENTORY, Document, Seller, item
from support.settable import FIELDS, Field, value_at
from support.tees import GROUP, shown, tees


def test_the_table_of_settable_fields_has_every_leaf_that_the_mock_knows() -> None:
    for kind in ("item", "offer", "group"):
        known = {field.path.split("aspects.")[0].rstrip(".") for field in FIELDS[kind]}
        leaves = {path.removesuffix("aspects").rstrip(".") for path in settable(kind)}
        assert known == leaves, kind


@pytest.mark.parametrize("kind", ["item", "offer", "group"])
def test_every_leaf_is_stored_shown_and_gone_when_a_replacement_leaves_it_out(
    mockbay: MockServer, seller: Seller, kind: Kind
) -> None:
    tees(seller)
    before = shown(seller, kind)
    mockbay.seller_set("TEE-S", {f.path: f.value for f in FIELDS[kind] if f.alone}, of=kind)
    after = shown(seller, kind)
    lost = [f.path for f in FIELDS[kind] if f.alone and value_at(after, f.path) != f.value]
    assert lost == []
    replace(seller, kind, after)
    assert shown(seller, kind) == after, "a replacement by what was read changes nothing"
    replace(seller, kind, before)
    assert shown(seller, kind) == before, "what a body does not carry is gone"


def replace(seller: Seller, kind: Kind, document: Document) -> None:
    """Put a document that was read back in place of what stands."""
    if kind == "group":
        answer = seller.call("PUT", GROUP, document)
    elif kind == "item":
        answer = seller.put_item("TEE-S", document)
    else:
        answer = seller.call("PUT", f"{INVENTORY}/offer/{document['offerId']}", document)
    assert answer.status in {200, 204}, answer.raw


def test_leaves_are_set_and_removed_on_what_is_not_live_yet_too(
    mockbay: MockServer, seller: Seller
) -> None:
    seller.put_item("LAMP-1", item(product={"aspects": {"Brand": ["Lumen"], "Type": ["Lamp"]}}))
    seller.create_offer("LAMP-1")
    aspects = "product.aspects.Size (approx., cm)"
    made = mockbay.seller_set("LAMP-1", {aspects: ["9.5"]}, remove=["product.aspects.Type"])
    assert made["product"]["aspects"] == {"Brand": ["Lumen"], "Size (approx., cm)": ["9.5"]}
    terms = {"quantityLimitPerBuyer": 2, "pricingSummary.price.value": "9.9"}
    offer = mockbay.seller_set("LAMP-1", terms, of="offer", marketplace="EBAY_US")
    assert offer["quantityLimitPerBuyer"] == 2
    assert offer["pricingSummary"]["price"] == {"value": "9.90", "currency": "USD"}
    quantity = "availability.shipToLocationAvailability.quantity"
    assert mockbay.seller_set("LAMP-1", {quantity: 9})["availability"][
        "shipToLocationAvailability"
    ]["allocationByFormat"] == {"auction": 0, "fixedPrice": 9}


def test_an_object_is_set_and_taken_out_whole(mockbay: MockServer, seller: Seller) -> None:
    seller.put_item("LAMP-1")
    seller.create_offer("LAMP-1")
    terms = {"bestOfferEnabled": True, "autoAcceptPrice": {"value": "9.00", "currency": "USD"}}
    path = "listingPolicies.bestOfferTerms"
    made = mockbay.seller_set("LAMP-1", {path: terms}, of="offer")
    assert value_at(made, path) == terms
    left = mockbay.seller_set("LAMP-1", of="offer", remove=[f"{path}.autoAcceptPrice"])
    assert value_at(left, path) == {"bestOfferEnabled": True}
    assert value_at(mockbay.seller_set("LAMP-1", of="offer", remove=[path]), path) is None
    with pytest.raises(ControlError, match="value of this type"):
        mockbay.seller_set("LAMP-1", {path: {"bestOfferEnabled": 1}}, of="offer")


def test_an_edit_of_a_live_document_counts_as_a_revision(
    mockbay: MockServer, seller: Seller
) -> None:
    tees(seller)
    for kind, leaf in (("item", "product.epid"), ("offer", "lotSize"), ("group", "subtitle")):
        mockbay.seller_set("TEE-S", {leaf: 2 if leaf == "lotSize" else "1"}, of=kind)
    assert [one["revisions"] for one in mockbay.listings().values()] == [3]


WRONG: list[tuple[Document, str]] = [
    ({"set": {"product.ePid": "1"}}, "did you mean product.epid"),
    ({"set": {"quantityLimit": 1}, "of": "offer"}, "quantityLimitPerBuyer"),
    ({"set": {"sku": "B"}}, "cannot set this of an item"),
    ({"remove": ["titel"], "of": "group"}, "title"),
    ({"set": {"product.imageUrls": "x"}}, "product.imageUrls: a value of this type"),
    ({"set": {"product.title": None}}, "product.title: a value of this type"),
    ({"set": {"product.title": "x" * 81}}, "at most 80"),
    ({"set": {"storeCategoryNames": ["/a", "/b", "/c"]}, "of": "offer"}, "at most 2"),
    ({"set": {"variantSKUs": ["TEE-S", "NONE"]}, "of": "group"}, "NONE"),
    ({"sku": "NONE"}, "no item NONE"),
    ({"marketplace": "EBAY_DE", "of": "offer"}, "no offer of TEE-S on EBAY_DE"),
    ({"sku": "NONE", "of": "group"}, "no group of NONE"),
    ({"group": "NONE", "of": "group"}, "no group NONE"),
]


@pytest.mark.parametrize(("body", "why"), WRONG, ids=[why for _, why in WRONG])
def test_an_edit_that_the_site_would_not_take_says_why(
    mockbay: MockServer, seller: Seller, body: dict[str, Any], why: str
) -> None:
    tees(seller)
    body = {"sku": "TEE-S"} | body
    with pytest.raises(ControlError, match=why):
        mockbay.seller_set(body.pop("sku"), body.pop("set", {}), **body)


def test_a_variation_comes_into_a_live_group_and_leaves_it(
    mockbay: MockServer, seller: Seller
) -> None:
    tees(seller)
    large: Document = {"sku": "OWN-L", "aspects": {"Size": ["L"]}, "quantity": 3, "price": "9"}
    group = mockbay.seller_members("TEE-S", add=[large])
    assert group["variantSKUs"] == ["TEE-S", "TEE-M", "OWN-L"]
    assert group["variesBy"]["specifications"] == [{"name": "Size", "values": ["S", "M", "L"]}]
    offer = shown(seller, "offer", "OWN-L")
    assert offer["status"] == "PUBLISHED"
    assert offer["pricingSummary"]["price"]["value"] == "9.00"
    assert mockbay.buy("OWN-L", 2)["lines"][0]["sku"] == "OWN-L"
    with pytest.raises(ControlError, match="has sold"):
        mockbay.seller_members("TEE-S", remove=["OWN-L"])
    assert mockbay.seller_members("TEE-S", remove=["TEE-M"])["variantSKUs"] == ["TEE-S", "OWN-L"]
    assert shown(seller, "offer", "TEE-M")["status"] == "UNPUBLISHED"
    with pytest.raises(ControlError, match="OWN-L already"):
        mockbay.seller_members("TEE-S", add=[large])


def test_the_table_names_an_example_that_its_own_path_finds() -> None:
    document: Document = {"product": {"aspects": {"A.b": ["c"]}}}
    assert value_at(document, "product.aspects.A.b") == ["c"]
    assert value_at(document, "product.title") is None
    assert Field("x", 1).alone
