"""The server: uvicorn with a way to cut a connection, and an address known at once."""

import asyncio
import os
import signal
import socket
import struct
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any, cast

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from mockbay.app import CUTTER, application
from mockbay.control import Mock

NO_LINGER = struct.pack("ii", 1, 0)
BACKLOG = 512
GRACE_SECONDS = 1


class Protocol(H11Protocol):
    """HTTP/1.1 whose requests can cut their own connection."""

    def connection_made(self, transport: asyncio.Transport) -> None:
        """Give each request of the connection the function that cuts it."""
        super().connection_made(transport)
        inner = cast("Callable[..., Any]", self.app)

        async def app(scope: dict[str, Any], receive: object, send: object) -> None:
            scope[CUTTER] = lambda: cut(transport)
            await inner(scope, receive, send)

        self.app = cast("Any", app)


def cut(transport: asyncio.Transport) -> None:
    """Close a connection with a reset instead of an orderly end."""
    if (connection := transport.get_extra_info("socket")) is not None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, NO_LINGER)
    transport.abort()


class Server(uvicorn.Server):
    """uvicorn that ends cleanly, so that coverage and exit codes are right."""

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


def serve(mock: Mock, listener: socket.socket, *, until_input_ends: bool) -> None:
    """Serve until stopped by a signal, or, on request, until standard input ends."""
    config = uvicorn.Config(
        application(mock), http=Protocol, ws="none", lifespan="off", loop="asyncio",
        access_log=False, log_level="warning", server_header=False, date_header=False,
        timeout_graceful_shutdown=GRACE_SECONDS, timeout_keep_alive=75,
    )  # fmt: skip
    server = Server(config)

    async def run() -> None:
        if until_input_ends:
            asyncio.get_running_loop().add_reader(sys.stdin, _stop_at_end, server)
        await server.serve(sockets=[listener])

    asyncio.run(run())


def _stop_at_end(server: Server) -> None:
    if not os.read(sys.stdin.fileno(), 4096):
        server.stop()
        asyncio.get_running_loop().remove_reader(sys.stdin)
