"""What stops the product: each place that people look at says it, and the fix it names cures it."""

import asyncio
import re
import signal
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from baysync.base import clock
from baysync.db import pool
from baysync.db.connection import LOST
from baysync.ebay import identity
from mockbay.client import MockServer
from support.consent import renewed
from support.database_door import Door, door
from support.full_disk import fill_disk, make_room
from support.live_shop import Shop, document, open_shop
from support.processes import ended, running, said
from support.surfaces import Site, run, site

FULL = "The database cannot write: no space is left on its disk."
ROOM = "make room on the disk of PostgreSQL; baysync goes on by itself."
AWAY = "The database does not answer."
WELL = {
    "status": "0 .* next nothing: all is well",
    "doctor": "0 .* ok lights: nothing is lit",
    "why": "0 .* eBay shows what is wanted",
    "health": '200 {"status":"ok".*"problems":\\[\\],"lights":\\[\\]',
    "ready": '200 {"ready":true,"causes":\\[\\]}',
    "metrics": '200 (?!.*light_lit{cause="[a-z_]+"} [1-9])',
    "overview": "200 (?!.*Not as it should be)",
    "page": "200 (?!.*A change waits)",
}


@dataclass(frozen=True, slots=True)
class World:
    """One shop with one live listing, what serves it, and the door before its database."""

    shop: Shop
    site: Site
    door: Door
    database: str


Act = Callable[[World, str], Awaitable[object]]


@pytest.fixture
async def world(
    database: str, mockbay: MockServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[World]:
    monkeypatch.setattr(pool, "CHECKOUT_SECONDS", 2.0)
    with tempfile.TemporaryDirectory() as folder:  # a socket's path has 107 letters at most
        async with (
            door(database, Path(folder)) as before,
            open_shop(before.url, mockbay, tmp_path) as shop,
            site(shop.runtime) as serving,
        ):
            monkeypatch.setenv("DATABASE_URL", before.url)
            monkeypatch.setenv("BAYSYNC_HOME", str(tmp_path))
            monkeypatch.setenv("BAYSYNC_PORT", "0")
            monkeypatch.setenv("BAYSYNC_ORDERS_ENABLED", "false")  # the mock's clock is not ours
            await shop.put(document())
            await shop.drain()
            yield World(shop, serving, before, database)


def lit(cause: str, message: str, command: str, hint: str, why: str = "") -> dict[str, str]:
    """Return what each place says of a light while the database can be used."""
    fix = f"Run `{command}`. ?{hint}" if command else hint
    words, waits = f"{message} {fix}", why or f"a change waits: update pending.*{message}.* {fix}"
    spoken = cause.replace("_", " ")
    told = (rf"Run {command} ?\. ?{hint}" if command else hint).replace("`", "")  # shown as code
    return {
        "status": f"0 .*WRONG {words} .*next {command or 'nothing: all of it is tried again'}",
        "doctor": f"1 .*WRONG {cause}: {message} fix: {fix}",
        "why": f"0 .*{waits}",
        "health": f'200 {{"status":"degraded".*"problems":\\["{words}"\\].*"cause":"{cause}"',
        "ready": f'200 {{"ready":true,"causes":\\["{cause}"\\]}}',
        "metrics": f'200 .*baysync_light_lit{{cause="{cause}"}} 1',
        "overview": f"200 .*Not as it should be {spoken} {message} (· \\w+ ago ?)?{told}",
        "page": f"200 .*A change waits: {spoken} \\({message}\\) ?{told}",
    }


async def edit(world: World, words: str = "") -> None:
    """Change the price, and let six minutes pass in which all is tried that is due."""
    del words
    await world.shop.put(document(price="21.00"))
    for _ in range(8):
        await world.shop.publish_due()
        await world.shop.pass_time(timedelta(seconds=50))
    await world.shop.publish_due()
    async with world.shop.runtime.db() as db:  # orders are read by a job, which is not part of it
        await db.execute(
            "INSERT INTO order_poll (account_id, polled_at) SELECT id, now() FROM account"
            " ON CONFLICT (account_id) DO UPDATE SET polled_at = now()"
        )


def answering(effect: str, times: int = 0, **fields: object) -> Act:
    """Return the act of letting eBay answer calls about items so; for ever unless ``times``."""

    async def act(world: World, _words: str) -> None:
        effects = [{"kind": effect, **fields}]
        rule = {"match": {"path": "/sell/"}, "times": times, "effects": effects}
        world.shop.mock.faults(rule)
        await edit(world)

    return act


async def revoke(world: World, _words: str) -> None:
    session = await world.shop.runtime.sessions.of(world.shop.account_id)
    answer = await session.send(identity.get_user(), deadline=clock.monotonic() + 60)
    seller = identity.seller_in(answer)
    assert seller is not None
    async with world.shop.runtime.db() as db:  # as connecting by consent would have stored it
        await db.execute("UPDATE account SET ebay_user_id = %s", (seller.user_id,))
    world.shop.mock.revoke_tokens()
    await edit(world)


async def let_workers_die(world: World, _words: str) -> None:
    world.site.beat.publishes = False
    async with world.shop.runtime.db() as db:
        await db.execute("UPDATE worker SET seen_at = now() - interval '1 minute'")
    await world.shop.put(document(price="21.00"))


async def pause(world: World, _words: str) -> None:
    assert (await run("accounts", "pause", "shop", "--reason", "stock count"))[0] == "0"
    await edit(world)


async def fill(world: World, _words: str) -> None:
    await world.shop.put(document(price="21.00"))
    await fill_disk(world.database)


async def stop(world: World, _words: str) -> None:
    await world.door.shut()


async def answer_again(world: World, _words: str) -> None:
    world.shop.mock.clear_faults()
    await world.shop.drain()


async def type_in(world: World, command: str) -> None:
    assert (await run(*command.split()[1:]))[0] == "0"
    await world.shop.drain()


async def consent(world: World, command: str) -> None:
    _, _, _, _, name = command.split()
    await asyncio.to_thread(renewed, world.shop.mock, name)
    await world.shop.drain()


async def start(world: World, command: str) -> None:
    """Run what is named until a worker has sent the edit."""

    def work() -> None:
        with running(*command.split()[1:]) as process:
            said(process, r"publish\.settled")
            assert ended(process, signal.SIGTERM)[0] == 0

    await asyncio.to_thread(work)
    world.site.beat.publishes = True


async def empty_disk(world: World, _words: str) -> None:
    await make_room(world.database)
    await world.site.beat.beat()
    await world.shop.drain()


async def start_database(world: World, _words: str) -> None:
    await world.door.open()
    async with asyncio.timeout(20):
        while not await answers(world.shop):
            pass


async def answers(shop: Shop) -> bool:
    try:
        return await shop.active() == 0
    except LOST:
        return False


async def wait(world: World, _words: str) -> None:
    await world.shop.drain()


STOPPED = {
    "status": f"3 error: {AWAY}.* fix: check that PostgreSQL runs",
    "doctor": f"1 .*WRONG database: {AWAY}.* fix: check that PostgreSQL runs",
    "why": f"3 error: {AWAY}.* fix: check that PostgreSQL runs",
    "health": f'503 {{"status":"down".*{AWAY}.*"database":"down"',
    "ready": '503 {"ready":false,"causes":\\["database"\\]}',
    "metrics": f"503 .*{AWAY}",
    "overview": f"503 .*{AWAY}.*check that PostgreSQL runs",
    "page": f"503 .*{AWAY}.*check that PostgreSQL runs",
}
NO_ROOM = {
    "status": f"0 .*WRONG {FULL} .*next baysync doctor",
    "doctor": f"1 .*WRONG disk: {FULL} fix: {ROOM}",
    "why": f"0 .*a change waits: .*{FULL}.*{ROOM}",
    "health": f'503 {{"status":"down".*"problems":\\["{FULL}.*"database":"full"',
    "ready": '503 {"ready":false,"causes":\\["database"\\]}',
    "metrics": '200 .*baysync_light_lit{cause="database"} 1',
    "overview": f"200 .*Not as it should be database {FULL} Run baysync doctor ?. {ROOM}",
    "page": f"200 .*A change waits: database \\({FULL}\\)",
}
AT = "baysync tries again by itself at ..:.. UTC."
SILENT = "shop: eBay does not answer."
OFTEN = "baysync tries again by itself every few minutes; see eBay's system status."
RENEW = "baysync accounts connect --renew shop"
RESUME = "baysync accounts resume shop"
NOBODY = "No worker is alive: nothing reaches eBay."
ELSE = "`baysync up` serves the pages as well, where nothing does."
TABLE: dict[str, tuple[Act, dict[str, str], Act]] = {
    "token revoked": (
        revoke,
        lit(
            "account_paused", "shop is paused: reauth.", RENEW, AT,
            rf"a change waits: the account is paused \(reauth\).* {RENEW}",
        ),
        consent,
    ),
    "two 401 in a row": (answering("unauthorized", times=2), WELL, wait),
    "429 for ever": (
        answering("throttle", retry_after=30),
        lit("ebay_throttles", "shop: eBay takes no more calls for now.", "", AT),
        answer_again,
    ),
    "all 500": (
        answering("error", status=500),
        lit("ebay_silent", SILENT, "", OFTEN, f"in doubt: it is read back. {SILENT}.*{OFTEN}"),
        answer_again,
    ),
    "all workers dead": (
        let_workers_die,
        lit("no_worker", NOBODY, "baysync work", ELSE),
        start,
    ),
    "paused by a person": (
        pause,
        lit(
            "account_paused", "shop is paused: stock count.", RESUME, "",
            rf"a change waits: the account is paused \(stock count\).* {RESUME}",
        ),
        type_in,
    ),
    "database stopped": (stop, STOPPED, start_database),
    "disk full": (fill, NO_ROOM, empty_disk),
}  # fmt: skip


@pytest.mark.parametrize("row", TABLE.values(), ids=TABLE.keys())
async def test_every_place_says_what_stops_it_and_the_fix_cures_it(
    world: World, row: tuple[Act, dict[str, str], Act]
) -> None:
    happens, expected, cure = row
    await happens(world, "")
    told = await world.site.said()
    assert missing(told, expected) == {}
    command = re.search(r'"command":"([^"]*)"', told["health"])
    await cure(world, command[1] if command else "")
    assert missing(await world.site.said(), WELL) == {}


def missing(told: dict[str, str], expected: dict[str, str]) -> dict[str, tuple[str, str]]:
    """Return the places that do not say what they should: what that is, and what they say."""
    return {
        place: (words, told[place])
        for place, words in expected.items()
        if not re.match(words, told[place])
    }
