"""Which addresses may be called where."""

import pytest

from baysync.base.errors import HostRefused
from baysync.ebay.environment import Environment, Hosts, checked, hosts
from baysync.ebay.model import Family


def everywhere(address: str) -> Hosts:
    return Hosts(api=address, apiz=address, apim=address, auth=address)


def test_ebays_own_hosts_are_known() -> None:
    real = hosts(Environment.PRODUCTION)
    assert (real.api, real.auth) == ("https://api.ebay.com", "https://auth.ebay.com")
    assert hosts(Environment.SANDBOX).apim == "https://apim.sandbox.ebay.com"
    assert real.of(Family.IDENTITY) == "https://apiz.ebay.com"
    assert real.of(Family.OAUTH) == "https://api.ebay.com"
    assert checked(Environment.PRODUCTION, real) == real


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:8000/", "http://localhost", "http://[::1]:1"]
)
def test_the_mock_is_wholly_at_its_loopback_address(address: str) -> None:
    assert hosts(Environment.MOCK, mock_url=address) == everywhere(address.rstrip("/"))


@pytest.mark.parametrize(
    ("environment", "address"),
    [
        (Environment.MOCK, ""),
        (Environment.MOCK, "http://192.0.2.1:8000"),
        (Environment.MOCK, "http://127.0.0.1.evil.example"),
        (Environment.MOCK, "ftp://127.0.0.1"),
        (Environment.MOCK, "http://127.0.0.1:99999"),
        (Environment.MOCK, "http://[::1"),
        (Environment.MOCK, "https://api.ebay.com"),
        (Environment.SANDBOX, "https://api.ebay.com"),
        (Environment.SANDBOX, "http://api.sandbox.ebay.com"),
        (Environment.PRODUCTION, "https://api.sandbox.ebay.com"),
        (Environment.PRODUCTION, "https://ebay.com.evil.example"),
        (Environment.PRODUCTION, "https://user@api.ebay.com"),
        (Environment.PRODUCTION, "https://api.ebay.com:8443"),
        (Environment.PRODUCTION, "https://api.ebay.com/path"),
        (Environment.PRODUCTION, "https://api.ebay.com?x=1"),
        (Environment.PRODUCTION, "https://api.ebay.com#x"),
    ],
)
def test_any_other_address_is_refused(environment: Environment, address: str) -> None:
    with pytest.raises(HostRefused, match="must not be called"):
        checked(environment, everywhere(address))


def test_only_the_mock_has_an_address_of_its_own() -> None:
    with pytest.raises(HostRefused, match="cannot replace"):
        hosts(Environment.SANDBOX, mock_url="http://127.0.0.1:1")
