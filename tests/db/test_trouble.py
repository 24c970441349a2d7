"""Why a database cannot be used: each reason has its own words, and counts as a lost database."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest
from psycopg import AsyncConnection
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from pydantic import SecretStr

from baysync.base.errors import DatabaseError
from baysync.cli.processes import opened
from baysync.config.settings import Settings
from baysync.db import migrate
from baysync.db import trouble as troubles
from baysync.db.connection import LOST, Db
from baysync.db.trouble import Lack, diagnose, trouble, unwritable, wait_started
from support.full_disk import fill_disk

STARTING = ("57P03", "the database system is starting up")
REFUSED = ("28P01", 'password authentication failed for user "baysync"')
RAISE = "DO $$ BEGIN RAISE EXCEPTION 'as the server would say' USING ERRCODE = '{}'; END $$"


@pytest.mark.parametrize(
    ("code", "lack"),
    [
        ("53100", Lack.FULL),
        ("53400", Lack.FULL),
        ("53300", Lack.CROWDED),
        ("57P03", Lack.STARTING),
        ("57P01", Lack.AWAY),
        ("25006", Lack.READ_ONLY),
        ("25P03", Lack.SLOW),
        ("57014", Lack.SLOW),
    ],
)
async def test_each_reason_counts_as_a_lost_database(db: Db, code: str, lack: Lack) -> None:
    with pytest.raises(LOST) as caught:
        await db.execute(RAISE.format(code).encode())
    assert trouble(caught.value).lack is lack


async def test_a_transaction_that_our_own_limit_ended_counts_as_a_lost_database(
    database: str, db: Db
) -> None:
    async with await AsyncConnection.connect(database) as late:
        await late.execute("SET idle_in_transaction_session_timeout = '20ms'")
        pid = late.info.backend_pid
        gone = "SELECT NOT EXISTS (SELECT FROM pg_stat_activity WHERE pid = %s)"
        async with asyncio.timeout(20):
            while (await (await db.execute(gone, (pid,))).fetchone()) != (True,):
                pass
        with pytest.raises(LOST) as caught:
            await late.execute("SELECT 1")
    assert trouble(caught.value).lack is Lack.SLOW


async def test_a_server_without_a_free_connection_and_a_read_only_one_are_named(
    database: str,
) -> None:
    async with refusing(("53300", "sorry, too many clients already")) as crowded:
        found = await diagnose(crowded)
    assert found is not None
    assert found.lack is Lack.CROWDED
    only_read = make_conninfo(
        database,
        options="-c default_transaction_read_only=on",
        target_session_attrs="read-write",
    )
    found = await diagnose(only_read)
    assert found is not None
    assert found.lack is Lack.READ_ONLY
    assert await diagnose(database) is None


@asynccontextmanager
async def refusing(*answers: tuple[str, str]) -> AsyncGenerator[str]:
    """Lend the address of a server that refuses each connection in its turn, the last for ever."""
    left = list(answers)

    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1024)
        code, words = left.pop(0) if len(left) > 1 else left[0]
        fields = b"".join(
            b"%c%s\0" % (k, v.encode()) for k, v in zip(b"SCM", ("FATAL", code, words), strict=True)
        )
        writer.write(b"E" + (len(fields) + 5).to_bytes(4, "big") + fields + b"\0")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(refuse, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        yield f"postgresql://baysync@127.0.0.1:{port}/x?sslmode=disable&gssencmode=disable"


async def test_a_database_that_starts_is_waited_for_and_said_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(troubles, "LOOK_SECONDS", 0.01)
    monkeypatch.setattr(troubles, "AWAY_SECONDS", 0.0)
    said: list[str] = []
    async with refusing(STARTING, STARTING, STARTING, REFUSED) as url:
        assert not await wait_started(url, said.append)
        assert said == ["The database is starting or stopping."]
        with pytest.raises(DatabaseError, match=r"refuses the connection\..*password"):
            await asyncio.to_thread(migrate.check, url)
    assert not await wait_started("postgresql://x@/x?host=/nowhere", said.append)
    assert len(said) == 1, "nobody is there, and no time to wait"


async def test_a_disk_without_room_is_seen_though_rows_still_fit_in_their_pages(
    database: str, db: Db
) -> None:
    assert await unwritable(db) is None
    await fill_disk(database)
    async with await AsyncConnection.connect(database, autocommit=True) as later:
        found = await unwritable(later)
    assert found is not None
    assert found.lack is Lack.FULL
    assert found.words == "The database cannot write: no space is left on its disk."


async def test_a_database_that_is_only_read_is_seen_without_writing(db: Db) -> None:
    await db.execute("SET default_transaction_read_only = on")
    found = await unwritable(db)
    assert found is not None
    assert found.lack is Lack.READ_ONLY


@asynccontextmanager
async def cutting(database: str, *numbers: int) -> AsyncGenerator[str]:
    """Lend another address of a server at which the connections of these numbers are cut."""
    carried: list[asyncio.Task[None] | None] = []

    async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        carried.append(asyncio.current_task())
        if len(carried) not in numbers:
            asked = conninfo_to_dict(database)
            path = f"{asked['host']}/.s.PGSQL.{asked.get('port') or 5432}"
            back, forth = await asyncio.open_unix_connection(path)
            await asyncio.gather(copy(reader, forth), copy(back, writer))
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_server(carry, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        yield make_conninfo(database, host="127.0.0.1", port=port)
        await asyncio.gather(*[task for task in carried if task])


async def copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while some := await reader.read(65_536):
        writer.write(some)
    writer.close()
    await writer.wait_closed()


async def test_a_process_outlives_a_database_that_restarts_before_its_first_connection(
    database: str, tmp_path: Path
) -> None:
    async with cutting(database, 2) as url, AsyncExitStack() as kept:
        settings = Settings(database_url=SecretStr(url), home=tmp_path)
        runtime = await opened(kept, settings)
        async with runtime.db() as db:
            assert await (await db.execute("SELECT 1")).fetchall() == [(1,)]
