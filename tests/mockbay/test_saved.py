"""A mock's state is saved, put back, and started with from a file."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from mockbay.cli import app
from mockbay.client import ControlError, MockServer, running
from support.mockbay_calls import INVENTORY, ORDERS, PICTURE, Seller, item

ACCOUNT = "seller-one"
POLICY = {"name": "Mine", "marketplaceId": "EBAY_US",
          "categoryTypes": [{"name": "ALL_EXCLUDING_MOTORS_VEHICLES"}]}  # fmt: skip
Body = dict[str, Any]
LINE = {"line_item_id": "5", "sku": "A", "listing_id": "9", "quantity": 2, "price": "4.50"}
ORDER: Body = {"created": 1, "marketplace": "EBAY_DE", "currency": "EUR", "lines": [LINE]}


def busy(mockbay: MockServer, seller: Seller) -> dict[str, str]:
    """Let a seller have one thing of every kind; return the ids of his offers by SKU."""
    offers = {sku: seller.live(sku) for sku in ("LAMP-1", "GONE", "BANNED", "DOWN", "HELD")}
    mockbay.buy("LAMP-1")
    mockbay.cancel_order(mockbay.buy("LAMP-1")["orderId"])
    shipped = mockbay.buy(lines=[{"sku": "LAMP-1"}, {"sku": "HELD", "quantity": 2}])
    held = shipped["lines"][1]["line_item_id"]
    seller.ship(shipped["orderId"], {held: 2}, tracking="TRACK1")
    amount = {"value": "5.00", "currency": "USD"}
    refund = {"reasonForRefund": "SHIPPING_DISCOUNT", "orderLevelRefundAmount": amount}
    assert seller.call("POST", f"{ORDERS}/{shipped['orderId']}/issue_refund", refund).status == 200
    mockbay.end_listing("GONE")
    mockbay.end_listing("BANNED", by="ebay")
    seller.withdraw(offers["DOWN"])
    mockbay.hold("HELD")
    sizes = {"Brand": ["Loom"], "Department": ["Men"]}
    for size in ("S", "M"):
        seller.put_item(f"TEE-{size}", item(product={"aspects": sizes | {"Size": [size]}}))
        seller.create_offer(f"TEE-{size}", categoryId="201")
    axes = {"specifications": [{"name": "Size", "values": ["S", "M"]}]}
    group = {"title": "Tee", "description": "Tee", "imageUrls": [PICTURE], "variesBy": axes}
    members = {"variantSKUs": ["TEE-S", "TEE-M"]}
    assert seller.call("PUT", f"{INVENTORY}/inventory_item_group/TEE", group | members).status < 300
    asked = {"inventoryItemGroupKey": "TEE", "marketplaceId": "EBAY_US"}
    by_group = f"{INVENTORY}/offer/publish_by_inventory_item_group"
    assert seller.call("POST", by_group, asked).status == 200
    seller.call("POST", "/sell/account/v1/payment_policy", POLICY)
    seller.call("POST", f"{INVENTORY}/location/main-warehouse/disable", {})
    mockbay.list_on_site("Old lamp", "5.00", sku="OLD")
    return offers


def test_what_was_saved_is_put_back_and_goes_on(mockbay: MockServer, seller: Seller) -> None:
    offers = busy(mockbay, seller)
    mockbay.advance(3600)
    saved = mockbay.state()
    mockbay.reset()
    mockbay.restore(saved)
    assert mockbay.state() == saved
    seller.token = mockbay.credentials["user_token"]
    assert seller.publish(offers["GONE"]).error_ids == [25001], "its binding is dead"
    assert seller.publish(offers["BANNED"]).error_ids == [25019]
    lamp = saved["accounts"][ACCOUNT]["offers"][offers["LAMP-1"]]["listing"]
    assert mockbay.buy("LAMP-1")["lines"][0]["listing_id"] == lamp["listingId"]
    assert len(seller.call("GET", ORDERS).json["orders"]) == 4
    seller.put_item("NEW")
    assert seller.create_offer("NEW") not in saved["accounts"][ACCOUNT]["offers"]
    tees = seller.call("GET", f"{INVENTORY}/inventory_item_group/TEE").json
    assert tees["variantSKUs"] == ["TEE-S", "TEE-M"]


def test_a_file_by_hand_names_little_and_begins_every_world(tmp_path: Path) -> None:
    file = tmp_path / "shop.json"
    offer = {"sku": "NOVEL", "marketplaceId": "EBAY_US", "status": "PUBLISHED",
             "pricingSummary": {"price": {"value": "9.90", "currency": "USD"}}}  # fmt: skip
    novels = {"name": "Novels", "parent": "400", "aspects": [{"name": "Author", "required": True}]}
    owned = {"items": {"NOVEL": item()}, "offers": {"7": offer},
             "policies": {"payment": {"77": POLICY}}}  # fmt: skip
    first = "01-10001-20001"
    owned["orders"] = {first: ORDER}
    accounts = {ACCOUNT: owned, "three": {}}
    file.write_text(json.dumps({"categories": {"261186": novels}, "accounts": accounts}))
    with running("--seed-file", str(file), "--any-category") as mock:
        for _ in range(2):
            order = mock.buy("NOVEL")
            assert order["lines"][0]["offer_id"] == "7"
            assert order["orderId"] != first, "an id is given once"
            seller = Seller(mock.url, mock.credentials["user_token"])
            assert seller.order(first)["pricingSummary"]["total"]["value"] == "9.00"
            sell_in_own_categories(seller)
            mock.reset()
        assert mock.credentials_of("three")["account"] == "three"
        (own,) = mock.state()["categories"].values()
        assert own.items() >= {"name": "Novels", "parent": "400"}.items()


def sell_in_own_categories(seller: Seller) -> None:
    """Read the taxonomy that was loaded, and publish in a category that nobody described."""
    tree = "/commerce/taxonomy/v1/category_tree/0"
    aspects = f"{tree}/get_item_aspects_for_category?category_id="
    (author,) = seller.call("GET", f"{aspects}261186").json["aspects"]
    assert author["localizedAspectName"] == "Author"
    assert seller.call("GET", f"{aspects}15687").json["aspects"] == []
    assert seller.call("GET", f"{aspects}x").error_ids == [62005]
    below = seller.call("GET", f"{tree}/get_category_subtree?category_id=400")
    assert b"Novels" in below.raw
    found = seller.call("GET", f"{tree}/get_category_suggestions?q=novels").json
    (suggested,) = found["categorySuggestions"]
    assert suggested["categoryTreeNodeLevel"] == 2
    assert [one["categoryId"] for one in suggested["categoryTreeNodeAncestors"]] == ["400"]
    seller.put_item("B")
    policies = seller.offer("B")["listingPolicies"] | {"paymentPolicyId": "77"}
    offer_id = seller.create_offer("B", categoryId="15687", listingPolicies=policies)
    assert seller.publish(offer_id).status == 200


OFFER = {"sku": "A", "marketplaceId": "EBAY_US"}
LIVE = {"marketplace": "EBAY_US", "offer_ids": ["1"], "started": 0}


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ({"acounts": {}}, "acounts"),
        ({"now": "yesterday"}, "now"),
        ({"categories": {"5": {"name": "A", "parent": "6"}}}, "categories.5.parent"),
        ({"categories": {"5": {"name": "A", "parent": "5"}}}, "below itself"),
        ({"categories": {"5": {"name": "A", "conditions": ["OLD"]}}}, "'OLD'"),
        ({"items": {"A": {"product": {"title": 7}}}}, "items.A: product.title"),
        ({"items": {"A": {"condition": "OLD"}}}, "items.A"),
        ({"items": {"A": {"locale": "xx"}}}, "items.A.locale"),
        ({"items": {" ": {}}}, "items. "),
        ({"offers": {"1": OFFER}}, "no item 'A'"),
        ({"offers": {"1": {"sku": "A"}}}, "offers.1"),
        ({"items": {"A": {}}, "offers": {"1": OFFER, "2": OFFER}},
         "offers.2"),
        ({"listings": {"1": LIVE}}, "listings.1"),
        ({"listings": {"1": {}}}, "listings.1"),
        ({"groups": {"G": {"title": "G"}}}, "groups.G"),
        ({"groups": {"G": {"variantSKUs": ["A"], "variesBy": {"specifications": [{"name": "S"}]}}}},
         "A is no item"),
        ({"locations": {"L": {"locationTypes": ["BOAT"]}}}, "locations.L"),
        ({"policies": {"payment": {"1": {"name": "A"}}}}, "policies.payment.1"),
        ({"orders": {"1": {"price": "x"}}}, "orders.1"),
        ({"orders": {"1": ORDER | {"marketplace": "MOON"}}}, "orders.1.marketplace"),
        ({"orders": {"1": ORDER | {"lines": ORDER["lines"] * 2}}}, "orders.1.lines"),
        ({"foreign": {"1": {"title": "A"}}}, "foreign.1"),
        ({"foreign": {"1": {"title": "A", "price": "1.00", "marketplace": "MOON"}}}, "marketplace"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_whole_and_named(
    mockbay: MockServer, state: Body, said: str
) -> None:
    before = mockbay.state()
    whole = state.keys() & {"acounts", "now", "categories"}
    with pytest.raises(ControlError) as refused:
        mockbay.restore(state if whole else {"accounts": {ACCOUNT: {"items": {}} | state}})
    assert said in str(refused.value)
    assert mockbay.state() == before


def test_a_wrong_file_is_told_before_anything_starts(tmp_path: Path) -> None:
    file = tmp_path / "shop.json"
    for text in ("{", '{"acounts": {}}', '{"now": "x"}'):
        file.write_text(text)
        told = CliRunner().invoke(app, ["serve", "--seed-file", str(file)])
        assert (told.exit_code, "--seed-file" in told.output) == (2, True)
