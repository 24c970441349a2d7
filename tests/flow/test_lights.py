"""How long an edit waits is counted from the first that eBay does not hold yet."""

from datetime import timedelta

from baysync.api.health import Watch
from baysync.insight import facts_store
from baysync.insight.model import Facts
from live_shop import Shop, document


async def facts_of(shop: Shop) -> Facts:
    async with shop.runtime.db() as db:
        await db.execute(
            "INSERT INTO worker (id, host, pid, version) VALUES (gen_random_uuid(), 'h', 1, '1')"
        )
        await db.execute(
            "INSERT INTO order_poll (account_id, polled_at) SELECT id, now() FROM account"
            " ON CONFLICT (account_id) DO UPDATE SET polled_at = now()"
        )
        return await facts_store.facts(db)


async def test_the_age_is_that_of_the_first_edit_until_ebay_holds_the_newest(shop: Shop) -> None:
    await shop.put(document())
    await shop.drain()
    assert (await facts_of(shop)).oldest_edit_age is None
    await shop.put(document(price="21.00"))
    await shop.pass_time(timedelta(minutes=3))
    await shop.put(document(price="22.00"))
    age = (await facts_of(shop)).oldest_edit_age
    assert age is not None
    assert timedelta(minutes=3) <= age < timedelta(minutes=4)
    watch = Watch(pool=shop.runtime.pool, version="1")
    await watch.look()
    assert 180 <= (watch.now().oldest_edit_seconds or 0) < 240
    await shop.put(document())
    assert (await facts_of(shop)).oldest_edit_age is None, "taken back: nothing waits"
    await shop.put(document(price="23.00"))
    await shop.drain()
    assert (await facts_of(shop)).oldest_edit_age is None, "settled"


async def test_what_a_person_must_correct_is_no_late_edit(shop: Shop) -> None:
    await shop.put(document(price="0.01", images=[]))
    await shop.pass_time(timedelta(hours=1))
    assert await shop.blocked()
    assert (await facts_of(shop)).oldest_edit_age is None
