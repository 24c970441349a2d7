"""An account that is erased leaves its name, and its seller's, in no table; eBay keeps its own."""

import pytest

from baysync.account import steering, survey, survey_store
from baysync.account import store as accounts
from baysync.base import packing
from baysync.base.errors import Conflict, NotFound
from baysync.db import audit
from baysync.db.connection import Db
from baysync.reference import store as policies
from baysync.reference.model import ReferenceWant
from support.live_shop import SELLER, Shop, document

NAME = "lamp-house"
ZSTD = b"\x28\xb5\x2f\xfd"
COLUMNS = """
    SELECT c.table_name, c.column_name, c.data_type
    FROM information_schema.columns c JOIN information_schema.tables t
        USING (table_schema, table_name)
    WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE'
"""
SLOWLY = """
    CREATE FUNCTION slowly() RETURNS trigger LANGUAGE plpgsql
        AS 'BEGIN PERFORM pg_sleep(1.1); RETURN NULL; END';
    CREATE TRIGGER slowly BEFORE DELETE ON ebay_item EXECUTE FUNCTION slowly();
    SET statement_timeout = '1s'
"""
"""As if there were so much to delete that a statement takes longer than one may else."""
TEXTS = {"text", "jsonb", "bytea", "character varying", "ARRAY"}
OWNERS = {"account_id", "ebay_listing_id"}


async def columns(db: Db) -> list[tuple[str, str, str]]:
    return await (await db.execute(COLUMNS)).fetchall()


async def values(db: Db, table: str, column: str) -> list[object]:
    """Return every value of a column; of all tables, so their names are put in."""
    cursor = await db.execute(f'SELECT "{column}" FROM "{table}"'.encode())  # noqa: S608
    return [row[0] for row in await cursor.fetchall() if row[0] is not None]


def words(value: object) -> str:
    if isinstance(value, bytes):
        plain = packing.unpack(value) if value.startswith(ZSTD) else value
        return plain.decode("utf-8", "replace")
    return str(value)


async def holding(db: Db, names: set[str]) -> set[str]:
    """Return the columns, as table.column, in which any of ``names`` stands."""
    return {
        f"{table}.{column}"
        for table, column, kind in await columns(db)
        if kind in TEXTS
        for value in await values(db, table, column)
        if any(name in words(value) for name in names)
    }


async def owned(db: Db, account_id: int) -> set[str]:
    """Return the tables with a row that belongs to the account or to one of its eBay listings."""
    return {
        table
        for table, column, _ in await columns(db)
        if column in OWNERS and account_id in await values(db, table, column)
    }


@pytest.fixture
async def world(shop: Shop) -> tuple[Shop, set[str]]:
    """A shop that has sold, failed and been steered, and all its names."""
    async with shop.runtime.db() as db:
        await db.execute("UPDATE account SET name = %s, username = 'mrs-lamp'", (NAME,))
        account = await accounts.read(db, shop.account_id)
    await shop.put(document("L-1"), document("L-2"))
    held = {"kind": "rows", "skus": ["L-2"], "status": 400, "error_id": 25019, "message": "no"}
    shop.mock.faults({"match": {"op": "bulkPublishOffer"}, "times": 0, "effects": [held]})
    await shop.drain()
    async with shop.runtime.db() as db:
        await survey_store.begin(db, shop.account_id)
        await survey.read(db, shop.account_id, await shop.runtime.sessions.of(shop.account_id))
        await steering.pause(db, NAME, by="cli:0", reason=f"{NAME} counts its stock")
        await audit.record(db, "queue.cancel", ["listing L-1"], by="cli:0", reason=f"for {NAME}.")
        await policies.want(db, [ReferenceWant(account.id, "EBAY_US", "101")])
        await db.execute(
            """
            INSERT INTO ebay_order_line (account_id, order_id, line_item_id, ebay_listing_id,
                quantity, cancelled, sold_at)
            SELECT account_id, 'o-1', 'l-1', id, 1, false, now() FROM ebay_listing LIMIT 1
            """
        )
        await db.execute(
            """
            INSERT INTO job_schedule (name, every, last_error)
            VALUES ('test', '1 day', 'The account lamp-house is not connected.')
            """
        )
    return shop, {NAME, account.ebay_user_id, "mrs-lamp", account.client_id}


async def test_no_table_names_the_account_or_its_seller_afterwards(
    world: tuple[Shop, set[str]],
) -> None:
    shop, names = world
    live = set(shop.live())
    async with shop.runtime.db() as db:
        before = await holding(db, names)
        assert {"account.name", "audit_log.reason", "job_schedule.last_error"} <= before
        assert {"rate_bucket.key", "audit_log.target"} <= before
        await db.execute(SLOWLY)
        held = await steering.erase(db, NAME, by="cli:0")
        await db.execute("RESET statement_timeout")
        assert (held.listings, held.live, held.order_lines) == (2, 1, 1)
        assert held.log_entries
        assert await holding(db, names) == set()
        assert await owned(db, shop.account_id) == set()
        (act,) = await audit.read(db, f"account #{shop.account_id}")
        assert (act.action, act.detail["listings"]) == ("account.erase", 2)
        (kept,) = await audit.read(db, "listing L-1")
        assert kept.reason == "for (erased)."
        with pytest.raises(NotFound):
            await steering.erase(db, NAME, by="cli:0")
    assert set(shop.live()) == live == {"L-1"}, "what is on eBay stays there"
    assert SELLER in names


@pytest.mark.parametrize(
    ("state", "kind", "way"),
    [
        ("connected", None, f"accounts resume {NAME}"),
        ("connected", "reauth", f"accounts connect --renew {NAME}"),
        ("disconnected", "disconnected", f"accounts connect --env mock --name {NAME}"),
    ],
)
async def test_nothing_is_erased_while_a_change_is_in_doubt(
    world: tuple[Shop, set[str]], state: str, kind: str | None, way: str
) -> None:
    shop, _ = world
    async with shop.runtime.db() as db:
        await db.execute("UPDATE account SET state = %s, paused_kind = %s", (state, kind))
        await db.execute("UPDATE ebay_listing SET verify_at = now() WHERE lifecycle_state = 'live'")
        with pytest.raises(Conflict) as refused:
            await steering.erase(db, NAME, by="cli:0")
        assert way in refused.value.fix
        assert f"baysync accounts erase {NAME} --abandon-doubt" in refused.value.fix
        assert await owned(db, shop.account_id)
        done = await steering.erase(db, NAME, by="cli:0", abandon_doubt=True)
        assert done.in_doubt
        assert not await owned(db, shop.account_id)


async def test_nothing_is_erased_while_a_change_is_in_flight(
    world: tuple[Shop, set[str]],
) -> None:
    shop, _ = world
    async with shop.runtime.db() as db, db.transaction(force_rollback=True):
        await db.execute(
            """
            INSERT INTO ebay_change_queue (ebay_listing_id, account_id, intent, status, claim_id,
                lease_until)
            SELECT id, account_id, 'update', 'processing', gen_random_uuid(), now()
            FROM ebay_listing LIMIT 1
            """
        )
        with pytest.raises(
            Conflict, match="1 change is on the way to eBay for lamp-house"
        ) as refused:
            await steering.erase(db, NAME, by="cli:0")
        assert f"baysync accounts pause {NAME}" in refused.value.fix


async def test_a_keyset_that_another_account_uses_keeps_its_limits(
    world: tuple[Shop, set[str]],
) -> None:
    shop, _ = world
    async with shop.runtime.db() as db:
        cursor = await db.execute("SELECT count(*) FROM rate_bucket")
        (before,) = await cursor.fetchall()
        await db.execute(
            """
            INSERT INTO account (name, environment, ebay_user_id, client_id)
            SELECT 'other', 'mock', 'other', client_id FROM account
            """
        )
        await steering.disconnect(db, NAME, by="cli:0")
        cursor = await db.execute("SELECT count(*) FROM rate_bucket")
        assert await cursor.fetchall() == [before]
        account = await accounts.read(db, shop.account_id)
        assert (account.client_id, account.state) == ("", "disconnected")
        await steering.erase(db, NAME, by="cli:0")
        assert [each.name for each in await accounts.read_all(db)] == ["other"]
