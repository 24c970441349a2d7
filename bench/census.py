"""Look at a shop of a million listings: health, overview, and every filter of its lists.

Run it with ``./run python bench/census.py [--listings 1000000] [--looks 40] [--rounds 5]``.
``--home FOLDER`` keeps the database there for the next time. Each round asks every address once,
beside a bare route that does ``SELECT 1``; ratios are of one round each, given as median and range.
The exit code is 1 where health is not 200 each time, an address answers 500 or more, or the
overview takes 200 ms. The last line is JSON.
"""

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

sys.path[0] = str(Path(__file__).resolve().parents[1] / "tests")  # and not this folder

from baysync.db.embedded.cluster import EmbeddedPostgres
from support.bench_bare import served
from support.bench_listings import spread
from support.bench_shop import build
from support.bench_web import OK, wait_ready, web

GOAL_MS = 200.0
FAULT = 500
STATES = ("live", "queued", "blocked", "dead", "ended")
PLACES = ("EBAY_US", "EBAY_DE", "EBAY_FR")
QUESTIONS = ("nosuchthing", "SKU-000", "lamp")
LOGS = ("outcome=failed", "outcome=nosuch", "marketplace=EBAY_DE", "sku=SKU-00000500", "before=900")
CHANGES = ("status=pending", "status=done", "status=dead", "marketplace=EBAY_FR", "intent=end")


def addresses(count: int) -> list[str]:
    """Return every page and list, with each filter and most pairs of them."""
    last = f"SKU-{count:08}"
    lists = ["", *(f"state={state}" for state in STATES)]
    lists += [f"marketplace={place}" for place in PLACES]
    lists += [f"state={state}&marketplace={place}" for state in STATES for place in PLACES]
    lists += [f"q={question}" for question in (*QUESTIONS, last)]
    lists += [f"state={state}&q=nosuchthing" for state in STATES]
    lists += [f"after=SKU-{count // 100 * 99:08}"]
    api = [f"status={status}" for status in ("active", "draft", "archived", "nosuch")]
    admin = "/api/admin/ebay"
    return [
        "/",
        *(f"/listings?{one}" for one in lists),
        *(f"/log?{one}" for one in LOGS),
        f"/listings/{last}",
        "/metrics",
        "/api/ebay/metrics",
        "/api/listings",
        *(f"/api/listings?{one}" for one in api),
        f"/api/ebay/listings/{last}",
        f"{admin}/queue",
        *(f"{admin}/queue?{one}" for one in CHANGES),
        f"{admin}/queue/dead-letter",
        *(f"{admin}/sync-logs?{one}" for one in LOGS[:4]),
    ]


def ask(connection: HTTPConnection, path: str) -> tuple[int, float]:
    """Return the status of one answer and the milliseconds it took."""
    began = time.perf_counter()
    connection.request("GET", path)
    answer = connection.getresponse()
    answer.read()
    return answer.status, (time.perf_counter() - began) * 1000


def looks(connection: HTTPConnection, count: int, every: float) -> dict[str, int]:
    """Ask for health ``count`` times; return how often each status came."""
    seen: Counter[str] = Counter()
    for _ in range(count):
        time.sleep(every)
        seen[str(ask(connection, "/api/health")[0])] += 1
    return dict(seen)


def measured(ours: HTTPConnection, bare: HTTPConnection, paths: Sequence[str]) -> dict[str, Any]:
    """Return status, milliseconds and times the bare route of each address, asked once."""
    found: dict[str, Any] = {}
    for path in paths:
        status, took = ask(ours, path)
        select = statistics.median(ask(bare, "/select")[1] for _ in range(5))
        found[path] = (status, took, took / select)
    return found


@contextmanager
def database(count: int, home: Path) -> Generator[str]:
    """Yield the address of a shop of ``count`` listings in ``home``, made unless it is there."""
    home.mkdir(parents=True, exist_ok=True)
    home.chmod(0o755)  # as root, the user who runs PostgreSQL must pass through
    name, made = f"shop_{count}", home / f"made_{count}"
    with EmbeddedPostgres(home / "pg", durable=False) as server:
        if not made.exists():
            began = time.monotonic()
            build(server.create(name), count)
            print(f"made in {time.monotonic() - began:.0f} s", file=sys.stderr)
            made.touch()
        yield server.url(name)
    EmbeddedPostgres(home / "pg").wait_stopped()


def report(asked: argparse.Namespace, home: Path) -> dict[str, Any]:
    """Look and measure; return the report."""
    paths = addresses(asked.listings)
    with (
        database(asked.listings, home) as url,
        served(url) as (bare_port, _),
        web(url, home) as (port, _),
    ):
        ours, bare = HTTPConnection("127.0.0.1", port), HTTPConnection("127.0.0.1", bare_port)
        wait_ready(ours)
        health = looks(ours, asked.looks, asked.every)
        rounds = [measured(ours, bare, paths) for _ in range(asked.rounds)]
    answers: dict[str, dict[str, Any]] = {
        path: {
            "status": sorted({one[path][0] for one in rounds}),
            "ms": spread([one[path][1] for one in rounds]),
            "times_select_1": spread([one[path][2] for one in rounds]),
        }
        for path in paths
    }
    overview = statistics.median(one["/"][1] for one in rounds)
    return {
        "listings": asked.listings,
        "rounds": asked.rounds,
        "health": health,
        "answers": answers,
        "faults": [path for path, one in answers.items() if max(one["status"]) >= FAULT],
        "overview_ms": round(overview, 1),
        "goal_ms": asked.goal,
        "load": os.getloadavg()[0],
    }


def main() -> None:
    """Measure and report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--listings", type=int, default=1_000_000)
    parser.add_argument("--looks", type=int, default=40)
    parser.add_argument("--every", type=float, default=1.0, help="seconds between looks")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--home", type=Path)
    parser.add_argument("--goal", type=float, default=GOAL_MS, help="ms of the overview")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="baysync-census-") as folder:
        found = report(asked, asked.home or Path(folder))
    print(json.dumps(found))
    is_well = found["health"] == {str(OK): asked.looks} and not found["faults"]
    sys.exit(not (is_well and found["overview_ms"] < found["goal_ms"]))


if __name__ == "__main__":
    main()
