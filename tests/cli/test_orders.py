"""``baysync orders``, and where else a person sees what was sold."""

import json

import anyio
import pytest
from psycopg import AsyncConnection
from typer.testing import CliRunner

from baysync.cli.main import app
from baysync.orders import store
from support.engine import account, ebay_listings_of, sell

cli = CliRunner()


@pytest.fixture
def lamp(here: str) -> str:
    """A SKU that sold twice, once cancelled, on an account that also sold something else."""

    async def arrange() -> str:
        async with await AsyncConnection.connect(here, autocommit=True) as db:
            shop = await account(db)
            await ebay_listings_of(db, shop)
            cursor = await db.execute("UPDATE listing SET body = '{}' RETURNING sku")
            sku: str = (await cursor.fetchall())[0][0]
            await sell(db, shop, "FOREIGN", "1-1")
            await sell(db, shop, sku, "2-2", quantity=2, cancelled=True)
            await sell(db, shop, sku, "3-3", quantity=3)
            await store.finish(db, shop, None)
            await store.finish(db, shop, "throttled: 2001 Too many requests")
            return sku

    return anyio.run(arrange)


def said(*words: str) -> str:
    done = cli.invoke(app, list(words))
    assert done.exit_code == 0, done.output
    return done.stdout


def test_orders_are_listed_newest_first_and_page_by_id(lamp: str) -> None:
    rows = [line.split("\t") for line in said("orders", "list").splitlines()]
    assert [row[2:] for row in rows] == [
        [lamp, "3", "19.90 USD", "EBAY_US", "3-3", "paid"],
        [lamp, "2", "19.90 USD", "EBAY_US", "2-2", "cancelled"],
        ["FOREIGN", "1", "19.90 USD", "EBAY_US", "1-1", "paid"],
    ]
    done = cli.invoke(app, ["orders", "list", "--limit", "1"])
    assert f"--before {rows[0][0]}" in done.stderr
    assert said("orders", "list", "--before", rows[1][0]).split("\t")[6] == "1-1"


def test_orders_of_one_sku_or_account_are_json_too(lamp: str) -> None:
    (newest, oldest) = json.loads(said("orders", "list", "--sku", lamp, "--json"))
    assert (newest["sku"], newest["quantity"], newest["total"]) == (lamp, 3, "19.90")
    assert oldest["cancelled"] is True
    assert json.loads(said("orders", "list", "--account", "nobody", "--json")) == []


def test_a_listing_says_what_it_sold(lamp: str) -> None:
    done = cli.invoke(app, ["listings", "get", lamp])
    assert json.loads(done.stdout) == {}, "the listing itself is unchanged"
    assert done.stderr.strip() == (
        "sold on EBAY_US of shop: 3 units, last 2026-11-25 12:00, 2 cancelled"
    )
    shown = json.loads(said("why", lamp, "--json"))
    assert shown["listings"][0]["sold"] == 3
    sales = [link["words"] for link in shown["chain"] if link["kind"] == "sale"]
    assert sales == ["2 sold, 19.90 USD, cancelled", "3 sold, 19.90 USD"]


@pytest.mark.usefixtures("lamp")
def test_an_account_says_when_its_sales_were_read_and_why_they_are_not() -> None:
    (line,) = [line for line in said("status").splitlines() if line.startswith("orders")]
    assert line.endswith("UNREAD since then: throttled: 2001 Too many requests")
    assert "shop last read 2" in line
    shown = json.loads(said("accounts", "show", "shop"))["orders"]
    assert shown["error"].startswith("throttled")
    assert shown["polled_at"] is not None


def test_what_was_sold_is_told_when_a_listing_is_resumed(lamp: str) -> None:
    def resumed(*words: str) -> str:
        assert cli.invoke(app, ["queue", "pause", lamp]).exit_code == 0
        return cli.invoke(app, ["queue", "resume", lamp, *words]).stderr

    told = resumed("--blocked")
    assert f"{lamp} sold on EBAY_US of shop: 3 units" in told
    assert "The shop's stock goes out as it is" in told
    assert "sold" not in resumed(), "its number has gone out before"
