"""Our calls and verdicts against eBay's own OpenAPI files, where somebody has them.

Their licence keeps them out of this repository: name their folder in TEST_EBAY_SPECS.
"""

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from baysync.ebay import errors
from baysync.ebay.environment import Environment, hosts
from baysync.ebay.model import Answer, Call, Problem, Verdict
from baysync.ebay.verdict import judge
from ebay_calls import EVERY

FOLDER = os.environ.get("TEST_EBAY_SPECS", "")
OBSERVED = {25721}  # answered to a picture address with a space, in no specification
Document = dict[str, Any]

pytestmark = pytest.mark.skipif(not FOLDER, reason="TEST_EBAY_SPECS names no folder")


def specifications() -> Iterator[Document]:
    for path in sorted(Path(FOLDER).glob("*.json")):
        yield json.loads(path.read_text())


def operations(spec: Document) -> Iterator[tuple[str, str, Document]]:
    """Yield method, address and description of every operation."""
    for server in spec["servers"]:
        base = server["url"].format(
            **{name: value["default"] for name, value in server.get("variables", {}).items()}
        )
        for path, methods in spec["paths"].items():
            for method, operation in methods.items():
                if method in ("get", "put", "post", "delete"):
                    yield method.upper(), base + path, operation


def described(call: Call) -> Document:
    """Return eBay's description of a call, found by name, method and address."""
    address = hosts(Environment.PRODUCTION).of(call.family) + call.path.partition("?")[0]
    for spec in specifications():
        for method, template, operation in operations(spec):
            pattern = re.sub(r"\\\{[^}]+\\\}", "[^/]+", re.escape(template))
            named = (operation["operationId"], method) == (call.op, call.method)
            if named and re.fullmatch(pattern, address):
                return operation
    pytest.fail(f"{call.op}: {call.method} {address} is in no specification")


def declared(operation: Document) -> Iterator[tuple[int, int]]:
    """Yield each status and error id an operation is said to answer."""
    for status, response in operation["responses"].items():
        for error_id in response.get("x-response-codes", {}).get("errors", {}):
            yield int(status), int(error_id)


@pytest.mark.parametrize("call", EVERY.values(), ids=list(EVERY))
def test_a_call_is_as_ebay_describes_it(call: Call) -> None:
    operation = described(call)
    parameters: list[Document] = operation.get("parameters", [])
    given = {pair.partition("=")[0] for pair in call.path.partition("?")[2].split("&")} - {""}
    assert given <= {p["name"] for p in parameters if p["in"] == "query"}
    required = {p["name"] for p in parameters if p.get("required") and p["in"] != "path"}
    headers = {"Content-Type": call.body, "Content-Language": call.language}
    sent = given | {name for name, value in headers.items() if value is not None}
    assert required <= sent
    assert ("requestBody" in operation) <= (call.body is not None)


@pytest.mark.parametrize("call", EVERY.values(), ids=list(EVERY))
def test_every_error_ebay_declares_for_a_call_has_a_verdict(call: Call) -> None:
    failures = [pair for pair in declared(described(call)) if pair[0] >= 400]
    unjudged = [
        pair
        for pair in failures
        if judge(Answer(call=call, status=pair[0], problems=(Problem(error_id=pair[1]),)))
        in (Verdict.DONE, Verdict.UNRECOGNISED)
    ]
    assert unjudged == []


def test_every_error_id_of_ebays_is_explained_and_ours_are_not_invented() -> None:
    theirs = {
        error_id
        for spec in specifications()
        for _, _, operation in operations(spec)
        for _, error_id in declared(operation)
    }
    ours = set(errors.known())
    assert theirs - ours == set()
    inventory = {error_id for error_id in ours if 25_000 <= error_id < 26_000}
    assert inventory - theirs == OBSERVED
