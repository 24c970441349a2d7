"""The programs that keep running: they announce themselves, work, and end in order."""

import json
import signal
from urllib.request import ProxyHandler, build_opener

import psycopg
import pytest
from typer.testing import CliRunner

from baysync.cli.main import app
from support.processes import ended, running, said

browser = build_opener(ProxyHandler({}))
cli = CliRunner()


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_up_answers_and_ends_in_order(number: signal.Signals) -> None:
    with running("up", "--port", "0") as process:
        url = said(process, r"baysync is at (http://\S+)")[1]
        with browser.open(f"{url}/api/ebay/metrics", timeout=20) as answer:
            assert json.load(answer)["publish.attempt"] == 0
        code, error = ended(process, number)
    assert code == 0, error
    assert "process.ended" in error


@pytest.mark.usefixtures("here")
def test_web_answers_without_publishing(here: str) -> None:
    with running("web", "--port", "0") as process:
        said(process, r"baysync is at")
        assert ended(process, signal.SIGTERM)[0] == 0
    with psycopg.connect(here) as db:
        assert db.execute("SELECT count(*) FROM job_schedule").fetchone() == (0,)


def test_work_shows_itself_while_it_runs(here: str) -> None:
    with running("work") as process, psycopg.connect(here, autocommit=True) as db:
        db.execute("LISTEN baysync_work")
        said(process, r"process.started")
        for _ in range(200):
            if db.execute(
                "SELECT bool_and(last_finished_at IS NOT NULL) FROM job_schedule"
            ).fetchone() == (True,):
                break
            list(db.notifies(timeout=0.1, stop_after=1))
        shown = json.loads(cli.invoke(app, ["status", "--json"]).stdout)
        assert shown["workers"] == 1
        code, error = ended(process, signal.SIGTERM)
        assert code == 0, error
        assert db.execute("SELECT count(*) FROM worker").fetchone() == (0,)


@pytest.mark.usefixtures("here")
def test_a_public_address_is_refused_with_the_reason() -> None:
    done = cli.invoke(app, ["up", "--host", "0.0.0.0"])  # noqa: S104 - refused
    assert done.exit_code == 2
    assert "until operators and roles exist" in done.stderr


@pytest.mark.usefixtures("here")
def test_status_fits_on_a_screen_and_names_the_next_command() -> None:
    shown = cli.invoke(app, ["status"]).stdout.splitlines()
    assert len(shown) < 24
    assert shown[-1] == "next       baysync accounts connect --help"


def test_doctor_names_what_is_wrong_and_how_to_fix_it(
    here: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    unused = cli.invoke(app, ["doctor"])
    assert (unused.exit_code, "WRONG  key: There is no key" in unused.stdout) == (1, True)
    cli.invoke(app, ["status"])  # makes the key, as every other command does
    well = cli.invoke(app, ["doctor"])
    assert (well.exit_code, well.stdout.count("ok  ")) == (0, 6), well.stdout
    monkeypatch.setenv("DATABASE_URL", here.replace("/test_", "/gone_"))
    ill = cli.invoke(app, ["doctor"])
    assert (ill.exit_code, "WRONG  database" in ill.stdout, "fix:" in ill.stdout) == (1, True, True)
