"""What shops switch off in a plain table is not sold, whatever the column is called."""

from typing import Any, cast

import pytest

from baysync.files.switches import Switch, switch
from support.listing_files import drafts, rules


@pytest.mark.parametrize(
    ("header", "cell", "status"),
    [
        ("Visible", "No", "draft"),
        ("Is Visible", "FALSE", "draft"),
        ("Product Visible?", "N", "draft"),
        ("Allow Purchases?", "N", "draft"),
        ("Active (0/1)", "0", "draft"),
        ("product_online", "2", "draft"),
        ("Aktiv", "nein", "draft"),
        ("Archived", "Y", "draft"),
        ("Archived", "N", None),
        ("Aktiv", "J", "active"),
        ("Actif", "O", "active"),
        ("Attivo", "S", "active"),
        ("active", "f", "draft"),
        ("published", "yes", "active"),
        ("published", "", None),
    ],
)
def test_what_is_switched_off_is_a_draft(header: str, cell: str, status: str | None) -> None:
    (draft,) = drafts(f"sku;quantity;{header}\nA;9;{cell}\n")
    assert (draft.document.get("status"), draft.document["quantity"]) == (status, 9)


def test_of_several_switches_each_can_switch_off_and_an_unclear_one_is_refused() -> None:
    off, unclear = drafts("sku,price,visible,allow purchases\nA,5,yes,no\nB,6,yes,perhaps\n")
    assert off.document["status"] == "draft"
    assert unclear.document == {"sku": "B", "price": "6"}
    assert rules(unclear.withheld) == {"/status": "not_a_switch"}


def test_a_variant_that_is_switched_off_sells_nothing_and_leaves_its_listing_alone() -> None:
    table = "sku,parent_sku,title,price,quantity,visible,option:Size\n"
    (whole,) = drafts(table + "S,T,Tee,5,9,no,S\nM,T,Tee,5,9,yes,M\n")
    variants = cast("list[dict[str, Any]]", whole.document["variants"])
    assert [row["quantity"] for row in variants] == [0, 9]
    assert "status" not in whole.document
    (lone,) = drafts("sku,parent_sku,quantity,visible\nS,T,9,no\n")
    assert (lone.document["quantity"], lone.document.get("status")) == (0, None)


@pytest.mark.parametrize(
    ("header", "cells", "sale"),
    [
        ("sale price", "0", None),
        ("sale price", "0.00", None),
        ("sale price,on sale", "8,no", None),
        ("sale price,on sale", "8,yes", "8"),
    ],
)
def test_a_sale_price_of_nothing_or_switched_off_ends_the_sale(
    header: str, cells: str, sale: str | None
) -> None:
    (draft,) = drafts(f"sku,price,{header}\nA,10,{cells}\n")
    assert (draft.document["price"], draft.document["sale_price"]) == ("10", sale)


def test_a_sale_in_a_feed_of_google_has_the_dates_of_its_period() -> None:
    header = "id\ttitle\tlink\timage link\tavailability\tprice\tsale price"
    period = "2026-11-01T00:00-0800/2026-12-24T23:59-0800"
    row = f"G\tMug\t\t\tin_stock\t10.00 USD\t8.00 USD\t{period}\n"
    (draft,) = drafts(f"{header}\tsale price effective date\n{row}")
    assert draft.document["sale_from"] == "2026-11-01T00:00:00-08:00"
    assert draft.document["sale_until"] == "2026-12-24T23:59:00-08:00"


@pytest.mark.parametrize(("price", "quantity"), [("1" + "0" * 12, "4"), ("5", "2147483648")])
def test_a_number_beyond_what_is_stored_keeps_back_its_own_field(price: str, quantity: str) -> None:
    (draft,) = drafts(f"sku,price,quantity\nA,{price},{quantity}\n")
    assert list(rules(draft.withheld).values()) == ["too_large"]
    assert len(draft.document) == 2


def test_words_that_switch_are_read_in_any_spelling() -> None:
    for cell in ("Out-Of-Stock", "OUT_OF_STOCK", "Nicht  lieferbar", "-1", "0.0"):
        assert switch(cell) is Switch.OFF, cell
    assert switch("In-Stock") is Switch.ON
