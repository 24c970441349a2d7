"""The control calls let a test see and steer everything."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from mockbay.about import VERSION
from mockbay.cli import app
from mockbay.client import ControlError, MockServer, running
from mockbay.clock import from_iso, pacific_day, to_iso
from support.mockbay_calls import Seller, send


def work(mockbay: MockServer) -> None:
    """Do the same varied things on any mock."""
    keys = mockbay.reset(seed=7)
    seller = Seller(mockbay.url, keys["user_token"])
    mockbay.faults({"match": {"sku": "LAMP-2"}, "effects": [{"kind": "html"}]})
    seller.live("LAMP-1")
    seller.put_item("LAMP-2")
    mockbay.advance(90)
    mockbay.buy("LAMP-1")
    seller.get_item("LAMP-1")
    body = f"grant_type=refresh_token&refresh_token={keys['refresh_token']}".encode()
    send(mockbay.url, "POST", "/identity/v1/oauth2/token", body)


def test_the_same_seed_and_calls_give_the_same_journal_byte_for_byte(
    mockbay: MockServer, mockbay_options: tuple[str, ...]
) -> None:
    def raw() -> bytes:
        return send(mockbay.url, "GET", "/_mock/journal").raw

    work(mockbay)
    first = raw()
    work(mockbay)
    assert raw() == first
    with running("--seed", "3", "--clock", "virtual", *mockbay_options) as other:
        work(other)
        assert send(other.url, "GET", "/_mock/journal").raw == first
    assert len(json.loads(first)["calls"]) == 6


def test_the_journal_hides_secrets(mockbay: MockServer) -> None:
    work(mockbay)
    text = json.dumps(mockbay.journal())
    assert "v^1.1#" not in text
    assert "Bearer ..." in text


def test_the_journal_is_asked_in_parts(mockbay: MockServer, seller: Seller) -> None:
    for number in range(4):
        seller.put_item(f"LAMP-{number}")
    seller.get_item("LAMP-0")
    assert [entry["seq"] for entry in mockbay.journal("getInventoryItem")] == [5]
    part = send(mockbay.url, "GET", "/_mock/journal?since=1&limit=2&bodies=0").json
    assert [entry["seq"] for entry in part["calls"]] == [2, 3]
    assert part["last"] == 5
    assert "body" not in part["calls"][0]
    assert json.loads(mockbay.journal()[0]["body"])["condition"] == "NEW"
    assert mockbay.journal(since=4)[0]["path"].endswith("/LAMP-0")


def test_bodies_can_be_kept_out_of_the_journal(mockbay: MockServer, seller: Seller) -> None:
    mockbay.switch(journal_bodies=False)
    seller.put_item("LAMP-1")
    assert mockbay.journal()[0]["body"] == ""
    assert len(mockbay.journal()[0]["body_hash"]) == 64


def test_a_reset_forgets_everything(mockbay: MockServer, seller: Seller) -> None:
    seller.live("LAMP-1")
    mockbay.faults({"effects": [{"kind": "hold"}]})
    mockbay.advance(5)
    mockbay.reset(revision_cap=3)
    assert mockbay.items() == {}
    assert mockbay.journal() == []
    assert mockbay.rules() == []
    assert mockbay.state()["now"] == "2026-01-05T12:00:00.000Z"
    assert mockbay.switch()["revision_cap"] == 3


def test_another_seed_gives_other_ids(mockbay: MockServer, seller: Seller) -> None:
    first = seller.get_offer(seller.live("LAMP-1"))
    keys = mockbay.reset(seed=2)
    seller.token = keys["user_token"]
    second = seller.get_offer(seller.live("LAMP-1"))
    assert first["offerId"] != second["offerId"]
    assert first["listing"]["listingId"] != second["listing"]["listingId"]


def test_a_wrong_control_call_says_what_to_send(mockbay: MockServer) -> None:
    with pytest.raises(ControlError, match="seconds"):
        mockbay.advance(-1)
    with pytest.raises(ControlError, match="colour"):
        mockbay.switch(colour="red")
    past = json.dumps({"to": "2025-01-01T00:00:00"}).encode()
    refused = send(mockbay.url, "POST", "/_mock/clock/advance", past)
    assert (refused.status, "forward" in refused.json["error"]) == (400, True)
    to = {"to": "2026-02-01T00:00:00"}
    moved = send(mockbay.url, "POST", "/_mock/clock/advance", json.dumps(to).encode())
    assert moved.json["now"] == "2026-02-01T00:00:00.000Z"
    assert send(mockbay.url, "GET", "/_mock/clock").json["now"] == "2026-02-01T00:00:00.000Z"


def test_a_fault_file_is_in_force_from_the_first_call(tmp_path: Path) -> None:
    plan = tmp_path / "plan.json"
    plan.write_text(json.dumps({"rules": [{"effects": [{"kind": "throttle"}]}]}))
    with running("--faults", str(plan)) as mock:
        seller = Seller(mock.url, mock.credentials["user_token"])
        assert seller.put_item("A").status == 429
        assert mock.state()["now"] > "2026-06"
        mock.reset()
        assert mock.state()["now"] > "2026-06", "the clock still runs"


def test_health_and_version_are_asked_for_without_a_token(mockbay: MockServer) -> None:
    health = send(mockbay.url, "GET", "/_mock/health").json
    assert (health["status"], health["version"]) == ("ok", VERSION)
    assert mockbay.journal() == []
    assert CliRunner().invoke(app, ["--version"]).output == f"mockbay {VERSION}\n"


def test_an_unknown_control_call_is_not_answered_as_if_it_were_ebays(mockbay: MockServer) -> None:
    for method, path in (("GET", "healthy"), ("DELETE", "state"), ("POST", "state/x")):
        answer = send(mockbay.url, method, f"/_mock/{path}")
        assert (answer.status, answer.json.keys()) == (404, {"error"})
    assert mockbay.journal() == []


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "localhost:80"}, 200),
        ({"Host": "[::1]:80", "Origin": "http://127.0.0.1:5173"}, 200),
        ({"Host": "evil.example"}, 403),
        ({"Host": "127.0.0.1.evil.example:80"}, 403),
        ({"Host": "127.0.0.1", "Origin": "https://evil.example"}, 403),
        ({"Host": "127.0.0.1", "Origin": "null"}, 403),
        ({"Host": "[::1"}, 403),
    ],
)
def test_only_this_machine_steers_the_mock(
    mockbay: MockServer, headers: dict[str, str], status: int
) -> None:
    for method, path in (("GET", "/_mock/credentials"), ("GET", "/"), ("POST", "/_mock/reset")):
        answer = send(mockbay.url, method, path, b"" if method == "POST" else None, headers)
        assert answer.status == status
        assert status == 200 or "--allow-host" in answer.json["error"]


def test_more_names_can_be_allowed_and_an_open_door_is_warned_of(
    capfd: pytest.CaptureFixture[str],
) -> None:
    with running("--host", "0.0.0.0", "--allow-host", "mock.internal") as mock:  # noqa: S104
        url = mock.url.replace("0.0.0.0", "127.0.0.1")  # noqa: S104
        for host, status in (("mock.internal", 200), ("0.0.0.0", 403), ("other", 403)):  # noqa: S104
            assert send(url, "GET", "/_mock/health", headers={"Host": host}).status == status
    assert "others in your network reach 0.0.0.0" in capfd.readouterr().err


def test_a_server_whose_input_is_a_file_ends_with_it(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "mockbay", "serve", "--until-input-ends"]
    (tmp_path / "input").write_text("a line\n")
    for name in (os.devnull, tmp_path / "input"):
        with Path(name).open() as given:
            ran = subprocess.run(
                command, stdin=given, capture_output=True, text=True, check=False, timeout=30
            )
        assert (ran.returncode, ran.stderr) == (0, "")
        assert ran.stdout.startswith("http://127.0.0.1:")


def test_a_server_that_cannot_start_says_so(tmp_path: Path) -> None:
    plan = tmp_path / "plan.json"
    plan.write_text("{}")
    with pytest.raises(ControlError, match="ended before"), running("--faults", str(plan)):
        pass
    with pytest.raises(ControlError, match="ended before"), running("--port", "1", "--host", "x"):
        pass
    with pytest.raises(ControlError, match="ended before"), running("--canary", "yellow"):
        pass


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026-01-05T07:59:59Z", "2026-01-04"),
        ("2026-01-05T08:00:00Z", "2026-01-05"),
        ("2026-07-05T06:59:59Z", "2026-07-04"),
        ("2026-07-05T07:00:00Z", "2026-07-05"),
        ("2026-03-08T07:59:00Z", "2026-03-07"),
        ("2026-03-09T07:00:00Z", "2026-03-09"),
        ("2026-11-02T07:59:00Z", "2026-11-01"),
    ],
)
def test_the_day_of_quotas_is_californias(moment: str, day: str) -> None:
    assert pacific_day(from_iso(moment)) == day


def test_moments_are_spelled_with_milliseconds() -> None:
    assert to_iso(from_iso("2026-01-05T12:00:00.5")) == "2026-01-05T12:00:00.500Z"


def test_a_reset_ends_what_an_earlier_one_switched(mockbay: MockServer) -> None:
    mockbay.reset(clock="real")
    real = mockbay.advance(0)
    mockbay.reset()
    assert mockbay.advance(0) < real
    assert mockbay.advance(0) == mockbay.advance(0), "its clock stands still again"


def test_a_rule_without_a_name_is_given_a_free_one(mockbay: MockServer) -> None:
    rule = {"effects": [{"kind": "throttle"}]}
    assert mockbay.faults(rule, rule) == ["rule-1", "rule-2"]
    mockbay.drop_fault("rule-1")
    assert mockbay.faults(rule) == ["rule-3"]
