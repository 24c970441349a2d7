"""Whatever schemathesis makes of the description is answered as described, and never a fault."""

import asyncio
import json
from functools import cache
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.strategies import booleans

from baysync.api.app import description
from support.api_site import Site
from support.described import Operation, described

FEW = settings(
    max_examples=4, phases=(Phase.generate,), derandomize=True, database=None,
    suppress_health_check=(HealthCheck.too_slow, HealthCheck.filter_too_much),
)  # fmt: skip
FAULT = 500


@cache
def api() -> Any:  # noqa: ANN401 -- no types there
    """Return the description as schemathesis reads it."""
    return schemathesis.openapi.from_dict(description())


@schemathesis.serializer("application/x-ndjson")
def lines(_context: object, value: object) -> bytes:
    """Spell a body as the two lines of a stream."""
    line = json.dumps(value, default=str).encode()
    return line + b"\n" + line


def attacked(site: Site, operation: Operation) -> list[tuple[str, object, str]]:
    """Send what fits the description, about what there is and what there is not.

    Returns the requests of which the answer is a fault of ours, or is not described.
    """
    drawn = api()[operation.path][operation.method.upper()]
    examples = {
        each["name"]: each["example"]
        for each in operation.described.get("parameters", ())
        if each["in"] == "path"
    }
    wrong: list[tuple[str, object, str]] = []

    @FEW
    @given(case=drawn.as_strategy(), is_known=booleans())
    def attack(case: Any, is_known: bool) -> None:  # noqa: ANN401, FBT001 -- no types there
        if is_known and case.path_parameters:
            case.path_parameters |= examples
        answer = case.call(base_url=site.url)
        (kind,) = answer.headers.get("content-type", [""])
        said = operation.complaint(answer.status_code, kind, answer.content)
        if answer.status_code >= FAULT:
            said = f"{answer.status_code}: {answer.content!r}"
        if said:
            wrong.append((f"{case.method} {answer.request.url}", case.body, said))

    attack()
    return wrong


@pytest.mark.usefixtures("unmeasured")
@pytest.mark.parametrize("tag", ["listings", "ebay", "orders", "operating", "observing"])
async def test_every_answer_is_described_and_no_fault(doors: Site, tag: str) -> None:
    for operation in described():
        if operation.described["tags"] == [tag]:
            assert await asyncio.to_thread(attacked, doors, operation) == [], operation.name
