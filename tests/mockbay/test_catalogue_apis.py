"""Taxonomy, metadata and orders answer as eBay's."""

import base64
import gzip
from urllib.parse import quote, urlencode

import pytest

from mockbay.client import ControlError, MockServer
from mockbay_calls import Seller, send

TAXONOMY = "/commerce/taxonomy/v1"
CONDITIONS = "/sell/metadata/v1/marketplace/EBAY_US/get_item_condition_policies"
ORDERS = "/sell/fulfillment/v1/order"


@pytest.fixture
def program(mockbay: MockServer) -> Seller:
    """A caller with the token of the application."""
    keys = mockbay.credentials
    pair = base64.b64encode(f"{keys['client_id']}:{keys['client_secret']}".encode()).decode()
    form = urlencode({"grant_type": "client_credentials"}).encode()
    path = "/identity/v1/oauth2/token"
    got = send(mockbay.url, "POST", path, form, {"Authorization": f"Basic {pair}"})
    return Seller(mockbay.url, got.json["access_token"])


def test_the_tree_of_a_marketplace_is_found_and_read(program: Seller) -> None:
    path = f"{TAXONOMY}/get_default_category_tree_id?marketplace_id=EBAY_DE"
    assert program.call("GET", path).json == {"categoryTreeId": "77", "categoryTreeVersion": "7"}
    whole = program.call("GET", f"{TAXONOMY}/category_tree/77").json
    assert whole["applicableMarketplaceIds"] == ["EBAY_DE"]
    homes = whole["rootCategoryNode"]["childCategoryTreeNodes"][0]
    assert homes["childCategoryTreeNodes"][0]["leafCategoryTreeNode"] is True
    below = f"{TAXONOMY}/category_tree/77/get_category_subtree?category_id=100"
    assert program.call("GET", below).json["categorySubtreeNode"] == homes


def test_aspects_tell_what_is_required_and_what_may_vary(program: Seller) -> None:
    path = f"{TAXONOMY}/category_tree/0/get_item_aspects_for_category?category_id=201"
    aspects = {a["localizedAspectName"]: a for a in program.call("GET", path).json["aspects"]}
    assert aspects["Brand"]["aspectConstraint"]["aspectRequired"] is True
    assert aspects["Brand"]["aspectConstraint"]["aspectEnabledForVariations"] is False
    assert aspects["Size"]["aspectConstraint"]["aspectEnabledForVariations"] is True
    assert aspects["Department"]["aspectConstraint"]["aspectMode"] == "SELECTION_ONLY"
    assert {"localizedValue": "Men"} in aspects["Department"]["aspectValues"]


def test_a_title_finds_its_category(program: Seller) -> None:
    path = f"{TAXONOMY}/category_tree/0/get_category_suggestions?q="
    found = program.call("GET", path + quote("Brass desk lamp")).json["categorySuggestions"]
    assert found[0]["category"]["categoryId"] == "101"
    assert found[0]["categoryTreeNodeAncestors"][0]["categoryId"] == "100"
    assert program.call("GET", f"{path}zebra").status == 204


@pytest.mark.parametrize(
    ("path", "error_id"),
    [
        ("get_default_category_tree_id", 62002),
        ("get_default_category_tree_id?marketplace_id=X", 62003),
        ("category_tree/999", 62004),
        ("category_tree/0/get_category_suggestions", 62007),
        ("category_tree/0/get_item_aspects_for_category", 62006),
        ("category_tree/0/get_item_aspects_for_category?category_id=1", 62005),
        ("category_tree/0/get_item_aspects_for_category?category_id=100", 62009),
        ("category_tree/0/get_category_subtree?category_id=0", 62008),
    ],
)
def test_a_wrong_question_about_categories_is_refused(
    program: Seller, path: str, error_id: int
) -> None:
    answer = program.call("GET", f"{TAXONOMY}/{path}")
    assert (answer.status, answer.error["errorId"]) == (400, error_id)


def test_conditions_are_filtered_only_when_the_braces_are_escaped(seller: Seller) -> None:
    escaped = seller.call("GET", f"{CONDITIONS}?filter=categoryIds:%7B302%7C401%7D").json
    policies = escaped["itemConditionPolicies"]
    assert [policy["categoryId"] for policy in policies] == ["302", "401"]
    assert [one["conditionId"] for one in policies[0]["itemConditions"]] == ["1000", "1500"]
    bare = seller.call("GET", f"{CONDITIONS}?filter=categoryIds:{{302}}").json
    assert len(bare["itemConditionPolicies"]) > 2
    many = "%7C".join(str(n) for n in range(51))
    warned = seller.call("GET", f"{CONDITIONS}?filter=categoryIds:%7B{many}%7D").json
    assert warned["warnings"][0]["errorId"] == 46004
    assert seller.call("GET", f"{CONDITIONS}?filter=x").error["errorId"] == 46002
    other = CONDITIONS.replace("EBAY_US", "EBAY_MOON")
    assert seller.call("GET", other).error["errorId"] == 46001


def test_metadata_comes_compressed_to_who_accepts_it(seller: Seller) -> None:
    plain = seller.call("GET", CONDITIONS)
    for accepted in ("gzip", "application/gzip"):
        packed = seller.call("GET", CONDITIONS, None, Accept_Encoding=accepted)
        assert packed.headers["content-encoding"] == "gzip"
        assert gzip.decompress(packed.raw) == plain.raw


def test_metadata_tells_where_variations_are_permitted(seller: Seller) -> None:
    path = CONDITIONS.replace("item_condition", "listing_structure")
    listed = seller.call("GET", f"{path}?filter=categoryIds:%7B201%7C401%7D").json
    supported = [one["variationsSupported"] for one in listed["listingStructurePolicies"]]
    assert supported == [True, False]


def test_a_sale_becomes_an_order_after_the_lag(mockbay: MockServer, seller: Seller) -> None:
    mockbay.switch(order_lag_ms=60_000)
    listing_id = seller.get_offer(seller.live("LAMP-1"))["listing"]["listingId"]
    sold = mockbay.buy("LAMP-1", 2)
    assert seller.call("GET", ORDERS).json["total"] == 0
    assert seller.call("GET", f"{ORDERS}/{sold['orderId']}").error["errorId"] == 32100
    mockbay.advance(60)
    order = seller.call("GET", ORDERS).json["orders"][0]
    line = order["lineItems"][0]
    assert (line["sku"], line["legacyItemId"], line["quantity"]) == ("LAMP-1", listing_id, 2)
    assert order["pricingSummary"]["total"] == {"value": "49.80", "currency": "USD"}
    assert seller.call("GET", f"{ORDERS}/{order['orderId']}").json == order


def test_orders_are_chosen_by_date_and_by_id(mockbay: MockServer, seller: Seller) -> None:
    seller.live("LAMP-1")
    first = mockbay.buy("LAMP-1")["orderId"]
    mockbay.advance(3600)
    second = mockbay.buy("LAMP-1")["orderId"]

    def ids(query: str) -> list[str]:
        found = seller.call("GET", f"{ORDERS}?{query}").json["orders"]
        return [order["orderId"] for order in found]

    since = quote("creationdate:[2026-01-05T12:30:00.000Z..]")
    changed = quote("lastmodifieddate:[2026-01-05T12:30:00.000Z..2026-01-05T13:00:00.000Z]")
    assert ids("") == [first, second], "oldest first"
    assert ids(f"filter={since}") == [second]
    assert ids(f"filter={changed}") == [second]
    assert ids("filter=" + quote("orderfulfillmentstatus:{FULFILLED}")) == []
    assert ids(f"orderIds={first}") == [first]
    mockbay.advance(60)
    mockbay.cancel_order(first)
    changed = quote("lastmodifieddate:[2026-01-05T12:30:00.000Z..]")
    assert ids(f"filter={changed}") == [second, first], "a cancelled order has changed"
    assert ids(f"orderIds={second},{first}") == [first, second]
    page = seller.call("GET", f"{ORDERS}?limit=1").json
    assert page["next"].startswith(mockbay.url)
    assert ids(page["next"].partition("?")[2]) == [second]


def test_orders_of_the_last_ninety_days_are_shown_unless_others_are_asked_for(
    mockbay: MockServer, seller: Seller
) -> None:
    def total(query: str = "") -> int:
        again = Seller(mockbay.url, mockbay.credentials["user_token"])  # the last has run out
        return again.call("GET", ORDERS + query).json["total"]

    seller.live("LAMP-1")
    mockbay.buy("LAMP-1")
    mockbay.advance(89 * 86_400)
    assert total() == 1
    mockbay.advance(2 * 86_400)
    assert total() == 0
    since = quote("creationdate:[2026-01-01T00:00:00.000Z..]")
    assert total(f"?filter={since}") == 1


def test_a_cancelled_order_gives_no_stock_back(mockbay: MockServer, seller: Seller) -> None:
    offer_id = seller.live("LAMP-1")
    order_id = mockbay.buy("LAMP-1")["orderId"]
    mockbay.cancel_order(order_id)
    order = seller.call("GET", f"{ORDERS}/{order_id}").json
    assert order["cancelStatus"] == {"cancelState": "CANCELED", "cancelRequests": []}
    assert seller.get_offer(offer_id)["availableQuantity"] == 4
    with pytest.raises(ControlError, match="no order"):
        mockbay.cancel_order("1")


def test_a_sale_that_is_not_paid_leaves_no_order(mockbay: MockServer, seller: Seller) -> None:
    offer_id = seller.live("LAMP-1")
    mockbay.buy("LAMP-1", paid=False)
    assert seller.get_offer(offer_id)["listing"]["soldQuantity"] == 1
    assert seller.call("GET", ORDERS).json["total"] == 0


@pytest.mark.parametrize(
    ("query", "error_id"),
    [
        ("limit=201", 31100),
        ("limit=0", 31100),
        ("offset=x", 31000),
        ("filter=colour:red", 30700),
        ("filter=creationdate:2026", 30800),
        ("filter=creationdate:[..2026-01-01T00:00:00Z]", 30820),
        ("filter=creationdate:[yesterday..]", 30810),
        ("filter=creationdate:[2026-01-05T11:00:00Z..2027-01-01T00:00:00Z]", 30850),
        ("filter=creationdate:[2026-01-05T11:00:00Z..2026-01-05T10:00:00Z]", 30840),
        ("filter=creationdate:[2020-01-05T11:00:00Z..]", 30830),
        ("orderIds=" + ",".join(str(n) for n in range(51)), 30900),
    ],
)
def test_a_wrong_question_about_orders_is_refused(
    seller: Seller, query: str, error_id: int
) -> None:
    answer = seller.call("GET", f"{ORDERS}?{quote(query, safe='=,')}")
    assert (answer.status, answer.error["errorId"]) == (400, error_id)
