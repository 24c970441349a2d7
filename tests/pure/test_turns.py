"""Loops: nothing but their stop ends them, and one error is said once."""

import anyio
import pytest
from psycopg import OperationalError
from structlog.testing import capture_logs

from baysync.telemetry import turns
from baysync.telemetry.turns import take_turns


async def test_a_loop_outlives_every_error_and_says_the_same_one_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(turns, "BROKEN_SECONDS", 0.0)
    monkeypatch.setattr(turns, "RETRY_SECONDS", 0.0)
    stopping = anyio.Event()
    same, other = ValueError("broken"), ValueError("broken in another way")
    left: list[Exception | None] = [same, OperationalError(), same, other, None, other, None]

    async def turn() -> None:
        error = left.pop(0)
        if not left:
            stopping.set()
        if error is not None:
            raise error

    with capture_logs() as logged:
        await take_turns(turn, name="bell", stopping=stopping)
    assert left == []
    assert [str(line["exc_info"]) for line in logged] == ["True", "True", "True"]
    assert {line["loop"] for line in logged} == {"bell"}
