"""How long eBay is left alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baysync.ebay.waiting import pause, retry_after

DATE = "Mon, 23 Nov 2026 12:00:00 GMT"


@pytest.mark.parametrize(
    ("header", "date", "seconds"),
    [
        ("7", "", 7.0),
        ("0", "", 0.0),
        ("-5", "", 0.0),
        ("1e9", "", 3600.0),
        ("abc", "", None),
        ("abc", DATE, None),
        ("nan", "", None),
        ("inf", "", 3600.0),
        ("Mon, 23 Nov 2026 12:00:30 GMT", DATE, 30.0),
        ("Mon, 23 Nov 2026 11:00:00 GMT", DATE, 0.0),
        ("Tue, 24 Nov 2026 12:00:00 GMT", DATE, 3600.0),
        ("Mon, 23 Nov 2026 12:00:30 GMT", "", None),
        ("Mon, 23 Nov 2026 12:00:30", DATE, None),
    ],
)
def test_retry_after_is_read_in_both_forms_and_within_an_hour(
    header: str, date: str, seconds: float | None
) -> None:
    assert retry_after(header, date) == seconds


@given(st.text(), st.text())
def test_no_header_breaks_it(header: str, date: str) -> None:
    seconds = retry_after(header, date)
    assert seconds is None or 0 <= seconds <= 3600


def test_a_pause_is_what_was_asked_and_up_to_a_fifth_more() -> None:
    assert pause(10, jitter=0.0) == 10
    assert pause(10, jitter=0.5) == 11
    assert pause(0, jitter=0.0) == 1, "an immediate return would be a hot loop"
    assert pause(None, jitter=0.0) == 60
    assert pause(3600, jitter=0.9) == 3600
