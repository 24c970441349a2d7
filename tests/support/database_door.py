"""A door before PostgreSQL: shut, the database is away for all who come through it."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict, make_conninfo

NAME = ".s.PGSQL.5432"


@dataclass(slots=True)
class Door:
    """Hands connections on to the server's socket while it is open."""

    url: str
    folder: Path
    inside: str
    server: asyncio.Server | None = None
    writers: set[asyncio.StreamWriter] = field(default_factory=set[asyncio.StreamWriter])
    meetings: set[asyncio.Task[None]] = field(default_factory=set[asyncio.Task[None]])

    async def open(self) -> None:
        """Let connections through."""
        self.server = await asyncio.start_unix_server(self._met, self.folder / NAME)

    async def shut(self) -> None:
        """Cut all connections and let nobody in."""
        if self.server is not None:
            self.server.close()
        (self.folder / NAME).unlink(missing_ok=True)
        for writer in list(self.writers):
            writer.transport.abort()
        await asyncio.gather(*self.meetings)

    def _met(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        meeting = asyncio.ensure_future(self._meet(reader, writer))
        self.meetings.add(meeting)
        meeting.add_done_callback(self.meetings.discard)

    async def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there_reader, there_writer = await asyncio.open_unix_connection(self.inside)
        both = {writer, there_writer}
        self.writers |= both
        try:
            await asyncio.gather(_hand_on(reader, there_writer), _hand_on(there_reader, writer))
        finally:
            self.writers -= both
            for each in both:
                each.close()


async def _hand_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        with suppress(
            ConnectionError
        ):  # one end left, or the door was shut: the other end hears it
            while data := await reader.read(65536):
                writer.write(data)
                await writer.drain()
    finally:
        writer.close()


@asynccontextmanager
async def door(database: str, folder: Path) -> AsyncGenerator[Door]:
    """Yield an open door before ``database``; its ``url`` leads through it."""
    inside = f"{conninfo_to_dict(database)['host']}/{NAME}"
    found = Door(make_conninfo(database, host=str(folder)), folder, inside)
    await found.open()
    try:
        yield found
    finally:
        await found.shut()
