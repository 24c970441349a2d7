"""Where a test's own PostgreSQL lives."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from baysync.db.embedded.cluster import EmbeddedPostgres


@pytest.fixture
def home() -> Iterator[Path]:
    """A folder with a space in its name, in a folder that every user may enter."""
    base = Path(tempfile.mkdtemp(prefix="baysync-life-"))
    base.chmod(0o755)
    yield base / "my shop"
    for used in base.iterdir():
        EmbeddedPostgres(used).wait_stopped()
    shutil.rmtree(base)
