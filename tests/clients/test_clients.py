"""Clients that others wrote for eBay, unmodified but for the address, get along with mockbay."""

import json
import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from mockbay.client import MockServer, running
from support.mockbay_calls import Document, Seller

HERE = Path(__file__).parent
INSTALLED = HERE.parents[1] / "build/clients"
PYTHON = INSTALLED / "venv/bin/python"


@dataclass(frozen=True)
class World:
    """A mock with its clock running and no switch changed, and what leads programs there."""

    mock: MockServer
    environment: dict[str, str]

    def run(self, *command: str | Path, **more: str) -> str:
        """Run a program to its end, with more variables; return what it printed."""
        ran = subprocess.run(
            [*map(str, command)], env=self.environment | more, capture_output=True, text=True,
            check=False, timeout=60,
        )  # fmt: skip
        assert ran.returncode == 0, ran.stderr
        return ran.stdout


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A fresh mock that stands in for eBay's hosts, where the clients are installed."""
    if not (INSTALLED / "installed").exists():
        reason = "The clients of others are not installed: ./run just clients"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    ca = str(tmp_path / "ca.pem")
    with running("--ca-file", ca) as mock:
        yield World(
            mock,
            {
                "PATH": os.environ["PATH"],
                "CLIENTS": str(INSTALLED),
                "MOCKBAY": mock.url,
                "MOCKBAY_TLS": mock.tls_url or "",
                "KEYS": json.dumps(mock.credentials),
                "POLICIES": json.dumps(mock.policies()),
                "REQUESTS_CA_BUNDLE": ca,
                "NODE_EXTRA_CA_CERTS": ca,
            },
        )


def node(world: World, story: str) -> Document:
    """Run a story in Node."""
    return json.loads(world.run("node", "--require", HERE / "address.cjs", HERE / story))


def test_ebay_api_sells_ships_and_refunds_with_the_sellers_token(world: World) -> None:
    seen = node(world, "seller.mjs")
    listing = next(iter(world.mock.listings()))
    again = seen.pop("again")
    assert seen == {
        "aspects": seen["aspects"], "listing": listing, "price": "19.90",
        "shipTo": seen["shipTo"], "status": "FULFILLED", "refund": "PENDING",
    }  # fmt: skip
    assert {"Brand", "Type"} <= set(seen["aspects"])
    assert seen["shipTo"]
    assert "already exists" in again
    assert world.mock.listings()[listing]["status"] == "ACTIVE"


def test_ebays_own_notification_sdk_proves_itself_and_verifies(world: World) -> None:
    assert node(world, "subscriber.mjs") == {"statuses": [204, 204, 412]}


def test_ebay_rest_sells_and_ships_with_the_scopes_it_asks_for(world: World) -> None:
    seen = json.loads(world.run(PYTHON, HERE / "rest_seller.py"))
    assert seen == {
        "user": "seller-one", "topic": "APPLICATION", "tree": "0",
        "listing": next(iter(world.mock.listings())), "status": "PUBLISHED", "places": 1,
        "country": "US", "fulfilled": "FULFILLED",
    }  # fmt: skip


def test_tap_ebay_reads_every_order_through_the_proxy(world: World, tmp_path: Path) -> None:
    keys = world.mock.credentials
    Seller(world.mock.url, keys["user_token"]).live("LAMP-1")
    orders = [world.mock.buy("LAMP-1")["orderId"] for _ in range(3)]
    config = tmp_path / "config.json"
    scope = "https://api.ebay.com/oauth/api_scope/sell.fulfillment"
    granted = {name: keys[name] for name in ("client_id", "client_secret", "refresh_token")}
    config.write_text(json.dumps(granted | {"scope": scope, "start_date": "2026-01-01T00:00:00Z"}))
    tap, proxy = (PYTHON.with_name("tap-ebay"), "--config", config), world.mock.url
    catalogue = json.loads(world.run(*tap, "--discover", HTTPS_PROXY=proxy))
    for one in catalogue["streams"]:
        next(row for row in one["metadata"] if not row["breadcrumb"])["metadata"]["selected"] = True
    chosen = tmp_path / "catalogue.json"
    chosen.write_text(json.dumps(catalogue))
    messages = map(json.loads, world.run(*tap, "--catalog", chosen, HTTPS_PROXY=proxy).splitlines())
    records = [one["record"] for one in messages if one["type"] == "RECORD"]
    assert [record["orderId"] for record in records] == orders
    assert all(record["fulfillmentStartInstructions"] for record in records)
