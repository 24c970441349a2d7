"""``baysync web`` in a process of its own, for the benches."""

import os
import subprocess
import sys
import threading
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

SAYS = "baysync is at http://127.0.0.1:"


@contextmanager
def web(url: str, home: Path) -> Generator[tuple[int, int]]:
    """Serve the database at ``url``; yield port and process id."""
    settings = {"DATABASE_URL": url, "BAYSYNC_HOME": str(home / "baysync"), "BAYSYNC_PORT": "0"}
    command = [sys.executable, "-c", "from baysync.cli.main import app; app()", "web"]
    log = (home / "web.log").open("w")
    with (
        log,
        subprocess.Popen(
            command, env=os.environ | settings, stdout=log, stderr=subprocess.PIPE, text=True
        ) as process,
    ):
        try:
            if process.stderr is None:
                raise AssertionError
            line = next(line for line in process.stderr if SAYS in line)
            threading.Thread(target=process.stderr.read, daemon=True).start()
            yield int(line.partition(SAYS)[2].split()[0]), process.pid
        finally:
            process.terminate()
