"""How long an edit waits is counted from the first that eBay does not hold yet."""

import json
import re
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from baysync import intake
from baysync.api.watch import Watch
from baysync.ebay_listing import mark_store
from baysync.insight import facts_store
from baysync.insight.model import Cause, Facts
from baysync.insight.rules import lights
from baysync.listing.origin import Origin
from baysync.stock_door import set_stock
from support.live_shop import Shop, document
from support.served import ask, request
from support.surfaces import Site, run, site

Edit = Callable[[Shop, Site, int], Awaitable[object]]


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


async def by_host(shop: Shop, _site: Site, number: int) -> None:
    async with shop.runtime.db() as db, db.transaction():
        assert await intake.patch(db, {"sku": "LAMP-1", "quantity": number})


async def by_http(_shop: Shop, site: Site, number: int) -> None:
    body = f'{{"quantity": {number}}}'
    head = request(
        "PATCH",
        "/api/listings/LAMP-1",
        Content_Type="application/merge-patch+json",
        Content_Length=str(len(body)),
    )
    answer = await ask(site.port, head + body.encode())
    assert answer.status == 200, answer.body


async def by_file(shop: Shop, _site: Site, number: int) -> None:
    path = shop.runtime.settings.home / "listings.jsonl"
    path.write_text(json.dumps({"sku": "LAMP-1", "quantity": number}))
    assert (await run("listings", "import", str(path))).startswith("0")


async def by_stock_door(shop: Shop, _site: Site, number: int) -> None:
    async with shop.runtime.db() as db:
        items = [{"sku": "LAMP-1", "quantity": number}]
        await set_stock(db, items, origin=Origin("api"), debounce=shop.debounce)


async def by_mark(shop: Shop, _site: Site, _number: int) -> None:
    async with shop.runtime.db() as db:
        await mark_store.mark(db, [row for row, _ in await mark_store.named(db, ["LAMP-1"])])


EDITS: dict[str, Edit] = {
    "host": by_host,
    "http": by_http,
    "file": by_file,
    "stock door": by_stock_door,
    "mark": by_mark,
}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS.keys())
async def test_editing_again_what_nobody_looked_at_makes_no_edit_younger(
    shop: Shop, edit: Edit, monkeypatch: pytest.MonkeyPatch
) -> None:
    await shop.put(document())
    await shop.drain()
    settings = shop.runtime.settings
    assert settings.database_url is not None
    monkeypatch.setenv("DATABASE_URL", settings.database_url.get_secret_value())
    monkeypatch.setenv("BAYSYNC_HOME", str(settings.home))
    async with site(shop.runtime) as serving:
        await by_host(shop, serving, 1)
        for number in (2, 3):
            await shop.pass_time(timedelta(minutes=3))
            await edit(shop, serving, number)
        told = await serving.said()
        ages = {
            "health": re.search(r'"oldest_edit_seconds":(\d+)', told["health"]),
            "metrics": re.search(r"baysync_edit_oldest_seconds (\d+)", told["metrics"]),
            "status": re.search(r'"oldest_edit_seconds": ?(\d+)', await run("status", "--json")),
        }
        assert all(age and 360 <= int(age[1]) < 420 for age in ages.values()), ages
        assert "edits the oldest that eBay does not have yet is 6 min old" in told["status"]
    await shop.reap()
    await shop.drain()
    assert (await facts_of(shop)).oldest_edit_age is None


async def test_the_database_knows_since_when_a_light_is_lit(shop: Shop) -> None:
    await shop.put(document())
    async with shop.runtime.db() as db, db.transaction():  # one moment
        await db.execute(
            "INSERT INTO worker (id, host, pid, version, seen_at)"
            " VALUES (gen_random_uuid(), 'h', 1, '1', now() - interval '5 min')"
        )
        await db.execute("DELETE FROM appconfig WHERE name = 'policy.enabled'")
        await db.execute(
            """
            INSERT INTO ebay_policy_cache (account_id, marketplace, kind, key, body, fetched_at)
            SELECT id, 'EBAY_US', 'category', key, '{}', now() - since
            FROM account, (VALUES ('1', interval '9 days'), ('2', interval '1 h')) AS k(key, since)
            """
        )
        await db.execute(
            """
            INSERT INTO ebay_failed_event
                (queue_id, ebay_listing_id, account_id, verdict, attempts, died_at)
            SELECT q.id, ebay_listing_id, account_id, 'rejected', 1, now() - interval '2 min'
            FROM ebay_change_queue q
            """
        )
        found = await facts_store.facts(db)
        assert {
            light.cause: light.since and light.since - found.now for light in lights(found)
        } == {
            Cause.NO_WORKER: timedelta(minutes=-5),
            Cause.REFERENCE: timedelta(days=-2),
            Cause.DEAD: timedelta(minutes=-2),
        }


async def test_a_look_is_no_edit(shop: Shop) -> None:
    await shop.put(document())
    await shop.drain()
    async with shop.runtime.db() as db:
        before = await (await db.execute("SELECT version, updated_at FROM listing")).fetchall()
        await mark_store.mark(db, [row for row, _ in await mark_store.named(db, ["LAMP-1"])])
        after = await (await db.execute("SELECT version, updated_at FROM listing")).fetchall()
    assert after == before
    await shop.reap()
