"""Every call of eBay's is listed; what mockbay lacks says so, in the answer, journal and page."""

import re
from collections.abc import Callable
from itertools import groupby
from pathlib import Path

import pytest

from mockbay.client import MockServer
from mockbay.contract import ABSENT, CALLS, EbayCall
from mockbay.operations import OPERATIONS
from support import ebay_specs
from support.mockbay_calls import Seller, send

PAGE = Path(__file__).parents[2] / "docs/reference/mockbay-operations.md"
TABLES = re.compile(r"(<!-- calls:.*?-->\n).*?(<!-- end of calls -->)", re.DOTALL)
NOT_IN_A_FILE = {"getToken", "showConsent", "giveConsent"}


def tables() -> str:
    """Return a table of every API, with how many of its calls there are."""
    parts = [f"mockbay implements {count(CALLS)} calls of these APIs.\n"]
    for api, listed in groupby(CALLS, lambda call: call.api):
        calls = list(listed)
        parts.append(
            f"\n### {api}: {count(calls)}\n\n| call | address | implemented |\n|---|---|---|\n"
        )
        for call in calls:
            marked = "yes" if call.implemented else "501"
            parts.append(f"| {call.name} | `{call.method} {call.path}` | {marked} |\n")
    return "".join(parts)


def count(calls: list[EbayCall]) -> str:
    return f"{sum(call.implemented for call in calls)} of {len(calls)}"


def test_the_committed_tables_are_those_of_the_calls(golden: Callable[[Path, str], None]) -> None:
    golden(PAGE, TABLES.sub(lambda found: found[1] + tables() + found[2], PAGE.read_text()))


def test_every_call_that_mockbay_answers_is_listed() -> None:
    answered = {op.op for op in OPERATIONS} - NOT_IN_A_FILE
    assert answered == {call.name for call in CALLS if call.implemented}
    assert len(ABSENT) + len(answered) == len(CALLS)


@ebay_specs.missing
def test_the_list_is_that_of_ebays_files() -> None:
    theirs = {
        (m, path.rstrip("/"), one["operationId"]) for m, path, one, _ in ebay_specs.operations()
    }
    assert {(call.method, call.path, call.name) for call in CALLS} == theirs


def test_every_call_that_mockbay_lacks_says_so(mockbay: MockServer) -> None:
    for call in (call for call in CALLS if not call.implemented):
        answer = send(mockbay.url, call.method, call.path.replace("{", "").replace("}", ""))
        assert (answer.status, answer.headers["x-mockbay"]) == (501, "not-implemented")
        assert call.name in answer.error["message"]
    found = send(mockbay.url, "GET", "/_mock/journal").json["not_implemented"]
    assert sum(found.values()) == len(ABSENT)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/buy/browse/v1/item_summary/search?q=lamp", 501),
        ("/ws/api.dll", 501),
        ("/sell/account/v2/rate_table", 501),
        ("/sell/inventory/v1/nothing", 404),
        ("/sell/inventory/v9/offer/1", 404),
        ("/nothing", 404),
    ],
)
def test_an_address_of_an_api_that_mockbay_lacks_is_not_taken_for_ebays_404(
    mockbay: MockServer, path: str, status: int
) -> None:
    assert send(mockbay.url, "GET", path).status == status


def test_the_journal_and_the_page_count_what_is_lacking(
    mockbay: MockServer, seller: Seller
) -> None:
    assert b"Answered 501" not in send(mockbay.url, "GET", "/").raw
    seller.call("POST", "/commerce/media/v1_beta/video", {})
    seller.call("GET", "/buy/browse/v1/item/1")
    (first, second) = mockbay.journal()
    assert (first["op"], first["outcome"]) == ("createVideo", "not implemented")
    assert second["op"] == "unknown"
    page = send(mockbay.url, "GET", "/").raw.decode()
    assert "2 calls that mockbay lacks" in page
    assert "GET /buy/browse/v1/item/1" in page
