"""The command line: errors, exit codes, output."""

import pytest
from typer.testing import CliRunner

from baysync.base.errors import AccessRefused, BaysyncError, NotFound, Refused
from baysync.cli.main import app
from baysync.cli.output import print_json, print_rows
from baysync.cli.session import run
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
