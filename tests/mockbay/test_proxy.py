"""mockbay stands in for eBay's own hosts: as a proxy, and with TLS."""

import http.client
import json
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from typer.testing import CliRunner

from mockbay.cli import app
from mockbay.client import MockServer, running
from support.mockbay_calls import INVENTORY, LANGUAGE, Document, Seller, item, send

ITEM = f"{INVENTORY}/inventory_item/LAMP"


class Ebay:
    """A mock that stands in for eBay, and what trusts it."""

    def __init__(self, mock: MockServer, trusted: ssl.SSLContext) -> None:
        self.mock = mock
        self.trusted = trusted
        self.headers = LANGUAGE | {
            "Authorization": f"Bearer {mock.credentials['user_token']}",
            "Content-Type": "application/json",
        }

    def tunnel(self, host: str) -> http.client.HTTPSConnection:
        """Return a connection to a host through the mock, not yet opened."""
        place = urlsplit(self.mock.url)
        connection = http.client.HTTPSConnection(
            place.hostname or "", place.port, context=self.trusted, timeout=20
        )
        connection.set_tunnel(host)
        return connection


@pytest.fixture(scope="module")
def standing_in(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ebay]:
    """One such mock for the tests of this file."""
    ca = tmp_path_factory.mktemp("ca") / "ca.pem"
    with running("--ca-file", str(ca), "--clock", "virtual") as mock:
        yield Ebay(mock, ssl.create_default_context(cafile=ca))


@pytest.fixture
def ebay(standing_in: Ebay) -> Ebay:
    """The same, as new."""
    standing_in.mock.reset()
    return Ebay(standing_in.mock, standing_in.trusted)


@pytest.mark.parametrize("host", ["api.ebay.com", "apiz.ebay.com", "api.sandbox.ebay.com"])
def test_a_program_that_names_ebays_host_reaches_the_mock_through_a_tunnel(
    ebay: Ebay, host: str
) -> None:
    connection = ebay.tunnel(host)
    body = json.dumps(item(product={"description": "x" * 4000}) | {"padding": "x" * 3_000_000})
    for status in (201, 204):  # on one connection, with a body that fills every buffer
        connection.request("PUT", ITEM, body, ebay.headers)
        answer = connection.getresponse()
        assert (answer.status, answer.read()) == (status, b"{}" if status == 201 else b"")
    connection.request("GET", "/sell/fulfillment/v1/order", headers=ebay.headers)
    orders: Document = json.load(connection.getresponse())
    assert orders["href"].startswith(f"https://{host}/sell/")
    connection.request("GET", "/_mock/credentials")
    assert connection.getresponse().status == 403, "only by names of this machine"
    connection.close()


def test_a_request_with_its_whole_address_is_answered_by_its_path(ebay: Ebay) -> None:
    whole = send(ebay.mock.url, "PUT", f"https://api.ebay.com{ITEM}?x=1", b"{}", ebay.headers)
    assert whole.status == 201
    assert ebay.mock.journal()[-1]["path"] == ITEM
    order = send(
        ebay.mock.url, "GET", "https://api.ebay.com/sell/fulfillment/v1/order", None,
        ebay.headers | {"Host": "api.ebay.com"},
    )  # fmt: skip
    assert order.json["href"].startswith("https://api.ebay.com/sell/")
    assert send(ebay.mock.url, "GET", f"{ebay.mock.url}/_mock/health").status == 200


def test_no_other_host_is_reached(ebay: Ebay, mockbay: MockServer) -> None:
    for host in ("example.com", "ebay.com.example.com", "notebay.com"):
        with pytest.raises(OSError, match="403"):
            ebay.tunnel(host).request("GET", "/")
        refused = send(ebay.mock.url, "GET", f"http://{host}{ITEM}")
        assert (refused.status, host.encode() in refused.raw) == (403, True)
    assert ebay.mock.journal() == []
    without = send(mockbay.url, "CONNECT", "api.ebay.com:443")
    assert (without.status, b"--ca-file" in without.raw) == (403, True)


def test_the_certificate_is_for_ebays_names_and_this_machine_only(ebay: Ebay) -> None:
    place = urlsplit(ebay.mock.tls_url or "")
    for host in ("127.0.0.1", "localhost"):
        direct = http.client.HTTPSConnection(host, place.port, context=ebay.trusted, timeout=20)
        direct.request("GET", "/_mock/health")
        assert direct.getresponse().status == 200
        direct.close()
    for name, trusted in (
        ("example.com", ebay.trusted),
        ("api.ebay.com", ssl.create_default_context()),
    ):
        with (
            socket.create_connection((place.hostname, place.port or 0), timeout=20) as connection,
            pytest.raises(ssl.SSLCertVerificationError),
        ):
            trusted.wrap_socket(connection, server_hostname=name)


def test_a_cut_call_is_cut_in_the_tunnel_too(ebay: Ebay) -> None:
    rule = {"match": {"op": "getInventoryItem"}, "effects": [{"kind": "reset"}]}
    ebay.mock.faults(rule)
    connection = ebay.tunnel("api.ebay.com")
    connection.request("GET", ITEM, headers=ebay.headers)
    with pytest.raises((ConnectionError, ssl.SSLError)):
        connection.getresponse()
    connection.close()
    assert Seller(ebay.mock.url, ebay.mock.credentials["user_token"]).get_item("LAMP").status == 404


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    refused = CliRunner().invoke(app, ["serve", "--ca-file", str(tmp_path / "none/ca.pem")])
    assert refused.exit_code == 2
    assert "--ca-file" in refused.output
