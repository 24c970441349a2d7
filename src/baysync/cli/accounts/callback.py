"""Where eBay's consent page sends the browser back to: one request on this machine."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from baysync.base.errors import AccessRefused
from baysync.ebay.tokens import code_from

LONGEST_REQUEST_LINE = 8192
READ_SECONDS = 5.0
_ANSWER = (
    "HTTP/1.1 {status}\r\nContent-Type: text/plain; charset=utf-8\r\n"
    "Content-Security-Policy: default-src 'none'\r\nReferrer-Policy: no-referrer\r\n"
    "Cache-Control: no-store\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{text}"
)


@dataclass(frozen=True, slots=True)
class Callback:
    """A listening address and the code that will arrive there."""

    url: str
    code: "asyncio.Future[str]"


@asynccontextmanager
async def listen(port: int, *, state: str) -> AsyncGenerator[Callback]:
    """Listen on 127.0.0.1:``port`` (0: any free one) for the answer that carries ``state``.

    Requests with another state are told so and change nothing; the first answer that belongs to
    us ends the wait, with its code or, when the seller declined, with ``AccessRefused``.
    """
    code: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(READ_SECONDS):
                line = await reader.readline()
            status, text = _judge(line.decode("latin-1").split(" "), state, code)
            answer = _ANSWER.format(status=status, length=len(text.encode()), text=text)
            writer.write(answer.encode())
            await writer.drain()
        except (TimeoutError, ConnectionError, ValueError):
            writer.transport.abort()
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", port, limit=LONGEST_REQUEST_LINE)
    async with server:
        host, bound = server.sockets[0].getsockname()[:2]
        yield Callback(f"http://{host}:{bound}/", code)


def _judge(words: list[str], state: str, code: "asyncio.Future[str]") -> tuple[str, str]:
    """Return the answer to a request line; settle ``code`` when it is the one."""
    if len(words) < 2 or words[0] != "GET" or "?" not in words[1]:  # noqa: PLR2004 - method, path
        return "404 Not Found", "There is nothing here."
    try:
        found = code_from(words[1], state=state)
    except AccessRefused as refused:
        if f"state={state}" in words[1] and not code.done():
            code.set_exception(refused)
        return "400 Bad Request", refused.message
    if code.done():
        return "410 Gone", "This answer was used already."
    code.set_result(found)
    return "200 OK", "baysync has eBay's answer. You can close this window."
