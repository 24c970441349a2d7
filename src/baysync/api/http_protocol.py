"""The connections of the server: bounded in number, and in the time that a stranger may take.

uvicorn knows no deadline for the head of a request, none for a body that is refused but still
being sent, and none for an answer that nobody reads. Bodies that are wanted have the deadlines of
``baysync.api.bodies``.
"""

import asyncio
import json
import resource
from enum import Enum
from http import HTTPStatus
from typing import Any, ClassVar

import h11
from starlette.types import ASGIApp
from uvicorn import Config
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from baysync.api.guard import HEADERS
from baysync.api.problems import MEDIA_TYPE, described
from baysync.base.ids import correlation_id
from baysync.db.trouble import RETRY_AFTER
from baysync.telemetry.logs import logger

log = logger(__name__)
MOST_CONNECTIONS = 500
BACKLOG = 128


class Awaited(Enum):
    """What a connection waits for from its other end."""

    HEAD = "the head of a request"
    REST = "what is left of a body that was refused, or never asked for"
    READER = "somebody who reads the answer"
    LAST = "what is left of a body while the server ends"
    HANGUP = "the end of a connection that was turned away"


_SECONDS = {Awaited.REST: 5.0, Awaited.READER: 30.0, Awaited.LAST: 3.0, Awaited.HANGUP: 5.0}


class BoundedConfig(Config):
    """What uvicorn is told, with the seconds that the head of a request may take."""

    def __init__(self, app: ASGIApp, *, head_seconds: float, **more: Any) -> None:  # noqa: ANN401
        super().__init__(app, http=BoundedProtocol, ws="none", backlog=BACKLOG, **more)
        self.head_seconds = head_seconds


def most_connections() -> int:
    """Return how many connections are served at once: of our files at most a third."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return MOST_CONNECTIONS if soft < 0 else min(MOST_CONNECTIONS, soft // 3)


class BoundedProtocol(H11Protocol):
    """A connection that waits for its other end only so long.

    One too many is told to come back: 503 with ``Retry-After``, before it says what it wants.
    """

    _leaving: ClassVar[set["BoundedProtocol"]] = set()  # turned away, and not gone yet

    def __init__(
        self,
        config: BoundedConfig,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._seconds = {**_SECONDS, Awaited.HEAD: config.head_seconds}
        self._awaited: Awaited | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._is_full = False  # of answers that nobody reads
        self._is_ending = False

    def connection_made(self, transport: asyncio.Transport) -> None:
        """Serve the connection, or turn it away."""
        super().connection_made(transport)
        most = most_connections()
        if len(self.connections) <= most:
            self._await(Awaited.HEAD)
            return
        self.connections.discard(self)
        if len(self._leaving) >= most:
            transport.abort()
            return
        self._leaving.add(self)
        detail = f"There are {most} connections already."
        self._answer(503, detail, {"fix": "try again in a moment."}, {"Retry-After": RETRY_AFTER})
        # Closed at once, what was sent meanwhile would cost the other end our answer.
        transport.write_eof()
        self._await(Awaited.HANGUP)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self._leaving.discard(self)
        self._await(None)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take what has come; what is awaited is the same until it is complete."""
        if self in self._leaving:
            return
        super().data_received(data)
        self._await(self._unfinished())

    def on_response_complete(self) -> None:
        """Wait for what is left of the request that was answered."""
        super().on_response_complete()
        self._await(self._unfinished())

    def pause_writing(self) -> None:
        """Wait for a reader of what was answered."""
        super().pause_writing()
        self._is_full = True
        self._await(self._unfinished())

    def resume_writing(self) -> None:
        """Go on: some of it was read."""
        super().resume_writing()
        self._is_full = False
        self._await(self._unfinished())

    def shutdown(self) -> None:
        """End with the answer under way; a body has a moment more to arrive."""
        super().shutdown()
        self._is_ending = True
        self._await(self._unfinished())

    def send_400_response(self, msg: str) -> None:
        """Answer what is no HTTP as a problem, unless an answer is under way."""
        if self.conn.our_state in {h11.IDLE, h11.SEND_RESPONSE}:
            self._answer(400, msg, {"code": "not_http"})
        self.transport.close()

    def _unfinished(self) -> Awaited | None:
        if self._is_full:
            return Awaited.READER
        if self.conn.their_state is h11.IDLE and self.conn.trailing_data[0]:
            return Awaited.HEAD
        if self.conn.their_state is not h11.SEND_BODY:
            return None
        if self.conn.our_state is h11.DONE:
            return Awaited.REST
        return Awaited.LAST if self._is_ending else None

    def _await(self, awaited: Awaited | None) -> None:
        """Begin to wait; who sends a little now and then wins no time by it."""
        if awaited is self._awaited:
            return
        if self._timer is not None:
            self._timer.cancel()
        self._awaited = awaited
        self._timer = (
            self.loop.call_later(self._seconds[awaited], self._give_up) if awaited else None
        )

    def _give_up(self) -> None:
        if self._awaited is Awaited.HEAD and self.conn.trailing_data[0]:
            seconds = f"{self._seconds[Awaited.HEAD]:g} s"
            self._answer(408, f"The head of the request was not complete within {seconds}.")
            self.transport.close()
        else:
            self.transport.abort()

    def _answer(
        self,
        status: int,
        detail: str,
        more: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        """Answer outside of any request, as every error is answered."""
        identity = correlation_id()
        log.info("http.refused", status=status, reason=detail, correlation_id=identity)
        body = described(status, detail, correlation_id=identity, **(more or {}))
        text = json.dumps(body).encode()
        sent = {
            **HEADERS,
            **(headers or {}),
            "X-Correlation-Id": identity,
            "Content-Type": MEDIA_TYPE,
            "Content-Length": str(len(text)),
            "Connection": "close",
        }
        response = h11.Response(
            status_code=status,
            reason=HTTPStatus(status).phrase.encode(),
            headers=list(sent.items()),
        )
        for event in (response, h11.Data(data=text), h11.EndOfMessage()):
            self.transport.write(self.conn.send(event) or b"")
