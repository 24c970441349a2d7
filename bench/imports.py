"""Import a long table from standard input and from a path; report the memory that it takes.

Run it with ``./run python bench/imports.py [--rows 30000] [--kb 10]``: a file of 300 MB. Each way
has a database of its own. The last line is JSON; the exit code is 1 when a row is not stored, or
when the command needs more than 250 MB at its peak.
"""

import argparse
import json
import os
import sys
import tempfile
import time
from pathlib import Path
from subprocess import DEVNULL, Popen

sys.path[0] = str(Path(__file__).resolve().parents[1] / "tests")  # and not this folder

import psycopg

from baysync.db import migrate
from baysync.db.embedded.cluster import EmbeddedPostgres
from support.processes import PROGRAM

LIMIT_MB = 250
WORDS = "<p>Warm light for cold evenings, number {}.</p>"


def write(path: Path, rows: int, kilobytes: int) -> None:
    """Write a table of ``rows`` listings of about ``kilobytes`` each."""
    with path.open("w") as file:
        file.write("sku,title,price,quantity,description\n")
        for row in range(rows):
            text = WORDS.format(row) * (kilobytes * 1000 // len(WORDS))
            file.write(f'LAMP-{row},"Lamp {row}",{10 + row % 90}.90,5,"{text}"\n')


def peak_mb(file: Path, *, home: Path, url: str, stdin: bool) -> int:
    """Import a file; return the most memory that the command had, in MB."""
    environment = {**os.environ, "DATABASE_URL": url, "BAYSYNC_HOME": str(home)}
    with file.open("rb") as table:
        process = Popen(
            [PROGRAM, "listings", "import", "-" if stdin else str(file)],
            stdin=table if stdin else DEVNULL,
            stdout=DEVNULL,
            env=environment,
            cwd=home,
        )
        _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"the import ended with {process.returncode}")
    return used.ru_maxrss // 1024


def main(asked: argparse.Namespace) -> dict[str, object]:
    """Import by both ways; return the report."""
    report: dict[str, object] = {"rows": asked.rows, "limit_mb": LIMIT_MB}
    with tempfile.TemporaryDirectory(prefix="baysync-imports-") as folder:
        home = Path(folder)
        home.chmod(0o755)  # as root, the user who runs PostgreSQL must pass through
        file = home / "table.csv"
        write(file, asked.rows, asked.kb)
        report["file_mb"] = file.stat().st_size // 1_000_000
        with EmbeddedPostgres(home / "pg", durable=False) as server:
            for way in ("stdin", "path"):
                url = server.create(way)
                migrate.upgrade(url)
                began = time.monotonic()
                report[f"{way}_mb"] = peak_mb(file, home=home, url=url, stdin=way == "stdin")
                report[f"{way}_s"] = round(time.monotonic() - began)
                with psycopg.connect(url) as db:
                    stored = db.execute("SELECT count(*) FROM listing").fetchone()
                report[f"{way}_stored"] = stored and stored[0]
                server.drop(way)
                print(json.dumps(report), file=sys.stderr)
        EmbeddedPostgres(home / "pg").wait_stopped()
    return report


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=30_000)
    parser.add_argument("--kb", type=int, default=10, help="kilobytes of a row")
    result = main(parser.parse_args())
    print(json.dumps(result))
    ways = ("stdin", "path")
    sys.exit(
        any(result[f"{way}_stored"] != result["rows"] for way in ways)
        or max(int(str(result[f"{way}_mb"])) for way in ways) > LIMIT_MB
    )
