"""``baysync accounts marketplaces``: how many listings come or go is said before they do."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from baysync.cli.main import app
from mockbay.client import MockServer
from support.consent import connected
from support.live_shop import document

pytestmark = pytest.mark.usefixtures("here")
cli = CliRunner()
US, GB = "EBAY_US", "EBAY_GB"


@pytest.fixture
def shop(mockbay: MockServer, tmp_path: Path) -> str:
    """An account on one marketplace, with three listings; one of them names marketplaces."""
    name = str(connected(mockbay, "--name", "shop", "--marketplace", US)["account"])
    rows = [document("A"), document("B"), document("C", marketplaces=[US, "EBAY_FR"])]
    path = tmp_path / "l.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    assert cli.invoke(app, ["listings", "import", str(path)]).exit_code == 0
    return name


def places(*words: str) -> tuple[int, str, str]:
    done = cli.invoke(app, ["accounts", "marketplaces", "shop", *words])
    return done.exit_code, done.stdout, done.stderr


def blocked() -> list[dict[str, object]]:
    found = cli.invoke(
        app, ["listings", "blocked", "--reason", "unknown_marketplace", "--all", "--json"]
    )
    return list(json.loads(found.stdout))


def test_marketplaces_are_listed_with_counts(shop: str) -> None:
    assert shop
    code, out, _ = places("--json")
    (row,) = json.loads(out)
    assert (code, row["marketplace"], row["sells"], row["live"]) == (0, US, True, 0)
    assert row["queued"] + row["blocked"] >= 3
    assert places()[1].startswith("EBAY_US\tTrue\t0\t")
    assert cli.invoke(app, ["accounts", "marketplaces", "nobody"]).exit_code == 5


def test_a_marketplace_is_added_only_after_the_number_of_listings_was_agreed_to(shop: str) -> None:
    code, _, error = places("--add", GB)
    assert (code, "offer 2 listings of shop on EBAY_GB" in error) == (2, True)
    assert len(json.loads(places("--json")[1])) == 1, "nothing was done unasked"
    code, out, error = places("--add", GB, "--yes", "--json")
    assert (code, json.loads(out)["offered"]) == (0, 2)
    assert "2 listings are offered there" in error
    assert "deciding" not in error, "who asks for JSON gets no progress"
    shown = json.loads(cli.invoke(app, ["accounts", "show", shop]).stdout)
    assert set(shown["defaults"]) == {US, GB}
    assert [row["marketplace"] for row in shown["marketplaces"]] == [GB, US]
    act = shown["acts"][0]
    assert (act["action"], act["detail"]) == (
        "account.marketplace.add",
        {"marketplace": GB, "listings": 2},
    )
    again = places("--add", GB, "--yes")
    assert (again[0], "sells on EBAY_GB already" in again[2]) == (2, True)
    unknown = places("--add", "EBAY_MOON", "--yes")
    assert (unknown[0], "use one of" in unknown[2]) == (2, True)
    assert places("--add", GB, "--remove", US)[0] == 2


def test_a_new_marketplace_and_new_defaults_show_how_far_they_are(shop: str) -> None:
    assert shop
    assert "deciding: 100 % " in places("--add", GB, "--yes")[2]
    change = ["accounts", "defaults", shop, "--marketplace", GB, "--set", "condition=NEW"]
    assert "deciding: 100 % " in cli.invoke(app, change).stderr


def test_leaving_a_marketplace_asks_and_tells_what_still_names_it(shop: str) -> None:
    code, _, error = places("--remove", US)
    assert (code, "end 0 live listings of shop on EBAY_US" in error) == (2, True)
    setting = ("--set", "policies.return=77", "--set", "pricing.percent=10")
    told = cli.invoke(app, ["accounts", "defaults", shop, "--marketplace", US, *setting])
    before = json.loads(told.stdout)[US]
    assert before["policies"]["return"] == "77"
    code, out, error = places("--remove", US, "--yes", "--json")
    assert (code, json.loads(out)) == (0, {"account": shop, "marketplace": US, "ends": 0})
    assert "baysync listings blocked --reason unknown_marketplace" in error
    rows = blocked()
    assert {(row["sku"], row["marketplace"]) for row in rows} == {("C", US), ("C", "EBAY_FR")}
    fix = next(str(row["fix"]) for row in rows if row["marketplace"] == US)
    assert "baysync accounts marketplaces shop --add EBAY_US" in fix
    code, _, error = places()
    assert "sells nowhere: baysync accounts marketplaces shop --add MARKETPLACE" in error
    gone = places("--remove", US, "--yes")
    assert (gone[0], "does not sell on EBAY_US" in gone[2]) == (2, True)
    code, _, error = places("--add", US, "--yes")
    assert (code, "blocked for now, and why: baysync listings blocked" in error) == (0, True)
    again = json.loads(cli.invoke(app, ["accounts", "defaults", shop]).stdout)
    assert again[US] == before, "it comes back with what it said"
    assert {row["marketplace"] for row in blocked()} == {"EBAY_FR"}
