"""What others would serve: bare Starlette routes and FastAPI with a list of Pydantic models.

``served(url)`` runs it in a process of its own, as ``baysync web`` is.
"""

import json
import socket
import subprocess
import sys
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager

import uvicorn
from fastapi import FastAPI
from psycopg_pool import AsyncConnectionPool
from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

HEALTH: dict[str, object] = {
    "status": "ok",
    "version": "1",
    "problems": [],
    "database": "up",
    "workers": 1,
}


class Weight(BaseModel):
    """A weight as everybody writes it."""

    unit: str
    value: str


class Listing(BaseModel):
    """A listing as everybody writes it."""

    sku: str = Field(max_length=50)
    title: str = Field(max_length=80)
    description: str
    price: str
    currency: str
    quantity: int = Field(ge=0)
    images: list[str] = Field(max_length=24)
    brand: str
    mpn: str
    condition: str
    category: str
    aspects: dict[str, list[str]]
    weight: Weight


def site(url: str) -> FastAPI:
    """Return the application; ``url`` is the database that ``/select`` asks."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncGenerator[None]:
        async with AsyncConnectionPool(url, min_size=2, kwargs={"autocommit": True}) as pool:
            app.state.pool = pool
            yield

    app = FastAPI(lifespan=lifespan)

    async def health(_: Request) -> JSONResponse:
        return JSONResponse(HEALTH)

    async def select(request: Request) -> JSONResponse:
        async with request.app.state.pool.connection() as db:
            cursor = await db.execute("SELECT 1")
            return JSONResponse(await cursor.fetchone())

    async def listings(rows: list[Listing]) -> dict[str, int]:
        return {"listings": len(rows)}

    app.add_route("/health", health)
    app.add_route("/select", select)
    app.add_api_route("/listings", listings, methods=["POST"])
    return app


class Bytes:
    """An ASGI application that answers ``/bytes`` by itself: no framework is faster."""

    def __init__(self, app: ASGIApp) -> None:
        self._app, self._body = app, json.dumps(HEALTH).encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or leave it to the site."""
        if scope.get("path") != "/bytes":
            await self._app(scope, receive, send)
            return
        size = str(len(self._body)).encode()
        headers = [(b"content-type", b"application/json"), (b"content-length", size)]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": self._body})


@contextmanager
def served(url: str) -> Generator[tuple[int, int]]:
    """Serve the site in another process; yield its port and process id."""
    command = [sys.executable, __file__, url]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            if process.stdout is None:
                raise AssertionError
            yield int(process.stdout.readline()), process.pid
        finally:
            process.terminate()


def main() -> None:
    """Serve until told to end; say the port first."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sys.stdout.write(f"{listener.getsockname()[1]}\n")
        sys.stdout.flush()
        config = uvicorn.Config(
            Bytes(site(sys.argv[1])), log_config=None, access_log=False, timeout_keep_alive=600
        )
        uvicorn.Server(config).run(sockets=[listener])


if __name__ == "__main__":
    main()
