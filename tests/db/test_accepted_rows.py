"""A row that was accepted before is known, and what is known is what judging it would say."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from random import Random

import pytest
from psycopg import AsyncConnection

from baysync.base.packing import opened
from baysync.db.connection import Db
from baysync.db.embedded.cluster import EmbeddedPostgres
from baysync.listing import body
from baysync.listing.draft import Draft, LineResult, Op, Outcome
from baysync.listing.origin import Origin
from baysync.listing_door import accept, accept_lines
from conftest import TEMPLATE
from support.engine import account
from support.seller import SOON

API = Origin("api")
LAMP = {"sku": "LAMP", "title": "Lamp", "price": "9.00", "quantity": 3}
SHIRT = {
    "sku": "SHIRT",
    "title": "Shirt",
    "description": "<p onclick=x>Soft</p><script>x</script>",
    "variants": [
        {"sku": "SHIRT-S", "options": {"Size": "S"}, "price": "5", "quantity": 1},
        {"sku": "SHIRT-M", "options": {"Size": "M"}, "price": "5", "quantity": 2},
    ],
}
LINES = [
    json.dumps(line).encode()
    for line in (
        LAMP,
        LAMP | {"quantity": 4},
        LAMP | {"title": ""},
        LAMP | {"price": -1},
        LAMP | {"sale_price": "5.00", "sale_from": "2026-01-01"},
        {"op": "patch", "sku": "LAMP", "quantity": 4},
        {"op": "patch", "sku": "LAMP", "status": "ended"},
        {"op": "patch", "sku": "SHIRT-M", "quantity": 7},
        {"op": "patch", "sku": "SHIRT", "variants": [{"sku": "SHIRT-S", "quantity": 7}]},
        {"op": "patch", "sku": "SHIRT-M", "title": "no field of it"},
        {"op": "patch", "sku": "SHIRT", "variants": [{"sku": "SHIRT-M", "remove": True}]},
        SHIRT,
        SHIRT | {"sku": "OTHER"},
        {"sku": "LAMP", "hash": "x"},
        LAMP | {"hash": "x"},
    )
]
ROWS = [
    Draft(line=1, op=Op.MERGE, tabular=True, document=document, empty=empty)
    for document, empty in (
        ({"sku": "LAMP", "quantity": 5}, ("/title",)),
        ({"sku": "LAMP", "price": "9.00"}, ()),
        ({"sku": "SHIRT-S", "quantity": 0}, ()),
        ({"sku": "SHIRT", "quantity": 1}, ()),
    )
]


@pytest.fixture
async def twin(cluster: EmbeddedPostgres, database: str) -> AsyncIterator[Db]:
    """Another empty database."""
    name = f"{database.rsplit('/', 1)[1].partition('?')[0]}_twin"
    url = cluster.clone(TEMPLATE, name)
    try:
        async with await AsyncConnection.connect(url, autocommit=True) as connection:
            yield connection
    finally:
        cluster.drop(name)


async def lines(db: Db, *raw: bytes) -> list[LineResult]:
    return await accept_lines(db, list(enumerate(raw, start=1)), origin=API, debounce=SOON)


async def rows(db: Db, *drafts: Draft) -> list[LineResult]:
    return await accept(db, drafts, source="csv", debounce=SOON)


def said(results: list[LineResult]) -> list[LineResult]:
    """Return results without ids: a row that changes nothing uses one up."""
    return [replace(result, id=None) for result in results]


async def answers(db: Db) -> int:
    cursor = await db.execute("SELECT count(*) FROM accepted_row")
    return (await cursor.fetchall())[0][0]


async def bodies(db: Db) -> list[tuple[object, ...]]:
    cursor = await db.execute("SELECT sku, version, body FROM listing ORDER BY sku")
    return await cursor.fetchall()


@pytest.mark.parametrize("seed", range(12))
async def test_whatever_came_before_a_known_row_says_and_does_what_judging_it_would(
    db: Db, twin: Db, seed: int
) -> None:
    luck = Random(seed)  # noqa: S311 -- reproducible, not secret
    for each in (db, twin):
        await account(each)
    known = 0
    for _ in range(12):
        batch = [luck.choice(LINES) for _ in range(luck.randint(1, 3))]
        table = [luck.choice(ROWS) for _ in range(luck.randint(0, 2))]
        await twin.execute("DELETE FROM accepted_row")
        known += await answers(db)
        assert said(await lines(db, *batch)) == said(await lines(twin, *batch))
        await twin.execute("DELETE FROM accepted_row")
        assert said(await rows(db, *table)) == said(await rows(twin, *table))
        assert await bodies(db) == await bodies(twin)
    assert known > 0


async def test_a_known_row_is_answered_without_being_read(db: Db) -> None:
    raw = json.dumps(SHIRT).encode()
    (first,) = await lines(db, raw)
    await db.execute("""UPDATE accepted_row SET answer = '{"stripped": 77}'""")
    (again,) = await lines(db, raw)
    assert (first.outcome, again.outcome) == (Outcome.CREATED, Outcome.UNCHANGED)
    assert (again.stripped, again.id, again.digest) == (77, first.id, first.digest)


async def test_a_row_is_judged_anew_once_anybody_changed_its_listing(db: Db) -> None:
    raw = json.dumps(LAMP).encode()
    await lines(db, raw)
    await rows(db, ROWS[0])
    (again,) = await lines(db, raw)
    assert again.outcome is Outcome.UPDATED


async def test_a_known_row_after_a_change_of_the_same_batch_has_the_last_word(db: Db) -> None:
    raw = json.dumps(LAMP).encode()
    await lines(db, raw)
    results = await lines(db, b'{"op": "patch", "sku": "LAMP", "quantity": 8}', raw)
    assert [one.outcome for one in results] == [Outcome.SUPERSEDED, Outcome.UNCHANGED]
    cursor = await db.execute("SELECT body FROM listing")
    assert [body.decode(opened(stored)).quantity for (stored,) in await cursor.fetchall()] == [3]


async def test_a_row_under_another_entrance_or_of_a_listing_with_a_sale_is_not_known(
    db: Db,
) -> None:
    await rows(db, replace(ROWS[0], document=LAMP))
    assert await answers(db) == 1
    await db.execute("""UPDATE accepted_row SET answer = '{"stripped": 77}'""")
    (other,) = await accept(db, [replace(ROWS[0], document=LAMP)], source="shopify", debounce=SOON)
    assert other.stripped == 0
    await lines(db, json.dumps(LAMP | {"sale_price": "5.00", "sale_from": "2026-01-01"}).encode())
    cursor = await db.execute(
        "SELECT count(*) FROM accepted_row r JOIN listing l ON l.id = r.listing_id"
        " AND l.version = r.version"
    )
    assert (await cursor.fetchall())[0][0] == 0
