"""Undo under interruption, with sales, and versions packed and pruned."""

from datetime import timedelta
from typing import Any

import pytest

from baysync.base.errors import NotFound
from baysync.db.connection import Db
from baysync.listing import body, store
from baysync.listing import service as listings
from baysync.listing.draft import Draft, Op
from baysync.listing.history import service as history
from baysync.listing.imports import store as imports
from baysync.listing.imports.model import UNDO
from baysync.listing.origin import Origin
from baysync.undo import service
from support.engine import account
from support.seller import SOON

Document = dict[str, Any]
KEEP = timedelta(days=90)


async def save(db: Db, *documents: Document, import_id: int | None = None) -> None:
    drafts = [
        Draft(line=1, document={k: v for k, v in one.items() if k != "op"}, op=one.get("op", "put"))
        for one in documents
    ]
    async with db.transaction():
        await listings.save(db, drafts, source="csv", origin=Origin("csv", "ann", import_id))


def patch(sku: str, **fields: object) -> Document:
    return {"op": Op.PATCH, "sku": sku, **fields}


async def begun(db: Db) -> int:
    return await imports.begin(db, kind="csv", name="a.csv", actor="ann")


async def titles(db: Db) -> set[str]:
    cursor = await db.execute("SELECT DISTINCT title FROM listing")
    return {row[0] for row in await cursor.fetchall()}


async def undo(db: Db, run: service.Run, *, with_stock: bool = False) -> service.Run:
    while True:
        run, steps = await service.take_back(
            db, run, actor="ann", with_stock=with_stock, debounce=SOON
        )
        if not steps:
            return run


async def test_an_undo_that_was_cut_off_goes_on_where_it_was(
    db: Db, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "BATCH", 3)
    await account(db)
    skus = [f"S{n}" for n in range(8)]
    await save(db, *({"sku": sku, "title": "Lamp"} for sku in skus))
    wiped = await begun(db)
    await save(db, *(patch(sku, title="x") for sku in skus), import_id=wiped)
    first = await service.begin(db, wiped, actor="ann")
    first, steps = await service.take_back(db, first, actor="ann", with_stock=False, debounce=SOON)
    assert len(steps) == 3
    again = await service.begin(db, wiped, actor="ann")
    assert again == first
    done = await undo(db, again)
    assert (done.totals.listings, done.totals.put_back, done.totals.left) == (8, 8, 0)
    assert await titles(db) == {"Lamp"}
    kept = await imports.get(db, done.id)
    assert kept
    assert (kept.undoes, kept.finished_at is not None) == (wiped, True)
    assert kept.counts == done.totals.counts()


async def test_an_undo_forgets_the_hash_of_the_sender(db: Db) -> None:
    await account(db)
    await save(db, {"sku": "A", "title": "Lamp"})
    wiped = await begun(db)
    async with db.transaction():
        draft = Draft(line=1, document={"sku": "A", "title": "x"}, client_hash=b"h")
        await listings.save(db, [draft], source="csv", origin=Origin("csv", "", wiped))
    assert await store.unknown(db, [("A", b"h")]) == set()
    await undo(db, await service.begin(db, wiped, actor="ann"))
    assert await store.unknown(db, [("A", b"h")]) == {("A", b"h")}, "else the file is skipped"


async def test_an_undo_with_stock_gives_back_what_is_left_after_the_sales(db: Db) -> None:
    shop = await account(db)
    await save(db, {"sku": "A", "title": "Lamp", "quantity": 9})
    wiped = await begun(db)
    await save(db, patch("A", quantity=0), import_id=wiped)
    await db.execute(
        """
        WITH mine AS (
            INSERT INTO ebay_listing (listing_id, account_id, marketplace)
            SELECT id, %(shop)s, 'EBAY_US' FROM listing RETURNING id)
        INSERT INTO ebay_order_line (account_id, order_id, line_item_id, ebay_listing_id,
            quantity, cancelled, sold_at)
        SELECT %(shop)s, 'o', line, id, units, line = 'c', now() + days * interval '1 day'
        FROM mine, (VALUES ('a', 2, 1), ('b', 1, 1), ('c', 4, 1), ('d', 1, -1))
            AS sale (line, units, days)
        """,
        {"shop": shop},
    )
    await undo(db, await service.begin(db, wiped, actor="ann"), with_stock=True)
    found = await store.get(db, "A")
    assert found
    assert b'"quantity":6' in found.body


async def test_versions_are_packed_and_come_back(db: Db) -> None:
    for number in range(1, 25):
        await save(db, {"sku": "A", "title": f"Lamp {number}"}, {"sku": "B", "title": "Vase"})
    for _ in range(2):
        await history.compact(db, most=50, older_than=KEEP)
    cursor = await db.execute(
        """
        SELECT sku, v.version, form FROM listing_version v JOIN listing l ON l.id = listing_id
        WHERE form <> 'patch' ORDER BY sku, v.version
        """
    )
    assert await cursor.fetchall() == [
        ("A", 20, "whole"),
        ("A", 24, "whole"),
        ("B", 1, "whole"),
    ]
    _, kept = await service.history_of(db, "A")
    assert [one.body for one in kept] == [
        b'{"sku":"A","title":"Lamp %d"}' % number for number in range(1, 25)
    ]


async def test_old_versions_go_and_the_one_that_held_since_then_stays(db: Db) -> None:
    for number in range(1, 8):
        await save(db, {"sku": "A", "title": f"Lamp {number}"})
    await history.compact(db, most=5, older_than=KEEP)
    _, kept = await service.history_of(db, "A")
    assert [one.version for one in kept] == [3, 4, 5, 6, 7]
    await db.execute(
        """
        UPDATE listing_version SET superseded_at = now() - interval '91 days' WHERE version <= 5;
        """
    )
    done = await history.compact(db, most=5, older_than=KEEP)
    assert done["deleted"] == 3
    _, kept = await service.history_of(db, "A")
    assert [(one.version, one.body[-9:]) for one in kept] == [(6, b'"Lamp 6"}'), (7, b'"Lamp 7"}')]


async def test_an_import_goes_with_the_last_version_that_it_made(db: Db) -> None:
    first = await imports.begin(db, kind="csv", name="a.csv", actor="cli:0")
    origin = Origin("csv", "cli:0", first)
    await listings.save(
        db, [Draft(line=1, document={"sku": "A", "title": "1"})], source="csv", origin=origin
    )
    undo = await imports.begin(db, kind=UNDO, name="a.csv", actor="cli:0", undoes=first)
    await save(db, {"sku": "A", "title": "2"})
    await db.execute("UPDATE listing_import SET started_at = started_at - interval '91 days'")
    done = await history.compact(db, most=5, older_than=KEEP)
    assert done["forgotten"] == 1, "the undo that changed nothing"
    assert [one.id for one in await imports.page(db, before=None, limit=9)] == [first]
    await db.execute("UPDATE listing_version SET superseded_at = now() - interval '91 days'")
    assert (await history.compact(db, most=5, older_than=KEEP))["forgotten"] == 1
    assert await imports.page(db, before=None, limit=9) == []
    for gone in (first, undo):
        with pytest.raises(NotFound, match=f"import {gone} is no longer kept"):
            await service.find(db, gone)
    with pytest.raises(NotFound, match="There is no import 99"):
        await service.find(db, 99)


async def test_a_listing_from_before_versions_shows_the_one_it_has(db: Db) -> None:
    await save(db, {"sku": "A", "title": "Lamp"})
    await db.execute("DELETE FROM listing_version")
    _, kept = await service.history_of(db, "A")
    assert [(one.version, one.kind) for one in kept] == [(1, "csv")]


async def test_a_listing_that_is_refused_as_it_was_stays(db: Db) -> None:
    await account(db)
    await save(db, {"sku": "A", "title": "Lamp", "price": "2"}, {"sku": "B", "title": "Vase"})
    await db.execute('UPDATE listing SET body = \'{"sku":"A","price":"-1"}\' WHERE sku = \'A\'')
    await db.execute("DELETE FROM listing_version")
    wiped = await begun(db)
    await save(db, patch("A", price="3"), patch("B", title="Bowl"), import_id=wiped)
    done = await undo(db, await service.begin(db, wiped, actor="ann"))
    assert (done.totals.put_back, done.totals.left) == (1, 1)
    found = await store.get(db, "A")
    assert found
    assert b'"price":"3"' in found.body


async def test_a_variant_gets_back_what_is_left_of_its_own_stock(db: Db) -> None:
    shop = await account(db)
    rows = [{"sku": size, "options": {"Size": size}, "quantity": 5} for size in "ML"]
    await save(db, {"sku": "A", "title": "Shirt", "variants": rows})
    wiped = await begun(db)
    empty = [{"sku": size, "options": {"Size": size}, "quantity": 0} for size in "ML"]
    await save(db, patch("A", variants=empty), import_id=wiped)
    await db.execute(
        """
        WITH mine AS (
            INSERT INTO ebay_listing (listing_id, account_id, marketplace)
            SELECT id, %(shop)s, 'EBAY_US' FROM listing RETURNING id),
        item AS (
            INSERT INTO ebay_item (ebay_listing_id, account_id, variant_key, ebay_sku)
            SELECT id, %(shop)s, 'M', 'M' FROM mine RETURNING id, ebay_listing_id)
        INSERT INTO ebay_order_line (account_id, order_id, line_item_id, ebay_listing_id,
            ebay_item_id, quantity, cancelled, sold_at)
        SELECT %(shop)s, 'o', 'a', ebay_listing_id, id, 2, false, now() + interval '1 day'
        FROM item
        """,
        {"shop": shop},
    )
    await undo(db, await service.begin(db, wiped, actor="ann"), with_stock=True)
    found = await store.get(db, "A")
    assert found
    stock = {row.sku: row.quantity for row in body.decode(found.body).variants}
    assert stock == {"M": 3, "L": 5}
