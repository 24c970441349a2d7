"""Categories, conditions, orders and quotas, asked for and read."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from baysync.ebay import analytics, fulfillment, metadata, taxonomy
from baysync.ebay.model import Answer, Call, Family
from baysync.ebay.verdict import Verdict, judge

NOON = datetime(2026, 11, 23, 12, 0, 0, 123_456, tzinfo=timezone(timedelta(hours=1)))


def ok(call: Call, body: object) -> Answer:
    return Answer(call=call, status=200, body=body)


def node(category_id: str, *children: object) -> dict[str, object]:
    category = {"categoryId": category_id, "categoryName": f"C{category_id}"}
    return {"category": category, "childCategoryTreeNodes": list(children)}


@pytest.mark.parametrize(
    ("call", "path"),
    [
        (
            taxonomy.get_default_tree_id("EBAY_DE"),
            "/commerce/taxonomy/v1/get_default_category_tree_id?marketplace_id=EBAY_DE",
        ),
        (
            taxonomy.get_suggestions("77", "Lampe & Schirm", marketplace="EBAY_DE"),
            (
                "/commerce/taxonomy/v1/category_tree/77/get_category_suggestions"
                "?q=Lampe%20%26%20Schirm"
            ),
        ),
        (
            taxonomy.get_item_aspects("0", "101", marketplace="EBAY_US"),
            "/commerce/taxonomy/v1/category_tree/0/get_item_aspects_for_category?category_id=101",
        ),
        (
            taxonomy.get_category_subtree("0", "101", marketplace="EBAY_US"),
            "/commerce/taxonomy/v1/category_tree/0/get_category_subtree?category_id=101",
        ),
        (
            metadata.get_conditions("EBAY_US", ["1", "2"]),
            (
                "/sell/metadata/v1/marketplace/EBAY_US/get_item_condition_policies"
                "?filter=categoryIds%3A%7B1%7C2%7D"
            ),
        ),
        (analytics.get_rate_limits(), "/developer/analytics/v1_beta/rate_limit/"),
    ],
)
def test_reference_data_is_asked_for_with_the_applications_token(call: Call, path: str) -> None:
    assert (call.method, call.path, call.application) == ("GET", path, True)


@pytest.mark.parametrize(
    ("call", "path"),
    [
        (
            fulfillment.get_orders(fulfillment.Dated.MODIFIED, NOON, NOON),
            (
                "/sell/fulfillment/v1/order?filter=lastmodifieddate%3A%5B2026-11-23T11%3A00%3A00.123Z"
                "..2026-11-23T11%3A00%3A00.123Z%5D&limit=200"
            ),
        ),
        (
            fulfillment.get_orders_by_id(["1-2", "3"]),
            "/sell/fulfillment/v1/order?orderIds=1-2%2C3",
        ),
        (fulfillment.get_order("1-2"), "/sell/fulfillment/v1/order/1-2"),
        (analytics.get_user_rate_limits(), "/developer/analytics/v1_beta/user_rate_limit/"),
    ],
)
def test_the_sellers_data_is_asked_for_with_the_sellers_token(call: Call, path: str) -> None:
    assert (call.method, call.path, call.application) == ("GET", path, False)


def test_calls_with_too_many_ids_are_not_built() -> None:
    with pytest.raises(ValueError, match="1 to 50 categories"):
        metadata.get_variations("EBAY_US", ["1"] * 51)
    with pytest.raises(ValueError, match="1 to 50 orders"):
        fulfillment.get_orders_by_id([])


def test_a_tree_has_an_id_and_a_version() -> None:
    call = taxonomy.get_default_tree_id("EBAY_DE")
    body = {"categoryTreeId": "77", "categoryTreeVersion": "123"}
    assert taxonomy.tree_in(ok(call, body)) == taxonomy.CategoryTree("77", "123")
    assert taxonomy.tree_in(ok(call, {})) is None


def test_the_leaves_of_a_subtree_come_in_order_with_their_path() -> None:
    call = taxonomy.get_category_subtree("0", "1", marketplace="EBAY_US")
    tree = node("1", node("2", node("3"), node("4")), node("5"), {})
    leaves = taxonomy.leaves_in(ok(call, {"categorySubtreeNode": tree}))
    assert leaves == [
        taxonomy.CategoryNode("3", "C3", ("C1", "C2")),
        taxonomy.CategoryNode("4", "C4", ("C1", "C2")),
        taxonomy.CategoryNode("5", "C5", ("C1",)),
    ]
    alone = taxonomy.leaves_in(ok(call, {"categorySubtreeNode": node("9")}))
    assert alone == [taxonomy.CategoryNode("9", "C9")]
    assert taxonomy.leaves_in(ok(call, {})) == []


def test_suggestions_are_read_and_nothing_is_no_error() -> None:
    call = taxonomy.get_suggestions("0", "lamp", marketplace="EBAY_US")
    row = {
        **node("101"),
        "categoryTreeNodeAncestors": [{"categoryName": "Lighting"}, {"categoryName": "Home"}],
    }
    found = taxonomy.suggestions_in(ok(call, {"categorySuggestions": [row, {}]}))
    assert found == [taxonomy.CategoryNode("101", "C101", ("Home", "Lighting"))]
    nothing = Answer(call=call, status=204)
    assert (judge(nothing), taxonomy.suggestions_in(nothing)) == (Verdict.DONE, [])


def test_aspects_are_read_with_their_rules() -> None:
    call = taxonomy.get_item_aspects("0", "101", marketplace="EBAY_US")
    rule = {
        "aspectRequired": True,
        "aspectEnabledForVariations": True,
        "aspectMode": "SELECTION_ONLY",
        "itemToAspectCardinality": "MULTI",
        "aspectMaxLength": 65,
        "aspectUsage": "RECOMMENDED",
    }
    full = {
        "localizedAspectName": "Color",
        "aspectConstraint": rule,
        "aspectValues": [{"localizedValue": "Red"}, {"localizedValue": "Blue"}],
    }
    found = taxonomy.aspects_in(ok(call, {"aspects": [full, {"localizedAspectName": "X"}, {}]}))
    assert found == [
        taxonomy.CategoryAspect(
            name="Color",
            required=True,
            varies=True,
            values=("Red", "Blue"),
            only_listed=True,
            many=True,
            longest=65,
        ),
        taxonomy.CategoryAspect(
            name="X",
            required=False,
            varies=False,
            values=(),
            only_listed=False,
            many=False,
            longest=None,
        ),
    ]


def test_conditions_of_a_category_are_known_by_ebays_words() -> None:
    call = metadata.get_conditions("EBAY_US", ["101"])
    policy = {
        "categoryId": "101",
        "itemConditionRequired": True,
        "itemConditions": [{"conditionId": "1000"}, {"conditionId": "5000"}],
    }
    found = metadata.conditions_in(ok(call, {"itemConditionPolicies": [policy]}))
    assert found == {"101": metadata.Conditions(required=True, ids=("1000", "5000"))}
    assert found["101"].permit("USED_GOOD")
    assert not found["101"].permit("LIKE_NEW")
    assert not found["101"].permit("SHINY")


def test_variations_and_regulatory_details_are_read_by_category() -> None:
    structure = {"listingStructurePolicies": [{"categoryId": "1", "variationsSupported": True}]}
    call = metadata.get_variations("EBAY_US", ["1"])
    assert metadata.variations_in(ok(call, structure)) == {"1": True}
    detail = {"name": "MANUFACTURER", "usage": "REQUIRED"}
    policies = {"regulatoryPolicies": [{"categoryId": "1", "supportedAttributes": [detail]}]}
    call = metadata.get_regulatory("EBAY_DE", ["1"])
    assert metadata.regulatory_in(ok(call, policies)) == {"1": {"MANUFACTURER": "REQUIRED"}}


def test_orders_are_read_without_their_buyers() -> None:
    row = {
        "orderId": "1-2",
        "creationDate": "2026-11-23T11:00:00.123Z",
        "lastModifiedDate": "yesterday",
        "orderPaymentStatus": "PAID",
        "buyer": {"username": "CANARY"},
        "cancelStatus": {"cancelState": "NONE_REQUESTED"},
        "lineItems": [
            {
                "lineItemId": "10",
                "sku": "A",
                "legacyItemId": "110",
                "listingMarketplaceId": "EBAY_DE",
                "quantity": 2,
                "total": {"value": "9.99", "currency": "EUR"},
            },
            {"sku": "no id"},
        ],
    }
    call = fulfillment.get_order("1-2")
    line = fulfillment.OrderLine(
        line_item_id="10",
        sku="A",
        listing_id="110",
        variation_id="",
        marketplace="EBAY_DE",
        quantity=2,
        total="9.99",
        currency="EUR",
    )
    order = fulfillment.Order(
        order_id="1-2",
        created_at=datetime(2026, 11, 23, 11, 0, 0, 123_000, tzinfo=UTC),
        modified_at=None,
        payment_status="PAID",
        cancel_state="NONE_REQUESTED",
        lines=(line,),
    )
    assert fulfillment.orders_in(ok(call, {"orders": [row, {}]})) == [order]
    assert fulfillment.order_in(ok(call, row)) == order
    assert fulfillment.order_in(ok(call, {})) is None


def test_quotas_are_read_and_stubs_are_not() -> None:
    rate = {
        "limit": 2_000_000,
        "remaining": -3,
        "count": 5,
        "reset": "2026-11-24T08:00:00.000Z",
        "timeWindow": 86_400,
    }
    limits: list[dict[str, object]] = [
        {
            "apiContext": "sell",
            "apiName": "Inventory",
            "resources": [{"name": "sell.inventory", "rates": [rate, {"limit": 5}]}],
        },
        {"apiContext": "api context test", "apiName": "api name test", "resources": []},
    ]
    found = analytics.quotas_in(ok(analytics.get_rate_limits(), {"rateLimits": limits}))
    assert found == [
        analytics.CallQuota(
            family=Family.INVENTORY,
            resource="sell.inventory",
            limit=2_000_000,
            remaining=0,
            window_seconds=86_400,
            reset_at=datetime(2026, 11, 24, 8, tzinfo=UTC),
        )
    ]


def test_the_largest_daily_pool_speaks_for_a_family() -> None:
    reset = datetime(2026, 11, 24, 8, tzinfo=UTC)
    whole = analytics.CallQuota(
        family=Family.INVENTORY,
        resource="sell.inventory",
        limit=100,
        remaining=7,
        window_seconds=86_400,
        reset_at=reset,
    )
    others = [
        replace(whole, limit=50, remaining=0),
        replace(whole, limit=5_000, window_seconds=5),
        replace(whole, limit=5_000, reset_at=None),
        replace(whole, limit=0),
    ]
    assert analytics.daily([others[0], whole, *others]) == {Family.INVENTORY: whole}
