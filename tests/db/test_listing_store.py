"""Listings as stored: what changes, what is counted, who waits for whom."""

import asyncio
from dataclasses import replace
from decimal import Decimal

from psycopg import AsyncConnection

from baysync.base.packing import is_packed
from baysync.db.connection import Db
from baysync.listing import batching, body, page_store, service, store
from baysync.listing.draft import Draft, LineResult, Op, Outcome
from baysync.listing.model import Listing, Severity


def put(sku: str, *, line: int = 1, client_hash: bytes | None = None, **fields: object) -> Draft:
    return Draft(line=line, document={"sku": sku, **fields}, client_hash=client_hash)


def patch(sku: str, **fields: object) -> Draft:
    return Draft(line=1, document={"sku": sku, **fields}, op=Op.PATCH)


async def save(db: Db, *drafts: Draft) -> list[LineResult]:
    async with db.transaction():
        return await service.save(db, drafts, source="test")


def outcomes(results: list[LineResult]) -> list[str]:
    return [result.outcome.value for result in results]


async def stored(db: Db, sku: str) -> Listing:
    found = await store.get(db, sku)
    assert found
    return body.decode(found.body)


async def test_only_a_difference_is_a_new_version(db: Db) -> None:
    assert outcomes(await save(db, put("a", title="Lamp"), put("b", title="Vase"))) == [
        "created",
        "created",
    ]
    assert outcomes(await save(db, put("b", title="Vase"), put("a", title="Brass lamp"))) == [
        "unchanged",
        "updated",
    ]
    found = await store.read(db, list((await store.ids(db, ["a", "b", "c"])).values()))
    assert [(one.sku, one.version, one.body.title) for one in found] == [
        ("a", 2, "Brass lamp"),
        ("b", 1, "Vase"),
    ]


async def test_bodies_lie_packed_and_those_of_older_programs_are_read_and_replaced(db: Db) -> None:
    await save(db, put("a", title="Lamp"), put("b", title="Vase"))
    await db.execute(
        "UPDATE listing SET body = %b WHERE sku = 'a'", (body.encode(await stored(db, "a")),)
    )
    assert (await stored(db, "a")).title == "Lamp"
    assert outcomes(await save(db, put("a", title="Lamp"))) == ["unchanged"]
    assert outcomes(await save(db, patch("a", subtitle="Brass"))) == ["updated"]
    cursor = await db.execute(
        """
        SELECT l.sku, l.body, v.form, v.body FROM listing l
        JOIN listing_version v ON v.listing_id = l.id AND v.version = l.version ORDER BY sku
        """
    )
    for sku, packed, form, kept in await cursor.fetchall():
        assert (form, kept) == ("accepted", packed), sku
        assert is_packed(packed), sku
    assert (await stored(db, "a")).subtitle == "Brass"


async def test_the_last_of_two_lines_with_one_sku_wins_and_both_are_answered(db: Db) -> None:
    results = await save(db, put("a", line=1, title="old"), put("a", line=2, title="new"))
    assert [(r.line, r.outcome.value, r.sku) for r in results] == [
        (1, "superseded", "a"),
        (2, "created", "a"),
    ]
    assert results[0].id == results[1].id
    assert service.changed(results) == [results[1].id]
    assert (await stored(db, "a")).title == "new"


async def test_a_refused_line_keeps_nobody_out_and_replaces_nothing(db: Db) -> None:
    results = await save(db, put("a", title="good"), put("a", price=-1), put("", title="x"))
    assert outcomes(results) == ["created", "rejected", "rejected"]
    assert [problem.pointer for problem in results[1].problems[:1]] == ["/price"]
    assert (results[1].id, results[2].sku) == (None, None)
    assert (await stored(db, "a")).title == "good"


async def test_what_only_ebay_forbids_is_stored_and_said(db: Db) -> None:
    (result,) = await save(db, put("a", title="x" * 81, description="<script>x</script>y"))
    assert result.outcome is Outcome.CREATED
    assert {problem.severity for problem in result.problems} == {Severity.BLOCK}
    assert result.stripped == 1
    assert (await stored(db, "a")).description == "y"


async def test_a_patch_changes_what_it_names_in_the_order_of_the_lines(db: Db) -> None:
    await save(db, put("a", title="Lamp", price="10", quantity=5, aspects={"A": ["x"], "B": ["y"]}))
    results = await save(
        db,
        patch("a", quantity=4, aspects={"A": None}),
        patch("a", price="9.50"),
        patch("b", quantity=1),
        patch("a", nonsense=1),
    )
    assert outcomes(results) == ["superseded", "updated", "rejected", "rejected"]
    assert results[2].problems[0].rule == "unknown_sku"
    assert results[3].problems[0].pointer == "/nonsense"
    assert await stored(db, "a") == Listing(
        sku="a", title="Lamp", price=Decimal("9.5"), quantity=4, aspects={"B": ("y",)}
    )


async def test_a_patch_works_on_the_listing_that_the_same_batch_brings(db: Db) -> None:
    assert outcomes(await save(db, put("a", title="Lamp"), patch("a", quantity=2))) == [
        "superseded",
        "created",
    ]
    assert await stored(db, "a") == Listing(sku="a", title="Lamp", quantity=2)


async def test_a_hash_is_known_until_somebody_else_writes(db: Db) -> None:
    def asked(digest: bytes) -> Draft:
        return Draft(line=1, document={"sku": "a"}, op=Op.ASK, client_hash=digest)

    assert outcomes(await save(db, asked(b"1"))) == ["send"]
    await save(db, put("a", title="Lamp", client_hash=b"1"))
    assert outcomes(await save(db, asked(b"1"), asked(b"2"))) == ["unchanged", "send"]
    assert outcomes(await save(db, put("a", title="Lamp"))) == ["unchanged"]
    assert outcomes(await save(db, asked(b"1"))) == ["unchanged"], "an equal body keeps it"
    assert outcomes(await save(db, put("a", title="Lamp", client_hash=b"2"))) == ["unchanged"]
    assert outcomes(await save(db, asked(b"2"))) == ["unchanged"], "the newest spelling counts"
    await save(db, patch("a", title="Vase"))
    assert outcomes(await save(db, asked(b"2"))) == ["send"]


async def test_a_question_without_a_hash_is_rejected(db: Db) -> None:
    asked = Draft(line=1, document={}, op=Op.ASK)
    assert outcomes(await save(db, asked)) == ["rejected"]


async def test_writers_that_lock_the_same_listings_never_deadlock(database: str, db: Db) -> None:
    skus = [f"{letter}{n}" for letter in "aZé_" for n in range(20)]
    await save(db, *(put(sku, title="0") for sku in skus))

    async def write(order: list[str], title: str) -> None:
        async with await AsyncConnection.connect(database, autocommit=True) as mine:
            for turn in range(5):
                await save(mine, *(put(sku, title=f"{title}{turn}") for sku in order))
                async with mine.transaction():
                    await store.lock(mine, list((await store.ids(mine, order)).values()))

    await asyncio.gather(write(skus, "up"), write(skus[::-1], "down"), write(skus[::2], "even"))
    assert (await page_store.counts(db)) == {"active": len(skus)}


async def test_marked_listings_are_taken_past_those_that_a_host_holds(
    database: str, db: Db
) -> None:
    results = await save(db, put("a"), put("b"), put("c"))
    first, second, third = (result.id for result in results)
    assert first
    assert second
    assert third
    await store.mark_projected(db, [third])
    async with await AsyncConnection.connect(database, autocommit=True) as host:
        async with host.transaction():
            assert await store.lock(host, [first, 999]) == [first]
            async with db.transaction():
                assert await store.lock_marked(db, limit=10) == [second]
                await store.mark_projected(db, [second])
        async with db.transaction():
            assert await store.lock_marked(db, limit=10) == [first]


async def test_pages_follow_the_sku(db: Db) -> None:
    await save(db, *(put(sku, title=sku, status="draft") for sku in ("b", "a", "C")), put("d"))
    assert [line.sku for line in await page_store.page(db, after="", limit=3)] == ["C", "a", "b"]
    assert [line.sku for line in await page_store.page(db, after="b", limit=3)] == ["d"]
    drafts = await page_store.page(db, after="C", limit=9, status="draft")
    assert [line.sku for line in drafts] == ["a", "b"]
    assert [one.sku for one in await page_store.bodies(db, after="a", limit=1)] == ["b"]
    assert await store.get(db, "x") is None


def test_batches_are_smaller_where_descriptions_are_long() -> None:
    small = [put(f"s{n}") for n in range(2001)]
    assert [len(batch) for batch in batching.batches(small)] == [1000, 1000, 1]
    large = [put(f"s{n}", description="x" * 3_000_000) for n in range(4)]
    assert [len(batch) for batch in batching.batches(large)] == [3, 1]
    row = {f"Field {n}": "" for n in range(1000)}
    wide = [replace(put(f"s{n}"), source=(row,)) for n in range(100)]
    assert [len(batch) for batch in batching.batches(wide)] == [81, 19]


async def test_a_batch_of_a_thousand_is_stored_whole(db: Db) -> None:
    drafts = [put(f"s{n}", line=n, title=f"Lamp {n}", price="1.10") for n in range(1000)]
    assert set(outcomes(await save(db, *drafts))) == {"created"}
    assert set(outcomes(await save(db, *drafts))) == {"unchanged"}
