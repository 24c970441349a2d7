"""The mock's own OpenAPI document: eBay's calls as it answers them, and its control calls.

Made of the operations, the shapes of their bodies and the control calls' types; served at
``/_mock/openapi.json``. eBay's own specifications describe more; theirs is the contract.
"""

import re
from functools import cache
from typing import cast

import msgspec

from mockbay import asked, saved
from mockbay.actors import BODIES
from mockbay.answers import Document
from mockbay.call import Operation
from mockbay.faults import Plan
from mockbay.gateway import INVENTORY
from mockbay.names import names
from mockbay.operations import OPERATIONS
from mockbay.shapes import SHAPES, Each
from mockbay.switches import Switches

PAGED = "limit offset"
FILTERED = names("filter")
POLICIES = names("Fulfillment Payment Return")
REFUSED = {"$ref": "#/components/schemas/Errors"}
CONSENT = names("showConsent giveConsent")
"""Calls of a browser: they are refused by a page."""

QUERIES = {
    "getInventoryItems": names(PAGED),
    "getOffers": names(f"sku marketplace_id format {PAGED}"),
    "getInventoryLocations": names(PAGED),
    "getOrders": names(f"orderIds filter fieldGroups {PAGED}"),
    "getOrder": names("fieldGroups"),
    "getInventoryTasks": names(f"feed_type {PAGED}"),
    "getDefaultCategoryTreeId": names("marketplace_id"),
    "getCategorySubtree": names("category_id"),
    "getCategorySuggestions": names("q"),
    "getItemAspectsForCategory": names("category_id"),
    "getItemConditionPolicies": FILTERED,
    "getListingStructurePolicies": FILTERED,
    "getRegulatoryPolicies": FILTERED,
    "getRateLimits": names("api_name api_context"),
    "getUserRateLimits": names("api_name api_context"),
    **{f"get{kind}Policies": names("marketplace_id") for kind in POLICIES},
    **{f"get{kind}PolicyByName": names("marketplace_id name") for kind in POLICIES},
    "showConsent": names("client_id redirect_uri response_type scope state prompt locale"),
}  # fmt: skip
"""What a call may be asked in its query, by eBay's name of it."""

CONTROL_BODIES: dict[str, type[msgspec.Struct]] = {
    "POST reset": asked.Reset,
    "PUT state": saved.State,
    "POST faults": Plan,
    "POST clock/advance": asked.Advance,
    "PATCH switches": Switches,
    "POST ru-name": asked.ReturnTo,
    "POST sellers": asked.NewSeller,
    **{f"POST {action}": body for action, body in BODIES.items()},
}
CONTROL_QUERIES = {
    "GET credentials": names("account"),
    "GET journal": names("since op account limit bodies"),
    "POST faults": names("replace"),
    "GET faults/{rule}/reached": names("timeout count"),
}
TYPES = {str: "string", int: "integer", float: "number", bool: "boolean"}
ERRORS: Document = {
    "type": "object",
    "properties": {"errors": {"type": "array", "items": {"type": "object"}}},
}


@cache
def document(controls: tuple[tuple[str, str], ...]) -> bytes:
    """Return the document as JSON; ``controls`` are method and path of the control calls."""
    types = list(dict.fromkeys(CONTROL_BODIES.values()))
    _, components = msgspec.json.schema_components(
        types, ref_template="#/components/schemas/{name}"
    )
    paths: dict[str, Document] = {}
    for operation in OPERATIONS:
        paths.setdefault(operation.template, {})[operation.method.lower()] = _call(operation)
    for method, path in controls:
        paths.setdefault(f"/_mock/{path}", {})[method.lower()] = _control(f"{method} {path}")
    return msgspec.json.encode(
        {
            "openapi": "3.1.0",
            "info": {"title": "mockbay", "version": "1", "description": (__doc__ or "").strip()},
            "paths": paths,
            "components": {
                "schemas": {**components, "Errors": ERRORS},
                "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            },
        }
    )


def _call(operation: Operation) -> Document:
    language = ["Content-Language"] if operation.language else []
    accepted = ["Accept-Language"] if operation.api == INVENTORY else []
    described: Document = {
        "operationId": operation.op,
        "summary": _sentence(operation),
        "tags": [operation.api],
        "parameters": [
            *_parameters(operation.template, QUERIES.get(operation.op, ())),
            *(
                {"name": name, "in": "header", "required": True, "schema": {"type": "string"}}
                for name in [*accepted, *language] if operation.authority != "no token"
            ),
        ],
        "responses": {
            "2XX": {"description": "Done, or done in part: read each row."},
            "default": {
                "description": "Refused.",
                "content": _refusal(operation.op),
            },
        },
    }  # fmt: skip
    if operation.authority != "no token":
        described["security"] = [{"token": []}]
    if (shape := SHAPES.get(operation.op)) is not None:
        described["requestBody"] = _json(schema(shape))
    return described


def _refusal(op: str) -> Document:
    if op in CONSENT:
        return {"text/html": {"schema": {"type": "string"}}}
    return {"application/json": {"schema": REFUSED}}


def _sentence(operation: Operation) -> str:
    handler = getattr(operation.handler, "func", operation.handler)  # of a partial
    return (handler.__doc__ or "").partition("\n")[0]


def _control(key: str) -> Document:
    path = key.partition(" ")[2]
    described: Document = {
        "operationId": f"mock {key}",
        "tags": ["mock"],
        "parameters": _parameters(path, CONTROL_QUERIES.get(key, ())),
        "responses": {
            "200": {"description": "Done."},
            "4XX": {"description": 'It cannot be done: `{"error": "why"}`.'},
        },
    }
    if (body := CONTROL_BODIES.get(key)) is not None:
        described["requestBody"] = _json({"$ref": f"#/components/schemas/{body.__name__}"})
    return described


def _parameters(template: str, query: tuple[str, ...]) -> list[Document]:
    text = {"type": "string"}
    return [
        *({"name": name, "in": "path", "required": True, "schema": text}
          for name in re.findall(r"\{(\w+)\}", template)),
        *({"name": name, "in": "query", "required": False, "schema": text} for name in query),
    ]  # fmt: skip


def _json(body: Document) -> Document:
    return {"required": False, "content": {"application/json": {"schema": body}}}


def schema(shape: object) -> Document:
    """Return a shape (see ``mockbay.shapes``) as JSON Schema."""
    if isinstance(shape, list):
        return {"type": "array", "items": schema(cast("list[object]", shape)[0])}
    if isinstance(shape, Each):
        return {"type": "object", "additionalProperties": schema(shape.shape)}
    if isinstance(shape, dict):
        fields = cast("dict[str, object]", shape)
        return {"type": "object", "properties": {n: schema(one) for n, one in fields.items()}}
    return {"type": TYPES[cast("type", shape)]}
