"""eBay's own OpenAPI files, where somebody has them, and how a document is held to them.

Their licence keeps them out of this repository: name their folder in TEST_EBAY_SPECS. Where they
are known to be wrong, ``MAPS`` and ``OPTIONAL`` say what is so; both are in our own words.
"""

import json
import os
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, cast

import pytest

FOLDER = os.environ.get("TEST_EBAY_SPECS", "")
missing = pytest.mark.skipif(not FOLDER, reason="TEST_EBAY_SPECS names no folder")
MAPS = {"aspects"}
"""Typed as a string there; on the wire a map from a name to a list of texts."""
OPTIONAL = {
    "Product": {"title", "description"},  # an item is stored without; publishing asks for them
    "EbayOfferDetailsWithKeys": {"includeCatalogProductDetails"},  # true unless given
    "EbayOfferDetailsWithId": {"includeCatalogProductDetails"},
    "InventoryItemGroup": {"inventoryItemGroupKey"},  # it stands in the path
    "InventoryLocationFull": {"location", "phone"},
    "Address": {"country", "stateOrProvince"},  # a country with a postal code is enough
}
"""Fields that the named schemas call required although a request does without them."""
BEYOND = {"legacyOrderId"}
"""Not in the files any more; answers still have it, and clients read it."""
KINDS = {"integer": int, "boolean": bool, "number": int | float, "array": list, "object": dict}
Document = dict[str, Any]


@cache
def operations() -> list[tuple[str, str, Document, Document]]:
    """Return method, path, description and file of every operation."""
    found: list[tuple[str, str, Document, Document]] = []
    for path in sorted(Path(FOLDER).glob("*.json")):
        spec = json.loads(path.read_text())
        base = spec["servers"][0]["variables"]["basePath"]["default"]
        for template, methods in spec["paths"].items():
            for method, operation in methods.items():
                if method in {"get", "put", "post", "delete"}:
                    found.append((method.upper(), base + template, operation, spec))
    return found


def described(method: str, path: str) -> tuple[Document, Document] | None:
    """Return eBay's description of a call and the file that holds it; fixed words win."""
    fitting = [
        (template.count("{"), operation, spec)
        for known, template, operation, spec in operations()
        if known == method and re.fullmatch(_pattern(template), path.rstrip("/"))
    ]
    return min(fitting, key=lambda one: one[0])[1:] if fitting else None


def _pattern(template: str) -> str:
    return re.sub(r"\\{[^}]+\\}", "[^/]+", re.escape(template.rstrip("/")))


def body_schema(described_part: Document) -> Document | None:
    """Return the schema of a request body or of a response, if it has one."""
    contents: list[Document] = list(described_part.get("content", {}).values())
    return contents[0].get("schema") if contents else None


def lacks(value: Any, schema: Document, spec: Document, at: str) -> Iterator[str]:  # noqa: ANN401
    """Yield each field that a body of a request lacks although the schema requires it."""
    name = schema.get("$ref", "").rpartition("/")[2]
    schema = spec["components"]["schemas"][name] if name else schema
    rows = cast("list[Any]", value) if isinstance(value, list) else []
    for one in rows:
        yield from lacks(one, schema.get("items", {}), spec, at)
    fields = cast("Document", value) if isinstance(value, dict) else {}
    if isinstance(value, dict):
        needed = set(schema.get("required", ())) - OPTIONAL.get(name, set())
        yield from (f"{at}.{field} is missing" for field in sorted(needed - fields.keys()))
    for field, inner in schema.get("properties", {}).items():
        if field in fields and field not in MAPS:
            yield from lacks(fields[field], inner, spec, f"{at}.{field}")


def strays(value: Any, schema: Document, spec: Document, at: str) -> Iterator[str]:  # noqa: ANN401
    """Yield each place that the schema does not have, or has with another type."""
    if "$ref" in schema:
        schema = spec["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    wanted = dict if "properties" in schema else KINDS.get(schema.get("type", ""), str)
    if "enum" in schema:
        if value not in schema["enum"]:
            yield f"{at}: {value!r} is none of eBay's words"
    elif not isinstance(value, wanted):
        yield f"{at}: {value!r} is no {wanted}"
    elif wanted is list:
        for one in value:
            yield from strays(one, schema["items"], spec, at)
    elif wanted is dict:
        yield from _stray_fields(value, schema.get("properties", {}), spec, at)


def _stray_fields(value: Document, known: Document, spec: Document, at: str) -> Iterator[str]:
    for name, inner in value.items():
        if name in MAPS and known.get(name, {}).get("type") == "string":
            fine = isinstance(inner, dict) and all(isinstance(one, list) for one in inner.values())  # pyright: ignore[reportUnknownVariableType] -- any JSON
            yield from () if fine else (f"{at}.{name} is no map of lists",)
        elif name in known:
            yield from strays(inner, known[name], spec, f"{at}.{name}")
        elif name not in BEYOND:
            yield f"{at}.{name} is not described"


def declared(operation: Document) -> Iterator[tuple[int, int]]:
    """Yield each status and error id an operation is said to answer."""
    for status, response in operation["responses"].items():
        for error_id in response.get("x-response-codes", {}).get("errors", {}):
            yield int(status), int(error_id)
