"""How many listings one transaction takes."""

import pytest

from baysync.change.pace import LEAST, MOST, Pace, split

WEIGHTS = [(7, 40), (3, 40), (9, 40)]


@pytest.mark.parametrize(
    ("budget", "taken", "left"),
    [(120, [7, 3, 9], []), (119, [7, 3], [9]), (80, [7, 3], [9]), (1, [7], [3, 9])],
)
def test_a_transaction_takes_what_fits_and_one_listing_at_least(
    budget: int, taken: list[int], left: list[int]
) -> None:
    assert split(WEIGHTS, budget) == (taken, left)
    assert split([], budget) == ([], [])


@pytest.mark.parametrize(
    ("before", "seconds", "after"),
    [(MOST, 0.2, MOST), (100, 0.2, 200), (100, 0.7, 100), (100, 2.0, 50), (100, 60.0, LEAST)],
)
def test_a_slow_transaction_makes_the_next_one_smaller(
    before: int, seconds: float, after: int
) -> None:
    assert Pace(before).after(seconds) == Pace(after)
