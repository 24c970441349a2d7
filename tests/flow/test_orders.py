"""What buyers buy on mockbay is read into the ledger: once, late ones too, and seen per listing."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

import pytest

from baysync.account import connection_store
from baysync.account import store as accounts
from baysync.app import orders, remote_jobs
from baysync.insight.listing import store as standings
from baysync.insight.listing import timeline_store
from baysync.orders import store
from baysync.orders.model import Poll, PollLimits, Sale
from baysync.telemetry.metrics import GATHERED, Series
from mockbay.client import MockServer
from support.live_shop import Shop, document

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
async def selling(shop: Shop) -> Shop:
    """A shop with a live lamp; at its eBay it is half a day earlier than with us."""
    past = datetime.now(UTC) - 12 * HOUR
    shop.mock.advance((past - datetime.fromisoformat(shop.mock.advance(0))).total_seconds())
    await shop.put(document("LAMP-1", quantity=900))
    await shop.drain()
    GATHERED.take()
    return shop


async def poll(shop: Shop, **limits: timedelta) -> int:
    job = orders(shop.runtime)
    return await replace(job, limits=replace(job.limits, **limits)).run()


async def sales(shop: Shop, sku: str | None = None) -> list[Sale]:
    async with shop.runtime.db() as db:
        return await store.page(db, sku=sku, account=None, before=None, limit=1_000)


async def state(shop: Shop) -> Poll:
    async with shop.runtime.db() as db:
        (found,) = await store.polls(db)
        return found


def asked(mock: MockServer, name: str = "filter") -> list[str]:
    """Return a parameter of each call for orders."""
    calls = mock.journal("getOrders")
    return [parse_qs(call["query"]).get(name, [""])[0] for call in calls]


def answering(**fields: object) -> dict[str, Any]:
    """Return a rule by which the next page of orders has these fields instead."""
    effect = {"kind": "patch", "set": fields}
    return {"match": {"op": "getOrders"}, "times": 1, "effects": [effect]}


async def test_a_sale_is_kept_once_and_belongs_to_its_listing(selling: Shop) -> None:
    order = selling.mock.buy("LAMP-1", 2)
    assert await poll(selling) == 1
    assert await poll(selling) == 0, "read a second time it says nothing new"
    (sale,) = await sales(selling)
    assert (sale.order_id, sale.quantity, str(sale.total)) == (order["orderId"], 2, "39.80")
    assert (sale.sku, sale.marketplace, sale.currency) == ("LAMP-1", "EBAY_US", "USD")
    assert (sale.cancelled, sale.payment_status) == (False, "PAID")
    counted, _ = GATHERED.take()
    assert counted[Series("order.line", "new")] == 1
    assert counted[Series("order.units_sold")] == 2
    async with selling.runtime.db() as db:
        (sold,) = await store.sold(db, "LAMP-1")
        (standing,) = await standings.standing(db, "LAMP-1")
        chain = await timeline_store.timeline(db, "LAMP-1", limit=100)
    assert (sold.units_sold, sold.last_sold_at) == (2, sale.sold_at)
    assert (standing.sold, standing.last_sold_at) == (2, sale.sold_at)
    assert ("sale", f"order {order['orderId']}") in {(link.kind, link.of) for link in chain}


async def test_an_order_of_several_lines_is_kept_line_by_line(selling: Shop) -> None:
    await selling.put(document("MUG-1", quantity=9))
    await selling.drain()
    lines = [{"sku": "LAMP-1", "quantity": 2}, {"sku": "MUG-1"}]
    order = selling.mock.buy(lines=lines, shipping_cost="4.00")
    assert await poll(selling) == 2
    kept = {sale.sku: (sale.quantity, str(sale.total)) for sale in await sales(selling)}
    assert kept == {"LAMP-1": (2, "43.80"), "MUG-1": (1, "19.90")}
    assert {sale.order_id for sale in await sales(selling)} == {order["orderId"]}
    selling.mock.advance(60)
    selling.mock.cancel_order(order["orderId"])
    assert await poll(selling) == 2
    assert all(sale.cancelled for sale in await sales(selling))


async def test_a_cancelled_order_counts_no_more_as_sold(selling: Shop) -> None:
    order = selling.mock.buy("LAMP-1", 2)
    selling.mock.buy("LAMP-1", 3)
    await poll(selling)
    selling.mock.advance(60)
    selling.mock.cancel_order(order["orderId"])
    assert await poll(selling) == 1
    async with selling.runtime.db() as db:
        (sold,) = await store.sold(db, "LAMP-1")
    assert (sold.units_sold, sold.units_cancelled) == (3, 2)
    assert GATHERED.take()[0][Series("order.line", "changed")] == 1


@pytest.mark.parametrize(("overlap", "read"), [(HOUR, {"late", "soon"}), (0 * HOUR, {"soon"})])
async def test_an_order_that_ebay_shows_late_is_read_within_the_overlap(
    selling: Shop, overlap: timedelta, read: set[str]
) -> None:
    selling.mock.switch(order_lag_ms=30 * 60_000)
    names = {selling.mock.buy("LAMP-1")["orderId"]: "late"}
    selling.mock.switch(order_lag_ms=0)
    selling.mock.advance(60)
    names[selling.mock.buy("LAMP-1")["orderId"]] = "soon"
    await poll(selling, overlap=overlap)
    assert {names[sale.order_id] for sale in await sales(selling)} == {"soon"}
    selling.mock.advance(30 * 60)
    await poll(selling, overlap=overlap)
    assert {names[sale.order_id] for sale in await sales(selling)} == read


async def test_the_first_reading_goes_back_as_far_as_is_set_day_by_day(selling: Shop) -> None:
    selling.mock.buy("LAMP-1")
    await poll(selling, lookback=DAY * 3)
    queries = asked(selling.mock)
    assert len(queries) == 3
    assert queries[0].startswith("lastmodifieddate:[")
    assert all(each.partition("..")[2] != "]" for each in queries[:-1])
    assert queries[-1].endswith("..]"), "the rest has no end: none lies in the future"
    assert len(await sales(selling)) == 1
    await poll(selling, lookback=DAY * 3)
    assert len(asked(selling.mock)) == 4, "then one call is enough"


async def test_pages_are_followed_and_read_again_until_they_show_no_other_order(
    selling: Shop,
) -> None:
    bought = [selling.mock.buy("LAMP-1")["orderId"] for _ in range(201)]
    (rule,) = selling.mock.faults(
        {"match": {"op": "getOrders"}, "nth": 2, "effects": [{"kind": "hold", "when": "before"}]}
    )
    async with asyncio.TaskGroup() as tasks:
        polling = tasks.create_task(poll(selling, lookback=DAY))
        assert await asyncio.to_thread(selling.mock.reached, rule)
        assert len(await sales(selling)) == 200, "each page is kept by itself"
        selling.mock.advance(60)
        selling.mock.cancel_order(bought[0])  # it is the last now: another slips to the first page
        selling.mock.release(rule)
    assert polling.result() == 202
    assert {sale.order_id for sale in await sales(selling)} == set(bought)
    assert asked(selling.mock, "offset") == ["", "200"] * 3


async def test_a_reading_that_breaks_off_goes_on_where_it_was(selling: Shop) -> None:
    selling.mock.buy("LAMP-1")
    down = {"kind": "error", "status": 500, "error_id": 30500}
    selling.mock.faults({"match": {"op": "getOrders"}, "nth": 3, "times": 1, "effects": [down]})
    assert await poll(selling, lookback=DAY * 4) == 0
    broken = await state(selling)
    assert (broken.polled_at, (broken.error or "").split(":")[0]) == (None, "ambiguous")
    assert GATHERED.take()[0][Series("order.poll_failure")] == 1
    assert await poll(selling, lookback=DAY * 4) == 1
    assert len(asked(selling.mock)) == 5, "the two days that were read are not read again"
    whole = await state(selling)
    assert (whole.error, whole.polled_at is not None) == (None, True)


async def test_an_answer_that_lists_nothing_is_not_taken_for_no_sales(selling: Shop) -> None:
    before = await state(selling)
    effect = {"kind": "patch", "set": {"total": 7}, "remove": ["orders"]}
    selling.mock.faults({"match": {"op": "getOrders"}, "times": 1, "effects": [effect]})
    await poll(selling)
    after = await state(selling)
    assert (after.read_to, before.read_to) == (None, None)
    assert after.error == "done: status 200, without orders"


async def test_odd_orders_are_kept_with_what_they_say(selling: Shop) -> None:
    listing_id = selling.live()["LAMP-1"]["listing"]["listingId"]
    bare = {"lineItemId": "1", "quantity": 1}
    odd = [
        {"orderId": "A", "lineItems": [bare], "mood": {"new": True}},
        {"orderId": "B", "lineItems": [bare | {"legacyItemId": listing_id}, {"quantity": 3}]},
        {"orderId": "C", "lineItems": [bare | {"sku": "FOREIGN", "quantity": "2", "total": 3}],
         "lastModifiedDate": "yesterday", "creationDate": None, "cancelStatus": None},
        {"lineItems": [bare]}, "order", None,
    ]  # fmt: skip
    selling.mock.faults(answering(orders=odd))
    assert await poll(selling, lookback=DAY) == 3
    found = {sale.order_id: sale for sale in await sales(selling)}
    assert (found["A"].sku, found["A"].total) == (None, None)
    assert found["B"].sku == "LAMP-1", "known by its listing id"
    assert (found["C"].sku, found["C"].ebay_sku, found["C"].quantity) == (None, "FOREIGN", 2)
    assert [sale.order_id for sale in await sales(selling, "FOREIGN")] == ["C"]
    assert [sale.order_id for sale in await sales(selling, "LAMP-1")] == ["B"]


async def test_a_sale_belongs_to_a_listing_that_the_shop_tells_of_later(selling: Shop) -> None:
    line = {"lineItemId": "1", "quantity": 1, "sku": "LATER"}
    selling.mock.faults(answering(orders=[{"orderId": "A", "lineItems": [line]}]))
    await poll(selling, lookback=DAY)
    await selling.put(document("LATER"))
    await poll(selling)
    (sale,) = await sales(selling, "LATER")
    assert sale.sku == "LATER"
    await selling.drain()


async def test_an_account_that_a_person_paused_or_that_has_no_access_stops_no_other(
    selling: Shop,
) -> None:
    selling.mock.buy("LAMP-1")
    async with selling.runtime.db() as db:
        for name in ("paused", "broken"):
            new = connection_store.NewAccount(
                name=name, environment=(await accounts.read(db, selling.account_id)).environment,
                ebay_user_id=name, username=name, client_id=name, ru_name="", base_urls={},
            )  # fmt: skip
            account_id = await connection_store.insert(db, new)
            if name == "paused":
                await accounts.pause(db, account_id, "person")
    assert await poll(selling) == 1
    async with selling.runtime.db() as db:
        await accounts.pause(db, selling.account_id, "person")
        polls = {poll.account: poll for poll in await store.polls(db)}
    assert [name for name, poll in polls.items() if poll.polled_at] == ["shop"]
    before = len(asked(selling.mock))
    assert await poll(selling) == 0
    assert len(asked(selling.mock)) == before


async def test_reading_leaves_the_last_fifth_of_the_days_calls_to_others(selling: Shop) -> None:
    await poll(selling)
    selling.mock.buy("LAMP-1")
    before = len(asked(selling.mock))
    async with selling.runtime.db() as db:
        await db.execute(
            """
            UPDATE rate_bucket SET daily_limit = 100, daily_remaining = 20,
                daily_reset_at = now() + interval '9 h'
            WHERE key LIKE '%/fulfillment'
            """
        )
    assert await poll(selling) == 0
    assert len(asked(selling.mock)) == before
    assert ((await state(selling)).error or "").startswith("throttled")
    async with selling.runtime.db() as db:
        await db.execute("UPDATE rate_bucket SET daily_remaining = 22")
    assert await poll(selling) == 1


async def test_sales_are_read_by_a_job_unless_that_is_switched_off(shop: Shop) -> None:
    job = next(job for job in remote_jobs(shop.runtime) if job.name == "orders.poll")
    assert job.every == shop.runtime.settings.orders_interval
    off = shop.runtime.settings.model_copy(update={"orders_enabled": False})
    assert "orders.poll" not in [
        job.name for job in remote_jobs(replace(shop.runtime, settings=off))
    ]
    assert orders(shop.runtime).limits == PollLimits(lookback=30 * DAY, overlap=HOUR)
