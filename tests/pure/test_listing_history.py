"""Fields that differ between versions, and fields that go back."""

import copy
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baysync.listing import body
from baysync.listing.history import diff, rules
from baysync.listing.history.model import (
    ABSENT,
    FieldChange,
    Form,
    KeptReason,
    StoredVersion,
    Version,
)
from baysync.listing.history.rules import ReturnedStock

Document = dict[str, Any]
SKUS = st.lists(st.sampled_from("abcde"), unique=True, max_size=4)
WORDS = st.sampled_from(["x", "y", "z"])
NUMBERS = st.integers(0, 3)


def shirt(*skus: str, **fields: object) -> Document:
    rows = [{"sku": sku, "options": {"Size": sku}, "price": "5", "quantity": 3} for sku in skus]
    return {"sku": "SHIRT", "title": "Shirt", "currency": "EUR", "variants": rows, **fields}


@st.composite
def variants(draw: st.DrawFn) -> list[Document]:
    """Draw up to four variants with options, and some with price and quantity."""
    extra = {"price": WORDS, "quantity": NUMBERS}
    rows: list[Document] = []
    for sku in draw(SKUS):
        chosen = draw(st.fixed_dictionaries({}, optional=extra))
        rows.append({"sku": sku, "options": {"Size": draw(WORDS)}, **chosen})
    return rows


@st.composite
def documents(draw: st.DrawFn) -> Document:
    """Draw a listing with some of its fields, some of them empty-handed."""
    inner = {"title": WORDS, "price": WORDS, "quantity": NUMBERS, "currency": WORDS}
    override = st.fixed_dictionaries(
        {"title": WORDS},
        optional={
            **{name: inner[name] for name in ("price", "quantity", "currency")},
            "aspects": st.dictionaries(WORDS, WORDS, min_size=1),
            "variants": st.dictionaries(WORDS, st.fixed_dictionaries({"price": WORDS}), min_size=1),
        },
    )
    document: Document = draw(
        st.fixed_dictionaries(
            {"sku": st.just("A")},
            optional={
                **inner,
                "sale_price": WORDS,
                "sale_from": WORDS,
                "weight": st.fixed_dictionaries({"unit": WORDS, "value": WORDS}),
                "aspects": st.dictionaries(WORDS, st.lists(WORDS), min_size=1),
                "overrides": st.dictionaries(WORDS, override, min_size=1),
            },
        )
    )
    if rows := draw(variants()):
        document["variants"] = rows
    return document


@given(documents(), documents())
def test_what_nobody_changed_since_goes_back_to_the_last_byte(
    before: Document, after: Document
) -> None:
    kept = copy.deepcopy(after)
    done = rules.put_back(after, [(before, after)], ReturnedStock(given=True))
    assert done.document == before
    assert list(diff.variants(done.document)) == list(diff.variants(before))
    assert done.left == ()
    assert after == kept


@given(documents(), documents(), documents())
def test_a_field_goes_back_or_stays_and_what_stays_is_named(
    before: Document, after: Document, now: Document
) -> None:
    done = rules.put_back(now, [(before, after)], ReturnedStock())
    left = {one.path for one in done.left}
    made = diff.changes(before, after)
    for path in diff.changes(now, done.document):
        assert path in made or path == ("variants",), "only what was changed goes back"
    for path, change in made.items():
        value = diff.value(done.document, path)
        if path != ("variants",) and path not in left:
            assert rules.apart_from_stock(path, value) == rules.apart_from_stock(
                path, change.before
            )
        if path in left and path != ("variants",):
            assert value == diff.value(now, path), "what stays is as it is"
    for path in diff.changes(now, done.document):
        assert path[-1] != "quantity", "stock is left alone"


@given(documents(), documents(), documents())
def test_two_steps_go_back_as_one(first: Document, second: Document, third: Document) -> None:
    done = rules.put_back(third, [(first, second), (second, third)], ReturnedStock(given=True))
    assert done.document == first


def test_a_field_that_somebody_changed_since_stays() -> None:
    before = {"sku": "A", "title": "Lamp", "brand": "Lumo", "price": "5"}
    after = {"sku": "A", "title": "Vase", "price": "7"}
    now = {**after, "price": "8"}
    done = rules.put_back(now, [(before, after)], ReturnedStock())
    assert done.document == {"sku": "A", "title": "Lamp", "brand": "Lumo", "price": "8"}
    assert done.changes[("brand",)] == FieldChange(ABSENT, "Lumo")
    assert [(one.path, one.reason) for one in done.left] == [(("price",), KeptReason.CHANGED_SINCE)]


def test_a_step_between_which_somebody_wrote_is_taken_back_alone() -> None:
    one, two = {"sku": "A", "title": "1", "brand": "x"}, {"sku": "A", "title": "2", "brand": "x"}
    edited = {**two, "brand": "y"}
    three = {**edited, "title": "3"}
    done = rules.put_back(three, [(one, two), (edited, three)], ReturnedStock())
    assert done.document == {"sku": "A", "title": "1", "brand": "y"}


def test_a_currency_and_its_prices_go_back_together_or_not_at_all() -> None:
    before = shirt("S", price="5")
    after = shirt("S", price="5.40", currency="USD", title="T-shirt")
    now = {**after, "price": "6"}
    done = rules.put_back(now, [(before, after)], ReturnedStock())
    assert (done.document["currency"], done.document["title"]) == ("USD", "Shirt")
    assert {one.path: one.reason for one in done.left} == {
        ("price",): KeptReason.CHANGED_SINCE,
        ("currency",): KeptReason.TOGETHER,
    }


def test_a_sale_price_goes_back_with_its_dates() -> None:
    before = {"sku": "A", "sale_price": "4", "sale_from": "2026-01-01"}
    after = {"sku": "A", "sale_price": "3", "sale_from": "2026-02-01"}
    done = rules.put_back({**after, "sale_price": "2"}, [(before, after)], ReturnedStock())
    assert done.document == {"sku": "A", "sale_price": "2", "sale_from": "2026-02-01"}


@pytest.mark.parametrize(
    ("old", "made", "now", "sold", "then"),
    [
        (7, 0, 0, 0, 7),
        (7, 0, 0, 2, 5),
        (7, 0, 0, 9, 0),
        (2, 9, 9, 0, 2),
        (7, 0, 3, 0, 3),
        ("untracked", 0, 0, 4, "untracked"),
    ],
)
def test_stock_comes_back_less_what_was_sold_since(
    old: object, made: object, now: object, sold: int, then: object
) -> None:
    before, after, today = ({"sku": "A", "quantity": number} for number in (old, made, now))
    stock = ReturnedStock(given=True, sold={"": sold})
    assert rules.put_back(today, [(before, after)], stock).document["quantity"] == then
    alone = rules.put_back(today, [(before, after)], ReturnedStock())
    assert alone.document == today
    assert [one.reason for one in alone.left] == [KeptReason.STOCK]


def test_a_variant_that_was_taken_away_comes_back_in_its_place_and_without_stock() -> None:
    before, after = shirt("S", "M", "L"), shirt("S", "L")
    done = rules.put_back(after, [(before, after)], ReturnedStock())
    rows = diff.variants(done.document)
    assert list(rows) == ["S", "M", "L"]
    assert rows["M"] == {"sku": "M", "options": {"Size": "M"}, "price": "5"}
    assert [(one.path, one.reason) for one in done.left] == [
        (("variants", "M", "quantity"), KeptReason.STOCK)
    ]
    stock = ReturnedStock(given=True, sold={"M": 1, "": 5})
    again = rules.put_back(after, [(before, after)], stock)
    assert diff.variants(again.document)["M"]["quantity"] == 2


def test_a_variant_that_came_goes_again_whatever_its_stock_is_now() -> None:
    before, after, now = shirt("S"), shirt("S", "M"), shirt("S", "M")
    now["variants"][1]["quantity"] = 1
    assert rules.put_back(now, [(before, after)], ReturnedStock()).document == before
    now["variants"][1]["price"] = "9"
    assert rules.put_back(now, [(before, after)], ReturnedStock()).document == now


def test_the_order_of_variants_goes_back_unless_it_was_changed_since() -> None:
    before, after = shirt("S", "M", "L"), shirt("L", "M", "S")
    assert diff.changes(before, after) == {
        ("variants",): FieldChange(("S", "M", "L"), ("L", "M", "S"))
    }
    assert rules.put_back(after, [(before, after)], ReturnedStock()).document == before
    now = shirt("M", "L", "S")
    done = rules.put_back(now, [(before, after)], ReturnedStock())
    assert done.document == now
    assert [one.path for one in done.left] == [("variants",)]


def test_paths_are_json_pointers() -> None:
    assert diff.pointer(("aspects", "a/b~c")) == "/aspects/a~1b~0c"
    assert diff.pointer(()) == ""


def row(version: int, body: bytes, form: Form = Form.PLAIN) -> StoredVersion:
    return StoredVersion(
        listing_id=1,
        version=version,
        form=form,
        body=body,
        kind="api",
        actor="",
        import_id=None,
        accepted_at=datetime(2026, 1, version, tzinfo=UTC),
    )


@given(st.lists(st.binary(max_size=60), min_size=1, max_size=25), st.integers(0, 24))
def test_packed_versions_come_back_byte_by_byte(bodies: list[bytes], at: int) -> None:
    rows = [row(number, body) for number, body in enumerate(bodies, 1)]
    once = _written(rows[: at + 1])
    rows = [*once, *rows[at + 1 :]]
    rows = _written(rows)
    assert [version.body for version in rules.unpacked(rows)] == bodies
    assert [one.form for one in rows] == [
        Form.WHOLE if one.version % 20 == 0 or one.version == len(rows) else Form.PATCH
        for one in rows
    ]


def _written(rows: list[StoredVersion]) -> list[StoredVersion]:
    packed = {one.version: one for one in rules.packed(rows)}
    return [
        row(one.version, packed[one.version].body, packed[one.version].form)
        if one.version in packed
        else one
        for one in rows
    ]


@pytest.mark.parametrize(
    ("statuses", "first", "by"),
    [
        ([None, "ended"], 1, "kind-2"),
        ([None, "ended", "ended"], 1, "kind-2"),
        (["ended", "ended"], 1, "kind-1"),
        (["ended", "ended"], 7, ""),
        ([None], 1, "kind-1"),
    ],
)
def test_who_gave_a_listing_its_status_is_known_while_that_version_is_kept(
    statuses: list[str | None], first: int, by: str
) -> None:
    kept = [
        Version(
            version=number,
            body=body.encode_document({"sku": "A"} | ({"status": status} if status else {})),
            kind=f"kind-{number}",
            actor="",
            import_id=None,
            accepted_at=datetime(2026, 1, 1, tzinfo=UTC),
        )
        for number, status in enumerate(statuses, first)
    ]
    assert rules.status_by(kept) == by
