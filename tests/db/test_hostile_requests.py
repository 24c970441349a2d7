"""Requests that mean harm or nothing: each is answered, and none is a fault of ours."""

import json
from collections.abc import AsyncGenerator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from baysync.api.cursors import cursor
from baysync.base.segment import segment
from baysync.db.connection import Db
from support import drawn_bodies as drawn
from support.described import asked_for
from support.served import Reply, ask, request, served

GOOD = '{"sku": "GOOD-%d", "title": "Lamp", "price": "1", "quantity": 1}'
STORED = {"created", "updated", "unchanged"}
PUT = ("PUT", "/api/listings/A")
BULK = ("POST", "/api/listings/bulk")
STOCK = ("POST", "/api/stock")
LATEST = cursor("letter", "9999-12-31T23:59:59-23:59/1")
HEADS: list[tuple[str, str, dict[str, str]]] = [
    ("GET", "/api/listings", {"Host": "["}),
    ("GET", "/api/listings", {"Host": "evil.example"}),
    ("GET", "/api/listings", {"Host": "localhost:99999999"}),
    ("GET", "/api/listings", {"Host": "a@localhost"}),
    ("POST", "/api/listings", {"Origin": "http://["}),
    ("POST", "/api/listings", {"Origin": "null"}),
    ("GET", "/api/listings/A", {"If_None_Match": '"' * 5000}),
    ("DELETE", "/api/listings/A", {"If_Match": "\x80"}),
    ("GET", "/api/listings", {"X_Correlation_Id": "x" * 5000}),
    ("GET", "/" + "a" * 9000, {}),
    ("GET", "/api/listings", {"X": "y" * 70_000}),
    ("GET", "/api/listings", {"Content_Length": "-1"}),
    ("GET", "/api/listings", {"Content_Length": "9" * 30}),
    ("GET", "/api/listings", {"Transfer_Encoding": "nonsense"}),
    ("GET", "/api/listings", {"Transfer_Encoding": "chunked", "Content_Length": "1"}),
    ("GET", "/api/listings", {"Upgrade": "websocket", "Connection": "upgrade, close"}),
    ("GET", "http://[/", {}),
    ("GET", "//evil.example/%2e%2e", {}),
    ("BREW", "/api/listings", {}),
    ("OPTIONS", "*", {}),
    ("GET", "/api/listings?limit=1e30", {}),
    ("GET", "/api/listings?cursor=" + "A" * 5000, {}),
    ("GET", "/api/listings?cursor=c2t1OgA=", {}),
    ("GET", "/api/listings?status=%00", {}),
    ("GET", "/api/listings/%00", {}),
    ("GET", "/api/listings/%ff", {}),
    ("GET", "/api/listings/%ed%a0%80", {}),
    ("GET", "/api/listings/..%2f..%2fetc%2fpasswd", {}),
    ("GET", "/api/listings/" + "%f0%9f%98%80" * 900, {}),
    ("GET", "/api/listings/A/versions?x=%00", {}),
    ("PUT", "/api/listings/..", {}),
    ("GET", "/static/..%2f..%2frender.py", {}),
    ("GET", "/static/../../etc/passwd", {}),
    ("GET", "/listings?q=" + "%25" * 2000, {}),
    ("GET", "/listings?state=nonsense&after=%5B", {}),
    ("GET", "/log?before=-1", {}),
    ("GET", "/log?before=99999999999999999999999", {}),
    ("GET", "/api/ebay/orders?limit=-1&cursor=x", {}),
    ("GET", "/api/admin/ebay/queue?limit=0", {}),
    ("GET", "/api/ebay/listings/%ed%a0%80/snapshots/1", {}),
    ("GET", "/api/ebay/listings/A/diff?a=-1&b=1e9", {}),
    ("GET", "/api/ebay/snapshots/99999999999999999999", {}),
    ("GET", "/api/admin/ebay/sync-logs?since=0001-01-01T00:00:00%2B23:59", {}),
    ("GET", "/api/admin/ebay/sync-logs?until=99999999999999", {}),
    ("GET", f"/api/admin/ebay/queue/dead-letter?failed_events_cursor={LATEST}", {}),
    ("GET", "/api/admin/ebay/sync-logs?until=9999-12-31T23:59:59-23:59", {}),
    ("GET", "/api/admin/ebay/queue?account=%c3%28", {}),
]
BODIES = [
    ("POST", "/api/admin/ebay/queue/dead-letter/retry", b'{"filter": {"sku": "\\u0000"}}'),
    ("POST", "/api/admin/ebay/queue/-1/retry", b"\xff"),
    ("POST", "/api/admin/ebay/failed-events/1e9/replay?reason=" + "x" * 4000, b""),
    (*PUT, b""),
    (*PUT, b"\xff\xfe{\x00}\x00"),
    (*PUT, b"[" * 100_000),
    (*PUT, b'{"a":' * 10_000),
    (*PUT, b'{"price": 1e99999999999999999999999}'),
    (*PUT, b'{"price": 1e-999999999, "quantity": 1e30}'),
    (*PUT, b'{"weight": {"value": 1e-999999999, "unit": "KILOGRAM"}}'),
    (*PUT, b'{"title": "\\u0000", "brand": "\\ud800"}'),
    (*PUT, b'{"title": "a", "title": "b"}'),
    (*PUT, b'{"sku": "..", "variants": [{"sku": "."}]}'),
    (*PUT, json.dumps({"variants": [{"sku": str(n)} for n in range(9_000)]}).encode()),
    (*PUT, json.dumps({"images": ["ftp://x"] * 9_000}).encode()),
    (*PUT, json.dumps({f"k{n}": n for n in range(9_000)}).encode()),
    (*PUT, json.dumps({"description": "<div>" * 50_000}).encode()),
    ("PATCH", "/api/listings/A", b"null"),
    ("PATCH", "/api/listings/A", b'{"variants": [{"remove": 1}, null, 1e400]}'),
    ("DELETE", "/api/listings/A", b"\0" * 1000),
    (*STOCK, b'{"items": [{"sku": "\\u0000", "quantity": 1e30}, 1, null, {"sku": []}]}'),
    (*STOCK, b'{"items": {"sku": 1}}'),
    (*STOCK, b'{"items": [' + b"0," * 2_000 + b"0]}"),
    (*BULK, b"\n" * 100_000),
    (*BULK, b"\0\n\xff\n{\n" + b'"' * 5_000_000),
]


@pytest.fixture
async def port(database: str) -> AsyncGenerator[int]:
    """The port of API and pages."""
    async with served(database) as port:
        yield port


async def send(port: int, method: str, target: str, body: bytes) -> Reply:
    head = request(method, target, Content_Length=str(len(body)))
    return await ask(port, head + body)


async def test_no_hostile_request_is_a_fault_of_ours(port: int) -> None:
    assert len(HEADS) + len(BODIES) >= 60
    answers = [(*one[:2], await ask(port, request(one[0], one[1], **one[2]))) for one in HEADS]
    answers += [(how, target, await send(port, how, target, body)) for how, target, body in BODIES]
    assert [(target[:80], answer) for _, target, answer in answers if answer.status >= 500] == []
    for method, target, answer in answers:
        operation = asked_for(method, target)
        if operation is not None:
            assert str(answer.status) in operation.described["responses"], (target[:80], answer)
        if answer.status >= 400 and target.startswith("/api/"):
            assert answer.problem["correlation_id"]


texts = st.one_of(
    st.tuples(st.just(("POST", "/api/listings")), drawn.listings()),
    st.tuples(st.tuples(st.sampled_from(["PUT", "PATCH"]), drawn.skus()), drawn.listings()),
    st.tuples(st.just(STOCK), drawn.stock()),
)


@given(st.lists(texts, min_size=3, max_size=6), st.lists(drawn.lines(), max_size=6))
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_no_body_that_nearly_fits_is_a_fault_of_ours(
    port: int, sent: list[tuple[tuple[str, str], str]], lines: list[str]
) -> None:
    """A good line is stored whatever stands around it in its batch."""
    for (method, target), text in sent:
        path = target if target.startswith("/") else f"/api/listings/{segment(json.loads(target))}"
        answer = await send(port, method, path, text.encode())
        assert answer.status < 500, (method, path, text)
    whole = [GOOD % 1, *lines, GOOD % 2]
    answer = await send(port, *BULK, "\n".join(whole).encode())
    results = [json.loads(line) for line in answer.body.split("\n") if line.startswith("{")]
    assert {results[0]["outcome"], results[-1]["outcome"]} <= STORED, lines
    assert len(results) == len(whole)


@pytest.mark.parametrize(
    "sku", ["A/diff", "A?b#c", "50%", "%2F", "a b", "\u00e4\u2603", "bulk", "+"]
)
async def test_every_sku_has_an_address_of_its_own(port: int, db: Db, sku: str) -> None:
    at = segment(sku)
    body = json.dumps({"title": f"Called {sku}"}).encode()
    stored = await send(port, "PUT", f"/api/listings/{at}", body)
    assert f"location: /api/listings/{at}".lower() in stored.head
    rows = await db.execute("SELECT sku FROM listing")
    assert await rows.fetchall() == [(sku,)]
    for target in (f"/api/listings/{at}", f"/api/listings/{at}/versions", f"/listings/{at}"):
        answer = await ask(port, request("GET", target))
        assert answer.status == 200, target
    assert (await send(port, "DELETE", f"/api/listings/{at}", b"")).status == 200
