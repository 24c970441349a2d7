"""A sale price without an end counts until the next file that carries prices of its SKU."""

import pytest

from baysync.files.reading import FileFormat
from baysync.listing.catalogue import Catalogue
from baysync.listing.draft import Draft, Op
from baysync.listing.judge import Judged, judge
from support.listing_files import drafts

OPEN = {"sale_price": "8", "sale_from": "2026-12-01"}
DATED = {**OPEN, "sale_until": "2026-12-24"}


def shop() -> Catalogue:
    catalogue = Catalogue()
    small = {"sku": "T-S", "options": {"Size": "S"}, "price": "10", **OPEN}
    large = {"sku": "T-L", "options": {"Size": "L"}, "price": "10", **DATED}
    for document in (
        {"sku": "OPEN", "title": "Cup", "price": "10", **OPEN},
        {"sku": "DATED", "title": "Cup", "price": "10", **DATED},
        {"sku": "TEE", "title": "Tee", "variants": [small, large]},
    ):
        assert judge(Draft(line=1, document=document), catalogue).entry
    return catalogue


def sales(judged: Judged) -> list[str | None]:
    assert judged.listing
    parts = (judged.listing, *judged.listing.variants)
    return [None if each.sale_price is None else str(each.sale_price) for each in parts]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("sku,price\nOPEN,9\n", [None]),
        ("sku,title,price\nOPEN,Cup,9\n", [None]),
        ("sku,qty\nOPEN,9\n", ["8"]),
        ("sku,price,qty\nOPEN,,9\n", ["8"]),
        ("sku,price,sale price\nOPEN,9,7\n", ["7"]),
        ("sku,price,sale price\nOPEN,9,\n", [None]),
        ("sku,price\nOPEN,many\n", ["8"]),
        ("sku,price\nDATED,9\n", ["8"]),
        ("sku,price\nT-S,9\n", [None, None, "8"]),
        ("sku,price\nT-L,9\n", [None, "8", "8"]),
        ("sku,parent_sku,option:Size,price\nT-S,TEE,S,9\nT-L,TEE,L,9\n", [None, None, "8"]),
    ],
)
def test_a_price_without_a_sale_price_ends_a_sale_that_has_no_end(
    text: str, left: list[str | None]
) -> None:
    (draft,) = drafts(text, FileFormat.CSV)
    judged = judge(draft, shop())
    assert sales(judged) == left


def test_the_end_of_a_sale_is_said_and_only_files_end_one() -> None:
    (draft,) = drafts("sku,price\nT-S,9\n")
    (words,) = judge(draft, shop()).notes
    assert words.startswith("T-S: its sale price had no end and is over")
    patch = Draft(line=1, document={"sku": "OPEN", "price": "9"}, op=Op.PATCH)
    assert sales(judge(patch, shop())) == ["8"]
