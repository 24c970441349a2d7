"""The command line: errors, exit codes, output."""

import json

import pytest
from psycopg import connect
from typer.testing import CliRunner

from baysync.base.errors import AccessRefused, BaysyncError, NotFound, Refused
from baysync.base.version import VERSION
from baysync.cli.main import app
from baysync.cli.terminal.output import (
    note,
    print_error,
    print_json,
    print_lines,
    print_rows,
    print_text,
)
from baysync.cli.terminal.session import run
from baysync.cli.terminal.shell import refuse_empty
from baysync.runtime import Runtime

cli = CliRunner()


@pytest.mark.usefixtures("here")
def test_a_command_works_in_a_runtime() -> None:
    async def ask(runtime: Runtime) -> object:
        async with runtime.db() as db:
            cursor = await db.execute("SELECT count(*) FROM account")
            return await cursor.fetchone()

    assert run(ask) == (0,)


@pytest.mark.usefixtures("here")
def test_db_commands_say_where_the_schema_stands() -> None:
    assert cli.invoke(app, ["db", "upgrade"]).exit_code == 0
    assert cli.invoke(app, ["db", "check"]).exit_code == 0
    assert cli.invoke(app, ["db", "current"]).stdout.strip().isdigit()


def test_an_error_of_ours_is_printed_with_its_fix(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BAYSYNC_LEESE", "1")
    done = cli.invoke(app, ["db", "check"])
    assert done.exit_code == 2
    assert "error: There is no setting BAYSYNC_LEESE." in done.stderr
    assert "fix:   did you mean BAYSYNC_LEASE?" in done.stderr
    assert "Traceback" not in done.output


@pytest.mark.parametrize(
    ("words", "name"),
    [
        (["accounts", "defaults", "shop", "--type", ""], "--type"),
        (["accounts", "defaults", "shop", "--type= "], "--type"),
        (["listings", "import", "f.csv", "--location", " ", "--yes"], "--location"),
        (["why", ""], "An argument"),
    ],
)
def test_an_option_without_a_value_is_refused_by_name(words: list[str], name: str) -> None:
    done = cli.invoke(app, words)
    assert (done.exit_code, done.stderr) == (
        2,
        f"error: {name} is empty.\nfix:   give it a value, or leave it out.\n",
    )


def test_a_default_is_taken_away_by_an_equals_sign_at_its_end() -> None:
    refuse_empty(["accounts", "defaults", "shop", "--set", "category=", "--set=condition="])


def test_a_database_that_is_down_ends_with_3(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://x@/x?host=/nowhere&connect_timeout=1")
    done = cli.invoke(app, ["db", "check"])
    assert done.exit_code == 3, done.output


@pytest.mark.parametrize(
    ("kind", "code"), [(NotFound, 5), (AccessRefused, 4), (Refused, 2), (BaysyncError, 1)]
)
def test_exit_codes_tell_the_kind_of_error(kind: type[BaysyncError], code: int) -> None:
    assert kind("It failed.", fix="Try.").exit_code == code


def test_rows_in_a_pipe_are_tab_separated(capsys: pytest.CaptureFixture[str]) -> None:
    print_rows([{"sku": "a\tb", "n": 1, "x": None}], ["sku", "n", "x"])
    assert capsys.readouterr().out == "a b\t1\t-\n"


def test_json_carries_whole_rows(capsys: pytest.CaptureFixture[str]) -> None:
    print_rows([{"sku": "a", "n": 1}], ["sku"], as_json=True)
    print_json({"done": 1})
    assert capsys.readouterr().out == '[{"sku":"a","n":1}]\n{"done":1}\n'


@pytest.mark.usefixtures("here")
def test_what_is_checked_can_be_read_by_a_program() -> None:
    revision = json.loads(cli.invoke(app, ["db", "current", "--json"]).stdout)
    assert revision["revision"] == revision["newest"]
    assert json.loads(cli.invoke(app, ["db", "check", "--json"]).stdout)["ok"]
    cli.invoke(app, ["status"])  # makes the key
    done = cli.invoke(app, ["doctor", "--json"])
    assert done.exit_code == 0, done.stdout
    checks = json.loads(done.stdout)
    assert {row["check"] for row in checks} >= {"settings", "database and key", "accounts"}
    assert all(row["ok"] and not row["fix"] for row in checks)


def test_a_check_that_fails_says_so_to_programs_too(here: str) -> None:
    with connect(here) as db:
        db.execute("UPDATE alembic_version SET version_num = '0001'")
    done = cli.invoke(app, ["db", "check", "--json"])
    found = json.loads(done.stdout)
    assert (done.exit_code, found["ok"]) == (3, False)
    assert "baysync db upgrade" in found["fix"]


def test_the_program_says_which_version_it_is() -> None:
    done = cli.invoke(app, ["--version"])
    assert (done.exit_code, done.stdout) == (0, f"baysync {VERSION}\n")


def test_a_shell_completes_commands_and_their_options() -> None:
    def completed(words: str) -> list[str]:
        environment = {"_BAYSYNC_COMPLETE": "complete_zsh", "_TYPER_COMPLETE_ARGS": words}
        return cli.invoke(app, [], env=environment, prog_name="baysync").stdout.split("\n")

    assert "listings" in " ".join(completed("baysync li"))
    assert "import" in " ".join(completed("baysync listings imp"))
    assert "--dry-run" in " ".join(completed("baysync listings import --d"))


STEERING = "a\x1b]0;pwn\x07\x9b31m\u202e\r"


def test_no_print_steers_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    print_rows([{"sku": STEERING}], ["sku"])
    print_rows([{"sku": STEERING}], ["sku"], as_json=True)
    print_json(STEERING)
    print_lines([STEERING])
    print_text(STEERING + "\n")
    note(STEERING)
    print_error(STEERING, STEERING)
    written = "".join(capsys.readouterr())
    assert not set(written) & set(
        STEERING.removeprefix("a").replace("]0;pwn", "").replace("31m", "")
    )
    assert written.count("\\u202e") == 8
