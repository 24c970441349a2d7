"""Somebody kills the embedded server under a running ``up``: it comes back by itself."""

import os
import re
import shutil
import signal
import tempfile
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from urllib.error import HTTPError

import pytest
from typer.testing import CliRunner

from baysync.base import clock
from baysync.cli.main import app
from baysync.db.embedded.cluster import EmbeddedPostgres
from support.consent import browser
from support.processes import ended, has_ended, running, said

cli = CliRunner()
END_SECONDS = 10.0


@pytest.fixture
def home(here: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An installation of its own, with the embedded default."""
    assert here
    base = Path(tempfile.mkdtemp(prefix="baysync-killed-"))
    base.chmod(0o755)
    monkeypatch.delenv("DATABASE_URL")
    monkeypatch.setenv("BAYSYNC_HOME", str(base / "home"))
    yield base / "home"
    EmbeddedPostgres(base / "home" / "pg").wait_stopped()
    shutil.rmtree(base)


def postmaster(home: Path) -> int:
    return int((home / "pg" / "data" / "postmaster.pid").read_text().split()[0])


def fix_of(stdout: str) -> list[str]:
    """Return the command after which the doctor says that it is well."""
    found = re.search(r"fix: baysync (.*)", stdout)
    assert found, stdout
    return found[1].split()


def becomes_well(address: str) -> None:
    """See health, readiness, metrics and the overview say so, a look of the watch later at most."""
    end = clock.monotonic() + END_SECONDS
    while answer(f"{address}/api/health")[0] != HTTPStatus.OK:
        assert clock.monotonic() < end
    assert '"status":"ok"' in answer(f"{address}/api/health")[1]
    assert answer(f"{address}/api/ready") == (HTTPStatus.OK, '{"ready":true,"causes":[]}')
    assert 'light_lit{cause="database"} 0' in answer(f"{address}/metrics")[1]
    assert "Not as it should be" not in answer(address)[1]


def answer(address: str) -> tuple[int, str]:
    try:
        with browser.open(address, timeout=10) as found:
            return found.status, str(found.read().decode())
    except HTTPError as refused:
        with refused:
            return refused.code, ""


def test_a_killed_embedded_database_comes_back_and_the_doctor_starts_none(home: Path) -> None:
    nothing = cli.invoke(app, ["doctor"])
    assert (nothing.exit_code, "WRONG  key" in nothing.stdout) == (1, True)
    assert not home.exists(), "the doctor made nothing"
    with running(*fix_of(nothing.stdout), "--port", "0") as process:
        address = said(process, r"baysync is at (http://\S+)")[1]
        table = home.parent / "lamp.csv"
        table.write_text("sku,title,price,quantity\nLAMP-1,Lamp,9.00,3\n")
        stored = cli.invoke(app, ["listings", "import", str(table)])
        assert stored.exit_code == 0, stored.output
        before = cli.invoke(app, ["why", "LAMP-1"])
        pid = postmaster(home)
        os.kill(pid, signal.SIGKILL)
        assert has_ended(pid, within=END_SECONDS)
        said(process, r"database.revived")
        assert postmaster(home) != pid
        well = cli.invoke(app, ["doctor"])
        assert (well.exit_code, "ok     database and key" in well.stdout) == (0, True)
        assert "WRONG" not in cli.invoke(app, ["status"]).stdout
        after = cli.invoke(app, ["why", "LAMP-1"])
        assert (after.exit_code, after.stdout) == (before.exit_code, before.stdout)
        assert "version 1 stored" in after.stdout
        becomes_well(address)
        code, error = ended(process, signal.SIGTERM)
        assert code == 0, error
    EmbeddedPostgres(home / "pg").wait_stopped()
    stopped = cli.invoke(app, ["doctor"])
    assert (stopped.exit_code, "does not run" in stopped.stdout) == (1, True)
    assert fix_of(stopped.stdout) == ["up"], "as above"
    assert not (home / "pg" / "data" / "postmaster.pid").exists(), "the doctor started nothing"
