"""A shop's endpoint for notifications: answers challenges, keeps what is delivered."""

import json
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from mockbay.signing import public_key


@dataclass
class Endpoint:
    """What the server knows and got: ``got`` holds the bodies with their signatures.

    With ``verify`` it refuses what is not signed as it should be: those bodies are ``refused``.
    ``meanwhile`` happens during a challenge; ``elsewhere`` is where its answers redirect.
    """

    key_id: str
    url: str = ""
    token: str = "t" * 32
    status: int = 204
    proves: bool = True
    verify: Callable[[bytes, str], bool] = lambda _body, _signature: True
    meanwhile: Callable[[], object] = lambda: None
    elsewhere: str = ""
    arrived: threading.Event = field(default_factory=threading.Event)
    got: list[tuple[bytes, str]] = field(default_factory=list[tuple[bytes, str]])
    refused: list[bytes] = field(default_factory=list[bytes])

    def handler(self) -> type[BaseHTTPRequestHandler]:
        """Return the request handler of this endpoint."""
        endpoint = self

        class Handler(BaseHTTPRequestHandler):
            """Speaks HTTP for the endpoint."""

            def do_GET(self) -> None:
                """Answer a challenge."""
                endpoint.meanwhile()
                code = parse_qs(urlsplit(self.path).query)["challenge_code"][0]
                text = f"{code}{endpoint.token if endpoint.proves else ''}{endpoint.url}"
                answer = {"challengeResponse": sha256(text.encode()).hexdigest()}
                self._answer(200, json.dumps(answer).encode())

            def do_POST(self) -> None:
                """Take a delivery."""
                body = self.rfile.read(int(self.headers["content-length"]))
                signature = self.headers.get("x-ebay-signature", "")
                if endpoint.verify(body, signature):
                    endpoint.got.append((body, signature))
                    self._answer(endpoint.status, b"")
                    endpoint.arrived.set()
                else:
                    endpoint.refused.append(body)
                    self._answer(412, b"")

            def _answer(self, status: int, body: bytes) -> None:
                self.send_response(status)
                self.send_header("content-length", str(len(body)))
                if endpoint.elsewhere:
                    self.send_header("location", endpoint.elsewhere)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                """Say nothing on the terminal."""

        return Handler


@contextmanager
def listening() -> Generator[Endpoint]:
    """Run an endpoint for notifications of a mock with seed 1."""
    made = Endpoint(public_key(1)["kid"])
    with ThreadingHTTPServer(("127.0.0.1", 0), made.handler()) as server:
        made.url = f"http://127.0.0.1:{server.server_address[1]}/notices"
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield made
        server.shutdown()
        thread.join()
