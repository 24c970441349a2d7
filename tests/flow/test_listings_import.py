"""``baysync listings``: files in, every row accounted for, and out again."""

import asyncio
import io
import json
import sys
from pathlib import Path

import pytest
from psycopg import AsyncConnection
from typer.testing import CliRunner, Result

from baysync.account import store as accounts
from baysync.account.model import Defaults
from baysync.cli.main import app
from baysync.cli.terminal import progress
from support.engine import account
from support.listing_files import DATA

pytestmark = pytest.mark.usefixtures("here")


@pytest.fixture
def here(database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in, with a database of this test's own."""
    monkeypatch.setenv("DATABASE_URL", database)
    monkeypatch.setenv("BAYSYNC_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def listings(*arguments: str, fed: str | None = None, code: int = 0) -> Result:
    done = CliRunner().invoke(app, ["listings", *arguments], input=fed)
    assert done.exit_code == code, done.output
    return done


def imported(*arguments: str, fed: str | None = None, code: int = 0) -> dict[str, int]:
    done = listings("import", *arguments, "--json", fed=fed, code=code)
    summary = json.loads(done.stdout.splitlines()[-1])
    assert ("import" in summary) == ("--dry-run" not in arguments)
    more = {"blocked", "lost", "forecast", "import"}
    return {name: count for name, count in summary.items() if name not in more}


def counts(rows: int, **outcomes: int) -> dict[str, int]:
    found = dict.fromkeys(("created", "updated", "unchanged", "rejected"), 0) | outcomes
    return {"rows": rows, "listings": sum(found.values()), **found}


@pytest.mark.parametrize(("name", "rows", "rejected"), [("shopify", 5, 0), ("woocommerce", 7, 2)])
def test_a_shop_export_is_imported_once_and_then_unchanged(
    name: str, rows: int, rejected: int
) -> None:
    path, code = str(DATA / f"{name}.csv"), min(1, rejected)
    assert imported(path, "--dry-run", code=code) == counts(rows, created=3, rejected=rejected)
    assert imported(path, code=code) == counts(rows, created=3, rejected=rejected)
    assert imported(path, "--format", name, code=code) == counts(
        rows, unchanged=3, rejected=rejected
    )


async def sell_in(url: str, *marketplaces: str) -> None:
    async with await AsyncConnection.connect(url, autocommit=True) as db:
        shop = await account(db, marketplaces[0])
        for marketplace in marketplaces:
            await accounts.put_defaults(db, shop, marketplace, Defaults())


def test_an_import_says_in_which_currency_its_prices_are_taken(database: str) -> None:
    path = str(DATA / "shopify.csv")
    asyncio.run(sell_in(database, "EBAY_US"))
    assert "name no currency" not in listings("import", path).stderr
    asyncio.run(sell_in(database, "EBAY_DE"))
    told = listings("import", path).stderr
    assert "3 listings name no currency: each marketplace takes such" in told
    told = listings("import", path, "--currency", "usd").stderr
    assert ("3 updated" in told, "name no currency" in told) == (True, False)
    stored = [json.loads(line) for line in listings("export").stdout.splitlines()]
    assert {each["currency"] for each in stored} == {"USD"}
    assert "name no currency" not in listings("import", path).stderr
    assert "no currency XYZ" in listings("import", path, "--currency", "xyz", code=2).stderr


def test_rows_of_several_variants_of_a_listing_all_count() -> None:
    tee = "sku;parent_sku;title;price;quantity;option:Size\nT;;Tee;9;;\nT-S;T;;;1;S\nT-L;T;;;2;L\n"
    listings("import", "-", fed=tee)
    told = listings("import", "-", fed="sku;quantity\nT-S;3\nT-L;4\nT-S;5\n").stderr
    assert "3 listings from 3 rows: 0 created, 2 updated, 1 unchanged, 0 rejected." in told
    assert "1 came before a later row of the same SKU" in told
    (stored,) = (json.loads(line) for line in listings("export").stdout.splitlines())
    assert [each["quantity"] for each in stored["variants"]] == [5, 4]


@pytest.mark.parametrize("layout", ["csv", "jsonl"])
def test_what_is_exported_is_imported_unchanged(layout: str, here: Path) -> None:
    for name in ("shopify", "woocommerce"):
        listings("import", str(DATA / f"{name}.csv"), code=name == "woocommerce")
    (here / "all").write_text(listings("export", "--format", layout).stdout)
    rows = {"csv": 10, "jsonl": 6}
    assert imported("all") == counts(rows[layout], unchanged=6)


def test_the_template_is_imported() -> None:
    template = listings("template").stdout
    assert imported("-", fed=template) == counts(4, created=2)
    lines = listings("template", "--format", "jsonl").stdout
    assert imported("-", fed=lines) == counts(2, unchanged=2)


def test_two_products_of_a_file_with_one_sku_are_each_named_once() -> None:
    head = "Handle,Title,Variant SKU,Variant Inventory Qty,Variant Price,Status\n"
    fed = f"{head}red,Red rug,RUG,3,10.00,active\nblue,Blue rug,RUG,5,14.00,active\n"
    told = listings("import", "-", fed=fed, code=1).stderr
    assert told.count("RUG is the SKU of") == 2
    assert all(f"row {row} (RUG): sku RUG is the SKU of several" in told for row in (2, 3))


def test_rejected_rows_are_told_kept_corrected_and_imported(here: Path) -> None:
    (here / "lamps.csv").write_text("sku;title;price\nA;Lamp;0\n;Vase;2\nC;Rug;3\nC;Mat;4\n")
    done = listings("import", "lamps.csv", code=1)
    assert "row 2 (A): price is 0: write a price above 0" in done.stderr
    assert "row 3: sku is missing" in done.stderr
    assert "4 listings from 4 rows: 1 created, 0 updated, 1 unchanged, 2 rejected." in done.stderr
    assert "1 came before a later row of the same SKU" in done.stderr
    rejects = here / "lamps.rejected.csv"
    assert "The rejected rows are in lamps.rejected.csv" in done.stderr
    rejects.write_text(rejects.read_text().replace("A,Lamp,0", "A,Lamp,9"))
    assert imported(str(rejects), "--rejects", "rest.csv", code=1) == counts(
        2, created=1, rejected=1
    )
    assert "Vase" in (here / "rest.csv").read_text()
    corrected = rejects.read_text()
    (here / "lamps.rejected-2.csv").symlink_to(here / "elsewhere.csv")
    told = listings("import", "lamps.csv", code=1).stderr
    assert "The rejected rows are in lamps.rejected-3.csv" in told
    assert rejects.read_text() == corrected, "what is being corrected stays"
    assert not (here / "elsewhere.csv").exists(), "no link is followed"
    told = listings("import", "lamps.csv", "--rejects", "rest.csv", code=2).stderr
    assert "rest.csv exists already" in told


def test_rejected_lines_are_printed_as_json_too(here: Path) -> None:
    (here / "a.jsonl").write_text(
        '{"sku": "a", "price": -1}\n{"sku": "b"\n{"sku":"c","hash":"1"}\n'
    )
    done = listings("import", "a.jsonl", "--json", code=1)
    first, second, third, summary = (json.loads(line) for line in done.stdout.splitlines())
    assert (first["row"], first["problems"][0]["pointer"]) == (1, "/price")
    assert (second["sku"], second["problems"][0]["rule"]) == (None, "not_json")
    assert (third["sku"], third["problems"]) == ("c", [])
    assert summary.pop("import")
    assert summary == counts(3, rejected=3) | {"blocked": 0, "lost": {}, "forecast": []}
    assert len((here / "a.rejected.jsonl").read_text().splitlines()) == 3


def test_feeds_change_stock_and_price_only() -> None:
    imported("-", fed='{"sku":"a","title":"Lamp","price":"5","quantity":1}\n')
    assert imported("-", fed="SKU,Stock\na,7\nb,1\n", code=1) == counts(2, updated=1, rejected=1)
    assert imported("-", fed="SKU;Preis\na;6,50\n") == counts(1, updated=1)
    assert imported("-", fed='{"op":"patch","sku":"a","quantity":8}\n') == counts(1, updated=1)
    found = json.loads(listings("get", " a ").stdout)
    assert found == {"sku": "a", "title": "Lamp", "price": "6.50", "quantity": 8}


def test_missing_listings_are_ended_only_within_reason() -> None:
    whole = "".join(f'{{"sku":"s{n}","title":"t"}}\n' for n in range(40))
    imported("-", fed=whole)
    most = "".join(whole.splitlines(keepends=True)[:38])
    assert imported("-", "--missing", "end", "--dry-run", fed=most) == counts(38, unchanged=38)
    done = listings("import", "-", "--missing", "end", "--json", fed=most)
    assert json.loads(done.stdout.splitlines()[-2]) == {"missing": 2, "of": 40}
    assert "2 of 40 listings are not in the file and are now ended." in done.stderr
    half = "".join(whole.splitlines(keepends=True)[:19])
    refused = listings("import", "-", "--missing", "end", fed=half, code=2)
    assert "19 of 38 listings are not in the file (50%)" in refused.stderr
    assert "--yes" in refused.stderr
    assert imported("-", "--missing", "archive", "--yes", fed=half) == counts(19, unchanged=19)
    archived = listings("list", "--status", "archived", "--limit", "5")
    assert len(archived.stdout.splitlines()) == 5
    assert "5 of 21 shown" in archived.stderr


def test_a_rejected_row_without_a_sku_may_be_a_missing_one() -> None:
    imported("-", fed="".join(f'{{"sku":"s{n}"}}\n' for n in range(40)))
    fed = "".join(f'{{"sku":"s{n}"}}\n' for n in range(39)) + '{"title":"s39?"}\n'
    refused = listings("import", "-", "--missing", "end", fed=fed, code=2)
    assert "1 rejected row has no readable SKU" in refused.stderr


def test_what_ebay_forbids_is_stored_and_can_be_checked() -> None:
    imported("-", fed='{"sku":"a","title":"x","description":"<script>1</script>y"}\n')
    done = listings("import", "-", fed='{"sku":"b","description":"<p onclick=x>y</p>"}\n')
    assert "1 unsafe part was taken out of descriptions." in done.stderr
    found = listings("check", "b", code=1).stdout.splitlines()
    assert [line.split("\t")[3] for line in found] == ["/title", "/images", "/price"]
    assert len(json.loads(listings("check", "--json", code=1).stdout)) == 5


def test_a_long_file_is_told_shortly(here: Path) -> None:
    (here / "many.csv").write_text("sku,title,price\n" + "a,t,0\n" * 30)
    done = listings("import", "many.csv", code=1)
    assert "10 more lines of this kind are not shown." in done.stderr
    assert "importing: 100 % 30 listings" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("import", "nothing.csv"), 5, "Cannot read nothing.csv"),
        (("get", "nothing"), 5, "There is no listing nothing"),
        (("export", "--format", "shopify"), 2, "not written as shopify"),
        (("template", "--format", "woocommerce"), 2, "not written as woocommerce"),
        (("import", "here.csv", "--rejects", "here.csv"), 2, "is the file itself"),
        (("import", "-", "--format", "xml"), 2, "xml"),
    ],
)
def test_mistakes_are_told_with_their_exit_code(
    arguments: tuple[str, ...], code: int, words: str, here: Path
) -> None:
    (here / "here.csv").write_text("sku,title\na,b\n")
    assert words in listings(*arguments, code=code).stderr


def test_lists_are_pages() -> None:
    imported("-", fed='{"sku":"a"}\n{"sku":"b"}\n{"sku":"c","status":"draft"}\n')
    done = listings("list", "--limit", "2", "--json")
    assert [line["sku"] for line in json.loads(done.stdout)] == ["a", "b"]
    assert "2 of 3 shown; the next: --after b" in done.stderr
    rest = listings("list", "--after", "b", "--limit", "2")
    assert rest.stdout.split("\t")[:2] == ["c", "draft"]


def test_listings_are_projected_again_on_request() -> None:
    imported("-", fed='{"sku":"a"}\n')
    (found,) = json.loads(listings("reproject", "--all", "--json").stdout)
    assert set(found.values()) == {0}
    assert listings("reproject", "--blocked", "missing_price").stdout.strip() == ""
    assert "either --blocked REASON or --all" in listings("reproject", code=2).stderr


def test_progress_is_a_bar_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = io.StringIO()
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys, "stderr", screen)
    with progress.progress("importing", 10) as advance:
        advance(5, "half")
    assert "importing" in screen.getvalue()


def test_an_import_tells_what_it_took_as_it_is_and_check_tells_it_again() -> None:
    line = '{"sku":"a","title":"Salt &amp; pepper","quantity":7,"variants":[%s,%s]}\n'
    sizes = [f'{{"sku":"a-{size}","options":{{"Size":"{size}"}}}}' for size in "SM"]
    told = listings("import", "-", "--format", "jsonl", fed=line % (*sizes,))
    for words in (told.stderr, " ".join(listings("check", "a", code=1).stdout.split())):
        assert "has the HTML entity &amp;, which buyers see as it stands" in words
        assert "7 are shared by 2 variants" in words


def test_in_a_pipe_the_totals_have_the_same_columns_whatever_was_kept(here: Path) -> None:
    (here / "empty.csv").write_text("sku,brand\nLAMP-1,\n")
    (here / "whole.csv").write_text("sku,title,price,brand\nLAMP-1,Lamp,1.00,Lumo\n")
    rows = [
        listings("import", name, *more).stdout.splitlines()
        for name, *more in (["whole.csv", "--dry-run"], ["whole.csv"], ["empty.csv"])
    ]
    assert [row for (row,) in rows] == [
        "1\t1\t1\t0\t0\t0\t-",
        "1\t1\t1\t0\t0\t0\t1",
        "1\t1\t0\t0\t1\t0\t2",
    ]
