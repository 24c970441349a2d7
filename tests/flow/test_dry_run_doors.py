"""The dry run over HTTP and at the command line: one content, and the answers of its siblings."""

import asyncio
import json

import pytest
from typer.testing import CliRunner, Result

from baysync.cli.main import app
from support.api_site import Site, site_on
from support.foretelling import edit
from support.live_shop import Document, Shop
from support.sellers_lamp import LAMP

AT = "/api/ebay/listings/LAMP-1/dry-run"


async def command(*words: str) -> Result:
    return await asyncio.to_thread(CliRunner().invoke, app, ["publish", *words])


async def plan(site: Site, query: str = "") -> tuple[int, Document]:
    await site.watch.look()
    status, body = await site.post(AT + query)
    return status, json.loads(body)


@pytest.fixture
def here(database: str, shop: Shop, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("DATABASE_URL", database)
    monkeypatch.setenv("BAYSYNC_HOME", str(shop.runtime.settings.home))
    return database


async def test_route_and_command_say_the_same_and_send_nothing(shop: Shop, here: str) -> None:
    await shop.put(LAMP)
    async with site_on(here) as site:
        status, found = await plan(site)
    assert status == 200
    assert [call["operation"] for call in found["calls"]] == [
        "bulkCreateOrReplaceInventoryItem",
        "bulkCreateOffer",
        "bulkPublishOffer",
    ]
    done = await command("--dry-run", "LAMP-1", "--json")
    assert json.loads(done.stdout) == found
    told = await command("--dry-run", "LAMP-1")
    lines = told.stdout.splitlines()
    assert lines[0] == "LAMP-1 on EBAY_US of shop is sent: content, offer, publish"
    assert "2. bulkCreateOffer POST /sell/inventory/v1/bulk_create_offer" in lines
    assert "Nothing was sent." in told.stderr
    assert shop.calls() == []
    await shop.drain()


async def test_a_place_that_is_not_said_is_asked_for_and_a_wrong_one_is_not_found(
    shop: Shop, here: str
) -> None:
    await shop.put(LAMP)
    await shop.sell_on("EBAY_GB")
    async with site_on(here) as site:
        status, found = await plan(site)
        assert (status, found["choices"]) == (
            409,
            [{"account": "shop", "marketplace": m} for m in ("EBAY_GB", "EBAY_US")],
        )
        assert (await plan(site, "?marketplace=EBAY_GB"))[0] == 200
        assert (await plan(site, "?marketplace=EBAY_FR"))[0] == 404
        assert (await site.post("/api/ebay/listings/NONE/dry-run"))[0] == 404
    done = await command("--dry-run", "LAMP-1", "NONE")
    assert (done.exit_code, "There is no listing NONE" in done.stderr) == (5, True)
    refused = await command("LAMP-1")
    assert (refused.exit_code, "--dry-run" in refused.stderr) == (2, True)
    await shop.drain()


@pytest.mark.usefixtures("here")
async def test_causes_and_what_is_carried_are_printed(shop: Shop) -> None:
    await shop.put(LAMP)
    await shop.drain()
    shop.mock.seller_set("LAMP-1", {"product.subtitle": "s", "conditionDescription": "worn"})
    await edit(shop, LAMP | {"title": "Two"})
    await shop.drain()
    await edit(shop, LAMP | {"condition": "NEW"})
    told = await command("--dry-run", "LAMP-1")
    assert "  the seller's, carried: /requests/0/product/subtitle" in told.stdout
    assert "  the seller's, left out: /requests/0/conditionDescription" in told.stdout
    assert "(answered here by what is known)" in told.stdout
    await shop.drain()
    without_images: Document = LAMP | {"images": []}
    await shop.put(without_images)
    told = await command("--dry-run", "LAMP-1")
    assert "is blocked: nothing is sent" in told.stdout
    assert "  /images: " in told.stdout
