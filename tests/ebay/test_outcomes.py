"""The outcome of every row of a call, however eBay arranges its answer."""

import pytest

from baysync.ebay.model import Answer, Call, Family, ItemAnswer, Operation, Problem, Verdict
from baysync.ebay.verdict import is_refused_whole, outcomes

PUT = Operation.BULK_PUT_INVENTORY_ITEM


def bulk(op: Operation, *keys: str, body: object = None) -> Call:
    return Call(op=op, method="POST", path="/", family=Family.INVENTORY, keys=keys, body=body)


def answered(call: Call, status: int, *rows: object) -> dict[str, Verdict]:
    answer = Answer(call=call, status=status, body={"responses": list(rows)})
    return {item.key: item.verdict for item in outcomes(answer) or []}


def row(key: str, status: object = 200, *ids: int, name: str = "sku") -> dict[str, object]:
    return {name: key, "statusCode": status, "errors": [{"errorId": i} for i in ids]}


@pytest.mark.parametrize("status", [200, 207, 400])
def test_rows_count_whatever_the_outer_status_says(status: int) -> None:
    rows = (row("A"), row("B", 400, 25021), row("C", 500, 25001))
    assert answered(bulk(PUT, "A", "B", "C"), status, *rows) == {
        "A": Verdict.DONE,
        "B": Verdict.REJECTED,
        "C": Verdict.RETRY,
    }


def test_rows_are_matched_by_name_not_by_place() -> None:
    rows = (row("C"), row("A", 400, 25021), row("B"))
    found = answered(bulk(PUT, "A", "B", "C"), 207, *rows)
    assert found == {"A": Verdict.REJECTED, "B": Verdict.DONE, "C": Verdict.DONE}
    assert list(found) == ["A", "B", "C"], "in the call's order"


def test_a_missing_row_is_ambiguous_and_a_foreign_one_is_ignored() -> None:
    assert answered(bulk(PUT, "A", "B"), 200, row("A"), row("X", 400, 25021), "junk") == {
        "A": Verdict.DONE,
        "B": Verdict.AMBIGUOUS,
    }


def test_a_row_twice_counts_as_the_worse_one_with_all_problems() -> None:
    call = bulk(PUT, "A")
    body = {"responses": [row("A", 400, 25021), row("A"), row("A", 400, 25021, 25020)]}
    items = outcomes(Answer(call=call, status=207, body=body))
    assert items is not None
    assert [(item.verdict, [p.error_id for p in item.problems]) for item in items] == [
        (Verdict.REJECTED, [25021, 25020])
    ]


def test_the_only_nameless_row_belongs_to_the_only_unanswered_key() -> None:
    nameless = {"statusCode": 400, "errors": [{"errorId": 25707}]}
    assert answered(bulk(PUT, "A", "B"), 207, nameless, row("A"))["B"] is Verdict.REJECTED
    assert answered(bulk(PUT, "A", "B"), 207, nameless) == {
        "A": Verdict.AMBIGUOUS,
        "B": Verdict.AMBIGUOUS,
    }


def test_price_rows_are_found_by_the_offer_too() -> None:
    body = {
        "requests": [
            {"sku": "A", "offers": [{"offerId": "1"}, {"offerId": 2}]},
            {"sku": "other", "offers": [{"offerId": "3"}]},
        ]
    }
    call = bulk(Operation.BULK_UPDATE_PRICE_QUANTITY, "A", body=body)
    rows = (row("1", name="offerId"), row("2", 400, 25003, name="offerId"))
    assert answered(call, 207, *rows) == {"A": Verdict.REJECTED}


def test_published_rows_need_their_listing_id() -> None:
    call = bulk(Operation.BULK_PUBLISH_OFFER, "1", "2", "3")
    published = {"offerId": 1, "listingId": "110", "statusCode": "200"}
    again = {"offerId": "3", "statusCode": 400, "errors": [{"errorId": 25402}]}
    assert answered(call, 200, again, row("2", name="offerId"), published) == {
        "1": Verdict.DONE,
        "2": Verdict.AMBIGUOUS,
        "3": Verdict.DONE,
    }


def test_migrated_rows_are_named_by_listing() -> None:
    call = bulk(Operation.BULK_MIGRATE_LISTING, "110")
    assert answered(call, 200, row("110", name="listingId")) == {"110": Verdict.DONE}


def test_a_row_without_status_is_no_success() -> None:
    assert answered(bulk(PUT, "A"), 200, {"sku": "A"}) == {"A": Verdict.AMBIGUOUS}


def test_a_4xx_for_the_whole_call_says_nothing_about_its_rows() -> None:
    problems = (Problem(error_id=2004),)
    refused = Answer(call=bulk(PUT, "A", "B"), status=400, problems=problems)
    assert outcomes(refused) is None
    assert is_refused_whole(refused)
    single = Answer(call=bulk(PUT, "A"), status=400, problems=problems)
    assert outcomes(single) == [
        ItemAnswer(key="A", verdict=Verdict.REJECTED, status=400, problems=problems)
    ]


@pytest.mark.parametrize(
    ("status", "error_id", "verdict"),
    [
        (429, 2001, Verdict.THROTTLED),
        (401, 1001, Verdict.AMBIGUOUS),
        (403, 1100, Verdict.CONFIG),
        (500, 25001, Verdict.RETRY),
        (500, 2003, Verdict.AMBIGUOUS),
    ],
)
def test_what_concerns_everyone_is_said_of_every_row(
    status: int, error_id: int, verdict: Verdict
) -> None:
    call = bulk(PUT, "A", "B")
    items = outcomes(Answer(call=call, status=status, problems=(Problem(error_id=error_id),)))
    assert items is not None
    assert [item.verdict for item in items] == [verdict, verdict]


def test_a_single_call_has_one_outcome_with_its_data() -> None:
    call = Call(
        op=Operation.CREATE_OFFER,
        method="POST",
        path="/",
        family=Family.INVENTORY,
        keys=("A",),
    )
    items = outcomes(Answer(call=call, status=201, body={"offerId": "1"}))
    assert items is not None
    assert [(i.key, i.verdict, i.data) for i in items] == [("A", Verdict.DONE, {"offerId": "1"})]
