"""The description that the API gives of itself is true: its examples run, its schemas hold."""

import json
import re
import shutil
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, assume, given, settings

from baysync.api.app import description
from baysync.listing.decode import decode
from baysync.listing.strict_json import Malformed, parse
from support import drawn_bodies as drawn
from support.api_site import Site
from support.described import Operation, ask, curled, described, mismatch
from support.served import ask as ask_page
from support.served import request, served

FEW = settings(
    max_examples=25, phases=(Phase.generate,), derandomize=True, database=None,
    suppress_health_check=(HealthCheck.too_slow, HealthCheck.filter_too_much),
)  # fmt: skip
SHAPES = frozenset(
    {"missing", "not_a_flag", "not_a_list", "not_a_number", "not_an_integer", "not_an_object",
     "not_text", "nul", "unknown_field", "unknown_value"}
)  # fmt: skip


async def test_the_description_is_served(doors: Site) -> None:
    assert await doors.read("/openapi.json") == json.loads(json.dumps(description()))


@pytest.mark.parametrize("operation", list(described()), ids=lambda one: one.name)
async def test_the_example_of_each_request_is_answered_as_described(
    doors: Site, operation: Operation
) -> None:
    status, media_type, body = await ask(doors, operation)
    assert status < 300, body
    assert operation.complaint(status, media_type, body) is None


@pytest.mark.skipif(shutil.which("curl") is None, reason="the page shows curl")
async def test_each_curl_of_the_reference_page_is_answered(doors: Site) -> None:
    ordered = sorted(described(), key=lambda one: (one.method == "delete", one.name))
    answers = {one.name: await curled(doors, one) for one in ordered}
    assert {name: answer for name, answer in answers.items() if answer[0] >= 300} == {}


async def test_the_reference_page_shows_every_request_and_shape(database: str) -> None:
    async with served(database) as port:
        page = (await ask_page(port, request("GET", "/reference"))).body
    for one in described():
        assert f'id="{one.described["operationId"]}"' in page
    for name in description()["components"]["schemas"]:
        assert f'id="schema-{name}"' in page
    targets = re.findall(r'href="#([^"]+)"', page)
    assert [name for name in targets if f'id="{name}"' not in page] == []
    assert "``" not in page


def test_every_parameter_body_and_operation_says_what_it_is() -> None:
    ids = [one.described["operationId"] for one in described()]
    assert len(set(ids)) == len(ids)
    for one in described():
        assert one.described["summary"], one.name
        for parameter in one.described.get("parameters", []):
            assert parameter["description"], (one.name, parameter["name"])
            assert "example" in parameter or not parameter["required"], (one.name, parameter)
    assert [name for name in description()["components"]["schemas"] if "__" in name] == []


def test_what_fits_the_schema_of_a_listing_is_read_and_what_does_not_is_refused() -> None:
    api: Any = schemathesis.openapi.from_dict(description())
    operation = api["/api/listings"]["POST"]
    whole = {"$ref": "#/components/schemas/Listing"}

    @FEW
    @given(case=operation.as_strategy())
    def fits(case: Any) -> None:  # noqa: ANN401 -- schemathesis names no type
        assume(re.search(r"e-\d\d", json.dumps(case.body)) is None)  # more digits than are kept
        assert {problem.rule for problem in decode(case.body).problems} & SHAPES == set()

    @FEW
    @given(drawn.listings())
    def agrees(text: str) -> None:
        try:
            document = parse(text.encode())
        except Malformed:
            return
        is_refused = bool({problem.rule for problem in decode(document).problems} & SHAPES)
        assert (mismatch(whole, document) is not None) == is_refused, document

    fits()
    agrees()
