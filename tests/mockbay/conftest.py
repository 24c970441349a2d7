"""Arrangements for the tests of the mock: a seller's client, an endpoint for notifications."""

from collections.abc import Iterator

import pytest

from mockbay.client import MockServer
from mockbay_calls import Seller
from mockbay_endpoint import Endpoint, listening


@pytest.fixture
def seller(mockbay: MockServer) -> Seller:
    """The first seller of a fresh mock."""
    return Seller(mockbay.url, mockbay.credentials["user_token"])


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    """A running endpoint for notifications."""
    with listening() as made:
        yield made
