"""Serve the application until told to stop; signals are the caller's business."""

import os
import socket
from collections.abc import Generator
from contextlib import contextmanager

import anyio
import uvicorn
from fastapi import FastAPI

from baysync.api.guard import refuse_public
from baysync.api.http_protocol import BoundedConfig
from baysync.base.errors import Refused

GRACE_SECONDS = 4


class _Server(uvicorn.Server):
    """uvicorn that leaves signals alone: one place in the program hears them."""

    @contextmanager
    def capture_signals(self) -> Generator[None]:
        """Capture none."""
        yield


def listen(host: str, port: int) -> socket.socket:
    """Return a socket bound to ``host`` (this machine only) and ``port`` (0: any free one).

    Raises:
        Refused: ``host`` can be reached from elsewhere, or the port is taken.
    """
    refuse_public(host)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host.strip("[]"), port), family=family)
    except OSError as error:
        raise Refused(
            f"Cannot listen on {host} port {port}: {os.strerror(error.errno or 0)}.",
            fix="another port (--port 0 takes a free one), or end the other program: ss -ltnp",
        ) from error
    # Each connection inherits it; without it, an answer on a kept one waits 40 ms for the client.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


def url_of(listener: socket.socket) -> str:
    """Return the address to open in a browser."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


async def serve(
    app: FastAPI, listener: socket.socket, *, stopping: anyio.Event, head_seconds: float = 10.0
) -> None:
    """Serve ``app`` on ``listener`` until ``stopping``; open requests have 4 s to end.

    A request whose head takes longer than ``head_seconds`` is answered 408.
    """
    config = BoundedConfig(
        app,
        head_seconds=head_seconds,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
        lifespan="off",
    )
    server = _Server(config)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(_stop_later, server, stopping)
        await server.serve(sockets=[listener])
        tasks.cancel_scope.cancel()


async def _stop_later(server: uvicorn.Server, stopping: anyio.Event) -> None:
    await stopping.wait()
    server.should_exit = True
