"""``baysync accounts`` against a local eBay, consent page included."""

import getpass
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from baysync.cli.main import app
from mockbay.client import MockServer
from support.consent import address_after, agree, connected, connecting, consent_page, ended

pytestmark = pytest.mark.usefixtures("here")
cli = CliRunner()


def test_consent_connects_a_seller_and_sets_what_there_is_no_choice_about(
    mockbay: MockServer,
) -> None:
    done = connected(mockbay)
    assert done["again"] is False
    name = str(done["account"])
    assert cli.invoke(app, ["accounts", "list"]).stdout.startswith(f"{name}\tmock\t")
    shown = json.loads(cli.invoke(app, ["accounts", "show", name]).stdout)
    assert shown["lane"] == "running"
    assert "secret" not in json.dumps(shown)
    ((_, defaults),) = shown["defaults"].items()
    assert set(defaults["policies"]) == {"fulfillment", "payment", "return"}
    assert defaults["location"]
    assert done["to_choose"] == {next(iter(shown["defaults"])): []}
    assert done["items"] == {"read": 0, "total": 0, "done": True}
    assert shown["items_at_connect"]["done_at"]
    assert [call["op"] for call in mockbay.journal()].count("getInventoryItems") == 1


def test_the_same_seller_twice_is_refused_with_the_way_to_new_tokens(mockbay: MockServer) -> None:
    name = str(connected(mockbay)["account"])
    with connecting(mockbay) as process:
        agree(consent_page(process))
        code, _, error = ended(process)
    assert code == 1
    assert "is connected already" in error
    assert f"baysync accounts connect --renew {name}" in error


def test_a_seller_who_declines_is_not_connected(mockbay: MockServer) -> None:
    with connecting(mockbay) as process:
        page = consent_page(process)
        with pytest.raises(OSError, match="400"):
            agree(page, "decline")
        code, _, error = ended(process)
    assert code == 4
    assert "the seller declined" in error
    assert cli.invoke(app, ["accounts", "list"]).stdout == ""


def test_an_answer_with_another_state_changes_nothing(mockbay: MockServer) -> None:
    with connecting(mockbay) as process:
        page = consent_page(process)
        with pytest.raises(OSError, match="400"):
            agree(page, state="forged")
        assert "close this window" in agree(page)
        assert ended(process)[0] == 0


def test_the_address_can_be_pasted(mockbay: MockServer) -> None:
    with connecting(mockbay, "--paste") as process:
        page = consent_page(process)
        out, error = process.communicate(address_after(page) + "\n", timeout=60)
        code = process.returncode
    assert (code, '"again":false' in out) == (0, True), error


def test_sandbox_keys_in_production_are_refused() -> None:
    done = cli.invoke(
        app,
        ["accounts", "connect", "--env", "production", "--client-id", "a-SBX-1", "--ru-name", "r"],
        env={"EBAY_CLIENT_SECRET": "SBX-1"},
    )
    assert done.exit_code == 2
    assert "keys of eBay's sandbox environment" in done.stderr


def test_a_missing_secret_is_asked_for() -> None:
    done = cli.invoke(
        app, ["accounts", "connect", "--env", "mock", "--client-id", "a", "--ru-name", "r"]
    )
    assert (done.exit_code, "client secret is missing" in done.stderr) == (2, True)


def test_an_account_is_paused_resumed_and_disconnected(mockbay: MockServer) -> None:
    name = str(connected(mockbay, "--name", "shop")["account"])
    assert cli.invoke(app, ["accounts", "pause", name, "--reason", "holiday"]).exit_code == 0
    assert "paused: holiday" in cli.invoke(app, ["accounts", "list"]).stdout
    assert cli.invoke(app, ["accounts", "resume", name]).exit_code == 0
    refused = cli.invoke(app, ["accounts", "disconnect", name])
    assert (refused.exit_code, "--yes" in refused.stderr) == (2, True)
    assert cli.invoke(app, ["accounts", "disconnect", name, "--yes"]).exit_code == 0
    assert cli.invoke(app, ["accounts", "resume", name]).exit_code == 2
    assert connected(mockbay)["again"] is True


def test_what_people_do_to_an_account_is_in_the_audit_log_with_their_name(
    mockbay: MockServer,
) -> None:
    name = str(connected(mockbay, "--name", "shop")["account"])
    for words in (
        ["pause", name, "--reason", "holiday"],
        ["resume", name],
        ["defaults", name, "--set", "category=11450"],
        ["defaults", name, "--set", "category=11450"],  # changes nothing: no entry
        ["disconnect", name, "--yes"],
    ):
        assert cli.invoke(app, ["accounts", *words]).exit_code == 0
    shown = json.loads(cli.invoke(app, ["accounts", "show", name]).stdout)
    acts = [(act["action"], act["reason"]) for act in reversed(shown["acts"])]
    assert acts == [
        ("account.connect", None),
        ("account.defaults", None),
        ("account.pause", "holiday"),
        ("account.resume", None),
        ("account.defaults", None),
        ("account.disconnect", None),
    ]
    assert {act["actor"] for act in shown["acts"]} == {f"cli:{getpass.getuser()}"}
    changed = shown["acts"][1]["detail"]
    assert (changed["before"].get("category"), changed["after"]["category"]) == (None, "11450")
    assert "secret" not in json.dumps(shown)


def test_defaults_are_shown_and_changed_by_path_or_file(
    mockbay: MockServer, tmp_path: Path
) -> None:
    name = str(connected(mockbay)["account"])
    change = ["accounts", "defaults", name, "--set", "category=11450", "--set", "aspects.Brand=A"]
    ((_, changed),) = json.loads(cli.invoke(app, change).stdout).items()
    assert (changed["category"], changed["aspects"]) == ("11450", {"Brand": ["A"]})
    (tmp_path / "d.json").write_text('{"category": "1"}')
    file = ["accounts", "defaults", name, "--marketplace", "EBAY_GB", "--file"]
    refused = cli.invoke(app, [*file, str(tmp_path / "d.json")])
    assert (refused.exit_code, f"marketplaces {name} --add EBAY_GB" in refused.stderr) == (2, True)
    add = ["accounts", "marketplaces", name, "--add", "EBAY_GB", "--yes"]
    assert cli.invoke(app, add).exit_code == 0
    assert cli.invoke(app, [*file, str(tmp_path / "d.json")]).exit_code == 0
    assert set(json.loads(cli.invoke(app, ["accounts", "defaults", name]).stdout)) >= {"EBAY_GB"}
    ambiguous = cli.invoke(app, change)
    assert (ambiguous.exit_code, "say which" in ambiguous.stderr) == (2, True)
    assert cli.invoke(app, [*file, str(tmp_path / "none.json")]).exit_code == 2
    assert cli.invoke(app, [*file, "-"], input='{"category": "2"}').exit_code == 0
    assert cli.invoke(app, ["accounts", "defaults", name, "--set", "x"]).exit_code == 2


def test_a_rule_is_set_shown_and_removed(mockbay: MockServer) -> None:
    name = str(connected(mockbay)["account"])
    rule = ["accounts", "defaults", name, "--category", "267"]
    done = cli.invoke(
        app, [*rule, "--set", "aspects.Author=Unknown", "--set", "condition=LIKE_NEW"]
    )
    ((place, value),) = json.loads(done.stdout).items()
    assert value == {"aspects": {"Author": ["Unknown"]}, "condition": "LIKE_NEW"}
    assert json.loads(cli.invoke(app, rule).stdout) == {place: value}
    whole = json.loads(cli.invoke(app, ["accounts", "defaults", name]).stdout)[place]
    assert whole["category_rules"] == {"267": value}
    type_ = ["accounts", "defaults", name, "--type", "Cushion"]
    assert cli.invoke(app, [*type_, "--set", "category=101"]).exit_code == 0
    assert cli.invoke(app, [*type_, "--remove"]).exit_code == 0
    assert cli.invoke(app, [*type_, "--remove"]).exit_code == 5
    assert json.loads(cli.invoke(app, type_).stdout) == {place: None}
    for wrong in (
        [*type_, "--category", "1"],
        ["accounts", "defaults", name, "--category", "Books"],
        ["accounts", "defaults", name, "--remove"],
        [*rule, "--file", "-"],
    ):
        assert cli.invoke(app, wrong, input="{}").exit_code == 2
    elsewhere = ["accounts", "defaults", name, "--marketplace", "EBAY_FR"]
    assert cli.invoke(app, elsewhere).exit_code == 5


def test_an_account_is_erased_only_by_its_name_and_then_gone(mockbay: MockServer) -> None:
    name = str(connected(mockbay, "--name", "shop")["account"])
    refused = cli.invoke(app, ["accounts", "erase", name])
    assert refused.exit_code == 2
    assert "0 eBay listings (0 live on eBay, where that stays)" in refused.stderr
    done = cli.invoke(app, ["accounts", "erase", name, "--yes", "--json"])
    assert (done.exit_code, json.loads(done.stdout)["listings"]) == (0, 0)
    assert cli.invoke(app, ["accounts", "list"]).stdout == ""
    assert cli.invoke(app, ["accounts", "erase", name, "--yes"]).exit_code == 5
    assert connected(mockbay, "--name", "shop")["again"] is False


def test_an_account_that_comes_back_sells_where_it_sold(mockbay: MockServer) -> None:
    name = str(connected(mockbay, "--name", "shop", "--marketplace", "EBAY_DE")["account"])
    gone = cli.invoke(app, ["accounts", "disconnect", name, "--yes", "--json"])
    assert json.loads(gone.stdout) == {"account": name, "live": 0, "listings": 0}
    shown = json.loads(cli.invoke(app, ["accounts", "show", name]).stdout)
    assert (shown["client_id"], set(shown["defaults"])) == ("", {"EBAY_DE"})
    back = connected(mockbay, "--marketplace", "EBAY_US")
    assert (back["again"], back["not_added"]) == (True, ["EBAY_US"])
    listed = json.loads(cli.invoke(app, ["accounts", "list", "--json"]).stdout)
    assert listed[0]["marketplaces"] == ["EBAY_DE"]


def test_an_unknown_account_ends_with_5() -> None:
    assert cli.invoke(app, ["accounts", "show", "nobody"]).exit_code == 5
