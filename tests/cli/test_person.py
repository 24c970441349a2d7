"""Who acts at the command line."""

import os
import pwd

import pytest

from baysync.cli.terminal.person import actor


def test_the_actor_is_the_user_of_the_process_whatever_the_environment_says(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.setenv(name, "the-boss")
    assert actor() == f"cli:{pwd.getpwuid(os.getuid()).pw_name}"


def test_a_user_without_a_name_is_its_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "getuid", lambda: 987_654_321)
    assert actor() == "cli:987654321"
