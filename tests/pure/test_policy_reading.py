"""What eBay says about categories, policies and locations is read; anything else is ignorance."""

from collections.abc import Mapping

import pytest

from baysync.ebay import calls
from baysync.ebay.metadata import Conditions
from baysync.ebay.model import Answer, Call, Operation, Problem
from baysync.reference import reading
from baysync.reference.model import Aspect, Category, Location, SellerPolicies, Tree

CALL = calls.get(Operation.GET_ITEM_ASPECTS, "/x")


def answer(body: object = None, *, error: int = 0) -> Answer:
    problems = (Problem(error_id=error),) if error else ()
    return Answer(call=CALL, status=400 if error else 200, body=body, problems=problems)


class Ebay:
    """An eBay that answers each operation with a body, or with status 500 where there is none."""

    def __init__(self, bodies: Mapping[Operation, object]) -> None:
        self.bodies = bodies
        self.asked = list[Operation]()

    async def send(self, call: Call) -> Answer:
        self.asked.append(call.op)
        if call.op not in self.bodies:
            return Answer(call=call, status=500)
        return Answer(call=call, status=200, body=self.bodies[call.op])


POLICIES: dict[Operation, object] = {
    Operation.GET_FULFILLMENT_POLICIES: {
        "fulfillmentPolicies": [{"fulfillmentPolicyId": "2"}, {"fulfillmentPolicyId": "1"}]
    },
    Operation.GET_PAYMENT_POLICIES: {"paymentPolicies": [{"paymentPolicyId": "3"}]},
    Operation.GET_RETURN_POLICIES: {"returnPolicies": []},
}


METADATA: dict[Operation, object] = {
    Operation.GET_CONDITION_POLICIES: {},
    Operation.GET_LISTING_STRUCTURE_POLICIES: {},
    Operation.GET_REGULATORY_POLICIES: {},
}


async def test_policies_are_known_only_when_all_three_kinds_are() -> None:
    found = await reading.policies(Ebay(POLICIES).send, "EBAY_US")
    assert found == SellerPolicies(fulfillment=("1", "2"), payment=("3",))
    short = {op: body for op, body in POLICIES.items() if op != Operation.GET_RETURN_POLICIES}
    assert await reading.policies(Ebay(short).send, "EBAY_US") is None


async def test_a_tree_is_its_id_and_version() -> None:
    said = {Operation.GET_CATEGORY_TREE_ID: {"categoryTreeId": "0", "categoryTreeVersion": "7"}}
    assert await reading.tree(Ebay(said).send, "EBAY_US") == Tree(tree_id="0", version="7")
    assert await reading.tree(Ebay({}).send, "EBAY_US") is None


async def test_locations_are_known_only_when_every_page_is() -> None:
    page: dict[str, object] = {"locations": [{"merchantLocationKey": "here"}]}
    found = await reading.locations(Ebay({Operation.GET_LOCATIONS: page}).send, "EBAY_US")
    assert found == {"here": Location(complete=False)}
    assert await reading.locations(Ebay({}).send, "EBAY_US") is None


@pytest.mark.parametrize(
    ("address", "complete"),
    [
        ({"country": "US", "postalCode": "97201"}, True),
        ({"country": "US", "city": "Portland", "stateOrProvince": "OR"}, True),
        ({"country": "US", "city": "Portland"}, False),
        ({"postalCode": "97201"}, False),
        (None, False),
    ],
)
def test_a_location_needs_a_country_and_a_place(address: object, *, complete: bool) -> None:
    row = {"location": {"address": address}, "merchantLocationStatus": "DISABLED"}
    assert reading.location(row) == Location(complete=complete, enabled=False)


def test_a_category_is_read_from_the_answer_about_its_aspects() -> None:
    row: dict[str, object] = {
        "localizedAspectName": "Type",
        "aspectConstraint": {"aspectRequired": True, "aspectMode": "SELECTION_ONLY"},
        "aspectValues": [{"localizedValue": f"v{n}"} for n in range(9)],
    }
    free = {**row, "aspectConstraint": None}
    body = {"aspects": [row, free]}
    some = Conditions(required=True, ids=("3000", "1000"))
    found = reading.category(answer(body), some, variations=True)
    assert found is not None
    listed, kept = found.aspects
    assert (listed.required, len(listed.values), len(kept.values)) == (True, 9, 5)
    assert kept == Aspect(name="Type", values=("v0", "v1", "v2", "v3", "v4"))
    assert (found.conditions, found.variations) == (("1000", "3000"), True)


def test_what_is_no_leaf_or_no_category_is_told_from_what_is_not_known() -> None:
    assert reading.category(answer(error=62005), None) == Category(exists=False)
    assert reading.category(answer(error=62009), None) == Category(leaf=False)
    assert reading.category(answer(error=2003), None) is None
    empty = Answer(call=CALL, status=204)
    assert reading.category(empty, Conditions(required=False, ids=())) == Category()


async def test_a_category_wants_a_manufacturer_where_the_contact_is_required() -> None:
    def policy(usage: str) -> dict[str, object]:
        detail = {"name": "MANUFACTURER_CONTACT", "usage": usage}
        return {"regulatoryPolicies": [{"categoryId": "1", "supportedAttributes": [detail]}]}

    for usage in ("REQUIRED", "RECOMMENDED"):
        said = {**METADATA, Operation.GET_REGULATORY_POLICIES: policy(usage)}
        ebay = Ebay({**said, Operation.GET_ITEM_ASPECTS: {}})
        known = await reading.categories(ebay.send, "EBAY_DE", "77", ["1"])
        assert known == {"1": Category(manufacturer=usage == "REQUIRED")}


@pytest.mark.parametrize("silent", METADATA)
async def test_no_category_is_known_while_any_answer_about_it_is_missing(silent: Operation) -> None:
    said: dict[Operation, object] = {**METADATA, Operation.GET_ITEM_ASPECTS: {}}
    del said[silent]
    assert await reading.categories(Ebay(said).send, "EBAY_US", "0", ["1"]) == {}


async def test_without_tree_or_conditions_no_category_is_known() -> None:
    nothing: dict[str, object] = {}
    only = METADATA
    said = {**only, Operation.GET_ITEM_ASPECTS: nothing}
    assert await reading.categories(Ebay(said).send, "EBAY_US", None, ["1"]) == {}
    assert await reading.categories(Ebay({}).send, "EBAY_US", "0", ["1"]) == {}
    known = await reading.categories(Ebay(said).send, "EBAY_US", "0", ["1"])
    assert known == {"1": Category()}
    assert await reading.categories(Ebay(only).send, "EBAY_US", "0", ["1"]) == {}
