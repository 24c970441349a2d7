"""What decides what a row comes to is in its digest."""

from dataclasses import replace
from decimal import Decimal

import pytest
from msgspec import structs

from baysync.listing import accepted
from baysync.listing.draft import Draft, LineResult, Op, Outcome
from baysync.listing.model import Problem
from baysync.listing.origin import Origin
from support.shop import LAMP

CSV = Origin("csv")
ROW = Draft(line=3, op=Op.MERGE, document={"sku": "LAMP", "price": Decimal("9.00")})
BAD = Problem(pointer="", rule="r", message="m", fix="f")


def test_the_place_of_a_row_says_nothing_of_it() -> None:
    assert accepted.of_draft(replace(ROW, line=4, source=("x",)), CSV) == accepted.of_draft(
        ROW, CSV
    )


@pytest.mark.parametrize(
    "other",
    [
        replace(ROW, document={"sku": "LAMP", "price": "9.00"}),
        replace(ROW, document={"sku": "LAMP", "price": Decimal("9.0")}),
        replace(ROW, op=Op.PATCH),
        replace(ROW, withheld=(BAD,)),
        replace(ROW, notes=("n",)),
        replace(ROW, identity="shopify:lamp"),
        replace(ROW, variants_whole=True),
        replace(ROW, empty=("/title",)),
        replace(ROW, skus_made=True),
        replace(ROW, tabular=True),
        replace(ROW, switched_on=True),
        replace(ROW, parent="p"),
    ],
)
def test_all_else_tells_rows_apart(other: Draft) -> None:
    assert accepted.of_draft(other, CSV) not in {None, accepted.of_draft(ROW, CSV)}


@pytest.mark.parametrize(
    "row",
    [
        replace(ROW, op=Op.ASK),
        replace(ROW, problems=(BAD,)),
        replace(ROW, if_match=frozenset({"*"})),
        replace(ROW, if_none_match=frozenset({"*"})),
        replace(ROW, document={"sku": "\ud800"}),
    ],
)
def test_some_rows_are_judged_each_time(row: Draft) -> None:
    assert accepted.of_draft(row, CSV) is None
    assert accepted.of_draft(ROW, Origin("missing:end")) is None


def test_what_is_noted_of_a_change_or_said_of_a_day_is_not_said_again() -> None:
    same = LineResult(line=1, sku="LAMP", outcome=Outcome.UNCHANGED, notes=("n",), stripped=2)
    assert accepted.answer(same, LAMP) == b'{"notes":["n"],"stripped":2}'
    changed = replace(same, outcome=Outcome.UPDATED)
    assert accepted.answer(changed, LAMP) is None
    assert accepted.answer(replace(changed, notes=()), LAMP) == b'{"stripped":2}'
    sale = structs.replace(LAMP, sale_price=Decimal(5), sale_from="2026-01-01")
    assert accepted.answer(same, sale) is None
