"""Storm a shop with edits while four workers publish them, with eBay's faults on or off.

Run it with ``./run python bench/chaos.py --edits 20000 [--faults]``. Each round is a burst of
edits, a drain with the faults still on, and a check: eBay shows what the shop wants for every SKU,
once each, and no promise of the schema is broken. Without faults, no SKU was sent the same body
twice in a row. With them, one call in nine or so is spoilt, and a change that fails six times
running is a dead letter: it is left out until the faults are over, then all letters are sent again
and every SKU is judged. The last line is JSON; the exit code is 1 when anything is wrong.
"""

import argparse
import asyncio
import json
import os
import sys
import tempfile
from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from time import monotonic

sys.path[0] = str(Path(__file__).resolve().parents[1] / "tests")  # and not this folder

from baysync.config import store as live_settings
from baysync.db import migrate
from baysync.db.embedded.cluster import EmbeddedPostgres
from baysync.insight import invariant_store
from baysync.insight.queue import store as queues
from baysync.queue import dead_letters
from baysync.queue.model import Selection
from baysync.reference.service import ASKS
from chaos.storm import AT_ONCE, WINDOW, Storm, repeated, storm
from chaos.story import tell
from chaos.workers import Workers, all_done
from mockbay.client import running
from support.agreement import at_once, disagreements, standing
from support.live_shop import Shop, open_shop

WORKERS = 4
ROUND = 1_000  # edits between two checks
SHOWN = 10  # violations named in the report
CALL = {"path": "/sell/inventory/"}
LATE_MS = 90_000  # virtual; the read-back comes later than that
FAULTS = {
    "reset-before": (37, {"kind": "reset", "when": "before"}),
    "reset-after": (41, {"kind": "reset", "when": "after"}),
    "late": (53, {"kind": "late", "ms": LATE_MS}),
    "gateway-late": (89, {"kind": "late", "ms": LATE_MS, "answer": "gateway"}),
    "outage": (71, {"kind": "unavailable"}),
    "error": (73, {"kind": "error", "status": 500, "error_id": 25001, "when": "after"}),
    "page": (97, {"kind": "html", "when": "after"}),
    "throttle": (131, {"kind": "throttle", "retry_after": 1}),
    "truncate": (103, {"kind": "truncate"}),
    "drop-rows": (107, {"kind": "drop_rows"}),
    "shuffle": (59, {"kind": "shuffle_rows"}),
    "slow": (29, {"kind": "latency", "ms": 150}),
    "unauthorized": (151, {"kind": "unauthorized"}),
    "expired": (199, {"kind": "expire_token"}),
}


def rules() -> list[dict[str, object]]:
    """Return the fault plan: every kind again and again, each at its own pace."""
    return [
        {"id": name, "match": CALL, "nth": every, "every": every, "times": 0, "effects": [effect]}
        for name, (every, effect) in FAULTS.items()
    ]


@asynccontextmanager
async def world() -> AsyncGenerator[tuple[Shop, Workers]]:
    """Lend a shop on a database and a mock of its own, with its workers running."""
    with tempfile.TemporaryDirectory(prefix="baysync-chaos-") as folder:
        home = Path(folder)
        home.chmod(0o755)  # as root, the user who runs PostgreSQL must pass through
        with EmbeddedPostgres(home / "pg", durable=False) as server, running() as mock:
            migrate.upgrade(server.url())
            mock.reset(clock="real", revision_cap=None)  # as fast as the database's
            async with open_shop(server.url(), mock, home) as shop:
                async with shop.runtime.db() as db:  # the storm is about publishing alone
                    await live_settings.put(db, ASKS, value=False, by="chaos")
                crew = Workers(shop, server.url())
                try:
                    yield shop, crew
                finally:
                    crew.end()
        EmbeddedPostgres(home / "pg").wait_stopped()


async def wrong(shop: Shop, weather: Storm) -> list[str]:
    """Return what must not be once everything is drained; what was given up on is known."""
    async with shop.runtime.db() as db:
        broken = await invariant_store.broken(db)
        dead = {f"{one.sku}:" for one in await queues.letters(db, Selection(), limit=ROUND)}
    found = disagreements(shop.mock, weather.listings.values(), ended=weather.ended)
    return [
        *[words for words in found if words.split(" ")[0] not in dead],
        *[f"{sku} is live twice" for sku in sorted(at_once(shop.mock))],
        *[f"promise {row.invariant}: {row.detail}" for row in broken],
    ]


async def after_faults(shop: Shop, weather: Storm) -> list[str]:
    """Send what was given up on again, now that eBay is well; return what is wrong even so."""
    shop.mock.clear_faults()
    async with shop.runtime.db() as db:
        await dead_letters.replay(db, Selection(), by="chaos")
    await all_done(shop)
    return [*await letters(shop), *await wrong(shop, weather)]


async def attack(shop: Shop, crew: Workers, asked: argparse.Namespace) -> dict[str, object]:
    """Storm the shop until the edits are used up; return the report."""
    began, load = monotonic(), os.getloadavg()
    if asked.faults:
        shop.mock.faults(*rules())
    weather = storm(asked.seed, asked.listings)
    await shop.put(*weather.listings.values())
    for _ in range(WORKERS):
        crew.start(**WINDOW)
    await all_done(shop)
    edits = rounds = changed = 0
    violations: list[str] = []
    while edits < asked.edits and not violations:
        burst = min(ROUND, asked.edits - edits)
        for start in range(0, burst, AT_ONCE):
            changed += await weather.burst(shop, min(AT_ONCE, burst - start))
        edits, rounds = edits + burst, rounds + 1
        await all_done(shop)
        violations = await wrong(shop, weather)
        print(f"round {rounds}: {edits} edits, {len(violations)} wrong", file=sys.stderr)
    fired = {rule["id"]: rule["fired"] for rule in shop.mock.rules()}
    given_up = await letters(shop)
    if asked.faults and not violations:
        violations = await after_faults(shop, weather)
    if not asked.faults:
        violations += [*given_up, *(f"{sku}: {op} twice" for sku, op in repeated(shop))]
    await tell(shop, violations)
    return {
        "seed": asked.seed,
        "faults": fired,
        "workers": sum(process.is_alive() for process in crew.running),
        "rounds": rounds,
        "listings": asked.listings,
        "edits": edits,
        "edits_that_changed": changed,
        **await counts(shop),
        "given_up_under_faults": given_up,
        "standing": dict(Counter(standing(shop.mock).values())),
        "ebay_calls": len(shop.calls()),
        "violations": len(violations),
        "first_violations": violations[:SHOWN],
        "load_before": load,
        "load_after": os.getloadavg(),
        "seconds": round(monotonic() - began, 1),
    }


async def counts(shop: Shop) -> dict[str, int]:
    """Return how many changes the queue saw, and how many dead letters and blocks are left."""
    async with shop.runtime.db() as db:
        cursor = await db.execute(
            """
            SELECT (SELECT count(*) FROM ebay_change_queue),
                (SELECT count(*) FROM ebay_failed_event WHERE resolved_at IS NULL),
                (SELECT count(*) FROM ebay_listing WHERE blocked_scope = 'all')
            """
        )
        return dict(zip(("changes", "dead", "blocked"), (await cursor.fetchall())[0], strict=True))


async def letters(shop: Shop) -> list[str]:
    """Return the first open dead letters: SKU, verdict, attempts, and eBay's words."""
    async with shop.runtime.db() as db:
        found = await queues.letters(db, Selection(), limit=SHOWN)
    return [f"{one.sku}: {one.verdict} after {one.attempts}, {one.errors}" for one in found]


async def main() -> int:
    """Run as the command line asks; return the exit code."""
    parser = argparse.ArgumentParser(description="Storm a shop; see that nothing is lost.")
    parser.add_argument("--edits", type=int, default=20_000)
    parser.add_argument("--listings", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--faults", action="store_true", help="let eBay fail in every way")
    asked = parser.parse_args()
    async with world() as (shop, crew):
        report = await attack(shop, crew, asked)
    print(json.dumps(report))
    return 1 if report["violations"] else 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
