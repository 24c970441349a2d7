"""``baysync accounts`` against a local eBay, consent page included."""

import getpass
import json
import re
import socket
import subprocess
from collections.abc import Generator
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit
from urllib.request import ProxyHandler, Request, build_opener

import pytest
from typer.testing import CliRunner

from baysync.cli.main import app
from mockbay.client import MockServer
from processes import PROGRAM

pytestmark = pytest.mark.usefixtures("here")
cli = CliRunner()
browser = build_opener(ProxyHandler({}))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def connecting(mock: MockServer, *more: str) -> Generator[subprocess.Popen[str]]:
    """Run ``baysync accounts connect`` for the first seller of the mock."""
    keys, port = mock.credentials, free_port()
    mock.return_to(f"http://127.0.0.1:{port}/")
    command = ["accounts", "connect", "--env", "mock", "--base-url", mock.url, "--no-browser"]
    command += ["--client-id", keys["client_id"], "--ru-name", keys["ru_name"], "--json"]
    command += ["--client-secret", keys["client_secret"], "--port", str(port), *more]
    with subprocess.Popen(
        [PROGRAM, *command],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def consent_page(process: subprocess.Popen[str]) -> str:
    """Return the address that the program shows, once it waits for the answer."""
    assert process.stderr
    shown: list[str] = []
    for line in process.stderr:
        shown.append(line)
        if line.startswith(("Waiting for", "Then paste")):
            break
    found = re.search(r"^ +(http\S+)$", "".join(shown), re.MULTILINE)
    assert found, "".join(shown)
    return found[1]


def agree(page: str, answer: str = "agree", **changes: str) -> str:
    """Do what the seller's browser does on the consent page; return the text it ends on."""
    parts = urlsplit(page)
    form = {**dict(parse_qsl(parts.query)), "answer": answer, **changes}
    address = f"{parts.scheme}://{parts.netloc}{parts.path}"
    request = Request(address, urlencode(form).encode(), method="POST")  # noqa: S310 - loopback
    with browser.open(request, timeout=20) as page_after:
        return str(page_after.read().decode())


def address_after(page: str) -> str:
    """Return the address to which the consent page would send the browser back."""
    parts = urlsplit(page)
    connection = HTTPConnection(parts.netloc, timeout=20)
    form = urlencode({**dict(parse_qsl(parts.query)), "answer": "agree"})
    connection.request("POST", parts.path, form)
    with closing(connection), connection.getresponse() as answer:
        return str(answer.getheader("Location"))


def ended(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    out, error = process.communicate(timeout=60)
    return process.returncode, out, error


def connected(mock: MockServer, *more: str) -> dict[str, object]:
    """Connect the first seller; return what the program says of it."""
    with connecting(mock, *more) as process:
        assert "close this window" in agree(consent_page(process))
        code, out, error = ended(process)
    assert code == 0, error
    return dict(json.loads(out))


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
    assert set(defaults["policies"]) == {"fulfillment", "payment", "return_"}
    assert defaults["location"]
    assert done["to_choose"] == {next(iter(shown["defaults"])): []}


def test_the_same_seller_twice_is_refused_and_a_renewal_keeps_the_account(
    mockbay: MockServer,
) -> None:
    first = connected(mockbay)
    with connecting(mockbay) as process:
        agree(consent_page(process))
        code, _, error = ended(process)
    assert code == 1
    assert "is connected already" in error
    assert connected(mockbay, "--renew") == {**first, "again": True}


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
    assert cli.invoke(app, [*file, str(tmp_path / "d.json")]).exit_code == 0
    assert set(json.loads(cli.invoke(app, ["accounts", "defaults", name]).stdout)) >= {"EBAY_GB"}
    ambiguous = cli.invoke(app, change)
    assert (ambiguous.exit_code, "say which" in ambiguous.stderr) == (2, True)
    assert cli.invoke(app, [*file, str(tmp_path / "none.json")]).exit_code == 2
    assert cli.invoke(app, [*file, "-"], input='{"category": "2"}').exit_code == 0
    assert cli.invoke(app, ["accounts", "defaults", name, "--set", "x"]).exit_code == 2


def test_an_unknown_account_ends_with_5() -> None:
    assert cli.invoke(app, ["accounts", "show", "nobody"]).exit_code == 5
