"""Counts in messages."""

import pytest

from baysync.base.wording import counted


@pytest.mark.parametrize(
    ("number", "words", "said"),
    [
        (1, ("live listing",), "1 live listing"),
        (0, ("live listing",), "0 live listings"),
        (2000, ("live listing",), "2,000 live listings"),
        (1, ("entry", "entries"), "1 entry"),
        (2, ("entry", "entries"), "2 entries"),
        (1, ("listing ends", "listings end"), "1 listing ends"),
    ],
)
def test_one_is_singular(number: int, words: tuple[str, ...], said: str) -> None:
    assert counted(number, *words) == said
