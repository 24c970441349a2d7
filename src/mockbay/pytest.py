"""A pytest plugin: ``pytest_plugins = ["mockbay.pytest"]`` gives the fixture ``mockbay``.

The server runs once per session in a process of its own; each test finds it reset::

    def test_my_client_sells(mockbay):
        client = MyClient(base_url=mockbay.url, token=mockbay.credentials["user_token"])
        client.publish("LAMP-1")
        mockbay.buy("LAMP-1")
        assert len(mockbay.journal("publishOffer")) == 1
"""

from collections.abc import Iterator

import pytest

from mockbay.client import MockServer, running


@pytest.fixture(scope="session")
def mockbay_options() -> tuple[str, ...]:
    """More options of ``mockbay serve`` for the session's mock; define it anew to set some."""
    return ()


@pytest.fixture(scope="session")
def mockbay_server(mockbay_options: tuple[str, ...]) -> Iterator[MockServer]:
    """One running mock for the whole session; tests rather take ``mockbay``."""
    with running("--clock", "virtual", *mockbay_options) as server:
        yield server


@pytest.fixture
def mockbay(mockbay_server: MockServer) -> MockServer:
    """A running mock, as new: seed 1, default switches, no faults, an empty journal."""
    mockbay_server.reset()
    return mockbay_server
