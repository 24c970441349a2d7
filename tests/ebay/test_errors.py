"""The data file of error ids: complete, in our own words, and found by operation."""

import json
import re
from pathlib import Path

import pytest

from baysync.ebay import errors
from baysync.ebay.model import Operation, Problem, Verdict

DATA = Path(errors.__file__).with_name("errors.json")
NAMED = [
    *(1001, 1002, 1003, 1100, 2001, 2002, 2003, 2004, 3001, 3002, 3004, 3005),
    *(20403, 20404, 20409, 20500, 20501, 25001, 25002, 25012, 25019, 25020, 25021, 25025, 25026),
    *(25028, 25030, 25035, 25036, 25038, 25039, 25040, 25096, 25097, 25098, 25401, 25402, 25501),
    *(25504, 25601, 25604, 25702, 25703, 25704, 25705, 25707, 25708, 25709, 25710, 25713, 25715),
    *(25718, 25721, 25725, 25727, 25728, 25729, 25730, 25731, 25732, 25733, 25734, 25735, 25752),
    *(25755, 25759, 25764, 25766, 25767, 25803, 30500, 30850, 46000, 62000, 62004, 62005, 62009),
    *(105000, 140000, 160001, 190000, 195000),
]


@pytest.mark.parametrize("error_id", NAMED)
def test_every_id_seen_in_the_wild_is_explained(error_id: int) -> None:
    explained = errors.explain(error_id)
    assert explained is not None
    assert explained.error_id == error_id
    assert explained.cause.endswith(".")
    assert explained.fix.endswith(".")


def test_every_inventory_id_in_the_known_ranges_has_an_entry() -> None:
    known = errors.known()
    assert len([i for i in known if 25000 < i < 26000]) >= 157
    assert known == sorted(set(known))


def test_an_unknown_id_is_not_explained() -> None:
    assert errors.explain(999_999) is None
    assert errors.meaning(Problem(error_id=999_999), Operation.CREATE_OFFER) is None


def test_no_id_stands_twice_and_every_text_is_a_sentence() -> None:
    entries = json.loads(DATA.read_text())
    ids = [i for entry in entries for i in entry["ids"]]
    assert len(ids) == len(set(ids))
    texts = [
        part[name]
        for entry in entries
        for part in (entry, *entry.get("cases", []))
        for name in ("cause", "fix")
    ]
    assert [text for text in texts if not re.fullmatch(r"[A-Za-z].{6,}\.", text)] == []


@pytest.mark.parametrize(
    ("problem", "op", "verdict"),
    [
        (Problem(error_id=25402), Operation.PUBLISH_OFFER, Verdict.DONE),
        (Problem(error_id=25402), Operation.UPDATE_OFFER, Verdict.RETRY),
        (Problem(error_id=25713), Operation.WITHDRAW_OFFER, Verdict.CONFLICT),
        (Problem(error_id=25713), Operation.UPDATE_OFFER, Verdict.GONE),
        (Problem(error_id=25804, domain="API_ACCOUNT"), Operation.OPT_IN, Verdict.CONFLICT),
        (
            Problem(error_id=25804, domain="API_INVENTORY"),
            Operation.CREATE_LOCATION,
            Verdict.REJECTED,
        ),
        (
            Problem(error_id=25002, parameters=(("offerId", "7"),)),
            Operation.CREATE_OFFER,
            Verdict.CONFLICT,
        ),
        (
            Problem(error_id=25002, parameters=(("offerId", "7"),)),
            Operation.UPDATE_OFFER,
            Verdict.REJECTED,
        ),
        (
            Problem(error_id=25709, message="Invalid value for header Accept-Language."),
            Operation.GET_OFFERS,
            Verdict.CONFIG,
        ),
    ],
)
def test_an_id_means_what_the_operation_and_the_parameters_make_of_it(
    problem: Problem, op: Operation, verdict: Verdict
) -> None:
    meaning = errors.meaning(problem, op)
    assert meaning is not None
    assert meaning.verdict is verdict


@pytest.mark.parametrize(
    ("error_id", "message", "said"),
    [
        (25013, "The variation Size is not valid.", "option"),
        (25013, "X has sold; it stays.", "quantity 0"),
        (25077, "", "counts it once"),
        (25127, "", "in place of"),
        (25128, "", "is about to"),
        (25702, "", "language"),
        (25725, "", "publish"),
        (30850, "", "clock"),
        (195015, "", "destination"),
        (195019, "", "32 to 80"),
    ],
)
def test_cause_and_fix_are_about_this_very_error(error_id: int, message: str, said: str) -> None:
    meaning = errors.meaning(Problem(error_id=error_id, message=message), None)
    assert meaning is not None
    assert said in f"{meaning.cause} {meaning.fix}"


def test_hints_name_the_field_and_leave_numbered_and_empty_parameters_bare() -> None:
    problem = Problem(
        parameters=(("fieldName", "title"), ("0", "Brand"), ("", "Size"), ("empty", ""))
    )
    assert errors.hints(problem) == ("fieldName: title", "Brand", "Size")


def test_words_are_looked_for_in_any_case_and_order() -> None:
    for message in ("Already published.", "The offer is published already."):
        meaning = errors.meaning(Problem(error_id=25002, message=message), Operation.PUBLISH_OFFER)
        assert meaning is not None
        assert meaning.verdict is Verdict.CONFLICT


def test_the_words_of_a_case_are_small() -> None:
    cases = [case for i in errors.known() for case in getattr(errors.explain(i), "cases", ())]
    assert [case for case in cases if [w for w in case.words if w != w.casefold()]] == []
