"""The mock against eBay's own OpenAPI files, where somebody has them."""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, cast

from mockbay.catalogue import ERRORS, GATEWAY
from mockbay.client import MockServer
from mockbay.operations import OPERATIONS
from mockbay.scopes import SCOPES
from mockbay.shapes import SHAPES
from support.ebay_specs import body_schema, declared, described, missing, operations, strays
from support.mockbay_calls import INVENTORY, LINE_ID, ORDER_ID, ORDERS, Seller, item, send
from support.mockbay_drive import driving
from support.mockbay_endpoint import Endpoint

OURS = {"identity"}  # the token call and the consent page are in no file
OBSERVED = {
    25721: "a picture address with a space; integrators report it, no file has it",
}
ELSEWHERE = {
    # (call, error id): why it is answered though the specification does not declare it there
    ("createOffer", 25002): "there is such an offer: integrators show the body, with its id",
    ("getOffers", 25713): "a SKU without offers: five integrators, and a recorded sandbox call",
    ("getOffers", 25707): "a call without the sku that it asks for: close to what was recorded",
    ("createOrReplaceInventoryItem", 25721): OBSERVED[25721],
    ("getPaymentPolicies", 20402): "declared by its neighbours for a wrong value",
}
ECHOED = {
    "sku", "locale", "format", "marketplaceId", "allocationByFormat", "merchantLocationStatus",
}  # fmt: skip
"""What a read gives back, and clients therefore send again; it is read over."""

Compare = Callable[[Any, dict[str, Any], dict[str, Any], str], Iterable[str]]

pytestmark = missing


def test_every_operation_is_ebays_under_its_own_name() -> None:
    for operation in OPERATIONS:
        if operation.api not in OURS:
            found = described(operation.method, operation.template)
            assert found is not None, operation.template
            assert found[0]["operationId"] == operation.op


def test_every_error_id_is_in_ebays_lists() -> None:
    known = {error_id for _, _, operation, _ in operations() for _, error_id in declared(operation)}
    assert ERRORS.keys() - GATEWAY.keys() - known - OBSERVED.keys() == set()


def test_every_error_has_ebays_domain_and_category() -> None:
    theirs: dict[int, set[tuple[str, str]]] = {}
    for _, _, operation, _ in operations():
        for response in operation["responses"].values():
            for error_id, error in response.get("x-response-codes", {}).get("errors", {}).items():
                found = theirs.setdefault(int(error_id), set())
                found.add((error["domain"], error["category"]))
    ours = {error_id: (known.domain, known.category) for error_id, known in ERRORS.items()}
    assert {i: ours[i] for i in ours.keys() & theirs.keys() if ours[i] not in theirs[i]} == {}


def test_every_scope_that_ebay_names_is_granted() -> None:
    flows = [
        flow
        for *_, spec in operations()
        for scheme in spec["components"]["securitySchemes"].values()
        for flow in scheme.get("flows", {}).values()
    ]
    assert {scope for flow in flows for scope in flow["scopes"]} - SCOPES == set()


def test_only_pages_without_a_maximum_of_ebays_are_cut() -> None:
    described = {
        operation["operationId"]: parameter.get("description", "")
        for _, _, operation, _ in operations()
        for parameter in operation.get("parameters", ())
        if parameter["name"] == "limit"
    }
    for op, ours in (("getInventoryItems", 200), ("getOrders", 200), ("getInventoryTasks", 500)):
        assert re.search(rf"Max(imum)?\b.*{ours}", described[op])
    for op in ("getOffers", "getInventoryLocations"):
        assert "Max" not in described[op]


def differing(compare: Compare) -> set[str]:
    """Return what ``compare`` finds between our shapes of bodies and those that eBay describes."""
    wrong: set[str] = set()
    for operation in OPERATIONS:
        found = described(operation.method, operation.template)
        if found is not None and operation.op in SHAPES:
            schema = body_schema(found[0]["requestBody"])
            assert schema is not None
            wrong |= set(compare(SHAPES[operation.op], schema, found[1], operation.op))
    return wrong


def test_every_field_that_a_body_may_have_is_ebays() -> None:
    assert differing(unknown) == set()


def test_every_field_that_ebay_describes_is_known() -> None:
    assert differing(overlooked) == set()


def overlooked(shape: Any, schema: dict[str, Any], spec: dict[str, Any], at: str) -> Iterator[str]:  # noqa: ANN401
    """Yield each field of a schema that a shape does not have; the empty one has every field."""
    if "$ref" in schema:
        schema = spec["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    if isinstance(shape, list):
        yield from overlooked(cast("list[Any]", shape)[0], schema.get("items", {}), spec, at)
    known: dict[str, Any] = schema.get("properties", {})
    fields: dict[str, Any] = dict(shape) if type(shape) is dict else {}  # pyright: ignore[reportUnknownArgumentType] -- a shape
    for name, inner in known.items() if fields else ():
        if name in fields:
            yield from overlooked(fields[name], inner, spec, f"{at}.{name}")
        else:
            yield f"{at}.{name}"


def unknown(shape: Any, schema: dict[str, Any], spec: dict[str, Any], at: str) -> list[str]:  # noqa: ANN401
    """Return each field of a shape that the schema does not have."""
    if "$ref" in schema:
        schema = spec["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    if isinstance(shape, list):
        return unknown(cast("list[Any]", shape)[0], schema.get("items", {}), spec, at)
    known: dict[str, Any] = schema.get("properties", {})
    fields: dict[str, Any] = dict(shape) if type(shape) is dict else {}  # pyright: ignore[reportUnknownArgumentType] -- a shape
    strange = fields.keys() - known.keys() - ECHOED
    deeper = [(fields[n], known[n], f"{at}.{n}") for n in fields.keys() & known.keys()]
    return [f"{at}.{name}" for name in strange] + [
        one for inner, schema, place in deeper for one in unknown(inner, schema, spec, place)
    ]


def test_every_answer_has_the_shape_that_ebay_describes(
    mockbay: MockServer, endpoint: Endpoint
) -> None:
    with driving(mockbay) as driver:
        driver.everything(endpoint)
    wrong: set[str] = set()
    for answer in driver.answers:
        path = answer.request.url.raw_path.decode().partition("?")[0]
        found = described(answer.request.method, path)
        kind = answer.headers.get("content-type", "")
        if found is not None and answer.is_success and kind == "application/json":
            operation, spec = found
            response = operation["responses"].get(str(answer.status_code))
            assert response is not None, (operation["operationId"], answer.status_code)
            if (schema := body_schema(response)) is not None:
                wrong |= set(strays(answer.json(), schema, spec, operation["operationId"]))
    assert wrong == set()


def test_every_refusal_is_an_envelope_of_what_ebay_calls_an_error(
    mockbay: MockServer, seller: Seller
) -> None:
    wrong: set[str] = set()
    seller.live("SOLD")
    mockbay.buy("SOLD")
    for method, path, body in refused(seller):
        answer = seller.call(method, path, body)
        assert 400 <= answer.status < 500, path
        found = described(method, path.partition("?")[0])
        assert found is not None
        operation, spec = found
        at = operation["operationId"]
        assert set(answer.json) in ({"errors"}, {"responses"}), at
        rows = answer.json.get("responses", [answer.json])
        for error in [error for row in rows for error in row["errors"]]:
            schema = {"$ref": "#/components/schemas/Error"}
            wrong |= (
                set(strays(error, schema, spec, at))
                if "Error" in spec["components"]["schemas"]
                else set()
            )
            ids = {error_id for _, error_id in declared(operation)} | GATEWAY.keys()
            if error["errorId"] not in ids and (at, error["errorId"]) not in ELSEWHERE:
                wrong.add(f"{at} does not declare {error['errorId']}")
    assert wrong == set()
    assert json.loads(send(mockbay.url, "GET", "/x").raw)["errors"][0]["errorId"] == 2002


def refused(seller: Seller) -> list[tuple[str, str, object]]:
    """Return calls that are refused, each for another reason; there is one order."""
    seller.put_item("A")
    bare = {"sku": "A", "marketplaceId": "EBAY_US", "format": "FIXED_PRICE"}
    made = seller.call("POST", f"{INVENTORY}/offer", bare)
    offer = f"{INVENTORY}/offer/{made.json['offerId']}"
    put = f"{INVENTORY}/inventory_item/B"
    product = {"title": "x" * 81, "subtitle": "x" * 56, "imageUrls": ["http://x.example/a"]}
    wrong: dict[str, Any] = {"weight": {"value": 0.0, "unit": "GRAM"}}
    return [
        ("GET", put, None),
        ("GET", f"{INVENTORY}/offer", None),
        ("GET", f"{INVENTORY}/offer?sku=A&limit=0", None),
        ("GET", f"{INVENTORY}/offer?sku=B", None),
        ("PUT", put, item(product=product, packageWeightAndSize=wrong)),
        ("PUT", put, item(condition="SHINY")),
        ("PUT", put, item(product={"imageUrls": ["https://x.example/a b"]})),
        ("PUT", put + "x" * 60, item()),
        ("POST", f"{INVENTORY}/offer", bare),
        ("POST", f"{INVENTORY}/offer", bare | {"sku": "NONE"}),
        ("POST", f"{offer}/publish", {}),
        ("POST", f"{offer}/withdraw", {}),
        ("PUT", f"{INVENTORY}/offer/1", bare),
        ("DELETE", f"{INVENTORY}/offer/1", None),
        ("POST", f"{INVENTORY}/bulk_get_inventory_item", {"requests": [{"sku": "NONE"}]}),
        ("PUT", f"{INVENTORY}/inventory_item_group/G", {"variantSKUs": ["NONE"]}),
        ("GET", f"{INVENTORY}/inventory_item_group/G", None),
        ("POST", f"{INVENTORY}/location/main-warehouse", {"location": {"address": {"city": "x"}}}),
        ("GET", f"{INVENTORY}/location/none", None),
        ("GET", "/sell/account/v1/payment_policy?marketplace_id=EBAY_MOON", None),
        ("GET", "/sell/account/v1/payment_policy/1", None),
        ("GET", "/sell/fulfillment/v1/order?limit=0", None),
        ("GET", "/sell/fulfillment/v1/order/1", None),
        *refused_orders(),
        ("POST", "/sell/feed/v1/inventory_task", {"feedType": "x", "schemaVersion": "1.0"}),
    ]


def refused_orders() -> list[tuple[str, str, object]]:
    """Return calls about an order that are refused."""
    order = f"{ORDERS}/{ORDER_ID}"
    lines: list[Any] = [{"lineItemId": LINE_ID}]
    amount = {"value": "9999.00", "currency": "USD"}
    reason: dict[str, Any] = {"reasonForRefund": "OTHER_ADJUSTMENT"}
    rows = [{"lineItemId": LINE_ID, "refundAmount": amount}]
    return [
        ("GET", f"{ORDERS}?filter=orderfulfillmentstatus:x", None),
        ("GET", f"{order}?fieldGroups=x", None),
        ("GET", f"{ORDERS}/1/shipping_fulfillment", None),
        ("GET", f"{order}/shipping_fulfillment/1", None),
        ("POST", f"{order}/shipping_fulfillment", {}),
        ("POST", f"{order}/shipping_fulfillment", {"lineItems": lines * 2}),
        ("POST", f"{order}/shipping_fulfillment", {"lineItems": [{"lineItemId": "1"}]}),
        ("POST", f"{order}/shipping_fulfillment", {"lineItems": lines, "trackingNumber": "1"}),
        ("POST", f"{order}/shipping_fulfillment", {"lineItems": lines, "shippedDate": "x"}),
        ("POST", f"{ORDERS}/1/issue_refund", {}),
        ("POST", f"{order}/issue_refund", {}),
        ("POST", f"{order}/issue_refund", {"comment": "x"}),
        ("POST", f"{order}/issue_refund", reason),
        ("POST", f"{order}/issue_refund", reason | {"refundItems": [{}]}),
        ("POST", f"{order}/issue_refund", reason | {"refundItems": [{"lineItemId": "1"}]}),
        ("POST", f"{order}/issue_refund", reason | {"refundItems": rows}),
        ("POST", f"{order}/issue_refund", reason | {"orderLevelRefundAmount": amount}),
        ("POST", f"{order}/issue_refund", reason | {"orderLevelRefundAmount": {"value": "0"}}),
    ]
