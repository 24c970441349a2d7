"""The demo as its user runs it: a real process, a home of its own, a mock it starts itself."""

import json
import os
import re
import shlex
import shutil
import signal
import string
import subprocess
import tempfile
import time
from collections.abc import Generator
from pathlib import Path
from urllib.request import ProxyHandler, build_opener

import pytest

from baysync.db.embedded.cluster import EmbeddedPostgres
from baysync.demo.proposals import PRICE, TITLE, VARIANTS, proposals
from support.processes import PROGRAM, ended, running, said

REASONS = {
    "title too long", "missing image", "too many images", "image not https", "wrong currency",
    "missing category", "variant options twice", "held",
}  # fmt: skip
DEMO = ("demo", "--port", "0")
browser = build_opener(ProxyHandler({}))


@pytest.fixture
def home() -> Generator[Path]:
    """A folder that the server's user may enter; removed once the server has stopped."""
    path = Path(tempfile.mkdtemp(prefix="baysync-demo-"))
    path.chmod(0o755)
    yield path
    EmbeddedPostgres(path / "demo" / "pg").wait_stopped()
    shutil.rmtree(path)


def environment(home: Path, **more: str) -> dict[str, str]:
    """Return the variables of a user who has only a home of their own."""
    ours = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    return {**ours, "BAYSYNC_HOME": str(home), **more}


def fetch(url: str) -> str:
    with browser.open(url, timeout=30) as answer:
        return answer.read().decode()


def said_by(address: str, path: str, words: str) -> bool:
    """Look at a page until it says ``words``, for a minute at most."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if words in fetch(address + path):
            return True
    return False


def run(*command: str, env: dict[str, str], codes: tuple[int, ...]) -> str:
    """Run a command of ours; return what it printed."""
    done = subprocess.run([PROGRAM, *command], env=env, capture_output=True, text=True, check=False)
    assert done.returncode in codes, done.stderr
    return done.stdout


def test_one_round_publishes_all_that_ebay_takes_and_says_why_it_takes_no_more(home: Path) -> None:
    done = subprocess.run(
        [PROGRAM, "demo", "--once", "--json"],
        env=environment(home, BAYSYNC_STARTED=str(time.time() - 1000)),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    (line,) = done.stdout.splitlines()
    result = json.loads(line)
    counted = [result[name] for name in ("listings", "published", "blocked", "dead")]
    assert counted == [60, 52, 8, 0]
    assert result["ebay_calls"] < 200
    assert 1000 < result["first_publish_seconds"] <= result["seconds"] < 1600
    assert {reason for reason in REASONS if f"  {reason}\n" in done.stderr} == REASONS
    assert done.stderr.count("    fix: ") == 8
    assert "    eBay 25019: " in done.stderr
    assert re.search(r"EBAY_US +52 live, 6 of them with variants", done.stderr)
    assert re.search(r"EBAY_DE +28 live, 6 of them with variants", done.stderr)
    assert max(len(line) for line in done.stderr.splitlines()) <= 80
    assert "Traceback" not in done.stderr


def proposed(home: Path) -> dict[str, str]:
    """Return the variables of a shell that was led to the demo as it proposes."""
    lines = (home / "demo" / "try" / "env").read_text().splitlines()
    pairs = (line.removeprefix("export ").partition("=") for line in lines)
    return environment(home) | {name: shlex.split(value)[0] for name, _, value in pairs}


def test_the_demo_stays_and_what_it_proposes_works(home: Path) -> None:
    with running(*DEMO, env=environment(home)) as demo:
        address = said(demo, r"See it: +(http://\S+)")[1]
        said(demo, "Ctrl-C ends it")
        env = proposed(home)
        assert "title too long" in fetch(f"{address}/")
        answers: dict[str, str] = {}
        for line in (command for each in proposals() for command in each.commands):
            words = [string.Template(word).substitute(env) for word in shlex.split(line)]
            assert words[:2] == ["./run", "baysync"]
            answers[words[2]] = run(*words[2:], env=env, codes=(0, 1))
        assert "title_too_long" in answers["why"]
        assert "held" in answers["errors"]
        live = f'href="/listings/{TITLE[0]}"'
        assert said_by(address, "/listings?state=live&marketplace=EBAY_US", live)
        assert "no. 1" in fetch(f"{address}/listings/{TITLE[0]}")
        assert said_by(address, f"/listings/{PRICE[0]}/diff", "<code>72.99</code>")
        gone = f"/quantities/{VARIANTS[1]}"
        assert said_by(address, f"/listings/{VARIANTS[0]}/diff", gone)
        for page in (each.page for each in proposals() if each.page):
            fetch(f"{address}{page}")
        second = subprocess.run(
            [PROGRAM, "demo", "--once"],
            env=environment(home), capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert second.returncode == 2
        assert "Another demo plays in" in second.stderr
        code, error = ended(demo, signal.SIGINT)
        assert code == 0, error
        assert "Traceback" not in error


def mock_of(demo: subprocess.Popen[str]) -> int:
    """Return the process of a demo's local eBay; the children of its threads are its own."""
    threads = Path(f"/proc/{demo.pid}/task").iterdir()
    children = [one for thread in threads for one in (thread / "children").read_text().split()]
    (mock,) = [one for one in children if b"mockbay" in Path(f"/proc/{one}/cmdline").read_bytes()]
    return int(mock)


def test_a_demo_that_is_interrupted_ends_in_order_though_its_ebay_stands_still(home: Path) -> None:
    with running(*DEMO, env=environment(home)) as demo:
        said(demo, "^Connected ")
        os.kill(mock_of(demo), signal.SIGSTOP)
        began = time.monotonic()
        code, error = ended(demo, signal.SIGTERM)
    assert time.monotonic() - began < 9
    assert code == 130, error
    assert "Traceback" not in error
