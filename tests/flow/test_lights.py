"""What stops an account is a light wherever people look, and its age is that of the edit."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from baysync.api.health import Watch
from baysync.insight import facts_store
from baysync.insight.model import Facts, Light
from baysync.insight.rules import lights
from live_shop import Shop, document


def fail(shop: Shop, **effect: object) -> None:
    """Let eBay answer every call about items so, from now on."""
    shop.mock.faults({"match": {"path": "/sell/"}, "times": 0, "effects": [effect]})


def throttle(shop: Shop) -> None:
    fail(shop, kind="throttle", retry_after=30)


def break_down(shop: Shop) -> None:
    fail(shop, kind="unavailable", answer="503")


def revoke(shop: Shop) -> None:
    shop.mock.revoke_tokens()


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


async def lit(shop: Shop) -> list[Light]:
    return list(lights(await facts_of(shop)))


@pytest.mark.parametrize(
    ("happens", "cause", "command"),
    [
        (revoke, "account_paused", "baysync accounts connect --renew shop"),
        (throttle, "ebay_throttles", ""),
        (break_down, "ebay_silent", ""),
    ],
)
async def test_what_stops_an_account_is_its_one_light(
    shop: Shop, happens: Callable[[Shop], None], cause: str, command: str
) -> None:
    await shop.put(document())
    await shop.drain()
    assert await lit(shop) == []
    happens(shop)
    await shop.put(document(price="21.00"))
    for _ in range(8):
        await shop.publish_due()
        await shop.pass_time(timedelta(seconds=50))
    await shop.publish_due()
    (light,) = await lit(shop)
    assert (light.cause, light.command, light.account) == (cause, command, "shop")
    watch = Watch(pool=shop.runtime.pool, version="1")
    await watch.look()
    health = watch.now()
    assert health.status == "degraded"
    assert health.problems == [light.words]
    assert health.oldest_edit_seconds is not None
    assert 350 < health.oldest_edit_seconds < 500


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
