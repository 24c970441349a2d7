"""Stored errors of eBay are explained; whatever is stored, the explanation never fails."""

import pytest

from baysync.ebay.advice import UNKNOWN_CAUSE, UNKNOWN_FIX, advise
from baysync.ebay.errors import explain


def test_a_known_error_gets_cause_fix_and_hints() -> None:
    row = {"error_id": 25021, "message": "no", "parameters": {"condition": "USED", "0": "bare"}}
    (advice,) = advise([row])
    known = explain(25021)
    assert known is not None
    assert (advice.cause, advice.fix) == (known.cause, known.fix)
    assert advice.hints == ("condition: USED", "bare")
    assert str(advice).startswith("eBay 25021 (condition: USED, bare): ")


def test_an_error_that_says_more_is_explained_by_its_narrower_case() -> None:
    said = {"error_id": 25002, "message": "SELLING_PRIVILEGE_REQUIRED"}
    wide, narrow = advise([{"error_id": 25002}, said])
    known = explain(25002)
    assert known is not None
    [case] = [case for case in known.cases if "selling_privilege_required" in case.words]
    assert (wide.cause, narrow.cause) == (known.cause, case.cause)


def test_an_unknown_error_says_so() -> None:
    (advice,) = advise([{"error_id": 424242, "message": "?"}])
    assert (advice.cause, advice.fix, advice.hints) == (UNKNOWN_CAUSE, UNKNOWN_FIX, ())


@pytest.mark.parametrize("rows", [None, {}, "text", [None, 7]])
def test_what_is_no_list_of_errors_has_no_advice(rows: object) -> None:
    assert advise(rows) == []


def test_a_row_of_another_shape_is_an_unnamed_error() -> None:
    (advice,) = advise([{"error_id": "x", "parameters": None}])
    assert (advice.error_id, str(advice).startswith("eBay error: ")) == (0, True)


def test_a_note_of_our_own_says_what_it_says() -> None:
    row = {"message": "The offer is left out.", "own": True, "parameters": {"sku": "A"}}
    (advice,) = advise([row])
    assert (str(advice), advice.fix) == ("The offer is left out. (A)", "")
