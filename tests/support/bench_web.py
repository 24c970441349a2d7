"""``baysync web`` in a process of its own, for the benches."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

OK = 200
START_SECONDS = 30
SAYS = "baysync is at http://127.0.0.1:"


def cpu_of(process: int) -> float:
    """Return the seconds of CPU of a process's threads that live, to the nanosecond."""
    threads = Path(f"/proc/{process}/task").iterdir()
    return sum(int((one / "schedstat").read_text().split()[0]) for one in threads) / 1e9


def wait_ready(connection: HTTPConnection) -> None:
    """Wait until the first look of a process that has just begun."""
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        connection.request("GET", "/api/ready")
        answer = connection.getresponse()
        answer.read()
        if answer.status == OK:
            return
        time.sleep(0.1)


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
