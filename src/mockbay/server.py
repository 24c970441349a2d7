"""The server: uvicorn with a way to cut a connection, and an address known at once."""

import asyncio
import os
import signal
import socket
import ssl
import struct
import sys
import threading
from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any, NamedTuple, cast

import uvicorn
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from mockbay import proxy
from mockbay.app import CUTTER, application
from mockbay.control import Mock

NO_LINGER = struct.pack("ii", 1, 0)
BACKLOG = 512
GRACE_SECONDS = 1


class Secure(NamedTuple):
    """Where TLS is spoken, and with which certificate."""

    listener: socket.socket
    context: ssl.SSLContext


class Protocol(H11Protocol):
    """HTTP/1.1 whose requests can cut their own connection, for direct and for proxied ones."""

    def __init__(self, *, secure: Secure | None, **of_uvicorn: Any) -> None:  # noqa: ANN401  (its)
        super().__init__(**of_uvicorn)
        self._secure = secure
        self._head: bytes | None = b""

    def connection_made(self, transport: asyncio.Transport) -> None:
        """Give each request of the connection the function that cuts it."""
        super().connection_made(transport)
        inner = cast("Callable[..., Awaitable[None]]", self.app)

        async def app(scope: dict[str, Any], receive: Receive, send: Send) -> None:
            scope[CUTTER] = lambda: cut(transport)
            if (host := proxy.resolve(scope)) is not None:
                refused = PlainTextResponse(proxy.REFUSED.format(host), 403)
                await refused(scope, receive, send)
            else:
                await inner(scope, receive, send)

        self.app = cast("Any", app)

    def data_received(self, data: bytes) -> None:
        """Begin a tunnel if the connection begins with a request for one."""
        if self._head is None:
            super().data_received(data)
            return
        self._head += data
        begun = self._head[: len(proxy.CONNECT)]
        if begun != proxy.CONNECT[: len(begun)] or len(self._head) > proxy.LONGEST_HEAD:
            head, self._head = self._head, None
            super().data_received(head)
        elif b"\r\n\r\n" in self._head:
            head, self._head = self._head, b""
            self._tunnel(proxy.tunnelled(head))

    def _tunnel(self, host: str) -> None:
        if self._secure is None or not proxy.is_ebays(host):
            self.transport.write(proxy.refusal(host, secure=self._secure is not None))
            self.transport.close()
            return
        self.transport.pause_reading()
        self._opening = self.loop.create_task(self._open(self._secure.listener.getsockname()[:2]))

    async def _open(self, place: tuple[str, int]) -> None:
        """Lead the connection to where TLS is spoken."""
        client = self.transport
        there, _ = await self.loop.create_connection(
            lambda: proxy.Pipe(client, lambda exc: cut(client) if exc else client.close()), *place
        )

        def ended(exc: Exception | None) -> None:
            self.connection_lost(exc)
            there.close()

        client.write(proxy.OPENED)
        client.set_protocol(proxy.Pipe(there, ended))
        client.resume_reading()


def cut(transport: asyncio.Transport) -> None:
    """Close a connection with a reset instead of an orderly end."""
    if (connection := transport.get_extra_info("socket")) is not None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, NO_LINGER)
    transport.abort()


class Server(uvicorn.Server):
    """uvicorn that ends cleanly, so that coverage and exit codes are right, with a door for TLS."""

    def __init__(self, config: uvicorn.Config, secure: Secure | None) -> None:
        super().__init__(config)
        self._secure = secure

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Open both doors."""
        await super().startup(sockets)
        if self._secure is None:
            return
        protocol = partial(
            cast("Callable[..., asyncio.Protocol]", self.config.http_protocol_class),
            config=self.config, server_state=self.server_state, app_state=self.lifespan.state,
        )  # fmt: skip
        loop = asyncio.get_running_loop()
        door = await loop.create_server(
            protocol, sock=self._secure.listener, ssl=self._secure.context
        )
        self.servers.append(door)

    @contextmanager
    def capture_signals(self) -> Generator[None]:
        """End on SIGTERM and SIGINT without raising them again."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.stop)
        yield

    def stop(self) -> None:
        """End after the calls in progress."""
        self.should_exit = True


def listen(host: str, port: int) -> socket.socket:
    """Return a listening socket; port 0 takes a free one.

    Raises:
        OSError: the address cannot be used.
    """
    listener = socket.create_server((host, port), backlog=BACKLOG)
    # Inherited by every connection; asyncio would leave it off for a socket made without a protocol
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


def serve(
    mock: Mock, listener: socket.socket, secure: Secure | None = None, *, until_input_ends: bool
) -> None:
    """Serve until stopped by a signal, or, on request, until standard input ends.

    With ``secure`` it also speaks TLS, and is a proxy to eBay's hosts.
    """
    protocol = cast("Any", partial(Protocol, secure=secure))
    config = uvicorn.Config(
        application(mock), http=protocol, ws="none", lifespan="off", loop="asyncio",
        access_log=False, log_level="warning", server_header=False, date_header=False,
        timeout_graceful_shutdown=GRACE_SECONDS, timeout_keep_alive=75,
    )  # fmt: skip
    server = Server(config, secure)

    async def run() -> None:
        if until_input_ends:
            watch = partial(_await_end, asyncio.get_running_loop(), server)
            threading.Thread(target=watch, daemon=True).start()
        await server.serve(sockets=[listener])

    asyncio.run(run())


def _await_end(loop: asyncio.AbstractEventLoop, server: Server) -> None:
    """Stop a server once standard input ends; in a thread, since no loop can watch a file."""
    while os.read(sys.stdin.fileno(), 4096):
        pass
    with suppress(RuntimeError):  # the loop has ended already
        loop.call_soon_threadsafe(server.stop)
