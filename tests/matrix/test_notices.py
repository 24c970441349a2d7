"""Whatever becomes of notifications, the story converges; a subscriber tells good from bad."""

import pytest

from matrix.arena import begin
from matrix.notices import ASTRAY, LATE_MS, Astray, heard
from matrix.scenario import told
from support.live_shop import Shop
from support.mockbay_endpoint import listening
from support.mockbay_subscriber import DELETION, subscribe, verifying

pytestmark = pytest.mark.usefixtures("unmeasured")


@pytest.mark.parametrize("row", ASTRAY, ids=lambda row: f"12 {row.fault.name}")
async def test_a_subscriber_hears_what_is_promised_while_the_story_converges(
    shop: Shop, row: Astray
) -> None:
    await begin(shop, row.fault.switches)
    with listening() as endpoint, verifying(shop.mock) as endpoint.verify:
        subscribe(shop.mock, endpoint)
        wrong = await told(shop, row.fault, row.fault.ops)
        shop.mock.advance(LATE_MS / 1_000)
        last = shop.mock.notify(DELETION, {"n": 3})
    assert not wrong, "\n".join(wrong)
    assert last == [204], "the last of all: what came before it has been answered"
    endpoint.got.pop()
    assert row.promised(heard(endpoint))
