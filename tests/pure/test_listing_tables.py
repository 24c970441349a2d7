"""Tables as bytes: encodings, hints of spreadsheets, and files that are none."""

from collections.abc import Mapping
from typing import cast

import pytest

from baysync.base.errors import ListingFileError
from support.listing_files import drafts, reading, rules


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b"", "no header"),
        (b"\n\n", "no header"),
        (b"sku,sku\n", "stands twice"),
        (b'sku,title\nA,"' + b"x" * 4_100_000, "cannot be read"),
        (b'sku,title\nA,"x\nB,y\n', "Row 2 cannot be read"),
        ("sku,title\nA,x\n".encode("utf-32"), "is UTF-32"),
        ("sku,title\nA,x\n".encode("utf-16") + b"\n", "is not UTF-16"),
        (b"sku" + b",a" * 20_000, "more than 16,384 columns"),
        (b"sku,title\nA," + b"x," * 9_000_000, "more than 16,000,000 characters"),
    ],
)
def test_a_file_that_is_no_table_says_so(text: bytes, words: str) -> None:
    with pytest.raises(ListingFileError, match=words):
        drafts(text)


def test_one_strange_byte_is_said_with_its_place_and_changes_no_other_row() -> None:
    text = "sku,title,price\nME-1,Gr\u00f6\u00dfe,5\n".encode() + b"ME-2,Baker\x92s tin,5\n"
    good, strange = drafts(text)
    assert (good.document["title"], good.notes) == ("Gr\u00f6\u00dfe", ())
    assert strange.document["title"] == "Baker\u2019s tin"
    assert strange.notes == (
        "row 3, column title: byte 6 is 0x92, which is no UTF-8; the cell is read as Windows-1252",
    )
    assert cast("Mapping[str, str]", strange.source[0])["title"] == "Baker\u2019s tin"


def test_a_cell_of_no_encoding_keeps_back_itself_and_with_the_sku_its_row() -> None:
    head = "sku,title,brand\nA,Gr\u00f6\u00dfe sch\u00f6n,x\n".encode()
    _, cell = drafts(head + b"B,caf\x81,y\n")
    assert cell.document == {"sku": "B", "brand": "y"}
    assert rules(cell.withheld) == {"": "not_text"}
    assert cell.withheld[0].message.startswith("column title: byte 4"), "its row is named already"
    (tee,) = drafts(
        "sku,parent_sku,title,brand,option:Size\nT,,Größe,x,\nT-S,T,,y,S\n".encode()
        + b"T-L,T,,caf\x81,L\n"
    )
    assert [problem.message[:20] for problem in tee.withheld] == ["row 4, column brand:"]
    _, row = drafts(head + b"B\x81,t,y\n")
    assert rules(row.problems) == {"": "not_text"}


def test_files_of_windows_and_of_two_halves_say_so() -> None:
    assert reading("sku,title\nA,Gr\u00f6\u00dfe\n".encode("cp1252")).notices == (
        "the file is read as Windows-1252: it holds no UTF-8",
    )
    halves = "sku,title\nA,\u00e4\n".encode() + "B,\u00e4\u00f6\u00fc\n".encode("cp1252")
    read = reading(halves)
    assert read.notices[0].startswith("the file mixes encodings (3 bytes are no UTF-8)")
    assert [draft.document["title"] for draft in read.drafts] == ["\u00e4", "\u00e4\u00f6\u00fc"]


@pytest.mark.parametrize("hint", ["sep=;", '"sep=;"', "sep=;;;;", "SEP=;"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_the_hint_of_a_spreadsheet_is_no_row(hint: str, encoding: str) -> None:
    text = f"{hint}\r\nsku;title;price\r\nSE-1;K\u00e4se, gut;5,00\r\n"
    (draft,) = drafts(text.encode(encoding))
    assert (draft.line, draft.document["title"]) == (2, "K\u00e4se, gut")


def test_blank_rows_before_the_header_are_passed_over_and_counted() -> None:
    assert [draft.line for draft in drafts("\n,,\nsku,title\nA,a\n")] == [4]


def test_marks_around_a_cell_as_of_files_put_together_are_no_part_of_it() -> None:
    (draft,) = drafts("sku,title,quantity\n\ufeffA\u200b,\u2060Cup,\ufeff5\n")
    assert draft.document == {"sku": "A", "title": "Cup", "quantity": 5}


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ('="0012"', "0012"),
        ('"=""0012"""', "0012"),
        ('"=""a """"b"""""""', 'a "b"'),
        ('\'="0012"', '="0012"'),
        ('"=""a""&""b"""', '="a"&"b"'),
    ],
)
def test_a_formula_that_is_nothing_but_text_is_that_text(cell: str, text: str) -> None:
    (draft,) = drafts(f"sku,title\n{cell},Cup\n")
    assert draft.document["sku"] == text
