"""Addresses that mean nothing: each is the sender's fault, in the one shape of errors."""

from collections.abc import AsyncGenerator

import pytest

from served import ask, request, served


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


@pytest.mark.parametrize(
    "name", ["Forwarded", "Via", "X_Real_IP", "X_Forwarded_For", "X_Forwarded_Prefix"]
)
async def test_what_a_proxy_passes_on_is_refused_while_there_is_no_login(
    port: int, name: str
) -> None:
    for target in ("/", "/api/listings", "/api/health"):
        answer = await ask(port, request("GET", target, **{name: "127.0.0.1"}))
        assert (answer.status, answer.problem["code"]) == (403, "proxied_request")
        assert name.replace("_", "-").lower() in str(answer.problem["detail"])
