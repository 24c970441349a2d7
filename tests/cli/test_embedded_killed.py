"""Somebody kills the embedded server under a running ``up``: it comes back by itself."""

import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from baysync.cli.main import app
from baysync.db.embedded.cluster import EmbeddedPostgres
from processes import ended, has_ended, running, said

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


def test_a_killed_embedded_database_comes_back_and_the_doctor_starts_none(home: Path) -> None:
    nothing = cli.invoke(app, ["doctor"])
    assert (nothing.exit_code, "WRONG  key" in nothing.stdout) == (1, True)
    assert not home.exists(), "the doctor made nothing"
    with running("up", "--port", "0") as process:
        said(process, r"baysync is at (http://\S+)")
        pid = postmaster(home)
        os.kill(pid, signal.SIGKILL)
        assert has_ended(pid, within=END_SECONDS)
        said(process, r"database.revived")
        assert postmaster(home) != pid
        well = cli.invoke(app, ["doctor"])
        assert "ok     database and key" in well.stdout
        code, error = ended(process, signal.SIGTERM)
        assert code == 0, error
    EmbeddedPostgres(home / "pg").wait_stopped()
    stopped = cli.invoke(app, ["doctor"])
    assert (stopped.exit_code, "does not run" in stopped.stdout) == (1, True)
    assert not (home / "pg" / "data" / "postmaster.pid").exists(), "the doctor started nothing"
