"""A program that subscribes to notifications: its token, its destination, its subscription."""

import base64
from collections.abc import Callable, Generator
from contextlib import contextmanager

from bidkit import EbayClient, EbayConfig, NotificationVerifier

from mockbay.client import MockServer
from support.mockbay_calls import Document, Seller, send
from support.mockbay_endpoint import Endpoint

BASE = "/commerce/notification/v1"
DELETION = "MARKETPLACE_ACCOUNT_DELETION"
PAYLOAD = {"format": "JSON", "schemaVersion": "1.0", "deliveryProtocol": "HTTPS"}


def program_of(mock: MockServer) -> Seller:
    """Return a caller with the token of the application."""
    keys = mock.credentials
    pair = base64.b64encode(f"{keys['client_id']}:{keys['client_secret']}".encode()).decode()
    path, basic = "/identity/v1/oauth2/token", {"Authorization": f"Basic {pair}"}
    got = send(mock.url, "POST", path, b"grant_type=client_credentials", basic)
    return Seller(mock.url, got.json["access_token"])


def place(endpoint: Endpoint, **changes: object) -> Document:
    """Return the body of a destination."""
    config = {"endpoint": endpoint.url, "verificationToken": endpoint.token}
    return {"name": "shop", "status": "ENABLED", "deliveryConfig": config} | changes


def wish(destination: str, topic: str = DELETION) -> Document:
    """Return the body of a subscription; ``destination`` is a path."""
    wanted = {"topicId": topic, "destinationId": destination.rpartition("/")[2]}
    return wanted | {"status": "ENABLED", "payload": PAYLOAD}


def subscribe(mock: MockServer, endpoint: Endpoint) -> None:
    """Let an endpoint hear of deleted accounts."""
    program = program_of(mock)
    assert program.call("PUT", f"{BASE}/config", {"alertEmail": "a@b.example"}).status == 204
    made = program.call("POST", f"{BASE}/destination", place(endpoint))
    body = wish(made.headers["location"])
    assert program.call("POST", f"{BASE}/subscription", body).status == 201


@contextmanager
def verifying(mock: MockServer) -> Generator[Callable[[bytes, str], bool]]:
    """Give what tells whether a body is signed with the public key that the mock gives out."""
    keys = mock.credentials
    config = EbayConfig(
        app_id=keys["client_id"], cert_id=keys["client_secret"], base_url_override=mock.url
    )
    with EbayClient(config) as client:
        verifier = NotificationVerifier(client)
        yield lambda body, mark: bool(mark) and verifier.verify(body, mark)
