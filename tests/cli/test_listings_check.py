"""``baysync listings check``: what keeps a listing off a marketplace, and its terms there."""

import asyncio
import json
from decimal import Decimal

import pytest
from msgspec.structs import replace
from psycopg import AsyncConnection
from typer.testing import CliRunner, Result

from baysync.account.model import Pricing, Rounding, Stock
from baysync.cli.main import app
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


@pytest.fixture(autouse=True)
def stored(here: str) -> None:
    asyncio.run(arrange(here))


def check(*words: str) -> Result:
    return CliRunner().invoke(app, ["listings", "check", *words])


def test_a_sound_listing_has_its_terms_explained() -> None:
    done = check("LAMP-1")
    assert (done.exit_code, done.stdout) == (0, "")
    (words,) = done.stderr.splitlines()
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
