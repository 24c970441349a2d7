"""Four worker processes at once, with edits arriving while they run, and no faults."""

import pytest

from chaos.storm import AT_ONCE, WINDOW, repeated, storm
from chaos.workers import Workers, all_done, is_true, until
from support.agreement import at_once, disagreements, standing
from support.depth import many
from support.live_shop import Shop, document

pytestmark = pytest.mark.usefixtures("unmeasured")

WORKERS = 4
EDITS, LISTINGS = many(2_000, deep=5_000), 100
NEVER_SOLD = "NEVER-SOLD"
DECIDED = """
    SELECT NOT EXISTS (SELECT FROM listing WHERE projected_version < version)
        AND NOT EXISTS (SELECT FROM ebay_listing WHERE recheck_at <= now())
"""


async def test_many_workers_send_no_body_twice_and_leave_nothing_undone(
    shop: Shop, crew: Workers
) -> None:
    weather = storm(seed=7, listings=LISTINGS)
    await shop.put(*weather.listings.values())
    for _ in range(WORKERS):
        crew.start(**WINDOW)
    for _ in range((EDITS - LISTINGS) // AT_ONCE):
        await weather.burst(shop)
    never_sold = document(NEVER_SOLD, quantity=0)
    await shop.put(never_sold)
    await all_done(shop)
    async with shop.runtime.db() as db:
        await until(lambda: is_true(db, DECIDED), "what came live meanwhile is decided anew")
    await all_done(shop)

    listings = [*weather.listings.values(), never_sold]
    assert disagreements(shop.mock, listings, ended=weather.ended) == []
    stands = standing(shop.mock)
    assert set(stands.values()) == {"ACTIVE", "OUT_OF_STOCK", "ENDED"}, "each is among them"
    assert NEVER_SOLD not in stands
    assert at_once(shop.mock) == set()
    assert repeated(shop) == []
