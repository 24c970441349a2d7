"""``baysync listings check`` and ``blocked``: what keeps a listing off a marketplace, and where."""

import asyncio
import json
import re
import sys
from decimal import Decimal
from io import StringIO
from uuid import uuid4

import pytest
from msgspec.structs import replace
from psycopg import AsyncConnection
from typer.testing import CliRunner, Result

from baysync.account.model import Pricing, Rounding, Stock
from baysync.cli.main import app
from baysync.telemetry import worker_store
from support.seller import Seller, open_shop
from support.shop import DEFAULTS, LAMP

RULES = replace(
    DEFAULTS,
    pricing=Pricing(percent=Decimal(10), rounding=Rounding.NINETY_NINE),
    stock=Stock(buffer=2),
)


async def arrange(url: str) -> None:
    """A lamp that can be sold and one without a picture, on an account with rules."""
    async with await AsyncConnection.connect(url, autocommit=True) as db:
        shop = await open_shop(db)
        await shop.set_defaults(RULES)
        await shop.set_defaults(replace(RULES, category=None), "EBAY_GB")
        bare = replace(LAMP, sku="LAMP-2", images=(), marketplaces=("EBAY_US",))
        await shop.edit(replace(LAMP, marketplaces=("EBAY_US",)), bare)
        await shop.edit(replace(LAMP, sku="LAMP-3"))
        await worker_store.seen(db, uuid4(), host="here", pid=1, version="1")


@pytest.fixture(autouse=True)
def stored(here: str) -> None:
    asyncio.run(arrange(here))


def check(*words: str) -> Result:
    return ask("check", *words)


def ask(*words: str) -> Result:
    return CliRunner().invoke(app, ["listings", *words])


def test_a_sound_listing_has_its_terms_explained() -> None:
    done = check("LAMP-1")
    assert done.exit_code == 0
    (well,), (words,) = done.stderr.splitlines(), done.stdout.splitlines()
    assert well == "Nothing keeps these listings off eBay: 1 looked at."
    assert words.startswith("LAMP-1\tshop\tEBAY_US\t-\texplained\t")
    assert "price 38.99 = 34.90 + 10 %, rounded up to .99; " in words
    assert "quantity 3 = 5 - 2 kept back" in words
    assert check("LAMP-1", "--json").stdout == "[]\n"


def test_a_problem_of_the_listing_is_told_once_and_one_of_a_place_with_its_place() -> None:
    (own,) = json.loads(check("LAMP-2", "--json").stdout)
    assert (own["rule"], "marketplace" in own) == ("missing_image", False)
    done = check("LAMP-3", "--json")
    (placed,) = json.loads(done.stdout)
    assert (placed["rule"], placed["marketplace"]) == ("missing_category", "EBAY_GB")
    assert "accounts defaults shop --marketplace EBAY_GB --set category=ID" in placed["fix"]
    assert done.exit_code == 1
    shown = [line.split("\t") for line in check().stdout.splitlines()]
    assert [row[:4] for row in shown if row[4] != "explained"] == [
        ["LAMP-2", "-", "-", "/images"],
        ["LAMP-3", "shop", "EBAY_GB", placed["pointer"]],
    ]


def test_a_sku_that_is_no_listing_is_named() -> None:
    done = check("LAMP-1", "LAMP-7", "LAMP-8")
    assert done.exit_code == 5
    assert "There is no listing LAMP-7, LAMP-8." in done.stderr


def test_what_is_blocked_is_grouped_by_cause_with_its_place_and_the_way_out() -> None:
    british, american = [line.split("\t") for line in ask("blocked").stdout.splitlines()]
    assert british[:4] == ["1", "shop", "EBAY_GB", "missing_category"]
    assert british[5] == "LAMP-3"
    assert "`baysync accounts defaults shop --marketplace EBAY_GB --set category=ID`" in british[-1]
    assert american[:6] == ["1", "shop", "EBAY_US", "missing_image", "-", "LAMP-2"]
    (one,) = json.loads(ask("blocked", "--reason", "missing_image", "--json").stdout)
    assert (one["count"], one["skus"], one["rule"]) == (1, ["LAMP-2"], "missing_image")
    none = ask("blocked", "--reason", "paused")
    assert (none.stdout, none.stderr) == ("", "Nothing is blocked for paused.\n")


def test_each_cause_of_each_listing_has_the_keys_that_check_has() -> None:
    category, picture = json.loads(ask("blocked", "--all", "--json").stdout)
    (own,) = json.loads(check("LAMP-2", "--json").stdout)
    assert {name: picture[name] for name in own} == own
    assert (picture["scope"], picture["recheck_at"]) == ("content", None)
    assert json.loads(ask("blocked", "--sku", " LAMP-3", "--json").stdout) == [category]
    assert ask("blocked", "--sku", "NOPE").exit_code == 5
    first = ask("blocked", "--all", "--limit", "1")
    assert (len(first.stdout.splitlines()), "more: --limit 10" in first.stderr) == (1, True)


def test_a_cause_that_is_not_the_first_of_its_listing_is_counted_by_its_reason(here: str) -> None:
    async def edit() -> None:
        async with await AsyncConnection.connect(here, autocommit=True) as db:
            shop = Seller(db, 0)
            await shop.edit(replace(LAMP, sku="LAMP-2", images=(), title="x" * 81))

    asyncio.run(edit())
    (one,) = json.loads(ask("blocked", "--reason", "missing_image", "--json").stdout)[-1:]
    assert (one["rule"], one["count"]) == ("missing_image", 1)


def test_on_a_terminal_of_80_columns_no_reason_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = StringIO()
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setattr(shown, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(sys, "stdout", shown)
    for words in (["blocked"], ["blocked", "--all"], ["check"]):
        app(["listings", *words], standalone_mode=False)
    text = re.sub(r"\x1b\[\d*m", "", shown.getvalue())
    assert ("missing_category" in text, "missing_image" in text, "…" in text) == (True, True, False)
    assert max(map(len, text.splitlines())) <= 80


def test_status_leads_to_what_is_blocked() -> None:
    shown = CliRunner().invoke(app, ["status"]).stdout.splitlines()
    assert shown[-1] == "next       baysync listings blocked"
