"""Files as shops export them, through the command line: what buyers then see on eBay."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from anyio import to_thread
from typer.testing import CliRunner, Result

from baysync.cli.main import app
from support.live_shop import SELLER, Shop

IMAGE = "https://img.example/a.jpg"
PLAIN = "sku;title;description;price;quantity;images\n"
SHOPIFY = (
    "Handle,Title,Body (HTML),Published,Option1 Name,Option1 Value,Variant SKU,"
    "Variant Inventory Tracker,Variant Inventory Qty,Variant Inventory Policy,Variant Price,"
    "Image Src,Gift Card,Status\n"
)
WOO = (
    "ID,Type,SKU,Name,Published,Description,In stock?,Stock,Backorders allowed?,Regular price,"
    "Categories,Tags,Images,Parent,Attribute 1 name,Attribute 1 value(s)\n"
)
CHEAP = {"price": "5", "currency": "USD"}
Seen = Mapping[str, tuple[str, int]]  # price and quantity, by SKU


@pytest.fixture(autouse=True)
def here(shop: Shop, database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, in which commands work on the shop."""
    assert shop
    monkeypatch.setenv("DATABASE_URL", database)
    monkeypatch.setenv("BAYSYNC_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


async def imported(shop: Shop, text: str | bytes, *options: str) -> Result:
    """Import a file and publish what follows; return what the command said."""
    words = ["listings", "import", "-", "--currency", "USD", *options]
    done = await to_thread.run_sync(lambda: CliRunner().invoke(app, words, input=text))
    await shop.drain()
    return done


def seen(shop: Shop) -> Seen:
    """Return price and quantity of what buyers find."""
    return {
        sku: (offer["pricingSummary"]["price"]["value"], offer["availableQuantity"])
        for sku, offer in shop.live().items()
    }


def product(shop: Shop, sku: str) -> dict[str, Any]:
    """Return the product of an item as eBay holds it."""
    return dict(shop.mock.state()["accounts"][SELLER]["items"][sku]["product"])


def plain(*rows: str) -> str:
    return PLAIN + "".join(f"{row};{IMAGE}\n" for row in rows)


@pytest.mark.parametrize(
    ("text", "code", "expected"),
    [
        (
            plain("A;Sofa;x;1.499,50;1", "B;Lamp;x;899,00;1", "C;Desk;x;1.500;1"),
            0,
            {"A": ("1499.50", 1), "B": ("899.00", 1), "C": ("1500.00", 1)},
        ),
        (
            plain("A;Sofa;x;1.259;3", "B;Lamp;x;1.259,00;3", "C;Desk;x;12.50;1.000"),
            1,
            {"B": ("1259.00", 3)},
        ),
        (f"sep=;\n{plain('A;Cup;x;5,00;2')}", 0, {"A": ("5.00", 2)}),
        (
            (
                f"sku,title,description,price,sale price,quantity,images\n"
                f"A,Cup,x,10.00,8.00,2,{IMAGE}\nB,Cup,x,10.00,,2,{IMAGE}\n"
            ),
            0,
            {"A": ("8.00", 2), "B": ("10.00", 2)},
        ),
    ],
    ids=["decimal comma", "two readings", "hint of Excel", "sale price"],
)
async def test_prices_on_ebay_are_those_that_the_column_means(
    shop: Shop, text: str, code: int, expected: Seen
) -> None:
    assert (await imported(shop, text)).exit_code == code
    assert seen(shop) == expected


async def test_titles_on_ebay_are_the_characters_that_the_shop_meant(shop: Shop) -> None:
    rows = plain('A;"Größe &amp; Maß";x;5;2').encode() + f"B;Baker\x92s tin;x;5;2;{IMAGE}\n".encode(
        "latin-1"
    )
    done = await imported(shop, rows)
    assert "row 3, column title: byte 6 is 0x92" in done.stderr
    line = {"sku": "C", "title": "Salt &amp; mills", "description": "x", "images": [IMAGE]}
    await imported(shop, json.dumps({**line, **CHEAP, "quantity": 1}), "--format", "jsonl")
    titles = {sku: product(shop, sku)["title"] for sku in "ABC"}
    assert titles == {"A": "Größe & Maß", "B": "Baker\u2019s tin", "C": "Salt &amp; mills"}


async def test_buyers_never_see_what_shopify_switched_off_or_does_not_count(shop: Shop) -> None:
    def row(sku: str, published: str, tracker: str, quantity: str, gift: str) -> str:
        return (
            f"{sku},Pot,x,{published},Title,Default Title,{sku},{tracker},{quantity},deny,25.00,"
            f"{IMAGE},{gift},active\n"
        )

    await imported(shop, plain("GIFT;Card;x;10;5", "BLANK;Pot;x;25;4"))
    rows = row("UNPUB", "FALSE", "shopify", "8", "") + row("UNPUB2", "FALSCH", "shopify", "8", "")
    rows += row("GIFT", "TRUE", "shopify", "9", "TRUE") + row("UNTR", "TRUE", "", "0", "FALSE")
    rows += row("FLOAT", "", "shopify", "6.0", "") + row("BLANK", "TRUE", "shopify", "", "")
    rows += row("NEW", "TRUE", "shopify", "", "FALSE")
    assert (await imported(shop, SHOPIFY + rows)).exit_code == 1
    assert seen(shop) == {"FLOAT": ("25.00", 6), "BLANK": ("25.00", 4)}
    blocked = await shop.blocked()
    assert {sku: reason for sku, (reason, _, _) in blocked.items()} == dict.fromkeys(
        ("UNTR", "NEW"), "quantity_unknown"
    )
    await shop.sell_on("EBAY_US", untracked_quantity=3)
    await shop.drain()
    assert seen(shop)["UNTR"] == ("25.00", 3)


async def test_buyers_see_of_woocommerce_what_is_in_stock_with_its_own_words(shop: Shop) -> None:
    rows = (
        f'70,simple,OFF,Bowl,1,x,0,9,0,15.00,Home,"[new], gift",{IMAGE},,,\n'
        f"71,simple,BACK,Bowl,1,x,backorder,-3,1,15.00,Home,,{IMAGE},,,\n"
        f'10,simple,SIGN,Sign,1,"one\\ntwo \\\\n",1,5,0,12.50,Signs,,{IMAGE},,Colour,'
        '"red\\, blue, green"\n'
        f'30,variable,BELT,Belt,1,x,1,7,0,,Clothing,,{IMAGE},,Size,"S, M"\n'
        "31,variation,BELT-S,Belt,1,,1,parent,0,15.00,,,,BELT,Size,S\n"
        "32,variation,BELT-M,Belt,1,,1,parent,0,15.00,,,,BELT,Size,M\n"
    )
    done = await imported(shop, WOO + rows)
    assert (done.exit_code, "7 are shared by 2 variants" in done.stderr) == (0, True)
    belts = {"BELT-S": ("15.00", 7), "BELT-M": ("15.00", 0)}
    assert seen(shop) == {"SIGN": ("12.50", 5), **belts}
    assert set(product(shop, "SIGN")["aspects"]["Colour"]) == {"red, blue", "green"}
    assert shop.live()["SIGN"]["listingDescription"] == "one\ntwo \\n"
    await shop.sell_on("EBAY_US", backorder_quantity=2, shared_stock="split")
    await shop.drain()
    assert seen(shop) == {
        "SIGN": ("12.50", 5),
        "BACK": ("15.00", 2),
        "BELT-S": ("15.00", 4),
        "BELT-M": ("15.00", 3),
    }


async def test_two_variants_that_swap_their_skus_stay_one_listing_on_ebay(shop: Shop) -> None:
    def shirt(small: str, large: str) -> str:
        variants = [
            {"sku": small, "options": {"Size": "S"}, "price": "9.00", "quantity": 1},
            {"sku": large, "options": {"Size": "L"}, "price": "12.00", "quantity": 5},
        ]
        listing = {"sku": "SW", "title": "Shirt", "description": "x", "images": [IMAGE]}
        return json.dumps({**listing, "currency": "USD", "variants": variants})

    await imported(shop, shirt("SW-1", "SW-2"), "--format", "jsonl")
    before = {offer["listing"]["listingId"] for offer in shop.live().values()}
    await imported(shop, shirt("SW-2", "SW-1"), "--format", "jsonl")
    assert seen(shop) == {"SW-1": ("12.00", 5), "SW-2": ("9.00", 1)}
    assert {offer["listing"]["listingId"] for offer in shop.live().values()} == before


async def test_one_number_beyond_all_bounds_keeps_no_other_line_out(shop: Shop) -> None:
    def line(sku: str, quantity: float) -> str:
        listing = {"sku": sku, "title": "Cup", "description": "x", "images": [IMAGE]}
        return json.dumps({**listing, **CHEAP, "quantity": quantity}) + "\n"

    rows = line("A", 1) + line("BAD", 1e30) + line("B", 2)
    done = await imported(shop, rows, "--format", "jsonl")
    assert (done.exit_code, "row 2 (BAD): quantity" in done.stderr) == (1, True)
    assert seen(shop) == {"A": ("5.00", 1), "B": ("5.00", 2)}
