"""``baysync listings check`` and ``blocked``: what keeps a listing off a marketplace, and where."""

import asyncio
import json
from decimal import Decimal
from uuid import uuid4

import pytest
from msgspec.structs import replace
from psycopg import AsyncConnection
from typer.testing import CliRunner, Result

from baysync.account.model import Pricing, Rounding, Stock
from baysync.cli.main import app
from baysync.telemetry import worker_store
from seller import open_shop
from shop import DEFAULTS, LAMP

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
    assert (done.exit_code, done.stdout) == (0, "")
    well, words = done.stderr.splitlines()
    assert well == "Nothing keeps these listings off eBay: 1 looked at."
    assert words.startswith("LAMP-1, shop on EBAY_US: ")
    assert "price 38.99 = 34.90 + 10 %, rounded up to .99; " in words
    assert words.endswith("quantity 3 = 5 - 2 kept back")


def test_a_problem_of_the_listing_is_told_once_and_one_of_a_place_with_its_place() -> None:
    (own,) = json.loads(check("LAMP-2", "--json").stdout)
    assert (own["rule"], "marketplace" in own) == ("missing_image", False)
    done = check("LAMP-3", "--json")
    (placed,) = json.loads(done.stdout)
    assert (placed["rule"], placed["marketplace"]) == ("missing_category", "EBAY_GB")
    assert "--set category=ID" in placed["fix"]
    assert done.exit_code == 1
    assert [line.split("\t")[:3] for line in check().stdout.splitlines()] == [
        ["LAMP-2", "-", "/images"],
        ["LAMP-3", "EBAY_GB", placed["pointer"]],
    ]


def test_a_sku_that_is_no_listing_is_named() -> None:
    done = check("LAMP-1", "LAMP-7", "LAMP-8")
    assert done.exit_code == 5
    assert "There is no listing LAMP-7, LAMP-8." in done.stderr


def test_what_is_blocked_is_listed_by_reason_with_its_place_and_the_way_out() -> None:
    category, picture = [line.split("\t") for line in ask("blocked").stdout.splitlines()]
    assert category[:4] == ["LAMP-3", "shop", "EBAY_GB", "missing_category"]
    assert "--set category=ID" in category[-1]
    assert picture[:5] == ["LAMP-2", "shop", "EBAY_US", "missing_image", "/images"]
    (one,) = json.loads(ask("blocked", "--reason", "missing_image", "--json").stdout)
    assert (one["sku"], one["scope"], one["recheck_at"]) == ("LAMP-2", "content", None)
    first = ask("blocked", "--limit", "1")
    assert (len(first.stdout.splitlines()), "more: --limit 10" in first.stderr) == (1, True)
    none = ask("blocked", "--reason", "paused")
    assert (none.stdout, none.stderr) == ("", "Nothing is blocked for paused.\n")


def test_status_leads_to_what_is_blocked() -> None:
    shown = CliRunner().invoke(app, ["status"]).stdout.splitlines()
    assert shown[-1] == "next       baysync listings blocked"
