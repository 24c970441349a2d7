"""The calls, built as eBay wants them."""

from dataclasses import replace

import pytest

from baysync.ebay import accounts, calls, identity, inventory, offers
from baysync.ebay.model import Answer, Call, Family, Operation
from support.ebay_calls import EVERY


def spelled(call: Call) -> tuple[str, str]:
    return call.method, call.path


@pytest.mark.parametrize(
    ("call", "method", "path"),
    [
        (
            inventory.get_inventory_item("A 1/ü%?"),
            "GET",
            "/sell/inventory/v1/inventory_item/A%201%2F%C3%BC%25%3F",
        ),
        (inventory.delete_inventory_item("A"), "DELETE", "/sell/inventory/v1/inventory_item/A"),
        (
            inventory.get_inventory_items(limit=5),
            "GET",
            "/sell/inventory/v1/inventory_item?limit=5",
        ),
        (
            inventory.get_inventory_item_group("G/1"),
            "GET",
            "/sell/inventory/v1/inventory_item_group/G%2F1",
        ),
        (
            inventory.delete_inventory_item_group("G"),
            "DELETE",
            "/sell/inventory/v1/inventory_item_group/G",
        ),
        (inventory.get_location("L 1"), "GET", "/sell/inventory/v1/location/L%201"),
        (inventory.get_locations(), "GET", "/sell/inventory/v1/location?limit=100"),
        (inventory.create_location("L", {}), "POST", "/sell/inventory/v1/location/L"),
        (offers.get_offer("1"), "GET", "/sell/inventory/v1/offer/1"),
        (offers.get_offers("A&b"), "GET", "/sell/inventory/v1/offer?sku=A%26b"),
        (
            offers.get_offers("A", marketplace="EBAY_DE"),
            "GET",
            "/sell/inventory/v1/offer?sku=A&marketplace_id=EBAY_DE",
        ),
        (offers.delete_offer("1"), "DELETE", "/sell/inventory/v1/offer/1"),
        (offers.publish_offer("1"), "POST", "/sell/inventory/v1/offer/1/publish"),
        (offers.withdraw_offer("1"), "POST", "/sell/inventory/v1/offer/1/withdraw"),
        (accounts.get_privileges(), "GET", "/sell/account/v1/privilege"),
        (
            accounts.get_opted_in_programs(),
            "GET",
            "/sell/account/v1/program/get_opted_in_programs",
        ),
        (accounts.opt_in_to_business_policies(), "POST", "/sell/account/v1/program/opt_in"),
        (
            accounts.get_policies(accounts.PolicyKind.RETURN, marketplace="EBAY_GB"),
            "GET",
            "/sell/account/v1/return_policy?marketplace_id=EBAY_GB",
        ),
        (identity.get_user(), "GET", "/commerce/identity/v1/user/"),
    ],
)
def test_a_call_has_its_method_and_its_encoded_path(call: Call, method: str, path: str) -> None:
    assert spelled(call) == (method, path)


@pytest.mark.parametrize("call", [offers.publish_offer("1"), offers.withdraw_offer("1")])
def test_publish_and_withdraw_send_an_empty_object(call: Call) -> None:
    assert (call.body, call.keys, call.idempotent, call.language) == ({}, ("1",), False, None)


@pytest.mark.parametrize(
    "call",
    [
        offers.publish_group("G", marketplace="EBAY_DE"),
        offers.withdraw_group("G", marketplace="EBAY_DE"),
    ],
)
def test_groups_are_published_by_key_and_marketplace(call: Call) -> None:
    assert call.body == {"inventoryItemGroupKey": "G", "marketplaceId": "EBAY_DE"}
    assert call.path.endswith("_by_inventory_item_group")
    assert (call.keys, call.marketplace) == (("G",), "EBAY_DE")


def test_text_travels_under_the_language_it_is_written_in() -> None:
    item = inventory.put_inventory_item("A", "de_AT", {"condition": "NEW"}, marketplace="EBAY_AT")
    group = inventory.put_inventory_item_group("G", "fr_CA", {}, marketplace="EBAY_CA")
    offer = {"sku": "A", "marketplaceId": "EBAY_DE", "format": "FIXED_PRICE"}
    assert (item.language, item.marketplace, item.method) == ("de-AT", "EBAY_AT", "PUT")
    assert (group.language, group.keys) == ("fr-CA", ("G",))
    assert offers.create_offer(offer).language == "de-DE"
    assert offers.update_offer("1", {}, marketplace="EBAY_CA").language == "en-CA"
    french = offers.update_offer("1", {}, marketplace="EBAY_CA", language="fr-CA")
    assert (french.language, french.idempotent) == ("fr-CA", True)


def test_bulk_items_carry_sku_and_locale_in_every_row() -> None:
    call = inventory.bulk_create_or_replace_inventory_item(
        [("A", "en_GB", {"condition": "NEW"}), ("B", "en_GB", {})], marketplace="EBAY_GB"
    )
    assert call.body == {
        "requests": [
            {"condition": "NEW", "sku": "A", "locale": "en_GB"},
            {"sku": "B", "locale": "en_GB"},
        ]
    }
    assert (call.keys, call.language, call.marketplace) == (("A", "B"), "en-GB", "EBAY_GB")
    assert call.idempotent


def test_bulk_offers_are_of_one_marketplace_and_never_repeated_blindly() -> None:
    one = {"sku": "A", "marketplaceId": "EBAY_DE"}
    call = offers.bulk_create_offer([one, {**one, "sku": "B"}])
    assert (call.keys, call.language, call.idempotent) == (("A", "B"), "de-DE", False)
    publish = offers.bulk_publish_offer(["1", "2"], marketplace="EBAY_DE")
    assert publish.body == {"requests": [{"offerId": "1"}, {"offerId": "2"}]}
    assert (publish.keys, publish.idempotent) == (("1", "2"), False)
    with pytest.raises(ValueError, match="one marketplace"):
        offers.bulk_create_offer([one, {"sku": "B", "marketplaceId": "EBAY_US"}])


def test_the_other_bulk_calls_name_their_rows() -> None:
    read = inventory.bulk_get_inventory_item(["A", "B"])
    assert (read.body, read.keys) == ({"requests": [{"sku": "A"}, {"sku": "B"}]}, ("A", "B"))
    prices = inventory.bulk_update_price_quantity([{"sku": "A", "offers": []}])
    assert (prices.keys, prices.idempotent) == (("A",), True)
    migrate = inventory.bulk_migrate_listing(["110"])
    assert (migrate.keys, migrate.body) == (("110",), {"requests": [{"listingId": "110"}]})


def test_calls_ebay_would_refuse_whole_are_not_built() -> None:
    with pytest.raises(ValueError, match="1 to 25 rows in a call, not 26"):
        inventory.bulk_get_inventory_item([str(i) for i in range(26)])
    with pytest.raises(ValueError, match="not 0"):
        inventory.bulk_create_or_replace_inventory_item([])
    with pytest.raises(ValueError, match="1 to 5 rows"):
        inventory.bulk_migrate_listing(list("123456"))
    with pytest.raises(ValueError, match="key of its own"):
        inventory.bulk_get_inventory_item(["A", "A"])
    with pytest.raises(ValueError, match="key of its own"):
        inventory.bulk_update_price_quantity([{"offers": []}])
    with pytest.raises(ValueError, match="share one locale"):
        inventory.bulk_create_or_replace_inventory_item([("A", "en_GB", {}), ("B", "de_DE", {})])


def test_the_next_page_is_followed_only_where_it_belongs() -> None:
    first = inventory.get_inventory_items(limit=2)
    here = "/sell/inventory/v1/inventory_item"

    def after(link: object) -> Call | None:
        return calls.following(Answer(call=first, status=200, body={"next": link}))

    for link in (f"https://api.ebay.com{here}?limit=2&offset=1", f"{here}?limit=2&offset=1"):
        assert after(link) == replace(first, path=f"{here}?limit=2&offset=1")
    for link in (None, "", 7, f"{here}?limit=2", here, "/oauth?x=1"):
        assert after(link) is None


def test_a_read_may_ask_for_the_applications_token() -> None:
    call = calls.get(Operation.GET_RATE_LIMITS, "/x", Family.ANALYTICS, application=True)
    assert call.application
    assert calls.with_query("/x", a=None) == "/x"


def test_every_operation_has_a_builder() -> None:
    tokens = {Operation.EXCHANGE_CODE, Operation.REFRESH_ACCESS, Operation.APPLICATION_ACCESS}
    assert set(EVERY) == set(Operation) - tokens
