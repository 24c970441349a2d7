"""The consent page is opened without a secret in any command line."""

import stat
import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from baysync.cli.accounts.consent_page import shown

URL = "https://auth.ebay.com/oauth2/authorize?client_id=a&state=CANARY-state"
BROWSER = """
import os, sys
from pathlib import Path
Path(os.environ["SEEN"]).write_text("\\n".join(sys.argv[1:]))
"""


def test_no_process_has_the_state_in_its_arguments(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    program, seen = tmp_path / "browser.py", tmp_path / "seen"
    program.write_text(BROWSER)
    monkeypatch.setenv("SEEN", str(seen))
    monkeypatch.setattr("webbrowser._tryorder", None)  # it reads BROWSER once
    monkeypatch.setenv("BROWSER", f"{sys.executable} {program} %s")
    with shown(URL, browser=True):
        argument = seen.read_text()
        page = Path(unquote(urlsplit(argument).path))
        assert "url=https://auth.ebay.com/oauth2/authorize?client_id=a&amp;state=CANARY-state" in (
            page.read_text()
        )
        assert stat.S_IMODE(page.parent.stat().st_mode) == 0o700, "only its owner can read it"
    assert "CANARY" not in argument
    assert not page.parent.exists()
    assert URL in capsys.readouterr().err, "it can be opened by hand too"


def test_without_a_browser_the_address_is_only_printed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with shown(URL, browser=False):
        assert URL in capsys.readouterr().err
