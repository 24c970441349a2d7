"""The doors: a host's own transaction, and the one of our own entrances."""

from decimal import Decimal

import pytest
from msgspec.structs import replace
from psycopg import AsyncConnection, Connection
from psycopg.rows import DictRow, dict_row

from baysync.base.errors import Refused
from baysync.db.connection import Db
from baysync.intake import (
    patch_many_blocking,
    put,
    put_many,
    put_many_blocking,
    set_stock_blocking,
)
from baysync.listing import store as listings
from baysync.listing.draft import Draft, Outcome
from baysync.listing.model import Listing, Variant
from baysync.listing_door import accept
from support.engine import account
from support.seller import SOON, Seller, open_shop
from support.shop import LAMP

BAD = replace(LAMP, sku="BAD", price=Decimal(-1))


def draft(line: int, **fields: object) -> Draft:
    return Draft(line=line, document={"title": "Lamp", "price": "3.50", **fields})


async def skus(db: Db) -> list[str]:
    cursor = await db.execute("SELECT sku FROM listing ORDER BY sku")
    return [row[0] for row in await cursor.fetchall()]


@pytest.fixture
async def shop(db: Db) -> Seller:
    return await open_shop(db)


async def test_what_comes_in_is_stored_and_queued_and_every_line_is_answered(
    shop: Seller,
) -> None:
    full = {"description": "x", "images": ["https://shop.example/a.jpg"], "quantity": 1}
    drafts = [draft(1, sku="A", **full), draft(2), draft(3, sku="A", **full, brand="Lumo")]
    results = await accept(shop.db, drafts, source="jsonl", debounce=SOON)
    assert [(r.line, r.outcome) for r in results] == [
        (1, Outcome.SUPERSEDED),
        (2, Outcome.REJECTED),
        (3, Outcome.CREATED),
    ]
    assert await shop.changes() == [("pending", "create", 0)]
    again = await accept(shop.db, drafts[2:], source="jsonl", debounce=SOON)
    assert [r.outcome for r in again] == [Outcome.UNCHANGED]
    assert len(await shop.changes()) == 1


async def test_more_than_a_thousand_come_in_by_thousands(db: Db) -> None:
    await account(db)
    drafts = [draft(n, sku=f"S{n:04}") for n in range(1001)]
    results = await accept(db, drafts, source="jsonl", debounce=SOON)
    assert {r.outcome for r in results} == {Outcome.CREATED}
    cursor = await db.execute("SELECT count(*), count(DISTINCT xmin::text) FROM listing")
    assert await cursor.fetchall() == [(1001, 2)]


async def test_put_writes_a_row_and_a_mark_and_nothing_else(shop: Seller) -> None:
    assert await put(shop.db, LAMP)
    assert not await put(shop.db, LAMP)
    assert await shop.rows() == []
    cursor = await shop.db.execute("SELECT version, projected_version, source FROM listing")
    assert await cursor.fetchall() == [(1, 0, "python")]


async def test_put_belongs_to_the_hosts_transaction(shop: Seller, database: str) -> None:
    async with await AsyncConnection[DictRow].connect(database, row_factory=dict_row) as host:
        assert await put_many(host, [LAMP, replace(LAMP, sku="B")]) == ["B", "LAMP-1"]
        assert await skus(shop.db) == []
    assert await skus(shop.db) == ["B", "LAMP-1"]


async def test_a_host_waits_for_no_lock_of_ours(shop: Seller, database: str) -> None:
    live = await shop.live()
    async with shop.db.transaction(), await AsyncConnection.connect(database) as host:
        await shop.db.execute("SELECT FROM ebay_listing WHERE id = %s FOR UPDATE", (live.id,))
        await shop.db.execute("LOCK TABLE ebay_change_queue IN EXCLUSIVE MODE")
        await host.execute("SET LOCAL lock_timeout = '2s'")
        assert await put(host, replace(LAMP, quantity=1))


async def test_what_cannot_be_stored_leaves_the_transaction_usable(db: Db) -> None:
    async with db.transaction():
        with pytest.raises(Refused, match="/price"):
            await put_many(db, [LAMP, BAD])
        await put(db, LAMP)
    assert await skus(db) == ["LAMP-1"]


async def test_of_two_with_one_sku_the_last_wins(db: Db) -> None:
    assert await put_many(db, [LAMP, replace(LAMP, quantity=9)]) == ["LAMP-1"]
    (stored,) = await listings.read(db, list((await listings.ids(db, ["LAMP-1"])).values()))
    assert stored.body.quantity == 9


def test_a_host_without_asyncio_has_the_same_door(database: str) -> None:
    with Connection[DictRow].connect(database, row_factory=dict_row) as host:
        assert put_many_blocking(host, [Listing(sku="A"), LAMP]) == ["A", "LAMP-1"]
        assert put_many_blocking(host, [LAMP]) == []
        host.rollback()


def test_a_host_without_asyncio_patches_and_sets_stock_of_a_variant(database: str) -> None:
    with Connection[DictRow].connect(database, row_factory=dict_row) as host:
        sizes = tuple(Variant(sku=f"SHIRT-{size}", options={"Size": size}) for size in "SM")
        put_many_blocking(host, [Listing(sku="SHIRT", variants=sizes), LAMP])
        assert patch_many_blocking(host, [{"sku": "SHIRT-M", "price": "12"}]) == ["SHIRT"]
        with pytest.raises(Refused, match="/price"):
            patch_many_blocking(host, [{"sku": "LAMP-1", "price": "-1"}])
        numbers = set_stock_blocking(host, {"SHIRT-M": 9, "LAMP-1": 7, "NOPE": 1})
        outcomes = [(one.sku, one.outcome.value, one.reason) for one in numbers]
        assert outcomes == [
            ("SHIRT-M", "updated", None),
            ("LAMP-1", "updated", None),
            ("NOPE", "rejected", "unknown_sku"),
        ]
        host.rollback()
