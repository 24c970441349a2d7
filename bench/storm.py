"""Storm two accounts of one shop while everything around them is killed, stopped and frozen.

Run it with ``./run python bench/storm.py --rounds 20``. In each round the shop edits, now and then
it imports everything again, and one thing happens: a worker is killed, or stopped for seconds,
PostgreSQL is killed and started again, or eBay answers nobody for seconds. After a third of the
rounds eBay takes back what the second seller granted; at the end he grants it anew. Then eBay must
show what the shop wants, once each, for both; nobody but the second account was ever paused (for
longer than eBay was silent), nobody was called misconfigured, and no worker ended by itself. The
last line is JSON; the exit code is 1 when anything is wrong.
"""

import argparse
import asyncio
import json
import sys
import tempfile
from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from time import monotonic

sys.path[0] = str(Path(__file__).resolve().parents[1] / "tests")  # and not this folder

from baysync.account import store as accounts
from baysync.account import token_store
from baysync.config import store as live_settings
from baysync.db import migrate
from baysync.db.connection import LOST
from baysync.db.embedded.cluster import EmbeddedPostgres
from baysync.ebay.tokens import Granted
from baysync.insight import invariant_store
from baysync.reference.service import ASKS
from chaos.storm import AT_ONCE, WINDOW, Storm, storm
from chaos.story import tell
from chaos.test_database_killed import answers, kill
from chaos.workers import LOG, Workers, all_done, go_on, stop, until
from mockbay.client import running
from support.agreement import SELLER, at_once, disagreements
from support.live_shop import Document, Shop, connect, open_shop

OTHER = "seller-two"
WORKERS = 3
SECONDS = 2.0  # that something stands still
STILL = "SELECT name, paused_kind FROM account WHERE paused_until > now()"
LOGGED = 4_000  # characters of the end of the workers' log
SHOWN = 10  # violations named in the report
BRIEF = {"BAYSYNC_LEASE": "8s", "BAYSYNC_HTTP_TIMEOUT": "1500ms", "BAYSYNC_MARGIN": "500ms"}
PAUSES = """
    SELECT a.name, a.paused_kind FROM account a WHERE a.paused_kind <> 'outage'
    UNION SELECT a.name, l.outcome FROM ebay_sync_log l JOIN account a ON a.id = l.account_id
    WHERE l.outcome IN ('reauth', 'config')
"""


@dataclass(slots=True)
class Field:
    """Where it storms; ``befell`` counts what has happened, ``paused`` names who was paused."""

    shop: Shop
    crew: Workers
    server: EmbeddedPostgres
    weather: Storm
    other_id: int
    befell: Counter[str] = field(default_factory=Counter[str])
    paused: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])

    async def worker_killed(self) -> None:
        """Kill a worker; another one begins."""
        self.crew.kill(self.weather.luck.choice(self.crew.running))
        await self.begin()

    async def begin(self) -> None:
        """Start a worker and wait until it works."""
        process = self.crew.start(**WINDOW, **BRIEF)
        log = self.shop.runtime.settings.home / LOG

        async def works() -> bool:
            return log.exists() and f'"pid": {process.pid}, ' in log.read_text()

        await until(works, "the worker has begun")

    async def worker_stopped(self) -> None:
        """Let a worker stand still."""
        sleeper = self.weather.luck.choice(self.crew.running)
        if not sleeper.is_alive():
            return  # said at the end
        stop(sleeper)
        await asyncio.sleep(SECONDS)
        go_on(sleeper)

    async def database_killed(self) -> None:
        """Kill PostgreSQL and start it again."""
        kill(self.server)
        with EmbeddedPostgres(self.server.home, binaries=self.server.server.binaries):
            await until(lambda: answers(self.shop), "the database answers again")

    async def ebay_frozen(self) -> None:
        """Let eBay answer nobody, the token endpoint too; what it took in lands afterwards."""
        effects = [{"kind": "hold", "when": "before"}]
        [rule] = self.shop.mock.faults({"match": {}, "times": 0, "effects": effects})
        await asyncio.sleep(SECONDS)
        self.shop.mock.release(rule)
        self.shop.mock.drop_fault(rule)

    async def put(self, rows: list[Document]) -> None:
        """Send listings until they are acknowledged."""
        while True:
            try:
                await self.shop.put(*rows)
            except LOST:
                await asyncio.sleep(0.1)
            else:
                return

    async def look(self) -> None:
        """Note who is paused, and who ever was."""
        async with self.shop.runtime.db() as db:
            cursor = await db.execute(PAUSES)
            self.paused |= set(await cursor.fetchall())

    async def grant_anew(self) -> None:
        """Let the second seller grant again what eBay took back."""
        fresh = self.shop.mock.credentials_of(OTHER)
        granted = Granted(
            access=fresh["user_token"], expires_in=7200, refresh=fresh["refresh_token"]
        )
        keyring = self.shop.runtime.keyring
        async with self.shop.runtime.db() as db, db.transaction():
            await token_store.write_granted(db, keyring, self.other_id, granted)
            await accounts.resume(db, self.other_id)

    async def wrong(self) -> list[str]:
        """Return what must not be once everything is drained."""
        async with self.shop.runtime.db() as db:
            still = await (await db.execute(STILL)).fetchall()
            broken = await invariant_store.broken(db)
        mock, weather = self.shop.mock, self.weather
        rows = weather.listings.values()
        return [
            *(
                f"{seller}: {words}"
                for seller in (SELLER, OTHER)
                for words in disagreements(mock, rows, ended=weather.ended, seller=seller)
            ),
            *(
                f"worker {one.pid} ended: {one.exitcode}"
                for one in self.crew.running
                if one.exitcode
            ),
            *(f"{sku} is live twice" for who in (SELLER, OTHER) for sku in at_once(mock, who)),
            *(f"promise {row.invariant}: {row.detail}" for row in broken),
            *(f"{name} is still paused: {why}" for name, why in still),
            *(f"{name} was paused: {why}" for name, why in self.paused - {("two", "reauth")}),
        ]


@asynccontextmanager
async def world(seed: int, listings: int) -> AsyncGenerator[Field]:
    """Lend a shop with two accounts, on a database that keeps its promises over a crash."""
    with tempfile.TemporaryDirectory(prefix="baysync-storm-") as folder:
        home = Path(folder)
        home.chmod(0o755)  # as root, the user who runs PostgreSQL must pass through
        with EmbeddedPostgres(home / "pg") as server, running() as mock:
            migrate.upgrade(server.url())
            mock.reset(clock="real", revision_cap=None)
            async with open_shop(server.url(), mock, home) as shop:
                async with shop.runtime.db() as db:  # the storm is about publishing alone
                    await live_settings.put(db, ASKS, value=False, by="storm")
                other_id = await connect(shop.runtime, mock, seller=OTHER, name="two")
                crew = Workers(shop, server.url())
                try:
                    yield Field(shop, crew, server, storm(seed, listings), other_id)
                finally:
                    crew.end()
                    print((home / LOG).read_text()[-LOGGED:], file=sys.stderr)
        EmbeddedPostgres(home / "pg").wait_stopped()


async def rage(field: Field, asked: argparse.Namespace) -> dict[str, object]:
    """Storm for the rounds asked for; return the report."""
    began, luck = monotonic(), Random(asked.seed)  # noqa: S311 -- reproducible, not secret
    events = [
        *(field.worker_killed, field.worker_stopped),
        *(field.database_killed, field.ebay_frozen),
    ]
    await field.put(list(field.weather.listings.values()))
    for _ in range(WORKERS):
        await field.begin()
    for number in range(asked.rounds):
        if number == asked.rounds // 3:
            field.shop.mock.revoke_tokens(OTHER)
        event = luck.choice(events) if number >= len(events) else events[number]
        await asyncio.gather(field.put(field.weather.edits(asked.edits)), event())
        if number % 3 == 0:
            await field.put(list(field.weather.listings.values()))  # all of it once more
        field.befell[event.__name__] += 1
        await field.look()
        print(f"round {number + 1}: {event.__name__}", file=sys.stderr)
    await field.grant_anew()
    await all_done(field.shop)
    await field.look()
    found = await field.wrong()
    await tell(field.shop, found)
    return {
        "seed": asked.seed,
        "befell": dict(field.befell),
        "paused": sorted(field.paused),
        "listings": asked.listings,
        "ebay_calls": len(field.shop.calls()),
        "violations": len(found),
        "first_violations": found[:SHOWN],
        "seconds": round(monotonic() - began, 1),
    }


async def main() -> int:
    """Run as the command line asks; return the exit code."""
    parser = argparse.ArgumentParser(description="Storm two accounts; see that nothing is lost.")
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--listings", type=int, default=200)
    parser.add_argument("--edits", type=int, default=AT_ONCE, help="in each round")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    async with world(asked.seed, asked.listings) as field:
        report = await rage(field, asked)
    print(json.dumps(report))
    return 1 if report["violations"] else 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
