"""Accounts in the database: lanes and defaults."""

from datetime import timedelta

import pytest

from baysync.account import connection_store, store
from baysync.account.connection_store import NewAccount
from baysync.account.model import Account, Defaults, Environment, Policies
from baysync.base.errors import NotFound
from baysync.db.connection import Db

BASE, CAP = timedelta(seconds=5), timedelta(seconds=300)


def seller(user: str = "u1", environment: Environment = Environment.MOCK) -> NewAccount:
    return NewAccount(
        name=f"shop-{user}",
        environment=environment,
        ebay_user_id=user,
        username="alice",
        client_id="app-1",
        ru_name="ru",
        base_urls={"api": "http://127.0.0.1:1"},
    )


async def added(db: Db, new: NewAccount | None = None) -> Account:
    return await store.read(db, await connection_store.insert(db, new or seller()))


async def wait_of(db: Db, account: Account) -> float:
    """Return how many seconds the lane is still paused, by PostgreSQL's clock."""
    cursor = await db.execute(
        "SELECT extract(epoch FROM paused_until - clock_timestamp()) FROM account WHERE id = %s",
        (account.id,),
    )
    row = await cursor.fetchone()
    assert row
    return float(row[0])


async def lift(db: Db, account: Account) -> None:
    """Let the pause of a lane lie in the past."""
    await db.execute(
        "UPDATE account SET paused_until = now() - interval '1 s' WHERE id = %s", (account.id,)
    )


async def test_an_account_is_read_by_id_and_by_name(db: Db) -> None:
    account = await added(db)
    assert await store.read_named(db, "shop-u1") == account
    assert await store.read_all(db) == [account]
    assert account.environment is Environment.MOCK
    assert account.base_urls == {"api": "http://127.0.0.1:1"}


async def test_an_unknown_account_is_not_found(db: Db) -> None:
    with pytest.raises(NotFound, match="no account nobody"):
        await store.read_named(db, "nobody")
    with pytest.raises(NotFound, match="no account 17"):
        await store.read(db, 17)


async def test_a_pause_lasts_until_resume_and_keeps_its_first_reason(db: Db) -> None:
    account = await added(db)
    await store.pause(db, account.id, "person")
    await store.pause(db, account.id, "config")
    paused = await store.read(db, account.id)
    assert paused.paused_for_good
    assert paused.paused_reason == "person"
    assert await store.resume(db, account.id)
    assert await store.read(db, account.id) == account


async def test_failures_in_a_row_slow_the_lane_up_to_the_cap(db: Db) -> None:
    account = await added(db)
    waits: list[float] = []
    for _ in range(8):
        await store.slow(db, account.id, base=BASE, cap=CAP, jitter=1.0)
        waits.append(await wait_of(db, account))
        await lift(db, account)
    assert [round(wait) for wait in waits] == [10, 20, 40, 80, 160, 300, 300, 300]


async def test_jitter_is_half_of_the_wait(db: Db) -> None:
    account = await added(db)
    await store.slow(db, account.id, base=BASE, cap=CAP, jitter=0.0)
    assert round(await wait_of(db, account)) == 5


async def test_a_lane_that_waits_already_is_not_slowed_again(db: Db) -> None:
    account = await added(db)
    for _ in range(3):
        await store.slow(db, account.id, base=BASE, cap=CAP, jitter=0.0)
    assert (await store.read(db, account.id)).lane_failures == 1


async def test_an_answer_lets_the_lane_run_at_full_speed(db: Db) -> None:
    account = await added(db)
    await store.slow(db, account.id, base=BASE, cap=CAP, jitter=0.0)
    await store.answered(db, account.id)
    assert await store.read(db, account.id) == account


async def test_an_answer_does_not_end_a_pause_of_a_person(db: Db) -> None:
    account = await added(db)
    await store.slow(db, account.id, base=BASE, cap=CAP, jitter=0.0)
    await store.pause(db, account.id, "person")
    await store.answered(db, account.id)
    paused = await store.read(db, account.id)
    assert (paused.paused_for_good, paused.paused_reason, paused.lane_failures) == (
        True,
        "person",
        0,
    )


async def test_a_disconnected_account_stays_paused_until_it_is_connected_again(db: Db) -> None:
    account = await added(db)
    await connection_store.disconnect(db, account.id)
    assert not await store.resume(db, account.id)
    gone = await store.read(db, account.id)
    assert (gone.state, gone.paused_for_good) == ("disconnected", True)
    await connection_store.reconnect(db, account.id, seller())
    assert await store.read(db, account.id) == account


async def test_production_is_seen_only_while_connected(db: Db) -> None:
    assert not await connection_store.any_production(db)
    account = await added(db, seller("u9", Environment.PRODUCTION))
    assert await connection_store.any_production(db)
    await connection_store.disconnect(db, account.id)
    assert not await connection_store.any_production(db)


async def test_defaults_come_back_by_pair_and_count_their_versions(db: Db) -> None:
    account = await added(db)
    first = Defaults(category="123", policies=Policies(return_="9"))
    assert await store.put_defaults(db, account.id, "EBAY_US", first)
    assert not await store.put_defaults(db, account.id, "EBAY_US", first)
    assert await store.put_defaults(db, account.id, "EBAY_US", Defaults(category="124"))
    asked = [(account.id, "EBAY_US"), (account.id, "EBAY_DE")]
    assert await store.defaults(db, asked) == {(account.id, "EBAY_US"): Defaults(category="124")}
    (stored,) = await store.read_defaults(db, account.id)
    assert (stored.marketplace, stored.version) == ("EBAY_US", 2)
    assert await store.enrolled(db) == [(account.id, "EBAY_US")]


async def test_the_price_quantity_limit_is_remembered(db: Db) -> None:
    account = await added(db)
    assert account.price_quantity_rows == 25
    await store.limit_price_quantity(db, account.id, 1)
    assert (await store.read(db, account.id)).price_quantity_rows == 1
