"""Ask the doors of ``baysync web``: health on a kept connection, and bulk posts of listings.

Run it with ``./run python bench/doors.py [--listings 1000] [--posts 4] [--looks 300]``. Each
round asks the product, a peer and a limit, each in a process of its own:

- G10, health: a bare Starlette route, and a bare ASGI application of constant bytes. The goal is
  at most 5 times the Starlette route, by the median of the answers of a round.
- G8, ``POST /api/listings/bulk``: FastAPI with ``list[Listing]`` of Pydantic, which stores nothing,
  and msgspec that decodes each line and SHA-256 that hashes it, in this process. New listings are
  posted once a round, the same again ``--posts`` times. The goal is that a listing that is
  unchanged costs at most 3 times the limit. Figures are CPU of the web process, PostgreSQL aside.

Ratios are of one round each, given as median and range. The last line is JSON.
"""

import argparse
import asyncio
import hashlib
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import msgspec
import psycopg

sys.path[0] = str(Path(__file__).resolve().parents[1] / "tests")  # and not this folder

from baysync.db import migrate
from baysync.db.embedded.cluster import EmbeddedPostgres
from support.bench_bare import HEALTH, served
from support.bench_listings import Document, listings, prepared, spread
from support.bench_web import cpu_of, wait_ready, web

HEALTH_GOAL, BULK_GOAL = 5.0, 3.0
IDLE_SECONDS = 1.0
WARM = 20
NDJSON = {"Content-Type": "application/x-ndjson"}
JSON = {"Content-Type": "application/json"}


class Weight(msgspec.Struct):
    """A weight as msgspec reads it."""

    unit: str
    value: str


class Listing(msgspec.Struct):
    """A listing as msgspec reads it: the types that Pydantic checks."""

    sku: str
    title: str
    description: str
    price: str
    currency: str
    quantity: int
    images: list[str]
    brand: str
    mpn: str
    condition: str
    category: str
    aspects: dict[str, list[str]]
    weight: Weight


def looked(connection: HTTPConnection, path: str, times: int) -> list[float]:
    """Return the milliseconds of each of ``times`` answers on one kept connection."""
    found: list[float] = []
    for _ in range(times):
        began = time.perf_counter()
        connection.request("GET", path)
        connection.getresponse().read()
        found.append((time.perf_counter() - began) * 1000)
    return found


def posted(
    port: int, path: str, body: bytes, headers: dict[str, str], expected: Callable[[bytes], bool]
) -> None:
    """Post a body on a connection of its own; what comes back must be as expected."""
    connection = HTTPConnection("127.0.0.1", port, timeout=120)
    connection.request("POST", path, body, headers)
    answer = connection.getresponse().read()
    connection.close()
    if not expected(answer):
        raise SystemExit(f"{path} answered {answer[:500]!r}")


def lines_are(outcome: str, count: int) -> Callable[[bytes], bool]:
    """Return whether an answer has ``count`` lines of one outcome."""
    return lambda answer: answer.count(f'"outcome":"{outcome}"'.encode()) == count


def spent(process: int, idle: float, work: Callable[[], None]) -> float:
    """Return the seconds of CPU that a process spends on ``work``, beyond what it does idle."""
    before, began = cpu_of(process), time.monotonic()
    work()
    return cpu_of(process) - before - idle * (time.monotonic() - began)


def decoded(lines: Sequence[bytes]) -> float:
    """Return the seconds of CPU to decode and hash each line."""
    decoder = msgspec.json.Decoder(Listing)
    began = time.process_time()
    for line in lines:
        decoder.decode(line)
        hashlib.sha256(line).digest()
    return time.process_time() - began


def idle_share(process: int) -> float:
    """Return the share of a core that a process uses while nobody asks it anything."""
    before = cpu_of(process)
    time.sleep(IDLE_SECONDS)
    return (cpu_of(process) - before) / IDLE_SECONDS


def health_round(ours: int, bare: int, looks: int) -> dict[str, float]:
    """Return medians and the slowest but one in a hundred of each, in ms."""
    found: dict[str, float] = {}
    for name, port, path in (
        ("product", ours, "/api/health"),
        ("peer", bare, "/health"),
        ("limit", bare, "/bytes"),
    ):
        connection = HTTPConnection("127.0.0.1", port)
        looked(connection, path, WARM)
        times = looked(connection, path, looks)
        found[name] = statistics.median(times)
        found[f"{name}_p99"] = statistics.quantiles(times, n=100)[98]
        connection.close()
    return found


def bulk_round(
    ours: tuple[int, int], bare: tuple[int, int], documents: Sequence[Document], posts: int
) -> dict[str, float]:
    """Return the seconds of CPU a listing of each."""
    lines = [json.dumps(one).encode() for one in documents]
    stream, array = b"\n".join(lines) + b"\n", json.dumps(documents).encode()
    count, idle = len(lines), idle_share(ours[1])
    taken = {"listings": count}

    def again() -> None:
        for _ in range(posts):
            posted(ours[0], "/api/listings/bulk", stream, NDJSON, lines_are("unchanged", count))

    def peer() -> None:
        for _ in range(posts):
            posted(bare[0], "/listings", array, JSON, lambda answer: json.loads(answer) == taken)

    def new() -> None:
        posted(ours[0], "/api/listings/bulk", stream, NDJSON, lines_are("created", count))

    return {
        "new": spent(ours[1], idle, new) / count,
        "unchanged": spent(ours[1], idle, again) / count / posts,
        "peer": spent(bare[1], 0.0, peer) / count / posts,
        "limit": statistics.median(decoded(lines) for _ in range(5)) / count,
    }


def rounds_of(asked: argparse.Namespace) -> list[dict[str, dict[str, float]]]:
    """Return what each round measured."""
    with tempfile.TemporaryDirectory(prefix="baysync-bench-") as folder:
        home = Path(folder)
        home.chmod(0o755)  # as root, the user who runs PostgreSQL must pass through
        with EmbeddedPostgres(home / "pg", durable=False) as server:
            url = server.create("doors")
            migrate.upgrade(url)
            asyncio.run(prepared(url))
            with served(url) as bare, web(url, home) as ours:
                wait_ready(HTTPConnection("127.0.0.1", ours[0]))
                found = [
                    {
                        "health": health_round(ours[0], bare[0], asked.looks),
                        "bulk": bulk_round(ours, bare, documents(asked.listings, n), asked.posts),
                    }
                    for n in range(asked.rounds)
                ]
            with psycopg.connect(url) as db:
                stored = db.execute("SELECT count(*) FROM listing").fetchone()
        EmbeddedPostgres(home / "pg").wait_stopped()
    if stored != (asked.listings * asked.rounds,):
        raise SystemExit(f"{stored} listings are stored")
    return found


def documents(count: int, number: int) -> list[Document]:
    """Return listings of one round, which no other round has."""
    return [{**one, "sku": f"R{number}-{one['sku']}"} for one in listings(count)]


def report(asked: argparse.Namespace) -> dict[str, Any]:
    """Measure; return the report."""
    rounds = rounds_of(asked)

    def ratios(kind: str, one: str, other: str) -> str:
        return spread([found[kind][one] / found[kind][other] for found in rounds])

    def middle(kind: str, one: str, other: str) -> float:
        return statistics.median(found[kind][one] / found[kind][other] for found in rounds)

    return {
        "rounds": asked.rounds,
        "listings": asked.listings,
        "health_bytes_of_the_peer": len(json.dumps(HEALTH)),
        "health": {
            "times_the_peer": ratios("health", "product", "peer"),
            "times_the_limit": ratios("health", "product", "limit"),
            "p99_times_the_peer": ratios("health", "product_p99", "peer_p99"),
            "goal": HEALTH_GOAL,
            "met": middle("health", "product", "peer") <= HEALTH_GOAL,
        },
        "bulk": {
            "unchanged_times_the_limit": ratios("bulk", "unchanged", "limit"),
            "goal": BULK_GOAL,
            "met": middle("bulk", "unchanged", "limit") <= BULK_GOAL,
            "peer_times_the_unchanged": ratios("bulk", "peer", "unchanged"),
            "new_times_the_limit": ratios("bulk", "new", "limit"),
            "peer_times_the_new": ratios("bulk", "peer", "new"),
            "us_a_listing": {
                name: spread([found["bulk"][name] * 1e6 for found in rounds])
                for name in ("new", "unchanged", "peer", "limit")
            },
        },
        "load": os.getloadavg()[0],
    }


def main() -> None:
    """Measure and report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--listings", type=int, default=1_000)
    parser.add_argument("--posts", type=int, default=4, help="of the same again, a round")
    parser.add_argument("--looks", type=int, default=300, help="at each health, a round")
    parser.add_argument("--rounds", type=int, default=5)
    print(json.dumps(report(parser.parse_args())))


if __name__ == "__main__":
    main()
