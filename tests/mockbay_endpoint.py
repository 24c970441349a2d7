"""A shop's endpoint for notifications: answers challenges, keeps what is delivered."""

import json
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler
from urllib.parse import parse_qs, urlsplit


@dataclass
class Endpoint:
    """What the server knows and got: ``got`` holds the bodies with their signatures."""

    key_id: str
    url: str = ""
    token: str = "t" * 32
    status: int = 204
    proves: bool = True
    got: list[tuple[bytes, str]] = field(default_factory=list[tuple[bytes, str]])

    def handler(self) -> type[BaseHTTPRequestHandler]:
        """Return the request handler of this endpoint."""
        endpoint = self

        class Handler(BaseHTTPRequestHandler):
            """Speaks HTTP for the endpoint."""

            def do_GET(self) -> None:
                """Answer a challenge."""
                code = parse_qs(urlsplit(self.path).query)["challenge_code"][0]
                text = f"{code}{endpoint.token if endpoint.proves else ''}{endpoint.url}"
                answer = {"challengeResponse": sha256(text.encode()).hexdigest()}
                self._answer(200, json.dumps(answer).encode())

            def do_POST(self) -> None:
                """Take a delivery."""
                body = self.rfile.read(int(self.headers["content-length"]))
                endpoint.got.append((body, self.headers.get("x-ebay-signature", "")))
                self._answer(endpoint.status, b"")

            def _answer(self, status: int, body: bytes) -> None:
                self.send_response(status)
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                """Say nothing on the terminal."""

        return Handler
