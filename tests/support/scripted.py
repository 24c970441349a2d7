"""A server that answers what it is told, byte for byte: for replies no decent server gives."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field


class Hang:
    """Read the request and never answer."""


class Reset:
    """Read the request and cut the connection."""


HANG, RESET = Hang(), Reset()
Reply = bytes | Hang | Reset


def reply(status: int, body: bytes = b"", *headers: str) -> bytes:
    """Return an answer with its length, and more headers."""
    lines = [f"HTTP/1.1 {status} Anything", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join([*lines, "", ""]).encode() + body


@dataclass
class Scripted:
    """The replies still to give, and the requests that came."""

    url: str
    replies: list[Reply]
    requests: list[tuple[str, dict[str, str], bytes]] = field(
        default_factory=list[tuple[str, dict[str, str], bytes]]
    )

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            with suppress(asyncio.IncompleteReadError, ConnectionError):  # it has had enough
                while await self._one(reader, writer):
                    pass
        finally:
            writer.close()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        headers = dict(line.lower().split(": ", 1) for line in head[1:] if line)
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        self.requests.append((head[0].removesuffix(" HTTP/1.1"), headers, body))
        answer = self.replies.pop(0)
        if isinstance(answer, Hang):
            await reader.read()
        elif isinstance(answer, Reset):
            writer.transport.abort()
        else:
            writer.write(answer)
            await writer.drain()
        return isinstance(answer, bytes)


@asynccontextmanager
async def scripted(replies: Sequence[Reply]) -> AsyncGenerator[Scripted]:
    """Run a server on a free port of the loopback for these replies, in order."""
    script = Scripted("", list(replies))
    server = await asyncio.start_server(script.serve, "127.0.0.1", 0)
    script.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield script
    finally:
        server.close()
