"""Taxonomy and metadata answer as eBay's."""

import base64
import gzip
from urllib.parse import quote, urlencode

import pytest

from mockbay.client import MockServer
from support.mockbay_calls import Seller, send

TAXONOMY = "/commerce/taxonomy/v1"
CONDITIONS = "/sell/metadata/v1/marketplace/EBAY_US/get_item_condition_policies"


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
