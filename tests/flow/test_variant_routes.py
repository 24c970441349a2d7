"""A variant's SKU in paths, and the stock door, over real HTTP."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from support.api_shop import Answer, Shop, open_shop

TEE = {
    "sku": "TEE",
    "variants": [
        {"sku": "TEE-S", "options": {"Size": "S"}, "quantity": 4},
        {"sku": "TEE-L", "options": {"Size": "L"}, "quantity": 6},
    ],
}


@pytest.fixture
async def shop(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Shop]:
    async with open_shop(database, tmp_path, monkeypatch) as opened:
        yield opened


async def test_a_variant_is_read_and_changed_under_its_own_sku(shop: Shop) -> None:
    await shop.ask("POST", "", TEE)
    read = await shop.ask("GET", "/TEE-S")
    assert (read.json["sku"], read.headers["Content-Location"]) == ("TEE", "/api/listings/TEE")
    changed = await shop.ask("PATCH", "/TEE-S", {"quantity": 7}, If_Match=read.headers["ETag"])
    assert (changed.status, changed.json["sku"]) == (200, "TEE")
    stale = await shop.ask("PATCH", "/TEE-S", {"quantity": 8}, If_Match=read.headers["ETag"])
    assert stale.status == 412
    assert [v["quantity"] for v in (await shop.ask("GET", "/TEE")).json["variants"]] == [7, 6]
    for method, body in (("PUT", {"title": "S"}), ("DELETE", None)):
        refused = await shop.ask(method, "/TEE-S", body)
        assert (refused.status, refused.json["code"]) == (409, "conflict")
    assert (await shop.ask("POST", "", {"sku": "TEE-S"})).status == 409
    assert (await shop.ask("GET", "/a%00b")).status == 400, "no address"
    huge = await shop.ask("PUT", "/H", b'{"quantity": 1e30}')
    assert (huge.status, huge.rules["/quantity"]) == (422, "not_an_integer")


async def test_the_stock_door_answers_each_number(shop: Shop) -> None:
    await shop.ask("POST", "", TEE)

    async def send(body: object) -> Answer:
        return await shop.ask("POST", "/../stock", body)

    sent = await send({"items": [{"sku": "TEE-L", "quantity": 1}, {"sku": "X", "quantity": 1}]})
    assert [one["outcome"] for one in sent.json["results"]] == ["updated", "rejected"]
    assert (await send({"items": 1})).rules == {"/items": "not_a_list"}
    assert (await send(b"{")).status == 400
    assert (await send({"items": ["x"] * 1001})).status == 413
