"""The HTTP edge against a server that misbehaves on purpose."""

import gzip
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest

from baysync.base.errors import HostRefused
from baysync.ebay import identity, inventory, offers
from baysync.ebay.edge.transport import LARGEST_BODY, Transport, open_http
from baysync.ebay.environment import Environment, Hosts, hosts
from baysync.ebay.model import Answer, Call, Failure, Verdict
from baysync.ebay.verdict import judge
from support.scripted import HANG, RESET, Reply, Scripted, reply, scripted

READ = offers.get_offer("1")
TOKEN = "T"  # noqa: S105 - no real one


@asynccontextmanager
async def edge(*replies: Reply, limit: float = 20.0) -> AsyncGenerator[tuple[Transport, Scripted]]:
    async with scripted(replies) as server, open_http() as http:
        where = hosts(Environment.MOCK, mock_url=server.url)
        yield (
            Transport(http, environment=Environment.MOCK, hosts=where, timeout=limit),
            server,
        )


async def answer_to(*replies: Reply, call: Call = READ) -> Answer:
    async with edge(*replies) as (transport, _):
        return await transport.send(call, token=TOKEN)


async def test_every_call_carries_the_headers_ebay_insists_on() -> None:
    put = inventory.put_inventory_item("A 1/ü", "de_DE", {"x": "ü"}, marketplace="EBAY_DE")
    async with edge(reply(204), reply(200, b"{}")) as (transport, server):
        assert (await transport.send(put, token="T")).status == 204  # noqa: S106
        await transport.send(READ, token=TOKEN)
    line, headers, body = server.requests[0]
    assert line == "PUT /sell/inventory/v1/inventory_item/A%201%2F%C3%BC"
    assert body == '{"x":"ü"}'.encode()
    expected = {
        "authorization": "bearer t",
        "accept": "application/json",
        "accept-language": "en-us",
        "content-language": "de-de",
        "content-type": "application/json",
        "x-ebay-c-marketplace-id": "ebay_de",
        "user-agent": "baysync",
    }
    assert {name: headers[name] for name in expected} == expected
    _, read, nothing = server.requests[1]
    assert nothing == b""
    assert not {"content-type", "content-language"} & read.keys()


async def test_publish_sends_an_empty_object_with_its_length() -> None:
    async with edge(reply(200, b'{"listingId":"110"}')) as (transport, server):
        await transport.send(offers.publish_offer("1"), token=TOKEN)
    _, headers, body = server.requests[0]
    assert (headers["content-length"], body) == ("2", b"{}")


async def test_an_answer_keeps_body_problems_warnings_and_a_few_headers() -> None:
    body = b'{"errors":[{"errorId":25001}],"warnings":[{"errorId":25402}]}'
    answer = await answer_to(
        reply(500, body, "rlogid: t6pq", "Retry-After: 7", "Set-Cookie: a=b", "X-Other: 1")
    )
    assert (answer.status, answer.retry_after) == (500, 7.0)
    assert answer.headers == {"rlogid": "t6pq", "retry-after": "7"}
    assert [p.error_id for p in answer.problems] == [25001]
    assert [w.error_id for w in answer.warnings] == [25402]
    assert answer.text == body.decode()
    assert answer.elapsed_ms >= 0


@pytest.mark.parametrize(
    ("raw", "status", "failure"),
    [
        (reply(200, b"<html>maintenance</html>"), 200, Failure.BAD_BODY),
        (reply(502, b"<html>Bad gateway</html>"), 502, Failure.BAD_BODY),
        (reply(200, b'{"offerId":"1", "sk'), 200, Failure.BAD_BODY),
        (reply(200, b'{"a":"\xff"}'), 200, Failure.BAD_BODY),
        (reply(200, b"[" * 200_000), 200, Failure.BAD_BODY),
        (reply(200, b"x" * (LARGEST_BODY + 1)), 200, Failure.BAD_BODY),
        (reply(200, b"no gzip", "Content-Encoding: gzip"), 200, Failure.BAD_BODY),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\nConnection: close\r\n\r\n{", None, None),
        (reply(200), 200, None),
        (reply(503), 503, None),
        (reply(301, b"", "Location: http://192.0.2.1/"), 301, None),
        (reply(200, b'["not", "an", "object"]'), 200, None),
        (reply(400, b'{"errors":"none"}'), 400, None),
        (reply(400, b'{"errors":[{"errorId":null,"parameters":7},3]}'), 400, None),
    ],
)
async def test_any_answer_becomes_a_status_or_a_failure_and_never_a_success(
    raw: bytes, status: int | None, failure: Failure | None
) -> None:
    if status is None:
        async with scripted([raw]) as server, open_http() as http:
            where = hosts(Environment.MOCK, mock_url=server.url)
            edge = Transport(http, environment=Environment.MOCK, hosts=where, timeout=0.3)
            answer = await edge.send(READ, token=TOKEN)
        assert answer.failure in (Failure.TIMEOUT, Failure.BAD_BODY, Failure.RESET)
    else:
        answer = await answer_to(raw)
        assert (answer.status, answer.failure) == (status, failure)
    assert judge(answer) in (Verdict.AMBIGUOUS, Verdict.UNRECOGNISED)


async def test_a_compressed_answer_is_read() -> None:
    body = gzip.compress(b'{"offerId":"1"}')
    answer = await answer_to(reply(200, body, "Content-Encoding: gzip"))
    assert answer.body == {"offerId": "1"}


@pytest.mark.parametrize(
    ("raw", "verdict"),
    [
        (reply(204, b'{"sku":"A"}'), Verdict.AMBIGUOUS),  # unreadable: the body breaks the framing
        (b"HTTP/1.1 204 No Content\r\nContent-Length: 11\r\n\r\n", Verdict.DONE),  # body to come
    ],
)
async def test_a_body_where_none_may_be_does_not_spoil_the_next_answer(
    raw: bytes, verdict: Verdict
) -> None:
    update = offers.update_offer("1", {}, marketplace="EBAY_DE")
    async with edge(raw, reply(200, b'{"offerId":"1"}')) as (transport, _):
        first = await transport.send(update, token=TOKEN)
        second = await transport.send(READ, token=TOKEN)
    assert judge(first) is verdict
    assert (second.status, second.body) == (200, {"offerId": "1"})


async def test_silence_after_sending_is_a_timeout() -> None:
    async with edge(HANG, limit=0.1) as (transport, _):
        answer = await transport.send(READ, token=TOKEN)
    assert (answer.failure, answer.sent) == (Failure.TIMEOUT, True)


async def test_a_cut_connection_is_a_reset_and_a_write_is_never_repeated() -> None:
    put = inventory.put_inventory_item("A", "de_DE", {}, marketplace="EBAY_DE")
    async with edge(reply(204), RESET, reply(204)) as (transport, server):
        await transport.send(put, token=TOKEN)
        answer = await transport.send(put, token=TOKEN)
    assert (answer.failure, answer.sent) == (Failure.RESET, True)
    assert len(server.requests) == 2, "the second PUT went over the broken connection, once"


async def test_where_nobody_listens_nothing_was_sent() -> None:
    async with scripted([]) as server:
        where = hosts(Environment.MOCK, mock_url=server.url)
    async with open_http() as http:
        transport = Transport(http, environment=Environment.MOCK, hosts=where)
        answer = await transport.send(READ, token=TOKEN)
    assert (answer.failure, answer.sent, judge(answer)) == (
        Failure.NOT_CONNECTED,
        False,
        Verdict.AMBIGUOUS,
    )


async def test_the_token_endpoint_gets_a_form_under_basic_authorization() -> None:
    async with edge(reply(200, b"{}")) as (transport, server):
        await transport.send_form(
            READ,
            {"grant_type": "refresh_token", "refresh_token": "v^1.1#i^1&+%"},
            client_id="id",
            client_secret="secret",  # noqa: S106
        )
    _, headers, body = server.requests[0]
    assert headers["authorization"] == "basic awq6c2vjcmv0"
    assert headers["content-type"].startswith("application/x-www-form-urlencoded")
    assert body == b"grant_type=refresh_token&refresh_token=v%5E1.1%23i%5E1%26%2B%25"


async def test_a_token_is_in_no_repr() -> None:
    answer = await answer_to(reply(200, b'{"access_token":"v^1.1#secret"}'))
    assert "secret" not in repr(answer)


async def test_a_transport_refuses_hosts_of_another_environment() -> None:
    strange = Hosts(**dict.fromkeys(("api", "apiz", "apim", "auth"), "https://evil.example"))
    async with open_http() as http:
        with pytest.raises(HostRefused, match=r"evil\.example"):
            Transport(http, environment=Environment.PRODUCTION, hosts=strange)


async def test_every_api_is_asked_at_its_own_address() -> None:
    async with (
        scripted([reply(200, b"{}")]) as api,
        scripted([reply(200, b"{}")]) as apiz,
        open_http() as http,
    ):
        where = Hosts(api=api.url, apiz=apiz.url, apim=api.url, auth=api.url)
        transport = Transport(http, environment=Environment.MOCK, hosts=where)
        await transport.send(identity.get_user(), token=TOKEN)
        await transport.send(READ, token=TOKEN)
    assert [line for line, _, _ in apiz.requests] == [f"GET {identity.get_user().path}"]
    assert [line for line, _, _ in api.requests] == [f"GET {READ.path}"]
