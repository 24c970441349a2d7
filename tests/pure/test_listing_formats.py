"""Tables and lines as shops have them."""

import pytest

from baysync.base.errors import ListingFileError
from baysync.listing import lines
from baysync.listing.check import check
from baysync.listing.draft import Op
from baysync.listing.formats import table
from baysync.listing.formats.cells import Unclear, code, condition, flag, number
from baysync.listing.formats.files import Format
from listing_files import drafts, one, reading, rules


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_a_table_is_read_as_it_is_found(encoding: str, separator: str) -> None:
    text = separator.join(["SKU", "Title", '"Price"', "Qty"]) + "\r\n"
    text += separator.join(["A-1", "Schöne Lampe", '"12,50"', "3"]) + "\r\n\r\n"
    listing = one(text.encode(encoding))
    assert (listing.sku, listing.title, str(listing.price), listing.quantity) == (
        "A-1",
        "Schöne Lampe",
        "12.5",
        3,
    )


@pytest.mark.parametrize(
    ("cell", "read"),
    [
        ("12.50", "12.50"),
        ("12,50", "12.50"),
        ("12,5", "12.5"),
        ("1.234,50", "1234.50"),
        ("1,234.50", "1234.50"),
        ("1 234,5", "1234.5"),
        ("1'234'567.00", "1234567.00"),
        ("1.234.567", "1234567"),
        ("1.234", "1.234"),
        ("12", "12"),
        ("1,2,3", "1,2,3"),
        ("€ 5", "€ 5"),
    ],
)
def test_numbers_are_read_with_comma_or_point(cell: str, read: str) -> None:
    assert number(cell) == read


def test_a_number_with_two_readings_is_not_guessed() -> None:
    with pytest.raises(Unclear, match=r"may be 1234 or 1\.234"):
        number("1,234")


@pytest.mark.parametrize("cell", ["1.23E+12", "4,00638E+12", "1e+5"])
def test_a_code_that_a_spreadsheet_ruined_is_named(cell: str) -> None:
    with pytest.raises(Unclear, match="digits are lost") as unclear:
        code(cell)
    assert "make the column text" in unclear.value.fix
    assert code("12E5") == "12E5"


@pytest.mark.parametrize(("cell", "read"), [("Yes", True), ("nein", False)])
def test_flags_have_words(cell: str, read: bool) -> None:  # noqa: FBT001
    assert flag(cell) is read


def test_another_word_is_no_flag() -> None:
    with pytest.raises(Unclear):
        flag("perhaps")


@pytest.mark.parametrize(
    ("cell", "read"),
    [("like new", "LIKE_NEW"), ("Used", "USED_EXCELLENT"), ("NEW", "NEW"), ("shiny", "shiny")],
)
def test_conditions_are_recognised_in_any_spelling(cell: str, read: str) -> None:
    assert condition(cell) == read


def test_all_fields_of_a_row_are_read() -> None:
    listing = one(
        "Artikelnummer;Titel;EAN;Bilder;Marke;aspect:Colour;Gewicht;status;overrides;Zustand\n"
        'A;Lampe;4006381333931;https://a.de/1.jpg|https://a.de/2.jpg;L;["a|b"];1,5 kg;published;'
        '"{""EBAY_US"": {""price"": ""9""}}";neu\n'
    )
    assert listing.gtins == ("4006381333931",)
    assert len(listing.images) == 2
    assert listing.aspects == {"Colour": ("a|b",)}
    assert listing.weight
    assert (str(listing.weight.value), listing.weight.unit) == ("1.5", "KILOGRAM")
    assert str(listing.overrides["EBAY_US"].price) == "9"
    assert (listing.brand, listing.status, listing.condition) == ("L", "active", "neu")


def test_all_problems_of_a_row_are_told_at_once() -> None:
    (draft,) = drafts(
        "sku,title,price,ean,aspect:A,weight,weight unit\n"
        '1.2E+11,t,"1,234",4.0E+12,"[1",3,POUND,surplus\n'
    )
    assert draft.document["weight"] == {"value": "3", "unit": "POUND"}
    assert rules(draft.problems) == {
        "/sku": "spreadsheet_number",
        "/price": "ambiguous_number",
        "/gtins": "spreadsheet_number",
        "/aspects/A": "not_json",
        "": "surplus_cells",
    }


def test_variants_stand_below_their_parent() -> None:
    text = (
        "sku,parent_sku,title,price,option:Size,quantity\n"
        "S,,Shirt,,,\nS-M,S,,39,M,5\nS-L,S,,39,L,2\nT-M,T,Tee,9,M,1\nT-L,T,Tee,x,L,1\nU,,Hat,5,,1\n"
    )
    shirt, tee, hat = drafts(text)
    assert [(d.line, len(d.source)) for d in (shirt, tee, hat)] == [(2, 3), (5, 2), (7, 1)]
    listing = check(shirt.document).listing
    assert listing
    assert (listing.sku, listing.title) == ("S", "Shirt")
    assert [(v.sku, v.options, v.quantity) for v in listing.variants] == [
        ("S-M", {"Size": "M"}, 5),
        ("S-L", {"Size": "L"}, 2),
    ]
    assert tee.document["sku"] == "T"
    assert "price" not in tee.document
    assert rules(check(tee.document).problems)["/variants/1/price"] == "not_a_number"
    assert check(hat.document).listing


def test_two_rows_with_one_sku_are_two_drafts() -> None:
    assert [d.line for d in drafts("sku,title\nA,one\nA,two\n")] == [2, 3]


def test_a_table_without_titles_changes_only_what_it_fills() -> None:
    feed = reading("SKU;Bestand;Preis\nA;4;\nB;;9,90\n")
    assert feed.notices == ("there is no title: each row only changes the fields it fills",)
    assert [(d.op, dict(d.document)) for d in feed.drafts] == [
        (Op.PATCH, {"sku": "A", "quantity": "4"}),
        (Op.PATCH, {"sku": "B", "price": "9.90"}),
    ]


def test_columns_that_mean_nothing_are_told_once() -> None:
    found = reading("sku,title,Colour,Depot\nA,a,b,c\n")
    assert found.notices == ("nothing is taken from the columns Colour, Depot",)


def test_of_two_columns_with_one_meaning_the_first_filled_counts() -> None:
    assert one("sku,title,ean,upc\nA,t,,036000291452\n").gtins == ("036000291452",)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b"", "no header"),
        (b"\n\n", "no header"),
        (b"sku,sku\n", "stands twice"),
        (b'sku,title\nA,"' + b"x" * 4_100_000, "cannot be read"),
        (b"sku,title\nA,caf\xe9 \x81\n", "neither UTF-8 nor Windows-1252"),
    ],
)
def test_a_file_that_is_no_table_says_so(text: bytes, words: str) -> None:
    with pytest.raises(ListingFileError, match=words):
        drafts(text)


def test_cells_are_guarded_against_spreadsheets_and_back() -> None:
    for cell in ("=1+1", "'=1", "'a", "-1", "@x", "plain", "it's", ""):
        assert table.unguarded(table.guarded(cell)) == cell
    assert table.guarded("=1+1") == "'=1+1"


def test_lines_ask_patch_or_bring_a_listing() -> None:
    text = (
        '{"sku": "a", "title": "Lamp", "hash": "h1"}\n\n'
        '{"op": "patch", "sku": "a", "quantity": 2}\n{"sku": "a", "hash": "h1"}\n'
    )
    found = drafts(text, Format.JSONL)
    assert [(d.line, d.op, d.client_hash, dict(d.document)) for d in found] == [
        (1, Op.PUT, b"h1", {"sku": "a", "title": "Lamp"}),
        (3, Op.PATCH, None, {"sku": "a", "quantity": 2}),
        (4, Op.ASK, b"h1", {"sku": "a"}),
    ]


@pytest.mark.parametrize(
    ("line", "pointer", "rule"),
    [
        ("[]", "", "not_an_object"),
        ("7", "", "not_an_object"),
        ('{"sku": ', "", "not_json"),
        ('{"sku": "a", "op": "delete"}', "/op", "unknown_op"),
        ('{"sku": "a", "op": []}', "/op", "unknown_op"),
        ('{"sku": "a", "hash": ""}', "/hash", "bad_hash"),
        ('{"sku": "a", "hash": "' + "x" * 65 + '"}', "/hash", "bad_hash"),
        ('{"sku": "a", "hash": 7}', "/hash", "bad_hash"),
    ],
)
def test_a_line_that_makes_no_sense_is_answered(line: str, pointer: str, rule: str) -> None:
    (draft,) = drafts(line, Format.JSONL)
    assert rules(draft.problems) == {pointer: rule}
    assert draft.source == (line.strip(),)


@pytest.mark.parametrize("length", [lines.LONGEST_LINE + 10, lines.LONGEST_LINE + (3 << 20)])
def test_a_line_of_many_megabytes_is_passed_over_unread(length: int) -> None:
    text = b'{"sku": "' + b"x" * length + b'"}\n{"sku": "b"}\n'
    huge, small = drafts(text, Format.JSONL)
    assert rules(huge.problems) == {"": "line_too_long"}
    assert (small.line, small.document) == (2, {"sku": "b"})
