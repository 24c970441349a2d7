"""An environment for commands: a database, a home, and nothing else of ours."""

import os
from pathlib import Path

import pytest


@pytest.fixture
def here(database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The environment of this process, as a command finds it."""
    for name in list(os.environ):
        if name.startswith(("BAYSYNC_", "EBAY_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("DATABASE_URL", database)
    monkeypatch.setenv("BAYSYNC_HOME", str(tmp_path / "home"))
    return database
