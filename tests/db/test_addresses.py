"""Addresses that mean nothing: each is the sender's fault, in the one shape of errors."""

import re
import unicodedata
from collections.abc import AsyncGenerator

import pytest

from baysync.api.app import create
from baysync.base.segment import segment
from support.served import ask, request, served


@pytest.fixture
async def port(database: str) -> AsyncGenerator[int]:
    """The port of API and pages."""
    async with served(database) as port:
        yield port


@pytest.mark.parametrize(
    "target",
    [
        "/api/listings/A%00B",
        "/listings?q=%00",
        "/log?sku=%00",
        "/api/admin/ebay/queue?sku=%00",
        "/api/admin/ebay/queue/dead-letter?verdict=%00",
        "/api/ebay/orders?sku=%00",
        "/api/listings/%ff%fe",
        "/listings/%c3(",
        "/log?sku=%ff",
    ],
)
async def test_an_address_that_no_database_stores_is_a_bad_request(port: int, target: str) -> None:
    answer = await ask(port, request("GET", target))
    assert (answer.status, answer.problem["code"]) == (400, "malformed_address")
    assert "x-correlation-id: " in answer.head


@pytest.mark.parametrize("query", ["sku=", "status=pending&sku=%20", "limit="])
async def test_a_parameter_without_a_value_is_refused_by_name(port: int, query: str) -> None:
    answer = await ask(port, request("GET", f"/api/admin/ebay/queue?{query}"))
    assert (answer.status, answer.problem["code"]) == (422, "empty_parameter")
    name = "limit" if "limit" in query else "sku"
    assert f"The parameter {name} is empty" in str(answer.problem["detail"])
    assert (await ask(port, request("GET", "/log?sku="))).status == 200, "a form of a page"


@pytest.mark.parametrize(
    "target",
    [
        "/log?before=9223372036854775808",
        "/log?before=-1",
        "/listings/A?at=9223372036854775808",
        "/listings/A/diff?a=9223372036854775808",
        "/api/admin/ebay/queue?limit=99999999999999999999",
        "/api/ebay/orders?limit=0",
        "/api/ebay/orders?cursor=c2FsZTo5OTk5OTk5OTk5OTk5OTk5OTk5OTk=",
        "/api/listings?cursor=%5B",
    ],
)
async def test_a_number_out_of_range_is_the_fault_of_who_asks(port: int, target: str) -> None:
    assert (await ask(port, request("GET", target))).status in {400, 404, 422}


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "["},
        {"Host": "[::1"},
        {"Host": ""},
        {"Origin": "http://[", "Content_Length": "0"},
    ],
)
async def test_a_host_or_origin_that_is_no_address_is_a_foreign_one(
    port: int, headers: dict[str, str]
) -> None:
    answer = await ask(port, request("POST", "/api/listings", **headers))
    assert (answer.status, answer.problem["code"]) == (403, "foreign_request")
    assert "x-content-type-options: nosniff" in answer.head


async def test_a_parameter_that_a_route_does_not_know_is_refused_by_name_on_every_route(
    port: int,
) -> None:
    paths = create(None).openapi()["paths"]
    routes = [(method, path) for path, methods in paths.items() for method in methods]
    assert len(routes) >= 30
    for method, path in routes:
        target = re.sub(r"{\w+}", "1", path)
        answer = await ask(port, request(method.upper(), f"{target}?limt=1", Content_Length="0"))
        assert (answer.status, answer.problem["code"]) == (422, "invalid_request"), target
        (error,) = answer.problem["errors"]
        assert error["pointer"] == "/query/limt"
        known = {one["name"] for one in paths[path][method].get("parameters", ())
                 if one["in"] == "query"}  # fmt: skip
        assert all(name in error["detail"] for name in known), target
    assert (await ask(port, request("GET", "/listings?limt=1"))).status == 200, "pages take it"
    assert (await ask(port, request("GET", "/api/listings?limit=1"))).status == 200


@pytest.mark.parametrize("target", ["/", "/api/listings", "/api/listings/bulk", "/api/stock"])
async def test_a_compressed_body_is_refused_with_the_header_and_what_to_do(
    port: int, target: str
) -> None:
    for encoding in ("gzip", "br, identity"):
        head = request("POST", target, Content_Encoding=encoding, Content_Length="2")
        answer = await ask(port, head + b"{}")
        assert (answer.status, answer.problem["code"]) == (415, "encoded_body")
        assert f"Content-Encoding {encoding}" in str(answer.problem["detail"])
        assert "uncompressed" in str(answer.problem["fix"])
        assert "accept-encoding: identity" in answer.head
    plain = request("POST", "/api/stock", Content_Encoding="Identity", Content_Length="2")
    assert (await ask(port, plain + b"{}")).status == 422, "read, and refused for what it says"


@pytest.mark.parametrize(
    "name",
    [
        *("CF_Connecting_IP", "Fastly_Client_IP", "Forwarded", "True_Client_IP", "Via"),
        *("X_Client_IP", "X_Cluster_Client_IP", "X_Forwarded", "X_Forwarded_For"),
        *("X_Forwarded_Prefix", "X_Real_IP"),
    ],
)
async def test_what_a_proxy_passes_on_is_refused_while_there_is_no_login(
    port: int, name: str
) -> None:
    for target in ("/", "/api/listings", "/api/health"):
        answer = await ask(port, request("GET", target, **{name: "127.0.0.1"}))
        assert (answer.status, answer.problem["code"]) == (403, "proxied_request")
        assert name.replace("_", "-").lower() in str(answer.problem["detail"])


async def test_a_sku_is_found_however_an_address_spells_it(port: int) -> None:
    body = b'{"title": "Lamp", "price": "1", "quantity": 1}'
    put = request("PUT", f"/api/listings/{segment('Ä-1')}", Content_Length=str(len(body)))
    assert (await ask(port, put + body)).status == 201
    for spelled in ("Ä-1", " Ä-1 ", unicodedata.normalize("NFD", "Ä-1")):
        sku = segment(spelled)
        for target in (
            *(f"/listings/{sku}", f"/log?sku={sku}"),
            *(f"/api/listings/{sku}", f"/api/ebay/listings/{sku}"),
        ):
            answer = await ask(port, request("GET", target))
            assert (answer.status, "Ä-1" in answer.body) == (200, True), target
