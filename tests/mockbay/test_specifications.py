"""The mock against eBay's own OpenAPI files, where somebody has them.

Their licence keeps them out of this repository: name their folder in TEST_EBAY_SPECS.
"""

import json
import os
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from mockbay.catalogue import ERRORS, GATEWAY
from mockbay.client import MockServer
from mockbay.operations import OPERATIONS
from mockbay_drive import driving
from mockbay_endpoint import Endpoint

FOLDER = os.environ.get("TEST_EBAY_SPECS", "")
OBSERVED = {25721}  # a picture address with a space: in no file
OURS = {"identity"}  # the token call and the consent page are in no file
LOOSE = {"aspects"}  # typed as a string there, a map of lists on the wire
Document = dict[str, Any]
Found = tuple[Document, Document]

pytestmark = pytest.mark.skipif(not FOLDER, reason="TEST_EBAY_SPECS names no folder")


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


def described(method: str, path: str) -> Found | None:
    """Return eBay's description of a call and the file that holds it; fixed words win."""
    fitting = [
        (template.count("{"), operation, spec)
        for known, template, operation, spec in operations()
        if known == method and re.fullmatch(pattern(template), path.rstrip("/"))
    ]
    return min(fitting, key=lambda one: one[0])[1:] if fitting else None


def pattern(template: str) -> str:
    return re.sub(r"\\{[^}]+\\}", "[^/]+", re.escape(template.rstrip("/")))


def strays(value: Any, schema: Document, spec: Document, at: str) -> Iterator[str]:  # noqa: ANN401
    """Yield each place of an answer that the schema does not have, or has with another type."""
    if "$ref" in schema:
        schema = spec["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    kinds = {"integer": int, "boolean": bool, "number": int | float, "array": list, "object": dict}
    wanted = dict if "properties" in schema else kinds.get(schema.get("type", ""), str)
    if "enum" in schema:
        if value not in schema["enum"]:
            yield f"{at}: {value!r} is none of eBay's words"
    elif not isinstance(value, wanted):
        yield f"{at}: {value!r} is no {wanted}"
    elif wanted is list:
        for one in value:
            yield from strays(one, schema["items"], spec, at)
    elif wanted is dict:
        yield from stray_fields(value, schema.get("properties", {}), spec, at)


def stray_fields(value: Document, known: Document, spec: Document, at: str) -> Iterator[str]:
    for name in value.keys() - LOOSE:
        if name in known:
            yield from strays(value[name], known[name], spec, f"{at}.{name}")
        else:
            yield f"{at}.{name} is not described"


def test_every_operation_is_ebays_under_its_own_name() -> None:
    for operation in OPERATIONS:
        if operation.api not in OURS:
            found = described(operation.method, operation.template)
            assert found is not None, operation.template
            assert found[0]["operationId"] == operation.op


def test_every_error_id_is_in_ebays_lists() -> None:
    known = {
        int(error_id)
        for _, _, operation, _ in operations()
        for response in operation["responses"].values()
        for error_id in response.get("x-response-codes", {}).get("errors", {})
    }
    assert ERRORS.keys() - GATEWAY.keys() - known - OBSERVED == set()


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
            for content in response.get("content", {}).values():
                at = operation["operationId"]
                wrong |= set(strays(answer.json(), content["schema"], spec, at))
    assert wrong == set()
