"""``baysync errors explain``: offline, for people and for scripts."""

import json

from typer.testing import CliRunner, Result

from baysync.cli.main import app


def baysync(*words: str) -> Result:
    return CliRunner().invoke(app, list(words))


def test_a_known_id_is_explained_with_its_narrower_cases() -> None:
    done = baysync("errors", "explain", "25002")
    assert done.exit_code == 0, done.output
    *narrower, last = [line.split("\t") for line in done.stdout.splitlines()]
    assert (last[0], len(narrower) > 1) == ("otherwise", True)
    assert all(len(line) == 4 for line in narrower)
    told = [line for line in done.stderr.splitlines() if line.startswith("On ")]
    assert [line.partition(",")[0] for line in told] == ["On conflict", "On rejected", "On config"]


def test_a_script_reads_the_same_as_json() -> None:
    done = baysync("errors", "explain", "25002", "--json")
    known = json.loads(done.stdout)
    assert (known["error_id"], known["verdict"]) == (25002, "rejected")
    assert any("on createOffer" in case["when"] for case in known["cases"])


def test_an_unknown_id_ends_with_5() -> None:
    done = baysync("errors", "explain", "424242")
    assert done.exit_code == 5
    assert "Nothing is known about error 424242" in done.stderr
