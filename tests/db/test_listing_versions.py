"""Versions of listings: each accepted one is kept, with where it comes from."""

import asyncio
from collections.abc import Mapping
from decimal import Decimal

from msgspec.structs import replace
from psycopg import AsyncConnection

from baysync import intake
from baysync.base.packing import opened
from baysync.db.connection import Db
from baysync.listing import body, service
from baysync.listing.draft import Draft
from baysync.listing.origin import Origin
from support.shop import LAMP


async def save(db: Db, *documents: Mapping[str, object], origin: Origin | None = None) -> None:
    async with db.transaction():
        drafts = [Draft(line=1, document=document) for document in documents]
        await service.save(db, drafts, source="test", origin=origin)


async def versions(db: Db) -> list[tuple[object, ...]]:
    cursor = await db.execute(
        """
        SELECT sku, v.version, v.body, kind, actor, import_id
        FROM listing_version v JOIN listing ON id = listing_id ORDER BY sku, v.version
        """
    )
    return [
        (sku, version, body.document(opened(stored))["title"], *rest)
        for sku, version, stored, *rest in await cursor.fetchall()
    ]


async def test_each_accepted_version_is_kept_with_its_origin(db: Db) -> None:
    await save(db, {"sku": "A", "title": "Lamp"}, origin=Origin("csv", "cli:ann"))
    await save(db, {"sku": "A", "title": "Lamp"}, {"sku": "B", "title": "Vase"})
    await save(db, {"sku": "A", "title": "Brass lamp"}, origin=Origin("api", "http:local"))
    assert await versions(db) == [
        ("A", 1, "Lamp", "csv", "cli:ann", None),
        ("A", 2, "Brass lamp", "api", "http:local", None),
        ("B", 1, "Vase", "test", "", None),
    ]


async def test_what_stood_before_versions_were_kept_is_the_first_known_one(db: Db) -> None:
    await save(db, {"sku": "A", "title": "Lamp"}, {"sku": "B", "title": "Vase"})
    await db.execute("DELETE FROM listing_version")
    await save(db, {"sku": "A", "title": "Brass lamp"}, {"sku": "B", "title": "Vase"})
    assert await versions(db) == [
        ("A", 1, "Lamp", "test", "", None),
        ("A", 2, "Brass lamp", "test", "", None),
    ]


async def test_a_hosts_own_transaction_keeps_the_version_and_takes_it_back_with_the_rest(
    db: Db,
) -> None:
    await intake.put(db, LAMP)
    async with db.transaction(force_rollback=True):
        await intake.put(db, replace(LAMP, price=Decimal(1)))
    rows = await versions(db)
    assert [(row[0], row[1], row[3], row[4]) for row in rows] == [(LAMP.sku, 1, "python", "host")]


async def test_writers_of_the_same_listings_leave_no_gap_between_versions(
    database: str, db: Db
) -> None:
    skus = [f"S{n}" for n in range(20)]
    await save(db, *({"sku": sku, "title": "0"} for sku in skus))
    await db.execute("DELETE FROM listing_version")

    async def write(order: list[str], title: str) -> None:
        async with await AsyncConnection.connect(database, autocommit=True) as mine:
            for turn in range(5):
                await save(mine, *({"sku": sku, "title": f"{title}{turn}"} for sku in order))

    await asyncio.gather(write(skus, "up"), write(skus[::-1], "down"), write(skus[::2], "even"))
    cursor = await db.execute(
        """
        SELECT DISTINCT l.version = count(v.version) AND min(v.version) = 1
            AND bool_or(v.version = l.version AND v.body = l.body)
        FROM listing l JOIN listing_version v ON listing_id = l.id GROUP BY l.id
        """
    )
    assert await cursor.fetchall() == [(True,)]
