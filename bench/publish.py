"""Publish new listings with ``baysync work``, beside a program that makes single calls.

Run it with ``./run python bench/publish.py [--listings 1200] [--latency 250] [--rounds 5]``. Each
round publishes to a mockbay that takes ``--latency`` ms a call, in 16 slots:

- baysync: one worker process that claims, sends bulk calls, settles, and writes the history;
- the peer, as a careful shop would write it: requests, 16 threads, three single calls a listing,
  and no database;
- the limit: aiohttp and the bulk calls alone, with bodies made beforehand.

Figures are CPU of the publishing process a listing, and listings a second from the first claim to
the last that was done; ratios are of one round each, given as median and range. The bound is
25 listings a slot in three calls: publish whole rounds of 400. The last line is JSON.
"""

import argparse
import asyncio
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import psycopg
import requests
from requests.adapters import HTTPAdapter

sys.path[0] = str(Path(__file__).resolve().parents[1] / "tests")  # and not this folder

from baysync import listing_door
from baysync.config import store as live_settings
from baysync.db import migrate
from baysync.db.embedded.cluster import EmbeddedPostgres
from baysync.listing.draft import Draft
from baysync.reference.service import ASKS
from mockbay.client import MockServer, running
from support.bench_listings import Document, cpu, listings, spread
from support.bench_web import cpu_of
from support.live_shop import CATEGORY, MARKETPLACE, NO_DEBOUNCE, open_shop

SLOTS, FULL, CALLS = 16, 25, 3
LOOK_SECONDS = 0.02
MOST_SECONDS = 240
STANDING = """
    SELECT count(*) FILTER (WHERE status = 'done'),
        count(*) FILTER (WHERE status IN ('pending', 'processing')),
        count(*) FILTER (WHERE status = 'pending') < count(*)
    FROM ebay_change_queue
"""


@dataclass(frozen=True, slots=True)
class Speed:
    """Listings a second, and seconds of CPU of one listing."""

    rate: float
    cpu: float


def work(url: str, home: Path, count: int) -> Speed:
    """Publish what is queued with a worker of its own."""
    settings = {
        "DATABASE_URL": url,
        "BAYSYNC_HOME": str(home),
        "BAYSYNC_PUBLISHERS": str(SLOTS),
        "BAYSYNC_POOL_SIZE": str(SLOTS + 8),
        "BAYSYNC_RATE": "1000",
        "BAYSYNC_POLICY_ENABLED": "false",
        "BAYSYNC_ORDERS_ENABLED": "false",
    }
    command = [sys.executable, "-c", "from baysync.cli.main import app; app()", "work"]
    with (
        (home / "work.log").open("w") as log,
        subprocess.Popen(command, env=os.environ | settings, stderr=log) as process,
    ):
        try:
            marks = _watched(url, process.pid)
        finally:
            process.send_signal(signal.SIGTERM)
    (first_at, first_done, first_cpu), (last_at, last_done, last_cpu) = marks
    if last_done != count or first_done == last_done:
        raise SystemExit(f"{last_done} of {count} are done: {(home / 'work.log').read_text()}")
    published = last_done - first_done
    return Speed(published / (last_at - first_at), (last_cpu - first_cpu) / published)


Mark = tuple[float, int, float]


def _watched(url: str, process: int) -> tuple[Mark, Mark]:
    """Return time, listings done and CPU, as the first are claimed and as the last are done."""
    first: Mark | None = None
    end = time.monotonic() + MOST_SECONDS
    with psycopg.connect(url, autocommit=True) as db:
        while True:
            done, active, has_begun = db.execute(STANDING).fetchall()[0]
            mark = (time.monotonic(), done, cpu_of(process))
            first = first or (mark if has_begun else None)
            if first and (not active or mark[0] > end):
                return first, mark
            if mark[0] > end:
                raise SystemExit("nothing was published")
            time.sleep(LOOK_SECONDS)


def item(one: Document) -> Document:
    """Return an inventory item as a shop would send it."""
    return {
        "availability": {"shipToLocationAvailability": {"quantity": one["quantity"]}},
        "condition": "NEW",
        "product": {
            "title": one["title"],
            "description": str(one["description"])[:3_900],
            "imageUrls": one["images"],
            "aspects": one["aspects"],
            "brand": one["brand"],
            "mpn": one["mpn"],
        },
    }


def offer(one: Document, policies: dict[str, str]) -> Document:
    """Return an offer as a shop would send it."""
    return {
        "sku": one["sku"],
        "marketplaceId": MARKETPLACE,
        "format": "FIXED_PRICE",
        "availableQuantity": one["quantity"],
        "categoryId": CATEGORY,
        "listingDescription": one["description"],
        "listingPolicies": policies,
        "merchantLocationKey": "main-warehouse",
        "pricingSummary": {"price": {"currency": "USD", "value": one["price"]}},
    }


def headers(mock: MockServer) -> dict[str, str]:
    """Return what each call says of who makes it."""
    return {
        "Authorization": f"Bearer {mock.credentials['user_token']}",
        "Content-Type": "application/json",
        "Content-Language": "en-US",
        "Accept-Language": "en-US",
    }


def singles(mock: MockServer, documents: Sequence[Document]) -> Speed:
    """Publish as a shop's own program does: item, offer, publish; in a thread each slot."""
    base, policies = f"{mock.url}/sell/inventory/v1", mock.policies()
    with requests.Session() as session, ThreadPoolExecutor(SLOTS) as pool:
        session.headers.update(headers(mock))
        session.mount(base, HTTPAdapter(pool_maxsize=SLOTS))

        def call(method: str, path: str, body: Any = None) -> requests.Response:  # noqa: ANN401
            answer = session.request(method, base + path, json=body, timeout=60)
            answer.raise_for_status()
            return answer

        def publish(one: Document) -> None:
            call("PUT", f"/inventory_item/{one['sku']}", item(one))
            made = call("POST", "/offer", offer(one, policies)).json()
            call("POST", f"/offer/{made['offerId']}/publish")

        used, began = cpu(), time.monotonic()
        list(pool.map(publish, documents))
        count = len(documents)
        return Speed(count / (time.monotonic() - began), (cpu() - used) / count)


async def bulks(mock: MockServer, documents: Sequence[Document]) -> Speed:
    """Publish with bulk calls alone, whose bodies are made beforehand but for the offers' ids."""
    base, policies = f"{mock.url}/sell/inventory/v1", mock.policies()
    batches = [
        [
            ("/bulk_create_or_replace_inventory_item", _requests(map(_row, part))),
            ("/bulk_create_offer", _requests(offer(one, policies) for one in part)),
        ]
        for part in (documents[at : at + FULL] for at in range(0, len(documents), FULL))
    ]
    connector = aiohttp.TCPConnector(limit=SLOTS)
    async with aiohttp.ClientSession(headers=headers(mock), connector=connector) as client:

        async def post(path: str, body: bytes) -> list[Document]:
            async with client.post(base + path, data=body) as answer:
                rows = json.loads(await answer.read())["responses"]
                if any(row["statusCode"] >= 300 for row in rows):
                    raise SystemExit(rows[0])
                return rows

        async def publish(batch: list[tuple[str, bytes]]) -> None:
            made = [await post(path, body) for path, body in batch]
            ids = _requests({"offerId": row["offerId"]} for row in made[1])
            await post("/bulk_publish_offer", ids)

        left = iter(batches)

        async def slot() -> None:
            for batch in left:
                await publish(batch)

        used, began = cpu(), time.monotonic()
        await asyncio.gather(*(slot() for _ in range(SLOTS)))
        count = len(documents)
        return Speed(count / (time.monotonic() - began), (cpu() - used) / count)


def _row(one: Document) -> Document:
    return {"sku": one["sku"], "locale": "en_US", **item(one)}


def _requests(rows: Any) -> bytes:  # noqa: ANN401 -- any rows
    return json.dumps({"requests": list(rows)}).encode()


async def queue(url: str, mock: MockServer, home: Path, documents: Sequence[Document]) -> None:
    """Connect a seller and take in what is to be published."""
    async with open_shop(url, mock, home) as shop, shop.runtime.db() as db:
        await live_settings.put(db, ASKS, value=False, by="bench")
        drafts = [Draft(line=n, document=one) for n, one in enumerate(documents, 1)]
        await listing_door.accept(db, drafts, source="bench", debounce=NO_DEBOUNCE)


def one_round(
    server: EmbeddedPostgres, home: Path, number: int, asked: argparse.Namespace
) -> dict[str, Speed]:
    """Return how fast each of the three published."""
    url = server.create(f"publish_{number}")
    migrate.upgrade(url)
    few = max(SLOTS, asked.listings // 20)  # the peer is slow
    count = 2 * asked.listings + few
    everything = [{**one, "category": CATEGORY} for one in listings(count)]
    ours, rest = everything[: asked.listings], everything[asked.listings :]
    with running("--clock", "real") as mock:
        mock.switch(journal_bodies=False, revision_cap=None)
        asyncio.run(queue(url, mock, home, ours))
        if asked.latency:
            slow = {"kind": "latency", "ms": asked.latency}
            mock.faults({"match": {"path": "/sell/inventory/"}, "times": 0, "effects": [slow]})
        return {
            "product": work(url, home, asked.listings),
            "peer": singles(mock, rest[:few]),
            "limit": asyncio.run(bulks(mock, rest[few:])),
        }


def report(rounds: Sequence[dict[str, Speed]], asked: argparse.Namespace) -> dict[str, Any]:
    """Return ratios and figures of all rounds."""
    bound = SLOTS * FULL / (CALLS * asked.latency / 1000) if asked.latency else None
    return {
        "listings": asked.listings,
        "rounds": asked.rounds,
        "cpu": {
            "times_the_peer": spread([one["product"].cpu / one["peer"].cpu for one in rounds]),
            "times_the_limit": spread([one["product"].cpu / one["limit"].cpu for one in rounds]),
            "us_a_listing": {
                name: spread([one[name].cpu * 1e6 for one in rounds])
                for name in ("product", "peer", "limit")
            },
        },
        "rate": {
            "times_the_peer": spread([one["product"].rate / one["peer"].rate for one in rounds]),
            "of_the_limit": spread([one["product"].rate / one["limit"].rate for one in rounds]),
            "of_the_bound": bound and spread([one["product"].rate / bound for one in rounds]),
        },
        "load": os.getloadavg()[0],
    }


def main() -> None:
    """Measure and report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--listings", type=int, default=1_200)
    parser.add_argument("--latency", type=int, default=250, help="ms of each call")
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="baysync-bench-") as folder:
        home = Path(folder)
        home.chmod(0o755)  # as root, the user who runs PostgreSQL must pass through
        with EmbeddedPostgres(home / "pg", durable=False) as server:
            rounds = [one_round(server, home, n, asked) for n in range(asked.rounds)]
        EmbeddedPostgres(home / "pg").wait_stopped()
    print(json.dumps(report(rounds, asked)))


if __name__ == "__main__":
    main()
