"""Tables and lines as shops have them."""

import io

import pytest

from baysync.base.errors import ListingFileError
from baysync.files import table
from baysync.files.cells import Unclear, code, condition, flag, words
from baysync.files.number_columns import DecimalSign
from baysync.files.reading import FileFormat, Wishes, read
from baysync.listing import lines
from baysync.listing.check import check
from baysync.listing.draft import Op
from support.listing_files import drafts, one, reading, rules


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
        '1.2E+11,t,"1,234",4.0E+12,"[""1",3,POUND,surplus\n'
    )
    assert draft.document["weight"] == {"value": "3", "unit": "POUND"}
    assert rules(draft.problems) == {
        "/sku": "spreadsheet_number",
        "/gtins": "spreadsheet_number",
        "/aspects/A": "not_json",
        "": "surplus_cells",
    }
    assert rules(draft.withheld) == {"/price": "ambiguous_number"}


def test_variants_stand_below_their_parent() -> None:
    text = (
        "sku,parent_sku,title,price,option:Size,quantity\n"
        "S,,Shirt,,,\nS-M,S,,39,M,5\nS-L,S,,39,L,2\nT-M,T,Tee,9,M,1\nT-L,T,Tee,x,L,1\nU,,Hat,5,,1\n"
    )
    shirt, tee, hat = drafts(text)
    assert [(d.line, len(d.source)) for d in (shirt, tee, hat)] == [(2, 3), (5, 2), (7, 1)]
    assert not shirt.variants_whole, "a plain table takes no variant away"
    listing = check(shirt.document).listing
    assert listing
    assert (listing.sku, listing.title) == ("S", "Shirt")
    assert [(v.sku, v.options, v.quantity) for v in listing.variants] == [
        ("S-M", {"Size": "M"}, 5),
        ("S-L", {"Size": "L"}, 2),
    ]
    assert tee.document["sku"] == "T"
    assert "price" not in tee.document
    assert rules(tee.withheld) == {"/variants/1/price": "not_a_number"}
    assert str(tee.withheld[0].message).startswith("row 6: ")
    assert check(hat.document).listing


def test_a_row_for_a_variant_without_options_speaks_of_the_variant_alone() -> None:
    (stock,) = drafts("sku;parent_sku;qty\nTC-S;tea-cup;7\n")
    assert (stock.op, stock.document) == (Op.PATCH, {"sku": "TC-S", "quantity": 7})
    (priced,) = drafts("sku;parent_sku;title;price\nTC;;Cup;\nTC-S;TC;;9,90\n")
    assert (priced.op, priced.document["sku"]) == (Op.MERGE, "TC")
    assert priced.document["variants"] == [{"sku": "TC-S", "price": "9.90"}]


def test_two_rows_with_one_sku_are_two_drafts() -> None:
    assert [d.line for d in drafts("sku,title\nA,one\nA,two\n")] == [2, 3]


def test_a_table_changes_only_what_it_fills_and_creates_with_titles_and_prices() -> None:
    feed = reading("SKU;Bestand;Preis\nA;4;\nB;;9,90\n")
    assert feed.kind.startswith("Stock and price list: changes listings that exist")
    assert [(d.op, dict(d.document), d.empty) for d in feed.drafts] == [
        (Op.PATCH, {"sku": "A", "quantity": 4}, ("/price",)),
        (Op.PATCH, {"sku": "B", "price": "9.90"}, ("/quantity",)),
    ]
    for header, kind, op in (
        ("sku,title", "List of changes", Op.PATCH),
        ("sku,title,stock", "Stock list", Op.PATCH),
        ("sku,price", "Price list", Op.PATCH),
        ("sku,title,price", "Product list", Op.MERGE),
    ):
        read = reading(f"{header}\nA,b,1\n"[: len(header) + 8])
        assert read.kind.partition(":")[0] == kind
        assert [draft.op for draft in read.drafts] == [op]


def test_columns_that_mean_nothing_are_told_once_and_not_all_of_a_thousand() -> None:
    found = reading("sku,title,Colour,Depot\nA,a,b,c\n")
    assert found.notices == ("nothing is taken from the columns Colour, Depot",)
    fields = ",".join(f"Field {n}" for n in range(996))
    (many,) = reading(f"sku,title,{fields}\nA,a\n").notices
    assert many.endswith("Field 10, Field 11 and 984 more")


def test_of_two_columns_with_one_meaning_the_first_filled_counts() -> None:
    assert one("sku,title,ean,upc\nA,t,,036000291452\n").gtins == ("036000291452",)


@pytest.mark.parametrize("header", ["price;verkaufspreis", "verkaufspreis;price", "stock;qty"])
def test_two_columns_for_one_price_or_stock_are_never_decided_by_their_order(header: str) -> None:
    with pytest.raises(ListingFileError, match=r"The columns .* both mean the (price|quantity)"):
        reading(f"sku;{header}\nA;1;2\n")


@pytest.mark.parametrize("header", ["price,sale price", "sale price,price"])
def test_a_sale_price_is_one_wherever_its_column_stands(header: str) -> None:
    rows = {"price": ("10.00", "10.00"), "sale price": ("8.00", "")}
    names = header.split(",")
    text = "".join(f"S-{n},Cup,{rows[names[0]][n]},{rows[names[1]][n]}\n" for n in (0, 1))
    read = reading(f"sku,title,{header}\n{text}")
    assert "the sale price is used where sale price is filled, price elsewhere" in read.notices
    first, second = (draft.document for draft in read.drafts)
    assert (first["price"], first["sale_price"]) == ("10.00", "8.00")
    assert (second["price"], second["sale_price"]) == ("10.00", None), "that sale is over"


def test_a_sale_has_dates_and_is_kept_back_whole_with_its_price() -> None:
    header = "sku,title,price,sale price,sale start,sale end\n"
    dated, refused, odd, joined = drafts(
        header + "A,a,10,8,2026-12-01,24.12.2026 18:00\nB,b,10,x,,\nC,c,10,8,12/01/2026,\n"
        "D,d,10,8,20261201,20261224\n"
    )
    assert dated.document["sale_from"] == joined.document["sale_from"] == "2026-12-01"
    assert dated.document["sale_until"] == "2026-12-24T18:00:00"
    assert refused.document == {"sku": "B", "title": "b"}
    assert rules(refused.withheld) == {"/sale_price": "not_a_number"}
    assert odd.document == {"sku": "C", "title": "c"}
    assert rules(odd.withheld) == {"/sale_from": "not_a_date"}


def test_a_lone_sale_price_beside_titles_is_the_price() -> None:
    read = reading("sku,title,sale price\nA,a,8\n")
    assert "sale price is taken for the price: there is no other" in read.notices
    assert [draft.document["price"] for draft in read.drafts] == ["8"]


def test_a_currency_in_a_price_cell_is_the_listings_and_two_are_refused() -> None:
    text = "sku;preis\nA;49,90 \u20ac\nB;1 234,50\nC;$ 5,00\nD;EUR 5,00\nE;5 z\u0142\n"
    words = "price cells name a currency, which becomes that of their listing: "
    assert reading(text).notices == (f"{words}EUR in 2 cells, PLN in 1 cell",)
    text = text.partition("E;")[0]
    assert [draft.document.get("currency") for draft in drafts(text)] == ["EUR", None, None, "EUR"]
    (clash,) = drafts("sku;price;currency\nA;\u20ac 5;USD\n")
    assert clash.document == {"sku": "A"}
    assert rules(clash.withheld) == {"/currency": "several_currencies"}
    header = "sku,parent_sku,title,price,option:Size\n"
    (variants,) = drafts(header + "A-S,A,Cup,5 EUR,S\nA-L,A,,6 USD,L\n")
    assert rules(variants.withheld) == {"/currency": "several_currencies"}


def test_a_quantity_may_be_untracked_and_a_refused_one_leaves_the_rest() -> None:
    text = "sku,title,price,quantity\nA,a,5,Untracked\nB,b,5,-3\nC,c,5,1.000\nD,d,0,2.0\n"
    drawn = drafts(text)
    assert [draft.document.get("quantity") for draft in drawn] == ["untracked", None, None, 2]
    assert [rules(draft.withheld) for draft in drawn] == [
        {},
        {"/quantity": "negative"},
        {"/quantity": "ambiguous_number"},
        {"/price": "not_positive"},
    ]


def test_a_person_decides_the_decimal_sign() -> None:
    text = b"sku;price\nA;1.500\n"
    for sign, price in ((DecimalSign.POINT, "1.500"), (DecimalSign.COMMA, "1500")):
        found = read(io.BytesIO(text), Wishes(decimal=sign))
        assert [draft.document["price"] for draft in found.drafts] == [price]


def test_what_a_plain_table_calls_unpublished_is_a_draft_whatever_its_status() -> None:
    header = "sku,title,price,status,published\n"
    text = header + "A,a,5,active,false\nB,b,5,,1\nC,c,5,ended,true\nD,d,5,,\n"
    assert [draft.document.get("status") for draft in drafts(text)] == [
        "draft",
        "active",
        "ended",
        None,
    ]


def test_entities_of_html_are_decoded_once_and_only_those() -> None:
    assert (
        words("Salt &amp;amp; pepper &#8211; 2 &lt;pcs&gt;") == "Salt &amp; pepper \u2013 2 <pcs>"
    )
    assert words("AT&T &copy Fish &chips; &") == "AT&T &copy Fish &chips; &"
    listing = one("sku,title,description,price,tags\nA,a &amp; b,<p>&amp;</p>,5,[new]|x &amp; y\n")
    assert (listing.title, listing.description) == ("a & b", "<p>&amp;</p>")
    assert listing.tags == ("[new]", "x & y")


def test_a_feed_of_google_is_read_under_its_names() -> None:
    text = (
        "id\ttitle\tlink\timage link\tprice\tavailability\tweight\n"
        "A\ta\thttps://x.example\thttps://x.example/a.jpg\t10.00 USD\tin_stock\t1.500 kg\n"
        "B\tb\thttps://x.example\t\t10.00 USD\tout of stock\t\n"
    )
    first, second = (draft.document for draft in drafts(text))
    assert (first["sku"], first["price"], first["currency"]) == ("A", "10.00", "USD")
    assert first["weight"] == {"value": "1.500", "unit": "KILOGRAM"}
    assert "quantity" not in first
    assert second["quantity"] == 0


def test_cells_are_guarded_against_spreadsheets_and_back() -> None:
    for cell in ("=1+1", "'=1", "'a", "-1", "@x", "plain", "it's", ""):
        assert table.unguarded(table.guarded(cell)) == cell
    assert table.guarded("=1+1") == "'=1+1"


def test_lines_ask_patch_or_bring_a_listing() -> None:
    text = (
        '{"sku": "a", "title": "Lamp", "hash": "h1"}\n\n'
        '{"op": "patch", "sku": "a", "quantity": 2}\n{"sku": "a", "hash": "h1"}\n'
    )
    found = drafts(text, FileFormat.JSONL)
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
    (draft,) = drafts(line, FileFormat.JSONL)
    assert rules(draft.problems) == {pointer: rule}
    assert draft.source == (line.strip(),)


@pytest.mark.parametrize("length", [lines.LONGEST_LINE + 10, lines.LONGEST_LINE + (3 << 20)])
def test_a_line_of_many_megabytes_is_passed_over_unread(length: int) -> None:
    text = b'{"sku": "' + b"x" * length + b'"}\n{"sku": "b"}\n'
    huge, small = drafts(text, FileFormat.JSONL)
    assert rules(huge.problems) == {"": "line_too_long"}
    assert (small.line, small.document) == (2, {"sku": "b"})
