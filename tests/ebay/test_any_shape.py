"""Whatever JSON arrives, every row gets exactly one outcome and no reader breaks."""

from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from baysync.ebay import (
    accounts,
    analytics,
    calls,
    errors,
    fulfillment,
    identity,
    metadata,
    offers,
    taxonomy,
    wire,
)
from baysync.ebay.model import Answer, Call, Failure, Verdict
from baysync.ebay.redact import redact
from baysync.ebay.verdict import BULK, judge, outcomes
from support.ebay_calls import EVERY

NAMES = [
    "errors",
    "warnings",
    "responses",
    "errorId",
    "parameters",
    "name",
    "value",
    "message",
    "sku",
    "offerId",
    "statusCode",
    "listingId",
    "inventoryItem",
    "offers",
    "listing",
    "pricingSummary",
    "price",
    "next",
    "rateLimits",
    "resources",
    "rates",
    "orders",
    "lineItems",
    "aspects",
    "aspectConstraint",
    "categorySuggestions",
    "category",
    "categorySubtreeNode",
    "childCategoryTreeNodes",
    "itemConditionPolicies",
    "categoryId",
    "userId",
    "paymentPolicies",
    "sellingLimit",
]
LEAVES = st.none() | st.booleans() | st.integers() | st.text() | st.sampled_from(["A", "1", "200"])
JSON = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(NAMES), inner),
    max_leaves=25,
)
READERS: tuple[Callable[[Answer], object], ...] = (
    accounts.has_business_policies,
    accounts.privileges_in,
    lambda answer: accounts.policies_in(accounts.PolicyKind.PAYMENT, answer),
    analytics.quotas_in,
    calls.following,
    fulfillment.order_in,
    fulfillment.orders_in,
    identity.seller_in,
    metadata.conditions_in,
    metadata.regulatory_in,
    metadata.variations_in,
    offers.offers_in,
    taxonomy.aspects_in,
    taxonomy.leaves_in,
    taxonomy.suggestions_in,
    taxonomy.tree_in,
)


@st.composite
def answers(draw: st.DrawFn) -> Answer:
    body = draw(JSON)
    return Answer(
        call=draw(st.sampled_from(sorted(EVERY.values(), key=_by_name))),
        status=draw(st.sampled_from([None, 200, 204, 207, 301, 400, 401, 404, 429, 500, 503])),
        body=body,
        problems=wire.problems(wire.mapping(body).get("errors")),
        warnings=wire.problems(wire.mapping(body).get("warnings")),
        failure=draw(st.none() | st.sampled_from(Failure)),
    )


def _by_name(call: Call) -> str:
    return call.op


@given(answers())
def test_every_key_gets_one_outcome(answer: Answer) -> None:
    rows = outcomes(answer)
    if rows is not None:
        assert [row.key for row in rows] == list(answer.call.keys)


@given(answers())
def test_only_a_2xx_or_ebays_own_word_is_success(answer: Answer) -> None:
    verdict = judge(answer)
    if verdict is Verdict.DONE and answer.call.op not in BULK:
        assert answer.failure is None
        assert answer.status in (200, 204, 207) or answer.problems


@given(answers())
def test_no_reader_breaks(answer: Answer) -> None:
    for read in READERS:
        read(answer)
    offers.state_of(wire.mapping(answer.body))
    redact(answer.body)
    assert all(isinstance(errors.hints(problem), tuple) for problem in answer.problems)
