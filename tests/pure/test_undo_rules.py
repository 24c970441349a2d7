"""What an undo or a restore makes of one listing."""

from datetime import UTC, datetime
from typing import Any

import msgspec

from baysync.listing.history.model import KeptReason, Version
from baysync.listing.history.rules import ReturnedStock
from baysync.undo import rules
from baysync.undo.model import Totals, UndoStep

IMPORT = 7
Document = dict[str, Any]


def at(day: int) -> datetime:
    return datetime(2026, 1, day, tzinfo=UTC)


def version(number: int, document: Document, import_id: int | None = None) -> Version:
    return Version(
        version=number,
        body=msgspec.json.encode({"sku": "A", **document}),
        kind="csv" if import_id else "api",
        actor="",
        import_id=import_id,
        accepted_at=at(number),
    )


def undone(*versions: Version) -> UndoStep:
    return rules.undone(versions, IMPORT, ReturnedStock(), listing_id=1, sku="A")


def reasons(step: UndoStep) -> list[KeptReason]:
    return [one.reason for one in step.left]


def test_only_what_the_import_changed_goes_back() -> None:
    step = undone(
        version(3, {"title": "Lamp", "brand": "Lumo"}),
        version(4, {"title": "x", "brand": "Lumo"}, IMPORT),
        version(5, {"title": "x", "brand": "Bay"}),
    )
    assert step.document == {"sku": "A", "title": "Lamp", "brand": "Bay"}
    assert (step.fields, step.status, step.left) == ((("title",),), None, ())
    assert rules.judged(step) == step


def test_a_listing_that_the_import_created_is_archived() -> None:
    made = version(1, {"title": "Lamp", "quantity": 4}, IMPORT)
    step = undone(made, version(2, {"title": "Lamp", "quantity": 3}))
    assert step.document == {"sku": "A", "title": "Lamp", "quantity": 3, "status": "archived"}
    assert step.status == "archived"
    edited = undone(made, version(2, {"title": "Brass lamp"}))
    assert (edited.document, reasons(edited)) == (None, [KeptReason.CHANGED_SINCE])
    over = undone(made, version(2, {"title": "Lamp", "status": "archived"}))
    assert (over.document, reasons(over)) == (None, [])


def test_a_version_whose_predecessor_is_not_kept_stays() -> None:
    step = undone(version(9, {"title": "x"}, IMPORT))
    assert (step.document, reasons(step)) == (None, [KeptReason.NOT_KEPT])


def test_a_listing_that_would_be_refused_as_it_was_stays() -> None:
    step = undone(version(1, {"price": "-1"}), version(2, {"price": "1"}, IMPORT))
    assert step.document
    stays = rules.judged(step)
    assert (stays.document, stays.fields, reasons(stays)) == (None, (), [KeptReason.REFUSED])
    assert "/price" in stays.left[0].detail
    assert rules.judged(stays) == stays


def test_a_listing_that_the_import_ended_becomes_active() -> None:
    step = undone(version(1, {}), version(2, {"status": "ended"}, IMPORT))
    assert (step.document, step.status) == ({"sku": "A"}, "active")


def test_a_restore_brings_every_field_back_but_stock() -> None:
    versions = [
        version(1, {"title": "Lamp", "quantity": 4}),
        version(2, {"title": "x", "quantity": 1, "mpn": "7"}),
    ]
    step = rules.restored(versions, 1, ReturnedStock(), listing_id=1, sku="A")
    assert step.document == {"sku": "A", "title": "Lamp", "quantity": 1}
    given = rules.restored(versions, 1, ReturnedStock(given=True), listing_id=1, sku="A")
    assert given.document == {"sku": "A", "title": "Lamp", "quantity": 4}


def test_what_was_sold_counts_since_the_number_was_said() -> None:
    versions = [
        version(1, {"quantity": 9}),
        version(2, {"quantity": 4}),
        version(3, {"quantity": 4, "title": "Lamp"}),
        version(4, {"quantity": 0}, IMPORT),
    ]
    assert rules.stock_since(versions, 3) == at(2)
    assert rules.stock_since(versions, 1) == at(1)
    assert rules.stock_since(versions[2:], 4) == at(4)
    sizes = [{"variants": [{"sku": "S", "quantity": n}]} for n in (1, 2, 2)]
    variants = [version(number, document) for number, document in enumerate(sizes, 1)]
    assert rules.stock_since(variants, 3) == at(2)
    assert rules.stock_since(versions[3:], 3) == at(4), "not kept: since the oldest"


def test_totals_go_on_where_they_were() -> None:
    step = UndoStep(listing_id=1, sku="A", document={}, fields=(("a",), ("b",)), status="ended")
    totals = Totals().plus(step).plus(UndoStep(listing_id=2, sku="B", document=None))
    assert totals == Totals(listings=2, put_back=1, fields=2, off_sale=1)
    assert Totals.of({**totals.counts(), "after": 2}) == totals
