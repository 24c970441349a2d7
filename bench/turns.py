"""Load ``baysync up`` with bulk posts and long documents; report its event loop's longest turn.

Run it with ``./run python bench/turns.py [--posts 6] [--mb 10] [--rounds 3]``. While everything is
asked for, publishing goes on and health is polled. A turn is what the loop does without a pause:
nobody else is served meanwhile. Its time on the clock counts what threads and a busy machine take
from it, its CPU time is what the code needs. The last line is JSON with the longest turn of each
round; the exit code is 1 when one needs more CPU than the goal.
"""

import argparse
import asyncio
import json
import os
import signal
import sys
import tempfile
import threading
import time
from asyncio.events import Handle
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from operator import itemgetter
from pathlib import Path
from statistics import median
from subprocess import PIPE
from time import monotonic
from types import FrameType
from typing import Any

import aiohttp
import anyio

sys.path[0] = str(Path(__file__).resolve().parents[1] / "tests")  # and not this folder

from baysync.cli.main import app
from baysync.config import store as live_settings
from baysync.db import migrate
from baysync.db.embedded.cluster import EmbeddedPostgres
from baysync.reference.service import ASKS
from mockbay.client import running
from support.bench_listings import long_listing
from support.live_shop import Shop, document, open_shop

GOAL_MS = 300.0
LINE = 10_000  # bytes of a listing in a bulk post
POLL_SECONDS = 0.02
SHORT_MS = 20.0  # turns below are not worth a word
KEPT = 12
PRECONDITION_FAILED = 412
LOGGED = 4_000  # bytes of the end of the log of a server that failed
LONG = "LONG"
VARIANTS = 250  # the most that eBay takes
HUGE, HUGE_VARIANTS = "HUGE", 8_000  # about the longest body that is taken, 4 MiB
PAGES = (
    "/",
    "/listings",
    "/log",
    f"/listings/{LONG}",
    f"/listings/{LONG}/diff",
    f"/listings/{HUGE}",
)
READS = ("/api/listings?limit=200", f"/api/listings/{LONG}", f"/api/listings/{HUGE}")


class Watcher:
    """Measures each turn of this process's loop; a thread looks where the long ones are."""

    def __init__(self) -> None:
        self._turns: list[tuple[float, float, list[str]]] = []
        self._began = 0.0
        self._where: list[str] = []
        self._thread = threading.get_ident()

    def install(self) -> None:
        """Measure from now on."""
        run = Handle._run  # noqa: SLF001 -- asyncio's own debug mode measures here too

        def measured(handle: Handle) -> None:
            self._where = []
            self._began = began = monotonic()
            cpu = time.thread_time()
            try:
                run(handle)
            finally:
                self._began = 0.0
                self._note((monotonic() - began) * 1000, (time.thread_time() - cpu) * 1000)

        Handle._run = measured  # type: ignore[method-assign]  # noqa: SLF001
        threading.Thread(target=self._look, daemon=True).start()

    def _note(self, wall: float, cpu: float) -> None:
        if wall >= SHORT_MS:
            self._turns.append((cpu, wall, self._where))
            self._turns.sort(key=itemgetter(0), reverse=True)
            del self._turns[KEPT:]

    def report(self) -> list[dict[str, Any]]:
        """Return the longest turns, the longest by CPU time first."""
        return [
            {"ms": round(wall), "cpu_ms": round(cpu), "where": where}
            for cpu, wall, where in self._turns
        ]

    def _look(self) -> None:
        while True:
            time.sleep(SHORT_MS / 1000)
            if self._began and monotonic() - self._began > SHORT_MS / 1000:
                frames = sys._current_frames()  # noqa: SLF001 # pyright: ignore[reportPrivateUsage]
                frame = frames.get(self._thread)
                self._where = [*self._where, _named(frame)][-KEPT:]


def _named(frame: FrameType | None) -> str:
    """Return the innermost functions of ours and their line."""
    names: list[str] = []
    while frame and len(names) < 3:
        if "baysync" in frame.f_code.co_filename:
            names.append(f"{frame.f_code.co_qualname}:{frame.f_lineno}")
        frame = frame.f_back
    return " < ".join(names)


def serve(report: Path) -> None:
    """Be ``baysync up`` that writes down its longest turns when it ends."""
    watcher = Watcher()
    watcher.install()
    with suppress(SystemExit):
        app(["up", "--port", "0"])
    report.write_text(json.dumps(watcher.report()))


@asynccontextmanager
async def server(shop: Shop, url: str, turns: list[dict[str, Any]]) -> AsyncGenerator[str]:
    """Run the server; yield its address. Its longest turns are added when it has ended."""
    home = shop.runtime.settings.home
    environment = {"DATABASE_URL": url, "BAYSYNC_HOME": str(home), "BAYSYNC_LOG_FORMAT": "json"}
    environment |= {"BAYSYNC_DEBOUNCE_WINDOW": "0", "BAYSYNC_RATE": "1000"}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, __file__, "--serve", str(home / "turns.json")),
        env=os.environ | environment,
        stderr=PIPE,
    )
    if process.stderr is None:
        raise AssertionError
    said = b""
    while b"baysync is at " not in said:
        said = await process.stderr.readline()
    drained = asyncio.create_task(process.stderr.read())
    try:
        yield said.split()[3].decode()
    finally:
        process.send_signal(signal.SIGTERM)
        log, _ = await asyncio.gather(drained, process.wait())
        if process.returncode:
            sys.stderr.buffer.write(log[-LOGGED:])
    turns += json.loads((home / "turns.json").read_text())


def post(number: int, megabytes: float) -> tuple[bytes, int]:
    """Return a bulk body of listings of about 10 kB each, and how many they are."""
    count = int(megabytes * 1_000_000 / LINE)
    text = "<p>Warm light for cold evenings.</p>" * (LINE // 36)
    rows = [document(f"POST-{number}-{n}", description=text) for n in range(count)]
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows), count


class Client:
    """Who asks; ``slowest`` is the longest that each kind of request has taken, in ms."""

    def __init__(self, session: aiohttp.ClientSession, address: str) -> None:
        self.session, self.address = session, address
        self.slowest: dict[str, int] = {}

    async def ask(self, method: str, path: str, kind: str = "", **more: Any) -> bytes:  # noqa: ANN401 -- as aiohttp takes it
        """Ask, and refuse to go on after an error of the server's."""
        began = monotonic()
        async with self.session.request(method, self.address + path, **more) as answer:
            text = await answer.read()
        took = round((monotonic() - began) * 1000)
        kind = kind or f"{method} {path}"
        self.slowest[kind] = max(took, self.slowest.get(kind, 0))
        if answer.status >= 400 and answer.status != PRECONDITION_FAILED:
            raise RuntimeError(f"{method} {path}: {answer.status} {text[:500]!r}")
        return text

    async def ready(self) -> None:
        """Wait until the server has looked at its database."""
        while True:
            async with self.session.get(f"{self.address}/api/health") as answer:
                if answer.status < 500:
                    return
            await asyncio.sleep(POLL_SECONDS)

    async def poll(self) -> None:
        """Look at health again and again."""
        while True:
            await self.ask("GET", "/api/health", "health")
            await asyncio.sleep(POLL_SECONDS)

    async def bulk(self, number: int, megabytes: float) -> int:
        """Post many listings; return how many lines were stored."""
        body, count = post(number, megabytes)
        text = await self.ask("POST", "/api/listings/bulk", "bulk", data=body)
        stored = sum(
            json.loads(line)["outcome"] in {"created", "unchanged"} for line in text.splitlines()
        )
        if stored != count:
            raise RuntimeError(f"{stored} of {count} lines were stored")
        return stored


async def load(client: Client, asked: argparse.Namespace) -> int:
    """Ask for everything, much of it at once; return how many listings were stored."""
    for sku, variants, mark in ((LONG, VARIANTS, "new"), (HUGE, asked.variants, "new")):
        body = long_listing(sku, variants, mark)
        await client.ask("PUT", f"/api/listings/{sku}", json=body)
        await client.ask("PATCH", f"/api/listings/{sku}", json={"brand": "Other"})
        await client.ask(
            "PUT", f"/api/listings/{sku}", "412", json=body, headers={"If-Match": '"00"'}
        )
    stored: list[int] = []

    async def post_all(number: int) -> None:
        stored.append(await client.bulk(number, asked.mb))

    async with anyio.create_task_group() as tasks:
        for number in range(asked.posts):
            tasks.start_soon(post_all, number)
        for path in (*PAGES, *READS):
            tasks.start_soon(client.ask, "GET", path)
    for path in (*PAGES, *READS):
        await client.ask("GET", path)
    return sum(stored)


async def round_of(asked: argparse.Namespace) -> dict[str, Any]:
    """Serve a new shop under load; return what was seen."""
    seen: dict[str, Any] = {"turns": []}
    with tempfile.TemporaryDirectory(prefix="baysync-turns-") as folder:
        home = Path(folder)
        home.chmod(0o755)  # as root, the user who runs PostgreSQL must pass through
        with EmbeddedPostgres(home / "pg", durable=False) as database, running() as mock:
            migrate.upgrade(database.url())
            mock.reset(clock="real", revision_cap=None)
            async with open_shop(database.url(), mock, home) as shop:
                async with shop.runtime.db() as db:
                    await live_settings.put(db, ASKS, value=False, by="turns")
                for mark in ("old", "older"):  # two snapshots, which differ everywhere
                    await shop.put(long_listing(LONG, VARIANTS, mark))
                    await shop.drain()
                async with (
                    server(shop, database.url(), seen["turns"]) as address,
                    aiohttp.ClientSession() as session,
                ):
                    client = Client(session, address)
                    await client.ready()
                    async with anyio.create_task_group() as tasks:
                        tasks.start_soon(client.poll)
                        seen["stored"] = await load(client, asked)
                        tasks.cancel_scope.cancel()
                    seen["slowest_ms"] = client.slowest
        EmbeddedPostgres(home / "pg").wait_stopped()
    return seen


async def main(asked: argparse.Namespace) -> dict[str, Any]:
    """Measure round by round; return the report."""
    rounds = [await round_of(asked) for _ in range(asked.rounds)]
    for seen in rounds:
        print(json.dumps(seen, indent=1), file=sys.stderr)
    longest = [max((turn["cpu_ms"] for turn in seen["turns"]), default=0) for seen in rounds]
    clock = [max((turn["ms"] for turn in seen["turns"]), default=0) for seen in rounds]
    health = [seen["slowest_ms"]["health"] for seen in rounds]
    return {
        "stored": sum(seen["stored"] for seen in rounds),
        "longest_turn_cpu_ms": {"median": median(longest), "all": longest},
        "longest_turn_ms": {"median": median(clock), "all": clock},
        "slowest_health_ms": {"median": median(health), "all": health},
        "goal_ms": GOAL_MS,
        "load": os.getloadavg()[0],
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=6, help="bulk posts at once")
    parser.add_argument("--mb", type=float, default=10, help="megabytes of each")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--variants", type=int, default=HUGE_VARIANTS, help="of the longest")
    parser.add_argument("--serve", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        serve(options.serve)
        sys.exit()
    result = asyncio.run(main(options))
    print(json.dumps(result))
    sys.exit(result["longest_turn_cpu_ms"]["median"] > GOAL_MS)
