"""Imports that take away say what live listings lose, and ask."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from anyio import to_thread
from typer.testing import CliRunner, Result

from baysync.cli.main import app
from support.live_shop import Shop, document

pytestmark = pytest.mark.usefixtures("live")
SHOPIFY = (
    "Handle,Title,Option1 Name,Option1 Value,Variant SKU,Variant Price,Variant Inventory Qty\n"
)


@pytest.fixture
async def live(shop: Shop, database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shop:
    """A shop with two live lamps; commands work on it."""
    monkeypatch.setenv("DATABASE_URL", database)
    monkeypatch.setenv("BAYSYNC_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    await shop.put(document("A"), document("B", subtitle="Warm", mpn="7"))
    await shop.drain()
    return shop


async def baysync(*arguments: str, fed: str | None = None, code: int = 0) -> Result:
    def work() -> Result:
        done = CliRunner().invoke(app, list(arguments), input=fed)
        assert done.exit_code == code, done.output
        return done

    return await to_thread.run_sync(work)


async def imported(text: str, *options: str, code: int = 0) -> Result:
    return await baysync("listings", "import", "-", *options, fed=text, code=code)


async def stored(sku: str) -> dict[str, Any]:
    return dict(json.loads((await baysync("listings", "get", sku)).stdout))


async def test_a_table_as_whole_documents_says_what_live_listings_lose_and_asks() -> None:
    before = await stored("B")
    text = "sku,title,price,quantity\nA,Lamp A,19.90,5\nB,Lamp B,19.90,5\nNEW,Vase,3,1\n"
    done = await imported(text, "--replace", code=2)
    for words in (
        "Product list: each row is a whole listing; what it does not say is taken away",
        "empty filled fields of 2 live listings",
        "description (2)",
        "mpn (1)",
        "subtitle (1)",
        "--yes",
    ):
        assert words in done.stderr
    assert await stored("B") == before
    assert "There is no listing NEW" in (await baysync("listings", "get", "NEW", code=5)).stderr
    done = await imported(text, "--replace", "--dry-run")
    assert "This would empty filled fields of 2 live listings" in done.stderr
    await imported(text, "--replace", "--yes")
    assert "mpn" not in await stored("B")
    assert "description" not in await stored("A")


async def test_a_table_that_empties_nothing_replaces_without_asking() -> None:
    await imported('{"op":"patch","sku":"A","brand":null,"images":null,"description":null}\n')
    await imported("sku,title,price,quantity\nA,Oak lamp,19.90,5\n", "--replace")
    assert (await stored("A"))["title"] == "Oak lamp"


async def test_rows_without_titles_replace_nothing() -> None:
    done = await imported("sku,quantity\nA,3\n", "--replace", code=2)
    assert "--replace needs whole listings" in done.stderr
    assert (await stored("A"))["quantity"] == 5


async def test_a_row_with_a_refused_cell_replaces_nothing() -> None:
    before = await stored("A")
    text = "sku,title,price,quantity\nA,Oak lamp,many,5\n"
    await imported(text, "--replace", "--yes", code=1)
    assert await stored("A") == before


async def test_empty_cells_change_nothing_and_that_is_said() -> None:
    text = "sku,title,subtitle,mpn\nA,Lamp A,,\nB,Lamp B,,\n"
    done = await imported(text)
    assert "1 subtitle, 1 mpn" in done.stderr or "1 mpn, 1 subtitle" in done.stderr
    assert (await stored("B"))["mpn"] == "7"
    summary = json.loads((await imported(text, "--json")).stdout.splitlines()[-1])
    assert summary["kept"] == {"subtitle": 1, "mpn": 1}


async def test_empty_cells_clear_where_that_is_asked_for_and_agreed_to() -> None:
    text = "sku,title,subtitle,mpn,aspect:Fit\nA,Lamp A,,,\nB,Lamp B,,9,\n"
    done = await imported(text, "--empty", "clear", code=2)
    assert "empty filled fields of 1 live listing: subtitle (1)" in done.stderr
    assert done.stderr.partition("\n")[0].endswith("; an empty cell empties its field")
    assert (await stored("B"))["mpn"] == "7", "nothing is stored"
    await imported(text, "--empty", "clear", "--yes")
    after = await stored("B")
    assert (after.get("subtitle"), after["mpn"]) == (None, "9")


async def test_a_whole_product_that_lacks_many_live_variants_stops(live: Shop) -> None:
    rows = [f"shirt,Shirt,Size,{size},T-{size},9.00,4\n" for size in "SML"]
    whole = SHOPIFY + "".join(rows)
    await imported(whole)
    await imported(
        '{"op":"patch","sku":"shirt","description":"x","images":["https://img.example.com/t.jpg"]}\n'
    )
    await live.drain()
    assert len(live.live()) == 5
    done = await imported(SHOPIFY + "".join(rows[:2]), code=2)
    assert "take away 1 of 3 live variants (33%)" in done.stderr
    assert len((await stored("shirt"))["variants"]) == 3
    renamed = rows[2].replace("T-L", "T-LARGE")
    await imported(SHOPIFY + "".join([*rows[:2], renamed]))
    assert [each["sku"] for each in (await stored("shirt"))["variants"]][2] == "T-LARGE"
    await imported(SHOPIFY + "".join(rows[:2]), "--yes")
    assert len((await stored("shirt"))["variants"]) == 2


async def test_an_end_that_missing_made_is_undone_by_the_next_file_that_names_the_sku(
    live: Shop,
) -> None:
    await imported("sku,quantity\nA,5\n", "--missing", "end", "--yes")
    assert (await stored("B"))["status"] == "ended"
    await live.drain()
    assert set(live.live()) == {"A"}
    await imported("sku,quantity\nB,2\n")
    assert (await stored("B")).get("status", "active") == "active"
    await live.drain()
    assert set(live.live()) == {"A", "B"}


async def test_a_draft_that_missing_archived_becomes_a_draft_again() -> None:
    await imported('{"op":"patch","sku":"B","status":"draft"}\n')
    options = ("--missing", "archive", "--yes")
    await imported("sku,quantity\nA,5\n", *options)
    assert (await stored("B"))["status"] == "archived"
    assert "1 updated" in (await imported("sku,quantity\nB,5\n", "--dry-run")).stderr
    await imported("sku,quantity\nB,5\n")
    assert (await stored("B"))["status"] == "draft"


@pytest.mark.parametrize("late", [False, True], ids=["before", "after --missing"])
@pytest.mark.parametrize("status", ["ended", "archived"])
async def test_an_end_that_somebody_asked_for_stays(status: str, *, late: bool) -> None:
    if late:
        await imported("sku,quantity\nA,5\n", "--missing", "end", "--yes")
    await imported(f'{{"op":"patch","sku":"B","status":"{status}"}}\n')
    await imported("sku,quantity\nA,5\n", "--missing", "end", "--yes")
    await imported("sku,title,price,quantity\nB,Oak lamp,20,2\n")
    assert (await stored("B"))["status"] == status


async def test_whole_products_name_what_their_variants_lose(live: Shop) -> None:
    await live.put(
        document(
            "shirt",
            price=None,
            variants=[
                {"sku": f"T-{size}", "options": {"Size": size}, "price": "9", "quantity": 4}
                | {"mpn": "7", "images": [f"https://img.example.com/{size}.jpg"]}
                for size in "SML"
            ],
        )
    )
    await live.drain()
    rows = [f"shirt,Lamp shirt,Size,{size},T-{size},9.00,4\n" for size in "SM"]
    done = await imported(SHOPIFY + "".join(rows), "--replace", code=2)
    for words in ("empty filled fields of 1 live listing", "variants (1)", "mpn of variants (1)"):
        assert words in done.stderr
    assert len((await stored("shirt"))["variants"]) == 3


@pytest.mark.parametrize("layout", ["lines", "table", "shopify"])
async def test_what_ends_with_a_listing_that_changes_its_kind_is_named_and_asked_about(
    live: Shop, layout: str
) -> None:
    await imported(SHOPIFY + "vase,Vase,Title,Default Title,V,9.00,4\n")
    pictured = {"images": ["https://img.example.com/v.jpg"], "description": "x"}
    await imported(json.dumps({"op": "patch", "sku": "V", **pictured}) + "\n")
    await live.drain()
    live.mock.seller_set("V", {"quantityLimitPerBuyer": 3}, of="offer")
    await live.pass_time(timedelta(minutes=20))
    await imported('{"op":"patch","sku":"V","description":"y"}\n')
    await live.drain()
    sizes = [{"sku": f"V-{size}", "options": {"Size": size}} for size in "SM"]
    text = {
        "lines": json.dumps({"op": "patch", "sku": "V", "variants": sizes}) + "\n",
        "table": "sku,parent_sku,title,price,option:Size\nV-S,V,,9,S\nV-M,V,,9,M\n",
        "shopify": SHOPIFY + "".join(f"vase,Vase,Size,{s},V-{s},9.00,4\n" for s in "SM"),
    }[layout]
    before = await stored("V")
    done = await imported(text, code=2)
    assert "end 1 live listing on eBay, to come back with or without variants" in done.stderr
    assert "on EBAY_US (quantityLimitPerBuyer)" in done.stderr
    assert await stored("V") == before
    assert "This would end 1 live listing on eBay" in (await imported(text, "--dry-run")).stderr
    await imported(text, "--yes")
    if layout == "lines":
        await _going_back_asks_too(live)
    bare = [{"sku": f"A-{size}", "options": {"Size": size}} for size in "SM"]
    done = await imported(json.dumps({"op": "patch", "sku": "A", "variants": bare}) + "\n")
    assert "was not read from eBay since it was made" in done.stderr, "nothing to ask about"


async def _going_back_asks_too(live: Shop) -> None:
    """Set a field on the group that V has become; undo and restore name it before they end it."""
    await live.drain()
    live.mock.seller_set("V-S", {"subtitle": "of clay"}, of="group")
    await live.pass_time(timedelta(minutes=20))
    await imported('{"op":"patch","sku":"V","description":"z","title":"Vases"}\n')
    await live.drain()
    group = await stored("V")
    last = json.loads((await baysync("imports", "list", "--json")).stdout)[1]["id"]
    named = "end 1 live listing on eBay, to come back with or without variants", "(subtitle)"
    for command in (
        ("imports", "undo", str(last)),
        ("imports", "undo", str(last), "--dry-run"),
        ("listings", "restore", "V", "--version", "2"),
    ):
        code = 0 if "--dry-run" in command else 2
        done = await baysync(*command, code=code)
        assert all(words in done.stderr for words in named), command
    assert await stored("V") == group
    await baysync("listings", "restore", "V", "--version", "2", "--yes")
    assert "variants" not in await stored("V")
