"""Reading JSON of any shape."""

from datetime import UTC, datetime

import pytest

from baysync.ebay import wire
from baysync.ebay.model import Problem


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (25002, 25002),
        ("25002", 25002),
        (" -7 ", -7),
        (True, None),
        (None, None),
        (1.5, None),
        ("x", None),
        ("٣", None),
        ("9" * 19, None),
        ([], None),
    ],
)
def test_numbers_come_as_numbers_or_digits(value: object, expected: int | None) -> None:
    assert wire.number(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"), [("a", "a"), (7, "7"), (True, ""), (None, ""), ({}, "")]
)
def test_text_comes_as_text_or_number(value: object, expected: str) -> None:
    assert wire.text(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2026-11-23T11:00:00.123Z", datetime(2026, 11, 23, 11, 0, 0, 123_000, tzinfo=UTC)),
        ("2026-11-23T11:00:00", datetime(2026, 11, 23, 11, tzinfo=UTC)),
        ("soon", None),
        (None, None),
    ],
)
def test_times_come_in_iso_and_in_utc(value: object, expected: datetime | None) -> None:
    assert wire.moment(value) == expected


@pytest.mark.parametrize("value", [None, "errors", 7, {}, [None, "x", 7]])
def test_an_envelope_of_the_wrong_shape_holds_no_problems(value: object) -> None:
    assert wire.problems(value) == ()


def test_a_problem_is_read_with_whatever_of_it_is_there() -> None:
    sent = [
        {
            "errorId": "25002",
            "domain": "API_INVENTORY",
            "subdomain": "Selling",
            "category": "Request",
            "message": "short",
            "longMessage": "long",
            "parameters": [{"name": "offerId", "value": 7}, "junk", {"value": "bare"}],
        },
        {"subDomain": "x"},
    ]
    first, second = wire.problems(sent)
    assert first == Problem(
        error_id=25002,
        message="long",
        category="REQUEST",
        domain="API_INVENTORY",
        parameters=(("offerId", "7"), ("", "bare")),
    )
    assert (first.parameter("offerId"), first.parameter("sku")) == ("7", None)
    assert second == Problem()
