"""Arrangements for the tests of the mock: a seller's client, an endpoint for notifications."""

import threading
from collections.abc import Iterator
from http.server import ThreadingHTTPServer

import pytest

from mockbay.client import MockServer
from mockbay.signing import public_key
from mockbay_calls import Seller
from mockbay_endpoint import Endpoint


@pytest.fixture
def seller(mockbay: MockServer) -> Seller:
    """The first seller of a fresh mock."""
    return Seller(mockbay.url, mockbay.credentials["user_token"])


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    """A running endpoint for notifications."""
    made = Endpoint(public_key(1)["kid"])
    with ThreadingHTTPServer(("127.0.0.1", 0), made.handler()) as server:
        made.url = f"http://127.0.0.1:{server.server_address[1]}/notices"
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield made
        server.shutdown()
        thread.join()
