"""What a change of defaults or of the program left behind is caught up with."""

from msgspec.structs import replace

from baysync.account import store as accounts
from baysync.jobs.schedule import jobs
from support.live_shop import MARKETPLACE, Shop, document


async def test_a_listing_that_missed_new_defaults_is_projected_by_the_job(shop: Shop) -> None:
    await shop.put(document("LAMP-1"))
    await shop.drain()
    async with shop.runtime.db() as db:
        [stored] = await accounts.read_defaults(db, shop.account_id)
        changed = replace(stored.defaults, condition="USED_EXCELLENT")
        await accounts.put_defaults(db, shop.account_id, MARKETPLACE, changed)
    runtime = shop.runtime
    [job] = [
        job
        for job in jobs(runtime.pool, runtime.bell, runtime.settings)
        if job.name == "change.stragglers"
    ]
    await job.run()
    await shop.drain()
    assert shop.mock.items()["LAMP-1"]["condition"] == "USED_EXCELLENT"
