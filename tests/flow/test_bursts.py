"""A shop's day: edits come in bursts, and a burst is one change."""

from collections.abc import Iterator
from datetime import timedelta
from random import Random
from typing import NamedTuple

import pytest

from baysync.queue.model import Debounce
from support.agreement import shown, wanted
from support.depth import many
from support.live_shop import Document, Shop, document

pytestmark = pytest.mark.usefixtures("unmeasured")
EDITS = many(1_200, deep=5_000)
LISTINGS = 120
WINDOW = Debounce(window=timedelta(seconds=2), longest=timedelta(seconds=30))
DAY = timedelta(hours=24)


class Moment(NamedTuple):
    """What the shop sends at once, and the time until it sends again."""

    listings: list[Document]
    then: timedelta


def a_day(seed: int) -> Iterator[Moment]:
    """Yield a day of edits: bursts about some listings, seconds apart, then minutes of quiet.

    In a burst a person types, a stock count runs, or a price rule is tried out; each edit
    differs from the one before it.
    """
    luck = Random(seed)  # noqa: S311 -- reproducible, not secret
    state = {sku: document(sku) for sku in (f"SKU-{n:03}" for n in range(LISTINGS))}
    made = 0
    while made < EDITS:
        busy = luck.sample(sorted(state), luck.randint(5, 30))
        for _ in range(luck.choice([1, 2, 4, 8, 12])):
            busy = busy[: EDITS - made]
            state |= {sku: _edited(state[sku], made + n) for n, sku in enumerate(busy)}
            made += len(busy)
            gap = luck.expovariate(1.0)
            yield Moment([state[sku] for sku in busy], timedelta(seconds=gap))
        yield Moment([], timedelta(seconds=luck.uniform(60, 1_000)))


def _edited(listing: Document, n: int) -> Document:
    changes = {"title": f"Lamp {n}"}, {"price": f"{1 + n}.50"}, {"quantity": 1 + n}
    return listing | changes[n % 3]


async def test_a_day_of_bursts_makes_less_than_half_as_many_changes_as_edits(shop: Shop) -> None:
    shop.debounce = shop.publisher.debounce = WINDOW
    now: dict[str, Document] = {}
    edits, passed = 0, timedelta()
    for moment in a_day(seed=1):
        outcomes = await shop.put(*moment.listings) if moment.listings else []
        edits += len([outcome for outcome in outcomes if outcome in {"created", "updated"}])
        now |= {listing["sku"]: listing for listing in moment.listings}
        await shop.pass_time(moment.then)
        await shop.publish_due()
        passed += moment.then
    await shop.drain()
    assert edits == EDITS
    assert DAY * EDITS / 20_000 < passed < DAY
    async with shop.runtime.db() as db:
        cursor = await db.execute(
            "SELECT count(*), sum(coalesced_count) FROM ebay_change_queue WHERE status = 'done'"
        )
        changes, coalesced = (await cursor.fetchall())[0]
    print(f"{edits} edits, {changes} changes, {coalesced} coalesced")  # noqa: T201
    assert changes <= EDITS * 0.5
    assert shown(shop.mock) == wanted(now.values())
