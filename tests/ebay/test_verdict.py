"""What every kind of answer means."""

import pytest

from baysync.ebay import errors
from baysync.ebay.model import Answer, Call, Failure, Family, Operation, Problem, Verdict
from baysync.ebay.verdict import STRENGTH, judge, strongest

OFFER = {"offerId": "1"}


def call(op: Operation = Operation.CREATE_OFFER, method: str = "POST") -> Call:
    return Call(op=op, method=method, path="/", family=Family.INVENTORY, keys=("A",))


def answer(
    status: int | None, *ids: int, op: Operation = Operation.CREATE_OFFER, body: object = None
) -> Answer:
    problems = tuple(Problem(error_id=i) for i in ids)
    return Answer(call=call(op), status=status, problems=problems, body=body)


@pytest.mark.parametrize("error_id", errors.known())
def test_every_known_id_of_a_4xx_means_what_its_entry_says(error_id: int) -> None:
    explained = errors.explain(error_id)
    assert explained is not None
    expected = explained.verdict
    if expected is Verdict.DONE:
        expected = Verdict.UNRECOGNISED  # a warning sent as an error is no success
    assert judge(answer(400, error_id, op=Operation.GET_PRIVILEGES)) is expected


@pytest.mark.parametrize("error_id", [25021, 99_999_999])
def test_429_is_throttled_whatever_the_body_says(error_id: int) -> None:
    assert judge(answer(429, error_id)) is Verdict.THROTTLED


@pytest.mark.parametrize(
    ("status", "verdict"),
    [
        (400, Verdict.UNRECOGNISED),
        (401, Verdict.AMBIGUOUS),
        (403, Verdict.UNRECOGNISED),
        (404, Verdict.GONE),
        (500, Verdict.RETRY),
        (503, Verdict.RETRY),
    ],
)
def test_an_unknown_id_is_judged_by_its_status(status: int, verdict: Verdict) -> None:
    assert judge(answer(status, 99_999_999)) is verdict


@pytest.mark.parametrize(
    ("status", "verdict"),
    [
        (301, Verdict.AMBIGUOUS),
        (401, Verdict.AMBIGUOUS),
        (404, Verdict.AMBIGUOUS),
        (408, Verdict.AMBIGUOUS),
        (411, Verdict.CONFIG),
        (429, Verdict.THROTTLED),
        (500, Verdict.AMBIGUOUS),
        (502, Verdict.AMBIGUOUS),
        (503, Verdict.AMBIGUOUS),
    ],
)
def test_an_answer_without_ebays_envelope_is_judged_by_its_status(
    status: int, verdict: Verdict
) -> None:
    assert judge(answer(status)) is verdict
    foreign = Answer(call=call(), status=status, failure=Failure.BAD_BODY, text="<html>")
    assert judge(foreign) is verdict


@pytest.mark.parametrize(
    ("failure", "reached", "verdict"),
    [
        (Failure.NOT_CONNECTED, "not sent", Verdict.AMBIGUOUS),
        (Failure.REFUSED_BY_GUARD, "not sent", Verdict.THROTTLED),
        (Failure.NO_ACCESS, "not sent", Verdict.AMBIGUOUS),
        (Failure.TIMEOUT, "perhaps sent", Verdict.AMBIGUOUS),
        (Failure.RESET, "perhaps sent", Verdict.AMBIGUOUS),
    ],
)
def test_silence_is_ambiguous_and_says_whether_anything_was_sent(
    failure: Failure, reached: str, verdict: Verdict
) -> None:
    silent = Answer(call=call(), failure=failure)
    assert (silent.sent, judge(silent)) == (reached == "perhaps sent", verdict)


@pytest.mark.parametrize(
    ("op", "status", "body", "verdict"),
    [
        (Operation.CREATE_OFFER, 201, OFFER, Verdict.DONE),
        (Operation.CREATE_OFFER, 201, {"offerId": 10}, Verdict.DONE),
        (Operation.CREATE_OFFER, 201, None, Verdict.AMBIGUOUS),
        (Operation.CREATE_OFFER, 204, None, Verdict.AMBIGUOUS),
        (Operation.PUBLISH_OFFER, 200, {"listingId": "1"}, Verdict.DONE),
        (Operation.PUBLISH_OFFER, 200, {"listingId": None}, Verdict.AMBIGUOUS),
        (Operation.PUBLISH_OFFER, 200, ["listingId"], Verdict.AMBIGUOUS),
        (Operation.UPDATE_OFFER, 204, None, Verdict.DONE),
        (Operation.UPDATE_OFFER, 200, {}, Verdict.DONE),
        (Operation.WITHDRAW_OFFER, 200, None, Verdict.DONE),
        (Operation.BULK_PUT_INVENTORY_ITEM, 200, {}, Verdict.AMBIGUOUS),
        (Operation.BULK_PUT_INVENTORY_ITEM, 400, {"responses": [{"sku": "A"}]}, Verdict.DONE),
    ],
)
def test_success_counts_only_with_what_it_must_bring(
    op: Operation, status: int, body: object, verdict: Verdict
) -> None:
    assert judge(answer(status, op=op, body=body)) is verdict


def test_a_read_needs_an_object_or_an_explicit_nothing() -> None:
    read = call(Operation.GET_OFFER, "GET")
    assert judge(Answer(call=read, status=200, body={})) is Verdict.DONE
    assert judge(Answer(call=read, status=204)) is Verdict.DONE
    assert judge(Answer(call=read, status=200)) is Verdict.AMBIGUOUS
    assert judge(Answer(call=read, status=200, body=[])) is Verdict.AMBIGUOUS


def test_a_list_of_offers_that_is_not_there_is_not_an_empty_one() -> None:
    listing = call(Operation.GET_OFFERS, "GET")
    assert judge(Answer(call=listing, status=200, body={"offers": []})) is Verdict.DONE
    for body in ({}, {"offers": None}, None):
        assert judge(Answer(call=listing, status=200, body=body)) is Verdict.AMBIGUOUS
    assert judge(Answer(call=listing, status=204)) is Verdict.AMBIGUOUS


def test_an_unreadable_success_is_no_success() -> None:
    page = Answer(
        call=call(Operation.UPDATE_OFFER), status=200, failure=Failure.BAD_BODY, text="<html>"
    )
    assert judge(page) is Verdict.AMBIGUOUS


def test_errors_in_a_2xx_are_errors() -> None:
    assert judge(answer(200, 25021, body=OFFER)) is Verdict.REJECTED


@pytest.mark.parametrize(
    ("ids", "verdict"),
    [
        ((25001, 25021), Verdict.REJECTED),
        ((25002, 25097), Verdict.HELD),
        ((25001, 2003), Verdict.AMBIGUOUS),
        ((25021, 1100), Verdict.CONFIG),
        ((25001, 99_999_999), Verdict.RETRY),
    ],
)
def test_of_several_problems_the_particular_one_decides(
    ids: tuple[int, ...], verdict: Verdict
) -> None:
    assert judge(answer(400, *ids, op=Operation.UPDATE_OFFER)) is verdict


def test_every_verdict_has_a_rank_and_nothing_ranks_as_done() -> None:
    assert sorted(STRENGTH) == sorted(Verdict)
    assert strongest([]) is Verdict.DONE


@pytest.mark.parametrize(
    ("status", "body", "verdict"),
    [
        (200, {"access_token": "x"}, Verdict.DONE),
        (200, {}, Verdict.AMBIGUOUS),
        (200, {"error": "invalid_grant", "access_token": "x"}, Verdict.DONE),
        (400, {"error": "invalid_grant"}, Verdict.REAUTH),
        (401, {"error": "invalid_client"}, Verdict.CONFIG),
        (400, {"error": "invalid_scope"}, Verdict.CONFIG),
        (400, {"error": "something_new"}, Verdict.AMBIGUOUS),
        (429, {"error": "something_new"}, Verdict.THROTTLED),
        (503, None, Verdict.AMBIGUOUS),
    ],
)
def test_the_token_endpoint_speaks_rfc_6749(status: int, body: object, verdict: Verdict) -> None:
    token = answer(status, op=Operation.REFRESH_ACCESS, body=body)
    assert judge(token) is verdict
    if verdict is not Verdict.DONE:
        assert judge(Answer(call=call(), failure=Failure.NO_ACCESS, cause=token)) is verdict


def test_the_token_endpoint_may_be_throttled_in_ebays_envelope() -> None:
    assert judge(answer(429, 2001, op=Operation.REFRESH_ACCESS)) is Verdict.THROTTLED
