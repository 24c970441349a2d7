"""A home with a PostgreSQL of its own, for tests of its life."""

from pathlib import Path

from baysync.db.embedded.binaries import Binaries
from baysync.db.embedded.cluster import EmbeddedPostgres


def initialised(home: Path, binaries: Binaries) -> None:
    """Make a cluster in ``home`` and stop it again."""
    with EmbeddedPostgres(home, durable=False, binaries=binaries):
        pass
    EmbeddedPostgres(home).wait_stopped()
