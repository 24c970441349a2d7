"""Business policies are written through the account API."""

from typing import Any

import pytest

from support.mockbay_calls import INVENTORY, Answer, Seller
from support.mockbay_drive import POLICIES

BASE = "/sell/account/v1"
TYPES = [{"name": "ALL_EXCLUDING_MOTORS_VEHICLES"}]
KINDS = ("fulfillment", "payment", "return")
Body = dict[str, Any]


def policy(kind: str, **changes: object) -> Body:
    """Return the body of a policy."""
    common = {"name": "Mine", "marketplaceId": "EBAY_US", "categoryTypes": TYPES}
    return POLICIES[kind] | common | changes


def create(seller: Seller, kind: str, **changes: object) -> Answer:
    return seller.call("POST", f"{BASE}/{kind}_policy/", policy(kind, **changes))


@pytest.mark.parametrize("kind", KINDS)
def test_a_policy_is_created_replaced_used_and_deleted(seller: Seller, kind: str) -> None:
    made = create(seller, kind)
    assert (made.status, made.json["warnings"]) == (201, [])
    path, own_id = made.headers["location"], made.json[f"{kind}PolicyId"]
    assert seller.call("GET", path).json == {
        name: value for name, value in made.json.items() if name != "warnings"
    }
    replaced = seller.call("PUT", path, policy(kind, name="Yours", description="New"))
    assert (replaced.status, replaced.json["name"]) == (200, "Yours")
    named = f"{BASE}/{kind}_policy/get_by_policy_name?marketplace_id=EBAY_US&name=Yours"
    assert seller.call("GET", named).json[f"{kind}PolicyId"] == own_id

    offer_id = seller.live("LAMP-1")
    terms = seller.offer("LAMP-1")
    terms["listingPolicies"] |= {f"{kind}PolicyId": own_id}
    assert seller.call("PUT", f"{INVENTORY}/offer/{offer_id}", terms).status == 204
    refused = seller.call("DELETE", path)
    assert (refused.status, refused.error_ids) == (400, [20402])
    assert seller.withdraw(offer_id).status == 200
    assert seller.call("DELETE", path).status == 204
    assert seller.call("GET", path).error_ids == [20404]
    assert seller.publish(offer_id).error_ids == [25035]


@pytest.mark.parametrize("kind", KINDS)
def test_a_name_is_taken_once_on_a_marketplace(seller: Seller, kind: str) -> None:
    first = create(seller, kind).json[f"{kind}PolicyId"]
    again = create(seller, kind)
    assert (again.status, again.error_ids) == (400, [20400])
    assert "already exists" in again.error["message"]
    assert again.error["parameters"] == [{"name": "duplicatePolicyId", "value": first}]
    other = create(seller, kind, marketplaceId="EBAY_DE")
    assert other.status == 201
    body = policy(kind, name="Mine", marketplaceId="EBAY_US")
    moved = seller.call("PUT", other.headers["location"], body | {"name": "Other"})
    assert moved.error["parameters"] == [{"name": "fieldName", "value": "marketplaceId"}]


@pytest.mark.parametrize(
    ("kind", "changes", "error_id"),
    [
        ("payment", {"name": ""}, 20401),
        ("payment", {"name": "x" * 65}, 20400),
        ("payment", {"description": "x" * 251}, 20400),
        ("payment", {"categoryTypes": []}, 20401),
        ("payment", {"categoryTypes": [{"name": "BOATS"}]}, 2004),
        ("payment", {"marketplaceId": "EBAY_MOON"}, 2004),
        ("payment", {"immediatePay": "yes"}, 2004),
        ("return", {"returnsAccepted": None}, 20401),
        ("return", {"returnPeriod": None}, 20406),
        ("return", {"refundMethod": "GOODS"}, 2004),
        ("return", {"categoryTypes": [{"name": "MOTORS_VEHICLES"}]}, 20406),
        ("fulfillment", {"shippingOptions": [{"costType": "FREE"}]}, 2004),
    ],
)
def test_a_wrong_policy_is_refused(seller: Seller, kind: str, changes: Body, error_id: int) -> None:
    answer = create(seller, kind, **changes)
    assert (answer.status, answer.error_ids) == (400, [error_id])


def test_a_default_policy_stays_and_an_unknown_one_is_missed(seller: Seller) -> None:
    kinds = seller.offer("A")["listingPolicies"]
    default = f"{BASE}/payment_policy/{kinds['paymentPolicyId']}"
    assert seller.call("DELETE", default).error_ids == [20409]
    for method in ("PUT", "DELETE"):
        answer = seller.call(method, f"{BASE}/payment_policy/1", policy("payment"))
        assert (answer.status, answer.error_ids) == (404, [20404])


def test_what_ebay_manages_itself_is_dropped_silently(seller: Seller) -> None:
    methods = [{"paymentMethodType": name} for name in ("PAYPAL", "CASH_ON_PICKUP")]
    assert create(seller, "payment", paymentMethods=methods).json["paymentMethods"] == methods[1:]
    made = create(seller, "return", returnsAccepted=False, restockingFeePercentage="10").json
    assert (made["refundMethod"], "restockingFeePercentage" in made) == ("MONEY_BACK", False)


def test_policies_are_for_who_takes_part_in_them(seller: Seller) -> None:
    program = {"programType": "SELLING_POLICY_MANAGEMENT"}
    seller.call("POST", f"{BASE}/program/opt_out", program)
    assert create(seller, "payment").error_ids == [20403]
