"""The adapter passes whatever the answer to an open question about eBay is."""

import pytest

from matrix.abreast import play
from matrix.flips import settings, unanswered
from support.live_shop import Document, Shop

pytestmark = pytest.mark.usefixtures("unmeasured")
SETTINGS = settings()


def test_every_switch_is_flipped() -> None:
    assert unanswered() == set(), "a new switch needs its other answer in tests/matrix/flips.py"


@pytest.mark.parametrize("switches", SETTINGS.values(), ids=SETTINGS)
async def test_the_suite_passes(shop: Shop, switches: Document) -> None:
    wrong = await play(shop, switches)
    assert not wrong, "\n".join(wrong)
