"""The adapter passes whatever the answer to an open question about eBay is."""

from dataclasses import replace

import pytest

from live_shop import Document, Shop
from matrix.flips import SUITE, settings, unanswered
from matrix.scenario import played

SETTINGS = settings()


def test_every_switch_is_flipped() -> None:
    assert unanswered() == set(), "a new switch needs its other answer in tests/matrix/flips.py"


@pytest.mark.parametrize("switches", SETTINGS.values(), ids=SETTINGS)
async def test_the_suite_passes(shop: Shop, switches: Document) -> None:
    wrong = await played(shop, replace(SUITE, switches=switches), SUITE.ops)
    assert not wrong, "\n".join(wrong)
