"""The mock describes itself, and nothing that fits the description makes it fail."""

import base64
import json
import re
from typing import Any
from urllib.parse import quote

import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.strategies import binary, booleans, just, one_of, sampled_from, text

from mockbay.actors import ACTIONS, BODIES
from mockbay.client import MockServer, running
from mockbay.contract import CALLS
from mockbay.operations import OPERATIONS
from mockbay.shapes import SHAPES
from support.mockbay_calls import INVENTORY, Seller, send

DESCRIBED = "/_mock/openapi.json"
WAITS = "/_mock/faults/{rule}/reached"
FEW = settings(
    max_examples=4, phases=(Phase.generate,), derandomize=True, deadline=None, database=None,
    suppress_health_check=(HealthCheck.too_slow, HealthCheck.filter_too_much),
)  # fmt: skip


def test_every_call_is_described(mockbay: MockServer) -> None:
    found = send(mockbay.url, "GET", DESCRIBED).json
    calls = {
        call["operationId"]: call for path in found["paths"].values() for call in path.values()
    }
    assert {operation.op for operation in OPERATIONS} <= calls.keys()
    for op in SHAPES:
        assert calls[op]["requestBody"]["content"]["application/json"]["schema"]["type"] == "object"
    plan = calls["mock POST faults"]["requestBody"]["content"]["application/json"]["schema"]
    assert plan == {"$ref": "#/components/schemas/Plan"}
    assert ACTIONS.keys() == BODIES.keys(), "what each action is sent is described"
    assert all(call.get("summary") for op, call in calls.items() if not op.startswith("mock "))
    assert mockbay.journal() == [], "asking for it is no call of eBay's"


def test_nothing_that_schemathesis_thinks_of_makes_it_fail() -> None:
    failed: list[tuple[str, str, object]] = []
    with running() as mock:  # its own: what is tried may reset it or kill its tokens
        described: Any = schemathesis.openapi.from_url(mock.url + DESCRIBED)
        for found in described.get_all_operations():
            operation = found.ok()
            if operation.path != WAITS:
                failed += attacked(mock, operation)
    assert failed == []


@settings(FEW, max_examples=60)
@given(
    method=sampled_from(("GET", "POST", "PUT", "DELETE", "PATCH")),
    path=one_of(sampled_from([call.path for call in CALLS]), text(max_size=20)),
    named=sampled_from(("A", "seller-one", "%FF", "a%2Fb", "..", "7")),
    query=sampled_from(("", "?limit=&offset=", "?sku=%00", "?&&=", "?filter=%7B", "?limit=x")),
    body=one_of(just(b""), binary(max_size=20), just(b'{"requests": [7]}')),
    token=sampled_from(("", "user_token", "refresh_token")),
)
def test_only_what_mockbay_lacks_is_answered_above_500_at_any_address(  # noqa: PLR0913, PLR0917  (what is drawn)
    mockbay_server: MockServer, method: str, path: str, named: str, query: str, body: bytes,
    token: str,
) -> None:  # fmt: skip
    sent = {"Content-Type": "application/json", "Content-Language": "en-US"}
    if token:
        sent["Authorization"] = f"Bearer {mockbay_server.credentials[token]}"
    address = re.sub(r"\{\w+\}", named, path) if path.startswith("/") else f"/{quote(path)}"
    answer = send(mockbay_server.url, method, address + query, body, sent)
    assert answer.status < 500 or answer.headers["x-mockbay"] == "not-implemented"


def attacked(mock: MockServer, operation: Any) -> list[tuple[str, str, object]]:  # noqa: ANN401  (schemathesis names no type)
    """Try an operation with what it may be asked, about things that are there and others."""
    mock.reset(revision_cap=None)
    tokens, known = arranged(mock)
    known["key"] = "G" if "group" in operation.path else "main-warehouse"
    by_op = {one.op: one.authority for one in OPERATIONS}
    kind = by_op.get(operation.definition.raw["operationId"], "user")
    failed: list[tuple[str, str, object]] = []

    @FEW
    @given(case=operation.as_strategy(), real=booleans())
    def attack(case: Any, real: bool) -> None:  # noqa: ANN401, FBT001
        for asked in (case.path_parameters, case.query) if real else ():
            asked.update({name: known[name] for name in known.keys() & (asked or {}).keys()})
        sent = {"Authorization": tokens[kind], "Accept-Language": "en-US"}
        answer = case.call(headers=sent | {"Content-Language": "en-US"})
        if answer.status_code >= 500 and "x-mockbay" not in answer.headers:
            failed.append((operation.method, case.path, case.body))
        elif not is_described(operation.definition.raw["responses"], answer):
            failed.append((operation.method, case.path, (answer.status_code, answer.content)))

    attack()
    return failed


def is_described(responses: Any, answer: Any) -> bool:  # noqa: ANN401  (schemathesis names no type)
    """Tell whether the document has the status of an answer, and its shape where it refuses."""
    status = str(answer.status_code)
    told = [responses[k] for k in (status, f"{status[0]}XX", "default") if k in responses]
    if not told or status < "4" or "text/html" in told[0].get("content", ()):
        return bool(told)
    try:
        refusal = json.loads(answer.content)
    except ValueError:
        return False
    return isinstance(refusal.get("errors"), list) or "error" in refusal


def arranged(mock: MockServer) -> tuple[dict[str, str], dict[str, str]]:
    """Put a lamp and a group live; return a token for each authority, and what there is by name."""
    keys = mock.credentials
    seller = Seller(mock.url, keys["user_token"])
    offer_id = seller.live("A")
    seller.put_item("B")
    axes = {"specifications": [{"name": "Color", "values": ["Red"]}]}
    group = {"title": "G", "description": "G", "variantSKUs": ["B"], "variesBy": axes}
    seller.call("PUT", f"{INVENTORY}/inventory_item_group/G", group)
    task = {"feedType": "LMS_ACTIVE_INVENTORY_REPORT", "schemaVersion": "1.0"}
    made = seller.call("POST", "/sell/feed/v1/inventory_task", task).headers["location"]
    pair = base64.b64encode(f"{keys['client_id']}:{keys['client_secret']}".encode()).decode()
    form = b"grant_type=client_credentials"
    basic = {"Authorization": f"Basic {pair}"}
    program = send(mock.url, "POST", "/identity/v1/oauth2/token", form, basic).json["access_token"]
    user = f"Bearer {seller.token}"
    order = mock.buy("A")
    seller.ship(order["orderId"], {order["lines"][0]["line_item_id"]: 1}, "TRACK1")
    tokens = {"user": user, "either": user, "basic scope": f"Bearer {program}"}
    known = {
        "sku": "A", "offerId": offer_id, "tree": "0", "marketplace": "EBAY_US", "q": "lamp",
        "marketplace_id": "EBAY_US", "category_id": "101", "task": made.rpartition("/")[2],
        "order": order["orderId"], "fulfillment": "TRACK1", "limit": "1", "offset": "0",
        "id": "6000000010001", "topic": "FEEDBACK_RECEIVED", "feed_type": task["feedType"],
        "name": "Payment EBAY_US", "filter": "categoryIds:{101}", "client_id": keys["client_id"],
        "redirect_uri": keys["ru_name"], "account": "seller-one", "since": "1", "bodies": "1",
    }  # fmt: skip
    return tokens | {"no token": basic["Authorization"]}, known
