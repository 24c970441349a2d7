"""``baysync categories``: found by words, shown with what they ask, from the cache or eBay once."""

import json

import pytest
from typer.testing import CliRunner

from baysync.cli.main import app
from mockbay.client import MockServer
from support.consent import connected

pytestmark = pytest.mark.usefixtures("here")
cli = CliRunner()
US = "EBAY_US"


def asked(*words: str) -> tuple[int, str, str]:
    done = cli.invoke(app, ["categories", *words])
    return done.exit_code, done.stdout, done.stderr


def calls(mock: MockServer) -> list[str]:
    return [call["op"] for call in mock.journal() if "/commerce/taxonomy/" in call["path"]]


@pytest.fixture
def mock(mockbay: MockServer) -> MockServer:
    connected(mockbay, "--name", "shop", "--marketplace", US)
    return mockbay


def test_categories_are_found_by_words_and_ebay_is_asked_once(mock: MockServer) -> None:
    code, out, error = asked("search", "lamp")
    assert code == 0, error
    assert out.startswith("101\t")
    assert "within the last hour" in error
    assert "baysync categories show 101 --marketplace EBAY_US" in error
    before = len(calls(mock))
    (row,) = json.loads(asked("search", "LAMPS", "--json")[1])
    assert (row["id"], row["leaf"]) == ("101", True)
    assert len(calls(mock)) == before, "the cache answers"
    code, out, error = asked("search", "zeppelin")
    assert (code, out, "has all of these words" in error) == (0, "", True)


def test_a_category_shows_its_item_specifics_values_and_conditions(mock: MockServer) -> None:
    shown = json.loads(asked("show", "101", "--json")[1])
    assert (shown["id"], shown["leaf"], bool(shown["path"])) == ("101", True, True)
    wanted = {aspect["name"]: aspect["wanted"] for aspect in shown["aspects"]}
    assert wanted["Type"] == "required"
    assert "NEW" in shown["conditions"]
    code, out, error = asked("show", "101")
    assert (code, out.splitlines()[0].split("\t")[1]) == (0, "required")
    assert "Conditions: NEW" in error
    before = len(calls(mock))
    assert asked("show", "101")[0] == 0
    assert len(calls(mock)) == before


def test_one_above_others_names_those_below_it(mock: MockServer) -> None:
    assert mock
    (row,) = json.loads(asked("search", "lamp", "--json")[1])
    assert row["path"]
    parents = [each for each in ("1", "10", "100", "11700") if asked("show", each)[0] == 0]
    for parent in parents:
        assert "categories below it" in asked("show", parent)[2]


def test_an_unknown_category_no_account_and_several_marketplaces_are_told(
    mock: MockServer,
) -> None:
    assert mock
    code, _, error = asked("show", "424242")
    assert (code, "categories search WORDS --marketplace EBAY_US" in error) == (5, True)
    code, _, error = asked("search", "lamp", "--marketplace", "EBAY_DE")
    assert (code, "No connected account sells on EBAY_DE" in error) == (2, True)
    add = ["accounts", "marketplaces", "shop", "--add", "EBAY_GB", "--yes"]
    assert cli.invoke(app, add).exit_code == 0
    code, _, error = asked("search", "lamp")
    assert (code, "say which: --marketplace" in error) == (2, True)


def test_an_ebay_that_does_not_answer_is_told(mock: MockServer) -> None:
    fault = {"kind": "error", "status": 500, "error_id": 62000}
    mock.faults({"match": {"op": "getCategoryTree"}, "times": 0, "effects": [fault]})
    code, _, error = asked("search", "lamp")
    assert (code, "does not say what categories" in error) == (4, True)
