"""Arrangements for the tests of the mock: a seller's client, an endpoint for notifications."""

from collections.abc import Iterator

import pytest

from mockbay.client import MockServer
from support.mockbay_calls import Document, Seller
from support.mockbay_endpoint import Endpoint, listening


@pytest.fixture
def seller(mockbay: MockServer) -> Seller:
    """The first seller of a fresh mock."""
    return Seller(mockbay.url, mockbay.credentials["user_token"])


@pytest.fixture
def two(mockbay: MockServer, seller: Seller) -> Document:
    """An order of two lamps and a mug, with delivery for 6.00."""
    for sku in ("LAMP", "MUG"):
        seller.live(sku)
    lines = [{"sku": "LAMP", "quantity": 2}, {"sku": "MUG"}]
    return mockbay.buy(lines=lines, shipping_cost="6.00")


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    """A running endpoint for notifications."""
    with listening() as made:
        yield made
