"""What a page of items tells, and how far a survey is after it."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from baysync.account.survey import PASSES, SurveyPage, after, page_in
from baysync.account.survey_store import Survey, Surveyed
from baysync.ebay import inventory
from baysync.ebay.model import Answer, Problem

BEGUN = Survey(account_id=1, begun_at=datetime(2026, 1, 5, tzinfo=UTC))
SECOND = "/sell/inventory/v1/inventory_item?limit=200&offset=200"


def answer(status: int = 200, *, error_id: int = 0, **body: object) -> Answer:
    problems = (Problem(error_id=error_id),) if error_id else ()
    call = inventory.get_inventory_items()
    return Answer(call=call, status=status, body=body, problems=problems)


def test_a_page_names_its_items_and_their_groups() -> None:
    rows = [
        {"sku": "A", "inventoryItemGroupKeys": ["G"], "groupIds": ["G", "H"]},
        {"sku": "B"},
        {"locale": "de_DE"},
    ]
    assert page_in(answer(total=300, next=SECOND, inventoryItems=rows)) == SurveyPage(
        items=("A", "B"), groups=("G", "H"), total=300, next_page=SECOND
    )
    assert inventory.get_inventory_items(page=SECOND).path == SECOND


@pytest.mark.parametrize(
    ("shown", "page"),
    [
        (answer(total=0), SurveyPage(total=0)),
        (answer(404, error_id=25710), SurveyPage(total=0)),
        (answer(total=7), None),
        (answer(500), None),
        (answer(400, error_id=25706), None),
    ],
)
def test_a_seller_of_nothing_is_read_and_a_page_without_items_is_not(
    shown: Answer, page: SurveyPage | None
) -> None:
    assert page_in(shown) == page


def test_a_list_that_changed_is_read_again_but_not_for_ever() -> None:
    first = after(BEGUN, SurveyPage(items=("A",), total=2, next_page=SECOND))
    assert (first.pages, first.items, first.moved, first.is_done) == (1, 1, False, False)
    assert after(first, SurveyPage(items=("B",), total=2)).is_done
    again = after(first, SurveyPage(total=1))
    assert again == replace(BEGUN, passes=1, total=1)
    last = replace(first, passes=PASSES - 1)
    assert after(last, SurveyPage(total=1)).is_done


def test_pages_that_lead_back_to_each_other_end() -> None:
    rows = tuple(str(n) for n in range(200))
    survey, pages = BEGUN, 0
    while not survey.is_done:
        survey, pages = (
            after(survey, SurveyPage(items=rows, total=400, next_page=SECOND)),
            pages + 1,
        )
    assert pages == 6


def test_any_name_may_be_held_until_all_is_read() -> None:
    known = Surveyed(is_done=True, items=frozenset({"lamp-1"}), groups=frozenset({"tee"}))
    assert (known.may_hold_item("LAMP-1"), known.may_hold_item("LAMP-2")) == (True, False)
    assert (known.may_hold_group("Tee"), known.may_hold_group("LAMP-1")) == (True, False)
    begun = replace(known, is_done=False)
    assert (begun.may_hold_item("LAMP-2"), begun.may_hold_group("LAMP-1")) == (True, True)
