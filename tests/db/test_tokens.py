"""Tokens in the database: encrypted, bound to their row, renewed by one at a time."""

import anyio
import pytest

from baysync.account import connection_store
from baysync.account.connection_store import NewAccount
from baysync.account.model import Environment
from baysync.account.token_store import PostgresTokenStore, forget, write_secrets
from baysync.base.errors import SecretError
from baysync.base.secrets import Keyring
from baysync.db.connection import Db
from baysync.db.pool import Pool, open_pool
from baysync.ebay.tokens import Granted

RING = Keyring(bytes(range(32)))
GRANTED = Granted(
    access="CANARY-access", expires_in=7200, refresh="CANARY-refresh", refresh_expires_in=47_304_000
)


async def account(db: Db, user: str = "u1") -> int:
    new = NewAccount(
        name=user,
        environment=Environment.MOCK,
        ebay_user_id=user,
        username=user,
        client_id="app",
        ru_name="ru",
        base_urls={},
    )
    return await connection_store.insert(db, new)


def tokens(pool: Pool, ring: Keyring = RING) -> PostgresTokenStore:
    return PostgresTokenStore(pool=pool, keyring=ring)


async def test_tokens_come_back_with_what_is_left_of_them(database: str, db: Db) -> None:
    number = await account(db)
    async with open_pool(database, size=2) as pool:
        store = tokens(pool)
        assert await store.read(number) is None
        await store.write(number, GRANTED)
        stored = await store.read(number)
    assert stored is not None
    assert (stored.refresh, stored.access) == ("CANARY-refresh", "CANARY-access")
    assert 7190 < stored.expires_in <= 7200


async def test_a_renewal_keeps_the_refresh_token(database: str, db: Db) -> None:
    number = await account(db)
    async with open_pool(database, size=2) as pool:
        store = tokens(pool)
        await store.write(number, GRANTED)
        await store.write(number, Granted(access="newer", expires_in=7200))
        stored = await store.read(number)
    assert stored is not None
    assert (stored.refresh, stored.access) == ("CANARY-refresh", "newer")


async def test_no_secret_stands_in_the_database(database: str, db: Db) -> None:
    number = await account(db)
    async with open_pool(database, size=2) as pool:
        await tokens(pool).write(number, GRANTED)
        await write_secrets(db, RING, number, {"client_secret": ("CANARY-client", None)})
    cursor = await db.execute("SELECT t::text FROM ebay_auth_token AS t")
    rows = [row[0] for row in await cursor.fetchall()]
    assert len(rows) == 3
    assert [row for row in rows if "CANARY" in row] == []


async def test_a_token_moved_to_another_account_is_refused(database: str, db: Db) -> None:
    victim, thief = await account(db), await account(db, "u2")
    async with open_pool(database, size=2) as pool:
        store = tokens(pool)
        await store.write(victim, GRANTED)
        await db.execute("UPDATE ebay_auth_token SET account_id = %s", (thief,))
        with pytest.raises(SecretError, match="moved from another row"):
            await store.read(thief)


async def test_a_token_in_another_environment_is_refused(database: str, db: Db) -> None:
    number = await account(db)
    async with open_pool(database, size=2) as pool:
        store = tokens(pool)
        await store.write(number, GRANTED)
        await db.execute("UPDATE account SET environment = 'production'")
        with pytest.raises(SecretError, match="moved from another row"):
            await store.read(number)


async def test_another_key_is_refused(database: str, db: Db) -> None:
    number = await account(db)
    async with open_pool(database, size=2) as pool:
        await tokens(pool).write(number, GRANTED)
        with pytest.raises(SecretError, match="but the key here is"):
            await tokens(pool, Keyring(bytes(32))).read(number)


async def test_forgotten_tokens_are_gone(database: str, db: Db) -> None:
    number = await account(db)
    async with open_pool(database, size=2) as pool:
        await tokens(pool).write(number, GRANTED)
        await forget(db, number)
        assert await tokens(pool).read(number) is None


async def test_one_process_at_a_time_may_renew(database: str, db: Db) -> None:
    number = await account(db)
    inside = 0
    most = 0

    async def renew(store: PostgresTokenStore) -> None:
        nonlocal inside, most
        async with store.exclusively(number):
            inside += 1
            most = max(most, inside)
            await store.read(number)
            inside -= 1

    async with (
        open_pool(database, size=8) as one,
        open_pool(database, size=8) as two,
        anyio.create_task_group() as tasks,
    ):
        for _ in range(4):
            tasks.start_soon(renew, tokens(one))
            tasks.start_soon(renew, tokens(two))
    assert (inside, most) == (0, 1)


async def test_a_cancelled_renewal_lets_the_next_one_in(database: str, db: Db) -> None:
    number = await account(db)
    async with open_pool(database, size=1 + 1) as pool:
        store = tokens(pool)
        with anyio.CancelScope() as scope:
            async with store.exclusively(number):
                scope.cancel()
                await anyio.sleep_forever()
        with anyio.fail_after(10):
            async with store.exclusively(number):
                cursor = await db.execute(
                    "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"
                )
                assert await cursor.fetchone() == (1,)
