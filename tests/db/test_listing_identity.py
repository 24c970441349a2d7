"""Products that keep what their shop calls them, and drafts that race."""

import asyncio

from psycopg import AsyncConnection

from baysync import intake, listing_door
from baysync.db.connection import Db
from baysync.listing import body, store
from baysync.listing.draft import Draft, LineResult, Op, Outcome
from baysync.listing.model import Listing, Severity
from baysync.listing.service import CHANGED
from support.engine import account
from support.seller import SOON

S = {"sku": "TS-1", "options": {"Size": "S"}}
L = {"sku": "TS-2", "options": {"Size": "L"}, "quantity": 6}


def product(handle: str = "tee", **fields: object) -> Draft:
    identity = f"shopify:{handle}"
    return Draft(line=1, document=fields, op=Op.MERGE, identity=identity, variants_whole=True)


async def accept(db: Db, *drafts: Draft) -> list[LineResult]:
    return await listing_door.accept(db, drafts, source="shopify", debounce=SOON)


async def stored(db: Db, sku: str) -> Listing:
    found = await store.get(db, sku)
    assert found
    return body.decode(found.body)


def refusals(result: LineResult) -> list[tuple[str, str]]:
    assert result.outcome is Outcome.REJECTED
    return [(p.pointer, p.rule) for p in result.problems if p.severity is Severity.REFUSE]


async def only(db: Db) -> list[tuple[str, str | None]]:
    cursor = await db.execute("SELECT sku, identity FROM listing ORDER BY sku")
    return await cursor.fetchall()


async def test_a_single_that_becomes_a_group_and_back_is_one_listing(db: Db) -> None:
    await account(db)
    over = {"EBAY_DE": {"quantity": 2}}
    await accept(db, product(sku="TS-1", title="Tee", quantity=4, gtins=["1"], overrides=over))
    (group,) = await accept(db, product(sku="tee", variants=[S, L]))
    assert group.outcome is Outcome.UPDATED
    assert group.notes == (
        "TS-1 is now called tee: it is the same product",
        "tee is now a listing with variants: on eBay the old one ends before the new one begins",
    )
    assert await only(db) == [("tee", "shopify:tee")]
    tee = await stored(db, "tee")
    assert [(v.sku, v.quantity, v.gtins) for v in tee.variants] == [
        ("TS-1", 4, ("1",)),
        ("TS-2", 6, ()),
    ]
    assert (tee.title, tee.quantity, list(tee.overrides["EBAY_DE"].variants or {})) == (
        "Tee",
        None,
        ["TS-1"],
    )
    (single,) = await accept(db, product(sku="TS-1", title="Tee"))
    assert single.sku == "TS-1"
    assert await only(db) == [("TS-1", "shopify:tee")]
    back = await stored(db, "TS-1")
    assert (back.quantity, back.gtins, back.variants) == (4, ("1",), ())
    assert back.overrides["EBAY_DE"].quantity == 2


async def test_a_product_without_a_sku_is_found_by_its_identity(db: Db) -> None:
    await account(db)
    await accept(db, product(sku="TS-1", title="Tee"))
    (result,) = await accept(db, product(title="Shirt"))
    assert (result.sku, result.outcome) == ("TS-1", Outcome.UPDATED)


async def test_an_equal_listing_takes_the_identity_that_comes_with_it(db: Db) -> None:
    await account(db)
    await accept(db, Draft(line=1, document={"sku": "TS-1", "title": "Tee"}))
    (result,) = await accept(db, product(sku="TS-1", title="Tee"))
    assert result.outcome is Outcome.UNCHANGED
    assert await only(db) == [("TS-1", "shopify:tee")]


async def test_two_products_with_one_sku_are_both_named_and_refused(db: Db) -> None:
    await account(db)
    await accept(db, product("red", sku="RUG", title="Red"))
    both = await accept(db, product("red", sku="RUG"), product("blue", sku="RUG", title="Blue"))
    later = await accept(db, product("blue", sku="RUG", title="Blue"))
    assert [refusals(result)[0] for result in both] == [("/sku", "sku_of_two_products")] * 2
    assert "shopify:red (row 1) and shopify:blue (row 1)" in both[0].problems[0].message
    assert refusals(later[0])[0] == ("/sku", "sku_of_another_product")
    assert (await stored(db, "RUG")).title == "Red"


async def test_patches_of_different_fields_at_once_both_survive(database: str, db: Db) -> None:
    await account(db)
    for turn in range(5):
        await accept(db, Draft(line=1, document={"sku": "A", "title": "-", "brand": "-"}))

        async def send(field: str, turn: int = turn) -> LineResult:
            async with await AsyncConnection.connect(database, autocommit=True) as mine:
                fields = {"sku": "A", field: f"{field} {turn}"}
                (result,) = await accept(mine, Draft(line=1, document=fields, op=Op.PATCH))
                return result

        results = await asyncio.gather(*map(send, ("title", "brand", "mpn", "subtitle")))
        assert {result.outcome for result in results} <= CHANGED
        assert await stored(db, "A") == Listing(
            sku="A",
            title=f"title {turn}",
            brand=f"brand {turn}",
            mpn=f"mpn {turn}",
            subtitle=f"subtitle {turn}",
        )


async def test_a_patch_of_what_changed_after_it_was_read_is_merged_again(
    database: str, db: Db
) -> None:
    await account(db)
    await accept(db, Draft(line=1, document={"sku": "A", "title": "old", "brand": "B"}))
    async with await AsyncConnection.connect(database, autocommit=True) as host:
        async with host.transaction():
            await intake.put(host, Listing(sku="A", title="new", brand="B"))
            patch = Draft(line=1, document={"sku": "A", "mpn": "M"}, op=Op.PATCH)
            waiting = asyncio.create_task(accept(db, patch))
            while True:  # until it has read the old version and waits for the lock
                cursor = await host.execute(
                    "SELECT count(*) FROM pg_stat_activity "
                    "WHERE wait_event_type = 'Lock' AND datname = current_database()"
                )
                if await cursor.fetchone() == (1,):
                    break
                await asyncio.sleep(0)
        (result,) = await waiting
    assert result.outcome is Outcome.UPDATED
    assert await stored(db, "A") == Listing(sku="A", title="new", brand="B", mpn="M")
