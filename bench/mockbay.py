"""Fill mockbay over HTTP until 100,000 listings are live; report memory and speed.

Run it with ``./run python bench/mockbay.py [--listings 100000]``. Items, offers and listings are
made by the bulk calls, 25 rows each. The yardstick is a Starlette endpoint that decodes the same
body and answers nothing, called the same way in the same run. The last line is JSON; the exit code
is 1 when mockbay needs 1 GB or more.
"""

import argparse
import json
import multiprocessing
import socket
import sys
from collections.abc import Generator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from subprocess import PIPE, Popen
from time import monotonic
from typing import IO, Any, cast
from urllib.parse import urlsplit

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

sys.path[0] = str(Path(__file__).resolve().parents[1] / "tests")  # and not this folder

from mockbay.client import MockServer
from mockbay.server import listen
from support.mockbay_calls import INVENTORY, LANGUAGE, Document, Seller, item

BATCH = 25
LIMIT_MB = 1_000
ROUNDS = 400  # calls to the yardstick


class Caller:
    """One connection that is kept, as a real client keeps it."""

    def __init__(self, url: str, token: str = "") -> None:
        place = urlsplit(url)
        self.connection = HTTPConnection(place.hostname or "", place.port or 80, timeout=60)
        self.headers = {"Content-Type": "application/json", "Accept-Language": "en-US", **LANGUAGE}
        self.headers["Authorization"] = f"Bearer {token}"
        self.calls = 0

    def post(self, path: str, body: object) -> Document:
        """Send a call and return its answer; every row must have succeeded."""
        self.connection.request("POST", path, json.dumps(body), self.headers)
        answer = self.connection.getresponse()
        text = answer.read()
        if answer.status != 200:
            raise SystemExit(f"{path}: {answer.status} {text[:500]!r}")
        self.calls += 1
        return json.loads(text)


def fill(caller: Caller, seller: Seller, first: int, number: int) -> None:
    """Put listings live, 25 at a time."""
    for start in range(first, first + number, BATCH):
        skus = [f"SKU-{n:07}" for n in range(start, min(start + BATCH, first + number))]
        rows = [item() | {"sku": sku, "locale": "en_US"} for sku in skus]
        caller.post(f"{INVENTORY}/bulk_create_or_replace_inventory_item", {"requests": rows})
        made = caller.post(
            f"{INVENTORY}/bulk_create_offer", {"requests": [seller.offer(sku) for sku in skus]}
        )
        ids = [{"offerId": row["offerId"]} for row in made["responses"]]
        caller.post(f"{INVENTORY}/bulk_publish_offer", {"requests": ids})


def megabytes(pid: int) -> int:
    """Return what a process occupies, from Linux's /proc."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmRSS")).split()[1]) // 1024


@contextmanager
def mock_process() -> Generator[tuple[MockServer, int]]:
    """Run ``mockbay serve``; give it with its process id."""
    command = [sys.executable, "-m", "mockbay", "serve", "--until-input-ends"]
    with Popen(command, stdin=PIPE, stdout=PIPE, text=True) as process:
        stdin, stdout = cast("IO[str]", process.stdin), cast("IO[str]", process.stdout)
        yield MockServer(stdout.readline().strip()), process.pid
        stdin.close()
        process.wait(30)


async def nothing(request: Request) -> Response:
    """Decode a body and answer that there is nothing to say."""
    return JSONResponse({"responses": [], "rows": len((await request.json())["requests"])})


def trivial(listener: socket.socket) -> None:
    """Serve the yardstick."""
    app = Starlette(routes=[Route("/", nothing, methods=["POST"])])
    config = uvicorn.Config(app, http="h11", log_level="warning", lifespan="off")
    uvicorn.Server(config).run(sockets=[listener])


def yardstick() -> float:
    """Return how many such calls a second a trivial endpoint answers."""
    listener = listen("127.0.0.1", 0)
    served = multiprocessing.get_context("spawn").Process(target=trivial, args=(listener,))
    served.start()
    caller = Caller(f"http://127.0.0.1:{listener.getsockname()[1]}")
    body: dict[str, Any] = {"requests": [item() | {"sku": f"S{n}"} for n in range(BATCH)]}
    caller.post("/", body)
    began = monotonic()
    for _ in range(ROUNDS):
        caller.post("/", body)
    spent = monotonic() - began
    served.terminate()
    served.join()
    return ROUNDS / spent


def main() -> int:
    """Fill a mock and report; 1 when it needs too much memory."""
    options = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    options.add_argument("--listings", type=int, default=100_000)
    options.add_argument("--step", type=int, default=20_000, help="listings between two figures")
    options.add_argument("--bodies", action="store_true", help="keep bodies in the journal")
    asked = options.parse_args()
    with mock_process() as (mock, pid):
        mock.switch(journal_bodies=asked.bodies)
        empty, began = megabytes(pid), monotonic()
        seller = Seller(mock.url, mock.credentials["user_token"])
        caller = Caller(mock.url, seller.token)
        for first in range(0, asked.listings, asked.step):
            fill(caller, seller, first, min(asked.step, asked.listings - first))
            shown = f"{min(first + asked.step, asked.listings)} live, {megabytes(pid)} MB"
            print(shown, file=sys.stderr)
        spent, full = monotonic() - began, megabytes(pid)
    report = {
        "listings": asked.listings,
        "journal_bodies": asked.bodies,
        "mb_empty": empty,
        "mb_full": full,
        "limit_mb": LIMIT_MB,
        "bulk_calls_per_second": round(caller.calls / spent, 1),
        "rows_per_second": round(caller.calls / spent * BATCH),
        "trivial_calls_per_second": round(yardstick(), 1),
    }
    print(json.dumps(report))
    return int(full >= LIMIT_MB)


if __name__ == "__main__":
    sys.exit(main())
