"""A variant's SKU at the doors of drafts."""

import pytest

from baysync.db.connection import Db
from baysync.listing import body, service, store
from baysync.listing.draft import Draft, LineResult, Op, Outcome
from baysync.listing.model import Listing, Severity

S = {"sku": "TC-S", "options": {"Size": "S"}, "quantity": 4}
L = {"sku": "TC-L", "options": {"Size": "L"}, "quantity": 6}
TEE = {"sku": "tee", "title": "Tee", "price": "19", "variants": [S, L]}


def put(**fields: object) -> Draft:
    return Draft(line=1, document=fields)


def patch(sku: str, *, op: Op = Op.PATCH, tabular: bool = False, **fields: object) -> Draft:
    return Draft(line=1, document={"sku": sku, **fields}, op=op, tabular=tabular)


async def save(db: Db, *drafts: Draft) -> list[LineResult]:
    async with db.transaction():
        return await service.save(db, drafts, source="test")


async def stored(db: Db, sku: str) -> Listing:
    found = await store.get(db, sku)
    assert found
    return body.decode(found.body)


def refusals(result: LineResult) -> list[tuple[str, str]]:
    assert result.outcome is Outcome.REJECTED
    return [(p.pointer, p.rule) for p in result.problems if p.severity is Severity.REFUSE]


async def quantities(db: Db) -> dict[str, object]:
    return {each.sku: each.quantity for each in (await stored(db, "tee")).variants}


@pytest.mark.parametrize("op", [Op.PATCH, Op.MERGE])
async def test_a_variant_is_changed_under_its_own_sku_and_the_others_stay(db: Db, op: Op) -> None:
    await save(db, put(**TEE))
    (result,) = await save(db, patch("TC-S", quantity=7, op=op))
    assert (result.sku, result.outcome) == ("tee", Outcome.UPDATED)
    assert await quantities(db) == {"TC-S": 7, "TC-L": 6}
    assert (await stored(db, "tee")).title == "Tee"


async def test_drafts_of_one_batch_see_what_those_before_them_did(db: Db) -> None:
    results = await save(
        db, put(**TEE), patch("TC-S", quantity=7), patch("tee", title="T"), patch("TC-L", price="9")
    )
    assert [result.outcome for result in results] == [
        Outcome.SUPERSEDED,
        Outcome.UPDATED,
        Outcome.UPDATED,
        Outcome.CREATED,
    ]
    assert await quantities(db) == {"TC-S": 7, "TC-L": 6}
    assert (await stored(db, "tee")).title == "T"


async def test_a_field_that_only_a_listing_has_names_the_listing_to_send_it_to(db: Db) -> None:
    await save(db, put(**TEE))
    (result,) = await save(db, patch("TC-S", title="Tee S", quantity=1))
    assert refusals(result) == [("/title", "field_of_listing")]
    assert "send it under the SKU tee" in result.problems[0].fix
    assert await quantities(db) == {"TC-S": 4, "TC-L": 6}


async def test_a_row_of_a_table_leaves_such_fields_alone_and_says_so(db: Db) -> None:
    await save(db, put(**TEE))
    (result,) = await save(db, patch("TC-S", title="Tee S", quantity=1, tabular=True))
    assert (result.outcome, result.notes) == (
        Outcome.UPDATED,
        ("title left alone: TC-S is a variant of tee",),
    )
    assert await quantities(db) == {"TC-S": 1, "TC-L": 6}


async def test_a_row_for_a_listing_says_no_stock_that_each_of_its_variants_has_itself(
    db: Db,
) -> None:
    sizes = [{**S, "sku": "CAP-S"}, {"sku": "CAP-L", "options": {"Size": "L"}}]
    cap = TEE | {"sku": "cap", "quantity": 9, "variants": sizes}
    await save(db, put(**TEE), put(**cap))
    (result,) = await save(db, patch("tee", quantity=0, tabular=True))
    assert refusals(result) == [("/quantity", "has_variants")]
    assert "write a row for each of its variants: TC-L, TC-S" in result.problems[0].fix
    (result, other) = await save(
        db, patch("tee", price="21", tabular=True), patch("cap", quantity=0, tabular=True)
    )
    assert (result.outcome, other.outcome) == (Outcome.UPDATED, Outcome.UPDATED), "they share it"


async def test_what_is_wrong_is_named_by_the_field_as_it_was_sent(db: Db) -> None:
    await save(db, put(**TEE))
    (own,) = await save(db, patch("TC-L", quantity=-1))
    (within,) = await save(db, patch("tee", variants=[{"sku": "TC-L", "quantity": -1}]))
    (fresh,) = await save(db, patch("tee", variants=[{"sku": "TC-L"}, {"sku": "TC-M"}]))
    assert refusals(own) == [("/quantity", "quantity_out_of_range")]
    assert refusals(within) == [("/variants/0/quantity", "quantity_out_of_range")]
    assert refusals(fresh) == [("/variants/1/options", "missing")]


async def test_merge_creates_what_is_not_there_and_patch_does_not(db: Db) -> None:
    created, unknown = await save(
        db, patch("NEW", op=Op.MERGE, title="New", price="3"), patch("OLD", title="Old")
    )
    assert created.outcome is Outcome.CREATED
    assert refusals(unknown) == [("/sku", "unknown_sku")]


async def test_a_sku_that_would_mean_two_things_is_refused_where_it_arises(db: Db) -> None:
    await save(db, put(**TEE), put(sku="PLAIN"))
    results = await save(
        db,
        put(sku="TC-S", title="A tee"),
        put(sku="other", variants=[{**S, "sku": "PLAIN"}, L]),
        patch("tee", variants=[{"sku": "PLAIN", "options": {"Size": "M"}}]),
    )
    assert [refusals(result) for result in results] == [
        [("/sku", "ambiguous_sku")],
        [("/variants/0/sku", "ambiguous_sku"), ("/variants/1/sku", "ambiguous_sku")],
        [("/variants/0/sku", "ambiguous_sku")],
    ]


async def test_a_listing_that_was_put_away_leaves_its_skus_to_others(db: Db) -> None:
    await save(db, put(sku="TC-S", title="Once alone", status="archived"), put(**TEE))
    (patched,) = await save(db, patch("TC-S", quantity=9))
    (back,) = await save(db, put(sku="TC-S", title="Back", status="active"))
    assert patched.sku == "tee"
    assert refusals(back) == [("/sku", "ambiguous_sku")]


async def test_empty_fields_that_the_listing_fills_are_named(db: Db) -> None:
    await save(db, put(**TEE))
    draft = Draft(
        line=1,
        op=Op.MERGE,
        document={"sku": "tee", "variants": [{"sku": "TC-L"}]},
        empty=("/title", "/brand", "/variants/0/quantity", "/variants/0/price"),
    )
    (result,) = await save(db, draft)
    assert result.kept == ("/title", "/variants/0/quantity")


@pytest.mark.parametrize("op", [Op.PUT, Op.PATCH, Op.MERGE])
async def test_whoever_gives_a_listing_variants_is_told_that_the_old_one_ends(
    db: Db, op: Op
) -> None:
    await save(db, put(sku="tee", title="Tee", price="19", quantity=1))
    (result,) = await save(db, Draft(line=1, document=TEE, op=op))
    assert "tee is now a listing with variants: on eBay the old one ends before" in " ".join(
        result.notes
    )
    (single,) = await save(db, put(sku="tee", title="Tee", price="19", quantity=1))
    assert single.notes == (
        "tee is now a listing without variants: on eBay the old one ends before the new one begins",
    )


async def test_a_number_for_a_listing_whose_variants_have_their_own_is_no_silent_success(
    db: Db,
) -> None:
    await save(db, put(**TEE))
    (result,) = await save(db, patch("tee", quantity=0))
    (note,) = result.notes
    assert note.startswith("quantity of tee changes nothing on eBay: each of its variants has")
    (under_its_own,) = await save(db, patch("TC-S", quantity=0))
    assert under_its_own.notes == ()
    shared = {**TEE, "variants": [{**S, "quantity": None}, {**L, "quantity": None}]}
    (_, shares) = await save(db, put(**shared), patch("tee", quantity=3))
    assert not any("changes nothing" in note for note in shares.notes)
