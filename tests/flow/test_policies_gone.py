"""A shorter list that would block many listings blocks none before a person agrees."""

import asyncio
import dataclasses
import json
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from baysync.app import refresh
from baysync.cli.main import app
from baysync.insight import facts_store
from baysync.insight.model import Cause, Light
from baysync.insight.rules import lights
from support.live_shop import CATEGORY, Shop, document


@pytest.fixture(autouse=True)
def environment(database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let commands find the database and the key of the shop."""
    monkeypatch.setenv("DATABASE_URL", database)
    monkeypatch.setenv("BAYSYNC_HOME", str(tmp_path))


async def run(*words: str) -> Result:
    return await asyncio.to_thread(CliRunner().invoke, app, words)


def leave_out(shop: Shop, operation: str, field: str) -> None:
    """Let eBay show an empty list, from now on."""
    nothing: list[str] = []
    effect = {"kind": "patch", "set": {field: nothing}}
    shop.mock.faults({"match": {"op": operation}, "times": 0, "effects": [effect]})


async def look(shop: Shop, *, impact_max: int = 1) -> None:
    """Let an hour pass, and ask eBay twice what there is."""
    settings = shop.runtime.settings.model_copy(update={"policy_impact_max": impact_max})
    runtime = dataclasses.replace(shop.runtime, settings=settings)
    for wait in (timedelta(hours=1, seconds=1), timedelta(seconds=61)):
        await shop.pass_time(wait)
        await refresh(runtime).run()


async def lit(shop: Shop) -> list[Light]:
    async with shop.runtime.db() as db:
        facts = await facts_store.facts(db)
    return [light for light in lights(facts) if light.cause is Cause.GONE]


async def reasons(shop: Shop) -> list[str]:
    return [reason for reason, _, _ in (await shop.blocked()).values()]


@pytest.mark.parametrize(
    ("operation", "field", "reason", "words"),
    [
        ("getPaymentPolicies", "paymentPolicies", "unknown_policy", "payment policy"),
        ("getInventoryLocations", "locations", "unknown_location", "location main-warehouse"),
    ],
)
async def test_above_the_limit_nothing_is_blocked_until_a_person_agrees(
    shop: Shop, operation: str, field: str, reason: str, words: str
) -> None:
    await shop.put(*(document(sku, category=CATEGORY) for sku in ("A", "B")))
    await shop.drain()
    await look(shop)
    leave_out(shop, operation, field)
    await look(shop)
    await shop.put(document("A", category=CATEGORY, title="Goes on"))
    await shop.drain()
    assert shop.mock.items()["A"]["product"]["title"] == "Goes on"
    assert await reasons(shop) == []
    (light,) = await lit(shop)
    assert light.message.startswith("shop: 2 listings use a policy or location that eBay no ")
    told = await run("accounts", "policies", "shop")
    assert words in told.stdout
    assert light.command in told.stderr
    unasked = await run(*light.command.split()[1:])
    assert (unasked.exit_code, "block 2 listings of shop" in unasked.stderr) == (2, True)
    agreed = await run(*light.command.split()[1:], "--yes")
    assert agreed.exit_code == 0, agreed.output
    assert await reasons(shop) == [reason, reason]
    assert await lit(shop) == []
    shown = json.loads((await run("accounts", "show", "shop")).stdout)
    detail = shown["acts"][0]["detail"]
    assert (shown["acts"][0]["action"], detail["listings"]) == ("account.policies.agree", 2)
    assert detail["gone"][0].startswith(words)


async def test_what_ebay_shows_again_asks_nobody_and_few_listings_are_blocked_at_once(
    shop: Shop,
) -> None:
    await shop.put(*(document(sku, category=CATEGORY) for sku in ("A", "B")))
    await shop.drain()
    await look(shop)
    leave_out(shop, "getPaymentPolicies", "paymentPolicies")
    await look(shop)
    await look(shop)
    assert (len(await lit(shop)), await reasons(shop)) == (1, []), "it lasts, and waits"
    shop.mock.clear_faults()
    await look(shop)
    assert (await lit(shop), await reasons(shop)) == ([], [])
    nothing = await run("accounts", "policies", "shop", "--agree", "--yes", "--json")
    assert (nothing.exit_code, nothing.stdout) == (0, "[]\n")
    leave_out(shop, "getPaymentPolicies", "paymentPolicies")
    await look(shop, impact_max=2)
    assert (await lit(shop), len(await reasons(shop))) == ([], 2)
