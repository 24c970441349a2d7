"""What a file is, by its columns; what is known and not read is refused by name."""

import pytest

from baysync.base.errors import ListingFileError
from baysync.files import reading as files
from baysync.files.reading import FileFormat, Reading, Wishes
from baysync.listing.draft import Op
from support.listing_files import drafts, rules, unread

INVENTORY = (
    "Handle,Title,Option1 Name,Option1 Value,SKU,HS Code,COO,Location,Incoming (not editable),"
    "Available (not editable),On hand (current),On hand (new)\n"
)
ROWS = (
    "tea-cup,Tea cup,Size,S,TC-S,,,Main street 1,0,8,8,\n"
    "tea-cup,Tea cup,Size,L,TC-L,,,Main street 1,0,9,10,11\n"
    "tea-cup,Tea cup,Size,S,TC-S,,,Harbour store,0,2,2,\n"
    "tea-cup,Tea cup,Size,L,TC-L,,,Harbour store,0,not stocked,not stocked,\n"
)
COLUMNS = "Handle,Title,Option1 Name,Option1 Value,SKU,HS Code,COO,Main street 1,Harbour store\n"


def guessed(text: str | bytes, location: str = "", name: str = "") -> Reading:
    return files.read(unread(text), Wishes(location=location), name)


def stock(read: Reading) -> list[tuple[object, object]]:
    found = list(read.drafts)
    assert {draft.op for draft in found} == {Op.PATCH}
    assert all(draft.document.keys() <= {"sku", "quantity"} for draft in found)
    return [(draft.document["sku"], draft.document.get("quantity")) for draft in found]


def test_the_stock_of_an_inventory_export_is_the_sum_over_its_locations() -> None:
    read = guessed(INVENTORY + ROWS)
    assert read.kind == (
        "Shopify inventory export: changes the stock of each variant to "
        "the sum of all locations (Harbour store, Main street 1)"
    )
    assert stock(read) == [("TC-S", 10), ("TC-L", 9)]
    older = (INVENTORY + ROWS).replace(" (not editable)", "")
    assert stock(guessed(older)) == [("TC-S", 10), ("TC-L", 9)]
    assert read.notices == (
        (
            "On hand (new) is filled in 1 row (3): these edits are not in Shopify yet and are not "
            "used; import the file there, then export again"
        ),
    )


def test_one_location_may_be_chosen_and_one_that_is_not_there_is_refused() -> None:
    read = guessed(INVENTORY + ROWS, "harbour store")
    assert read.kind.endswith("to that at Harbour store")
    assert stock(read) == [("TC-S", 2), ("TC-L", 0)]
    with pytest.raises(ListingFileError, match="has no location Attic") as refused:
        guessed(INVENTORY + ROWS, "Attic")
    assert refused.value.fix == "write one of Main street 1, Harbour store."
    for text in ("sku,qty\nA,1\n", '{"sku": "A"}\n', "Handle,Title\na,A\n"):
        with pytest.raises(ListingFileError, match="has no locations"):
            guessed(text, "Attic")


def test_the_other_inventory_export_has_a_column_for_each_location() -> None:
    text = (
        COLUMNS + "tea-cup,Tea cup,Size,S,TC-S,,,8,2\ntea-cup,Tea cup,Size,L,TC-L,,,9,not stocked\n"
    )
    assert stock(guessed(text)) == [("TC-S", 10), ("TC-L", 9)]
    assert stock(guessed(text, "Harbour store")) == [("TC-S", 2), ("TC-L", 0)]
    one = "Handle,SKU,COO,Shop\na,A,,4\nb,B,,\nc,C,,-2\n"
    assert stock(guessed(one)) == [("A", 4), ("B", None), ("C", 0)]


def test_variants_without_a_sku_have_that_of_the_product_export() -> None:
    header = "Handle,Option1 Name,Option1 Value,SKU,COO,Shop\n"
    rows = "pot,Title,Default Title,,,4\ncup,Size,S,,,1\ncup,Size,L,'CUP-L,,2\n"
    assert stock(guessed(header + rows)) == [("pot", 4), ("cup-s", 1), ("CUP-L", 2)]


def test_a_stock_that_cannot_be_read_is_kept_back_and_never_summed_in_part() -> None:
    (first, _) = drafts(INVENTORY + ROWS.replace(",0,2,2,", ",0,two,2,"), FileFormat.SHOPIFY)
    assert (first.document, len(first.source)) == ({"sku": "TC-S"}, 2)
    assert rules(first.withheld) == {"/quantity": "not_a_number"}


@pytest.mark.parametrize(
    ("text", "kind", "layout"),
    [
        ("Handle,Title,Variant Price\n", "Shopify product export", FileFormat.SHOPIFY),
        ("URL handle,Title,SKU,Price\n", "Shopify product export", FileFormat.SHOPIFY),
        ("ID,Type,SKU,Name,Regular price\n", "WooCommerce product export", FileFormat.WOOCOMMERCE),
        ("sku,title,price\n", "Product list", FileFormat.CSV),
        ("Artikelnummer;Bezeichnung;Bestand\n", "Stock list", FileFormat.CSV),
        ("sku;preis\n", "Price list", FileFormat.CSV),
        ("sku,qty,price\n", "Stock and price list", FileFormat.CSV),
        ("sku,brand\n", "List of changes", FileFormat.CSV),
        ('{"sku": "A"}\n', "JSON lines", FileFormat.JSONL),
        ("", "JSON lines", FileFormat.JSONL),
    ],
)
def test_the_kind_of_a_file_is_decided_by_its_columns(
    text: str, kind: str, layout: FileFormat
) -> None:
    read = guessed(text, name="" if text else "empty.jsonl")
    assert (read.kind.partition(":")[0], read.layout) == (kind, layout)


def test_a_person_may_say_what_a_file_is() -> None:
    text = b"Handle,SKU,Location,Available\na,A,Shop,3\n"
    for layout, kind in (
        (FileFormat.CSV, "List of changes"),
        (FileFormat.SHOPIFY, "Shopify inventory export"),
        (FileFormat.WOOCOMMERCE, "WooCommerce product export"),
    ):
        read = files.read(unread(text), Wishes(layout=layout))
        assert read.kind.partition(":")[0] == kind
    read = files.read(unread(b"sku,title\n"), Wishes(layout=FileFormat.SHOPIFY))
    assert read.kind.partition(":")[0] == "Shopify product export"


@pytest.mark.parametrize(
    ("text", "words", "way"),
    [
        (b"PK\x03\x04rest", "Excel workbook", "CSV"),
        (b"\xd0\xcf\x11\xe0rest", "old Excel workbook", "CSV"),
        (b"\x1f\x8brest", "compressed", "unpack"),
        (b"%PDF-1.7", "PDF", "CSV"),
        (b"{\\rtf1", "RTF", "CSV"),
        (b'<?xml version="1.0"?><rss xmlns:g="http://base.google.com/ns/1.0">', "feed", "CSV"),
        (b"\xef\xbb\xbf<items><item/></items>", "is XML", "CSV"),
        (b"<!DOCTYPE html><html>", "web page", "CSV"),
        ("<table><tr>".encode("utf-16"), "web page", "CSV"),
        (b'[\n {"sku": "A"}\n]', "one JSON array", "jq"),
        (b'{\n "products": []\n}', "one JSON document", "jq"),
        (b"#INFO,Version=0.0.2\n", "eBay's draft listing template", "listings template"),
        (b'"*Action(SiteID=US)",Title\n', "eBay's draft listing template", "listings template"),
        (
            b"Name,Email,Financial Status,Paid at,Lineitem name\n#1,a@x.example,paid,,Cup\n",
            "Shopify's export of orders",
            "Products > Export",
        ),
        (
            b"First Name,Email,Accepts Email Marketing,Total Spent\n",
            "Shopify's export of customers",
            "Products > Export",
        ),
        (
            (
                b"Item number,Title,Custom label (SKU),Available quantity,Current price,"
                b"Start price,Sold quantity,Watchers\n"
            ),
            "eBay's report of active listings",
            "accounts connect",
        ),
        (
            b"\n\nSales Record Number,Order Number,Buyer Username,Item Number,Sold For\n",
            "eBay's report of orders",
            "import products",
        ),
        (
            b"item-name,listing-id,seller-sku,open-date,item-is-marketplace,asin1\n",
            "Amazon's report",
            "the columns sku",
        ),
        (b"TemplateType=fptcustom\tVersion=2021.1014\n", "Amazon's template", "parent_sku"),
        (b"feed_product_type,item_sku,parent_child,price\n", "Amazon's template", "parent_sku"),
        (b"TITLE,PRICE,IMAGE1,VARIATION 1 TYPE,VARIATION 1 VALUES,SKU\n", "Etsy's", "option:NAME"),
        (b"handleId,fieldType,name,sku,ribbon,price,surcharge\n", "Wix's export", "parent_sku"),
        (b"handle,fieldType,name,plainDescription,ribbon,price\n", "Wix's export", "parent_sku"),
        (b"Token,Item Name,Variation Name,SKU,Price\n", "Square's export", "parent_sku"),
        (
            b"id,handle,sku,composite_sku,composite_quantity,name,supply_price,retail_price\n",
            "Lightspeed Retail's export",
            "parent_sku",
        ),
        (
            b"Internal_Variant_ID;Price;Price_Cost;Stock_Track;Stock_Level;SKU\n",
            "Lightspeed eCom's export",
            "parent_sku",
        ),
        (
            b"type,product_sku,product_name,product_price,product_quantity\n",
            "Ecwid's",
            "parent_sku",
        ),
        (b"id;parent_id;product_number;price_net;price_gross\n", "Shopware's", "parent_sku"),
        (b"orderNumber;mainNumber;name;supplierName;instock\n", "Shopware's", "parent_sku"),
        (b"product_id,sku,model,price,tax_class_id,points\n", "OpenCart's", "parent_sku"),
        (b"ean;price;minimum_price;id_offer;count\n", "Kaufland's list", "parent_sku"),
        (
            b"ID,Typ,Artikelnummer,Name,Regul\xc3\xa4rer Preis\n7,simple,A,Vase,5\n",
            "translated column names",
            "English",
        ),
    ],
)
def test_a_file_that_is_known_and_not_read_is_refused_by_name(
    text: bytes, words: str, way: str
) -> None:
    with pytest.raises(ListingFileError, match=words) as refused:
        guessed(text)
    assert way in refused.value.fix


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("sku;Colour;Lager\nA;0;1\n", "says nothing of them that is understood: Colour, Lager"),
        ("sku,parent_sku,Mindestbestand\nA,B,0\n", "understood: Mindestbestand"),
        ("Lager-Nr.;Menge\nA;0\n", "no column for the SKU: Lager-Nr."),
        ("qty\n0\n", "no column for the SKU"),
    ],
)
def test_a_table_of_which_nothing_would_be_taken_is_refused(text: str, words: str) -> None:
    with pytest.raises(ListingFileError, match=words):
        guessed(text)
    assert guessed("sku,aspect:Farbe,Lager\nA,rot,1\n").kind.startswith("List of changes")
    assert guessed("sku\nA\n").kind.startswith("List of changes")


def test_a_plain_table_with_ids_is_no_translated_export() -> None:
    assert guessed("id,sku,title,price\n7,A,simple things,5\n").kind.startswith("Product list")
