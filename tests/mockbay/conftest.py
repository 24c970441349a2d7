"""Arrangements for the tests of the mock: a seller's client that speaks plain HTTP."""

import pytest

from mockbay.client import MockServer
from mockbay_calls import Seller


@pytest.fixture
def seller(mockbay: MockServer) -> Seller:
    """The first seller of a fresh mock."""
    return Seller(mockbay.url, mockbay.credentials["user_token"])
