"""What a shop switched off in its own words is never sold, and what it does not count is said."""

from collections.abc import Mapping
from typing import cast

import pytest

from baysync.files.reading import FileFormat
from baysync.listing.draft import Draft, Op
from support.listing_files import drafts, reading, rules

SHOPIFY = (
    "Handle,Title,Published,Option1 Name,Option1 Value,Variant SKU,Variant Inventory Tracker,"
    "Variant Inventory Qty,Variant Inventory Policy,Variant Price,Image Src,Gift Card,Status\n"
)
WOO = (
    "ID,Type,SKU,Name,Published,Description,In stock?,Stock,Backorders allowed?,Sale price,"
    "Date sale price starts,Date sale price ends,Regular price,Categories,Tags,Parent,"
    "Attribute 1 name,Attribute 1 value(s)\n"
)


def shopify(*rows: str) -> list[Draft]:
    return drafts(SHOPIFY + "".join(f"{row}\n" for row in rows), FileFormat.SHOPIFY)


def woo(*rows: str) -> list[Draft]:
    return drafts(WOO + "".join(f"{row}\n" for row in rows), FileFormat.WOOCOMMERCE)


def variants(draft: Draft) -> list[Mapping[str, object]]:
    return cast("list[Mapping[str, object]]", draft.document["variants"])


@pytest.mark.parametrize(
    ("published", "status", "becomes"),
    [
        ("FALSE", "active", "draft"),
        ("FALSE", "archived", "archived"),
        ("FALSE", "", "draft"),
        ("", "", "active"),
        ("", "active", "active"),
        ("FALSCH", "active", "draft"),
        ("FAUX", "active", "draft"),
        ("0", "active", "draft"),
        ("WAHR", "active", "active"),
        ("TRUE", "draft", "draft"),
        ("TRUE", "unlisted", "draft"),
    ],
)
def test_what_shopify_does_not_publish_is_a_draft_whatever_its_status(
    published: str, status: str, becomes: str
) -> None:
    (draft,) = shopify(f"a,A,{published},Title,Default Title,S,shopify,8,deny,5,,FALSE,{status}")
    assert draft.document["status"] == becomes


def test_a_shopify_file_without_columns_for_it_says_no_status() -> None:
    (draft,) = drafts("Handle,Title,Variant SKU,Variant Price\na,A,S,5\n", FileFormat.SHOPIFY)
    assert "status" not in draft.document


def test_a_gift_card_is_refused_and_one_that_exists_ends() -> None:
    (card,) = shopify("g,Card,TRUE,Value,$10,G,shopify,9,deny,10,,TRUE,active")
    assert (card.op, dict(card.document)) == (Op.MERGE, {"sku": "G", "status": "ended"})
    assert rules(card.withheld) == {"/status": "gift_card"}


@pytest.mark.parametrize("word", ["WAHR", "VRAI", "VERDADERO", "1"])
def test_a_gift_card_is_one_in_the_words_of_any_spreadsheet(word: str) -> None:
    (card,) = shopify(f"g,Card,TRUE,Value,$10,G,shopify,9,deny,10,,{word},active")
    assert rules(card.withheld) == {"/status": "gift_card"}


@pytest.mark.parametrize("cells", ["maybe,Title,Default Title", "TRUE,Title,Default Title"])
def test_a_word_of_shopify_that_is_neither_yes_nor_no_keeps_back_the_status(cells: str) -> None:
    gift = "perhaps" if cells.startswith("TRUE") else ""
    (draft,) = shopify(f"a,A,{cells},S,shopify,8,deny,5,,{gift},active")
    assert rules(draft.withheld) == {"/status": "not_a_switch"}
    assert "status" not in draft.document


@pytest.mark.parametrize(
    ("policy", "becomes"),
    [("continue", True), ("WAHR", True), ("deny", False), ("FALSCH", False), ("", None)],
)
def test_shopify_sells_on_in_the_words_of_any_spreadsheet(policy: str, becomes: object) -> None:
    (draft,) = shopify(f"a,A,TRUE,Title,Default Title,S,shopify,8,{policy},5,,,active")
    assert draft.document.get("backorders") is becomes


@pytest.mark.parametrize(
    ("tracker", "quantity", "becomes"),
    [("", "0", "untracked"), ("shopify", "6.0", 6), ("shopify", "-2", 0), ("shopify", "", None)],
)
def test_shopify_stock_is_a_number_untracked_or_not_said(
    tracker: str, quantity: str, becomes: object
) -> None:
    (draft,) = shopify(f"a,A,TRUE,Title,Default Title,S,{tracker},{quantity},continue,5,,,active")
    assert draft.document.get("quantity") == becomes
    assert draft.document["backorders"] is True
    assert ("/quantity" in draft.empty) == (becomes is None)


def test_two_shopify_products_of_one_sku_are_both_named_and_refused() -> None:
    found = shopify(
        "red,Red,TRUE,Title,Default Title,RUG,shopify,3,deny,100,,,active",
        "pot,Pot,TRUE,Title,Default Title,POT,shopify,3,deny,100,,,active",
        "blue,Blue,TRUE,Title,Default Title,RUG,shopify,5,deny,140,,,active",
    )
    assert [rules(draft.problems) for draft in found] == [
        {"/sku": "same_sku"},
        {},
        {"/sku": "same_sku"},
    ]
    assert found[0].problems[0].message == "RUG is the SKU of several products, in rows 2, 4"


def test_shopify_products_keep_their_handle_and_only_whole_files_take_variants_away() -> None:
    (whole,) = shopify(
        "cup,Cup,TRUE,Size,S,C-S,shopify,3,deny,5,,,active",
        "cup,,,,L,C-L,shopify,3,deny,6,,,",
    )
    assert (whole.op, whole.identity, whole.variants_whole) == (Op.MERGE, "shopify:cup", True)
    text = "Handle,Title,Variant SKU\ncup,Cup,C-S\ncup,,C-L\n"
    (partial,) = drafts(text, FileFormat.SHOPIFY)
    assert (partial.op, partial.identity, partial.variants_whole) == (
        Op.PATCH,
        "shopify:cup",
        False,
    )


@pytest.mark.parametrize(
    ("flags", "becomes"),
    [
        ("0,9,0", (0, False)),
        ("outofstock,9,0", (0, False)),
        ("instock,9,0", (9, False)),
        ("onbackorder,-3,1", (0, True)),
        ("soon,9,0", (None, False)),
        ("1,9,0", (9, False)),
        ("backorder,-3,1", (0, True)),
        ("backorder,,notify", (0, True)),
        ("1,,0", ("untracked", False)),
        ("1,4.0,", (4, None)),
    ],
)
def test_woocommerce_stock_follows_its_flags(flags: str, becomes: tuple[object, object]) -> None:
    (draft,) = woo(f'70,simple,OF,Bowl,1,"B.",{flags},,,,15,Home,"[new], gift",,,')
    assert (draft.document.get("quantity"), draft.document.get("backorders")) == becomes
    assert draft.document["tags"] == ["[new]", "gift"]


def test_woocommerce_stock_without_a_number_says_nothing_where_it_has_no_column() -> None:
    text = "Type,SKU,Name,In stock?,Regular price\nsimple,A,a,1,5\nsimple,B,b,0,5\n"
    assert [d.document.get("quantity") for d in drafts(text, FileFormat.WOOCOMMERCE)] == [None, 0]


def test_woocommerce_variations_that_are_switched_off_are_not_sold() -> None:
    (shirt,) = woo(
        '1,variable,SH,Shirt,1,"S.",1,,0,,,,,,,,Size,"S, M, L, X"',
        "2,variation,SH-S,,1,,1,4,0,,,,20,,,SH,Size,S",
        "3,variation,SH-M,,0,,1,5,1,,,,20,,,SH,Size,M",
        "4,variation,SH-L,,-1,,1,6,0,,,,20,,,SH,Size,L",
        "5,variation,SH-X,,0,,1,6,0,,,,,,,SH,Size,X",
    )
    assert [(v["sku"], v["quantity"], v["backorders"]) for v in variants(shirt)] == [
        ("SH-S", 4, False),
        ("SH-M", 0, False),
        ("SH-L", 0, False),
    ]
    assert "quantity" not in shirt.document
    assert (shirt.identity, shirt.variants_whole) == ("woocommerce:1", True)


def test_the_stock_of_a_woocommerce_parent_is_shared() -> None:
    (belt,) = woo(
        '30,variable,PS,Belt,1,"B.",1,7,0,,,,,Clothing,,,Size,"S, M"',
        "31,variation,PS-S,,1,,1,parent,0,,,,15,,,PS,Size,S",
        "32,variation,PS-M,,1,,1,parent,0,,,,15,,,PS,Size,M",
    )
    assert belt.document["quantity"] == 7
    assert [variant["quantity"] for variant in variants(belt)] == [None, None]


def test_a_woocommerce_sale_keeps_its_dates_and_an_empty_one_is_over() -> None:
    dated, over = woo(
        '1,simple,A,a,1,"A.",1,4,0,8,2026-12-01 00:00:00,,10,,,,,',
        '2,simple,B,b,1,"B.",1,4,0,,,,10,,,,,',
    )
    assert (dated.document["price"], dated.document["sale_price"]) == ("10", "8")
    assert (dated.document["sale_from"], dated.document["sale_until"]) == (
        "2026-12-01T00:00:00",
        None,
    )
    assert (over.document["price"], over.document["sale_price"]) == ("10", None)


def test_what_woocommerce_escapes_is_undone() -> None:
    (sign,) = drafts(
        "ID,Type,SKU,Name,Published,Short description,Description,In stock?,Stock,Regular price,"
        "Categories,Tags,Images,Attribute 1 name,Attribute 1 value(s)\n"
        "10,simple,'-WE,Sign &amp; more,1,,<p>First</p>\\n<p>Second\\\\n</p>,1,5,12.50,"
        '"Home\\, Garden > Signs\\, Plates, Sale","one\\, two, three",'
        '"https://x.example/a\\,b.jpg, https://x.example/c.jpg",Colour,"red\\, blue, green"\n'
    )
    fields = sign.document
    assert (fields["sku"], fields["title"]) == ("-WE", "Sign & more")
    assert fields["description"] == "<p>First</p>\n<p>Second\\n</p>"
    assert (fields["shop_type"], fields["shop_types"]) == (
        "Signs, Plates",
        ["Home, Garden", "Sale"],
    )
    assert fields["tags"] == ["one, two", "three"]
    assert fields["images"] == ["https://x.example/a,b.jpg", "https://x.example/c.jpg"]
    assert fields["aspects"] == {"Colour": ["red, blue", "green"]}


def test_an_attribute_that_may_be_any_is_no_choice_or_is_named() -> None:
    (both,) = woo(
        '1,variable,V,Vase,1,"V.",1,,0,,,,,,,,Size,"S, M"',
        "2,variation,V-1,,1,,1,4,0,,,,20,,,V,Size,",
    )
    assert both.document["aspects"] == {"Size": ["S", "M"]}
    assert both.notes == ("Size may be any in all variations: it is taken as an item specific",)
    (some,) = woo(
        '1,variable,V,Vase,1,"V.",1,,0,,,,,,,,Size,"S, M"',
        "2,variation,V-1,,1,,1,4,0,,,,20,,,V,Size,S",
        "3,variation,V-2,,1,,1,4,0,,,,20,,,V,Size,",
    )
    assert some.notes[0].startswith("row 4: Size may be any there, and eBay wants one")


def test_a_size_of_woocommerce_that_cannot_be_read_keeps_back_itself() -> None:
    text = (
        "Type,SKU,Name,Regular price,Length (cm),Width (cm),Height (cm)\nsimple,A,a,5,10,ten,1.5\n"
    )
    (draft,) = drafts(text, FileFormat.WOOCOMMERCE)
    assert rules(draft.withheld) == {"/size": "not_a_number"}
    assert draft.document["price"] == "5"


def test_a_woocommerce_file_without_types_changes_listings_and_creates_none() -> None:
    read = reading("SKU,Stock,In stock?,Regular price\nA,4,1,5\n")
    assert read.kind.startswith("WooCommerce product export: changes listings that exist")
    assert [(draft.op, draft.identity) for draft in read.drafts] == [(Op.PATCH, None)]
