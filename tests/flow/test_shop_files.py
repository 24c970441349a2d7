"""Files as shops send them, through the command line: what they change, and what stays."""

import asyncio
from pathlib import Path

import pytest
from psycopg import AsyncConnection

from baysync import intake
from baysync.account import store as accounts
from baysync.account.model import DecimalMark, Defaults, Importing
from support.engine import account
from support.imported_files import FULL, SHOPIFY, imported, stocks, stored

pytestmark = pytest.mark.usefixtures("here")


@pytest.mark.parametrize(
    ("text", "changes"),
    [
        ("sku,title\nPL-1,Walnut serving tray\n", {"title": "Walnut serving tray"}),
        ("Artikelnummer;Bezeichnung;Bestand\nPL-1;Nuss;4\n", {"title": "Nuss", "quantity": 4}),
        ("sku;preis\nPL-1;1.234,50\n", {"price": "1234.5"}),
        ("sku,title,price,description\nPL-1,,,\n", {}),
        ("sku;qty;price\nPL-1;1.000;12,50\n", {"price": "12.5"}),
        ("sku;price\nPL-1;49,90 \u20ac\n", {"price": "49.9", "currency": "EUR"}),
    ],
)
def test_what_a_table_does_not_carry_stays_as_it_is(text: str, changes: dict[str, object]) -> None:
    imported(FULL)
    before = stored()
    imported(text, code="1.000" in text)
    after = stored()
    prices = {"price": before["PL-1"]["price"]}
    assert after["PL-2"] == before["PL-2"]
    for name, value in {**before["PL-1"], **prices, **changes}.items():
        shown = after["PL-1"][name]
        same = float(shown) == float(str(value)) if name == "price" else shown == value
        assert same, name


def test_the_first_line_says_what_a_file_is() -> None:
    assert imported(FULL).stderr.startswith("Product list: creates and changes")
    assert imported("sku;qty\nPL-1;3\n").stderr.startswith("Stock list: changes listings that")
    assert imported(SHOPIFY).stderr.startswith("Shopify product export: creates and changes")


def test_a_listing_that_a_stock_list_names_and_that_is_not_there_is_told() -> None:
    done = imported("sku;preis\nNT-030;11,25\n", code=1)
    assert "no listing has the SKU NT-030" in done.stderr
    assert stored() == {}


@pytest.mark.parametrize("text", ["sku;qty\nTC-S;7\n", "sku;parent_sku;qty\nTC-S;cup;7\n"])
def test_a_stock_list_may_name_one_variant(text: str) -> None:
    imported(SHOPIFY)
    before = stored()["cup"]
    imported(text)
    assert stocks() == {"TP-1": 8, "TC-S": 7, "TC-L": 6}
    after = stored()["cup"]
    assert {**after, "variants": 0} == {**before, "variants": 0}


@pytest.mark.parametrize(
    ("text", "options", "expected"),
    [
        ("row", (), {"TC-S": 10, "TC-L": 9}),
        ("row", ("--location", "Harbour store"), {"TC-S": 2, "TC-L": 0}),
        ("column", (), {"TC-S": 10, "TC-L": 9}),
    ],
)
def test_shopify_inventory_changes_stock_and_nothing_else(
    text: str, options: tuple[str, ...], expected: dict[str, int]
) -> None:
    imported(SHOPIFY)
    files = {
        "row": (
            "Handle,Title,Option1 Name,Option1 Value,SKU,HS Code,COO,Location,Available\n"
            "cup,X,Size,S,TC-S,,,Main street 1,8\ncup,X,Size,L,TC-L,,,Main street 1,9\n"
            "cup,X,Size,S,TC-S,,,Harbour store,2\ncup,X,Size,L,TC-L,,,Harbour store,not stocked\n"
        ),
        "column": (
            "Handle,Title,Option1 Name,Option1 Value,SKU,HS Code,COO,Main street 1,Harbour store\n"
            "cup,X,Size,S,TC-S,,,8,2\ncup,X,Size,L,TC-L,,,9,not stocked\n"
        ),
    }
    imported(files[text], *options)
    assert stocks() == {"TP-1": 8, **expected}
    assert stored()["cup"]["title"] == "Tea cup"


def test_an_unknown_location_is_refused_and_nothing_stored() -> None:
    text = "Handle,SKU,Location,Available\ncup,TC-S,Main,8\n"
    done = imported(text, "--location", "Attic", code=1)
    assert "has no location Attic" in done.stderr


def test_prices_are_read_by_their_column_and_two_readings_are_refused_with_both() -> None:
    head = "sku;titel;beschreibung;preis;menge;bilder\n"
    imported(head + "A;a;x;1.499,50;1;\nB;b;x;899,00;1;\nC;c;x;1.500;1;\nD;d;x;12.500;1;\n")
    prices = {sku: float(row["price"]) for sku, row in stored().items()}
    assert prices == {"A": 1499.5, "B": 899, "C": 1500, "D": 12500}
    rows = "E;e;x;1.259;3;\nF;f;x;1.259,00;3;\nG;g;x;12.50;1.000;\nH;h;x;12.50;2.0;\n"
    done = imported(head + rows, code=1)
    assert "1.259 may be 1259.00 or 1.259" in done.stderr
    assert "1.000 may be 1000 or 1.000" in done.stderr
    assert stored().keys() == {"A", "B", "C", "D", "F", "H"}
    imported(head + "E;e;x;1.259;3;\n", "--decimal", "comma")
    assert float(stored()["E"]["price"]) == 1259


def test_an_account_may_say_how_the_numbers_of_files_are_written(database: str) -> None:
    asyncio.run(written_with(database, DecimalMark.COMMA))
    imported("sku;title;price\nE;e;1.259\n")
    assert float(stored()["E"]["price"]) == 1259
    imported("sku;title;price\nE;e;1.250\n", "--decimal", "point")
    assert float(stored()["E"]["price"]) == 1.25
    done = imported("sku;title;price\nE;e;1.259\n", "--decimal", "point", code=1)
    assert "price is 1.259, which is no whole number of cents" in done.stderr


async def written_with(url: str, decimal: DecimalMark) -> None:
    async with await AsyncConnection.connect(url, autocommit=True) as db:
        defaults = Defaults(importing=Importing(decimal=decimal))
        await accounts.put_defaults(db, await account(db, "EBAY_DE"), "EBAY_DE", defaults)


def test_a_refused_cell_keeps_back_its_field_and_is_among_the_rejects(here: Path) -> None:
    imported(FULL)
    done = imported("sku,price,quantity\nPL-1,soon,4\nPL-2,32,5\n", code=1)
    assert "1 listing is stored without the cells that were refused." in done.stderr
    assert (stored()["PL-1"]["quantity"], float(stored()["PL-1"]["price"])) == (4, 30)
    rejects = (here / "list.rejected.csv").read_text().splitlines()
    assert rejects[1].startswith("PL-1,soon,4,price: 'soon' is not a number,")
    assert len(rejects) == 2


def test_a_gift_card_is_refused_and_one_that_was_listed_ends() -> None:
    text = "Handle,Title,Option1 Value,Variant SKU,Variant Price,Gift Card,Status\n"
    imported(text + "card,Card,Default Title,GIFT,10,FALSE,active\n")
    cards = (
        "card,Card,Default Title,GIFT,10,TRUE,active\nnew,Card,Default Title,NEW,9,TRUE,active\n"
    )
    done = imported(text + cards, code=1)
    assert done.stderr.count("is a gift card") == 2
    assert {sku: row["status"] for sku, row in stored().items()} == {"GIFT": "ended"}


def test_strange_bytes_and_hints_of_spreadsheets_change_no_good_row() -> None:
    head = "sku,title,price\nME-1,Gr\u00f6\u00dfe,5\n".encode()
    done = imported(head + b"ME-2,Baker\x92s tin,5\n")
    assert "row 3, column title: byte 6 is 0x92" in done.stderr
    assert stored()["ME-1"]["title"] == "Gr\u00f6\u00dfe"
    assert stored()["ME-2"]["title"] == "Baker\u2019s tin"
    imported("sep=;\nsku;title;price\nSE-1;Cup;5,00\n")
    assert float(stored()["SE-1"]["price"]) == 5


def test_a_file_that_is_no_list_of_products_stores_nothing() -> None:
    text = (
        "#INFO,Version=0.0.2,,,\nAction,Custom label (SKU),Category ID,Title,Price\nDraft,E,9,C,5\n"
    )
    done = imported(text, code=1)
    assert "The file is eBay's draft listing template" in done.stderr
    assert stored() == {}


def test_entities_in_titles_of_tables_are_decoded_once() -> None:
    imported('sku,title,price\nEN-1,"Salt &amp; pepper mills &#8211; 2 pcs",5\n')
    assert stored()["EN-1"]["title"] == "Salt & pepper mills \u2013 2 pcs"


def test_what_a_file_switched_off_it_switches_on_and_what_somebody_ended_stays(
    database: str,
) -> None:
    async def end() -> None:
        async with await AsyncConnection.connect(database) as db:
            await intake.patch(db, {"sku": "TP-1", "status": "ended"})

    imported(SHOPIFY)
    imported(SHOPIFY.replace("p.jpg,active", "p.jpg,archived"))
    assert stored()["TP-1"]["status"] == "archived"
    imported(SHOPIFY)
    assert "status" not in stored()["TP-1"]
    asyncio.run(end())
    for price in ("26.00", "27.00"):
        done = imported(SHOPIFY.replace("25.00", price))
        assert "TP-1 stays ended, as somebody asked" in done.stderr
    assert stored()["TP-1"]["status"] == "ended"
    imported("sku,visible,price\nTP-1,yes,28\n")
    assert (stored()["TP-1"]["status"], stored()["TP-1"]["price"]) == ("ended", "28.00")
    imported("sku,status\nTP-1,active\n")
    assert "status" not in stored()["TP-1"], "a column for the status is somebody's word"


def test_a_refused_row_does_not_say_that_it_ended_a_sale() -> None:
    imported("sku,title,price,sale price\nA,Cup,10,8\n")
    done = imported("sku,title,price\nA,Cup,12,5\n", code=1)
    assert "is over" not in done.stderr
    assert stored()["A"]["sale_price"] == "8.00"
    assert "is over" in imported("sku,title,price\nA,Cup,12\n").stderr
