"""A live shop survives every partial file: what the file does not carry stays as it is on eBay."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, cast

import pytest
from anyio import to_thread
from typer.testing import CliRunner

from baysync.cli.main import app
from support.live_shop import SELLER, Shop, document

Leaves = dict[str, object]
SIZES = ("S", "M", "L")
SINGLES = [f"L{n}" for n in range(27)]
SHIRTS = ["T0", "T1", "T2"]


def shirt(sku: str) -> dict[str, Any]:
    variants = [
        {"sku": f"{sku}-{size}", "options": {"Size": size}, "price": "20", "quantity": 6}
        for size in SIZES
    ]
    return document(sku, price=None, quantity=None, variants=variants, aspects={"Fit": ["Slim"]})


def leaves(value: object, at: str = "") -> Iterator[tuple[str, object]]:
    """Yield every leaf of a document with its path."""
    if isinstance(value, Mapping):
        for name, part in cast("Mapping[str, object]", value).items():
            yield from leaves(part, f"{at}/{name}")
    elif isinstance(value, list):
        for number, part in enumerate(cast("list[object]", value)):
            yield from leaves(part, f"{at}/{number}")
    else:
        yield at, value


def shown(shop: Shop) -> Leaves:
    """Return every leaf that eBay holds of the shop: items, offers by SKU, groups."""
    account = shop.mock.state()["accounts"][SELLER]
    offers = {offer["sku"]: offer for offer in account["offers"].values()}
    return dict(leaves({"item": account["items"], "offer": offers, "group": account["groups"]}))


@pytest.fixture
async def live(shop: Shop, database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shop:
    """A shop of 30 live listings, three of them with variants; commands work on it."""
    monkeypatch.setenv("DATABASE_URL", database)
    monkeypatch.setenv("BAYSYNC_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    await shop.put(*(document(sku) for sku in SINGLES), *(shirt(sku) for sku in SHIRTS))
    await shop.drain()
    assert len(shop.live()) == len(SINGLES) + len(SHIRTS) * len(SIZES)
    return shop


async def command(*arguments: str, fed: str | None = None) -> list[dict[str, Any]]:
    """Run a command with ``--json``; return its lines."""

    def work() -> list[dict[str, Any]]:
        done = CliRunner().invoke(app, [*arguments, "--json"], input=fed)
        assert done.exit_code == 0, done.output
        return [json.loads(line) for line in done.stdout.splitlines()]

    return await to_thread.run_sync(work)


async def changed_by(shop: Shop, text: str) -> tuple[int, Leaves]:
    """Import a file; return the id of the import and the leaves that changed on eBay."""
    before = shown(shop)
    summary = (await command("listings", "import", "-", fed=text))[-1]
    await shop.drain()
    after = shown(shop)
    paths = before.keys() | after.keys()
    changed = {path: after.get(path) for path in paths if before.get(path) != after.get(path)}
    return summary["import"], changed


def price(sku: str, value: str) -> Leaves:
    return {f"/offer/{sku}/pricingSummary/price/value": value}


def stock(sku: str, units: int) -> Leaves:
    at = f"/item/{sku}/availability/shipToLocationAvailability"
    return {
        f"{at}/quantity": units,
        f"{at}/allocationByFormat/fixedPrice": units,
        f"/offer/{sku}/availableQuantity": units,
    }


def title(sku: str, words: str) -> Leaves:
    return {f"/item/{sku}/product/title": words}


INVENTORY = (
    "Handle,Title,Option1 Name,Option1 Value,SKU,HS Code,COO,Location,"
    "Incoming (not editable),Unavailable (not editable),Committed (not editable),"
    "Available (not editable),On hand (current),On hand (new)\n"
)
FILES = {
    "a price list": ("sku,price\nL1,12.50\n", price("L1", "12.50")),
    "a stock list": ("sku;qty\nL1;9\nL2;3\n", stock("L1", 9) | stock("L2", 3)),
    "a stock list with titles": (
        "Artikelnummer;Bezeichnung;Bestand\nL1;Lamp L1;4\n",
        stock("L1", 4),
    ),
    "titles alone": ("sku,title\nL1,Brass lamp\n", title("L1", "Brass lamp")),
    "a full table without stock": (
        (
            "sku,title,description,price,images\n"
            "L1,Lamp L1,<p>Warm light.</p>,21.00,https://img.example.com/L1.jpg\n"
        ),
        price("L1", "21.00"),
    ),
    "a table with empty cells": (
        "sku,title,price,description,brand,quantity\nL1,Oak lamp,19.90,,,\n",
        title("L1", "Oak lamp"),
    ),
    "the stock of a variant": ("sku;qty\nT1-M;2\n", stock("T1-M", 2)),
    "the stock of a variant with its parent": (
        "sku;parent_sku;qty\nT1-M;T1;2\n",
        stock("T1-M", 2),
    ),
    "the price of a variant": ("sku,price\nT1-M,23.00\n", price("T1-M", "23.00")),
    "Shopify's inventory by location": (
        INVENTORY
        + "t1,Lamp T1,Size,M,T1-M,,,Main street,0,0,0,3,3,\n"
        + "t1,Lamp T1,Size,M,T1-M,,,Harbour,0,0,0,1,1,\n",
        stock("T1-M", 4),
    ),
    "Shopify's inventory with a column per location": (
        (
            "Handle,Title,Option1 Name,Option1 Value,SKU,HS Code,COO,Main street,Harbour\n"
            "t1,Lamp T1,Size,M,T1-M,,,3,1\n"
        ),
        stock("T1-M", 4),
    ),
    "Shopify's products with prices alone": (
        "Handle,Variant SKU,Variant Price\nt1,T1-M,23.00\n",
        price("T1-M", "23.00"),
    ),
    "WooCommerce's variations with prices alone": (
        "Type,SKU,Regular price\nvariation,T1-M,23.00\nsimple,L1,12.50\n",
        price("T1-M", "23.00") | price("L1", "12.50"),
    ),
    "WooCommerce's stock": (
        "ID,Type,SKU,In stock?,Stock\n7,simple,L1,1,9\n8,variation,T1-M,0,4\n",
        stock("L1", 9) | stock("T1-M", 0),
    ),
    "a patch in JSON lines": ('{"op":"patch","sku":"L1","quantity":8}\n', stock("L1", 8)),
}


async def test_a_live_shop_survives_every_partial_file(live: Shop) -> None:
    for name, (text, expected) in FILES.items():
        before = shown(live)
        import_id, changed = await changed_by(live, text)
        assert changed == expected, name
        await command("imports", "undo", str(import_id), "--with-stock")
        await live.drain()
        assert shown(live) == before, f"{name} is taken back by one command"


async def test_one_command_brings_a_wiped_field_back(live: Shop) -> None:
    before = shown(live)
    import_id, changed = await changed_by(live, '{"op":"patch","sku":"T1","aspects":null}\n')
    assert changed
    assert {path for path in changed if "/item/L" in path} == set()
    await command("imports", "undo", str(import_id))
    await live.drain()
    assert shown(live) == before
