"""A fault of ours that leaves a plan undone costs attempts, and ends as a dead letter."""

from collections.abc import Mapping
from datetime import timedelta

import pytest

from baysync.insight import invariant_store
from baysync.insight.queue import store as queues
from baysync.projection.model import Projection
from baysync.publish import model
from baysync.publish.planning.plan import Known, Plan, plan
from baysync.publish.settling.decision import STRANGER_ATTEMPTS
from baysync.queue.model import Selection
from support.live_shop import Shop, document


def backwards(
    desired: Projection | None, published: Projection | None, known: Mapping[str, Known]
) -> Plan:
    """Plan the last step first: what should come before it is never reached."""
    return {key: steps[::-1] for key, steps in plan(desired, published, known).items()}


@pytest.mark.breaks_invariants
async def test_a_plan_that_is_not_carried_out_is_given_up_and_said(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    await shop.put(document("LAMP-1"))
    await shop.drain()
    monkeypatch.setattr(model, "plan", backwards)
    await shop.put(document("LAMP-1", title="Brass floor lamp", price="44.50", quantity=1))
    for _ in range(STRANGER_ATTEMPTS):
        assert await shop.publisher.publish_once()
        await shop.pass_time(timedelta(minutes=6))
    assert await shop.active() == 0
    async with shop.runtime.db() as db:
        assert await invariant_store.broken(db) == []
        [letter] = await queues.letters(db, Selection(), limit=2)
    assert str(letter.errors[0]["message"]).endswith("please report it: quantity_down")
    assert shop.mock.items()["LAMP-1"]["product"]["title"] == "Brass floor lamp"
