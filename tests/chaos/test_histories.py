"""Random histories of a shop, its publisher and a faulty eBay; every one drains and is judged.

The usual ones are always the same, in CI more of them;
``HISTORIES=2000 ./run test tests/chaos/test_histories.py`` tries that many others.
"""

import asyncio
import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from chaos.history import History
from mockbay.client import MockServer
from support.live_shop import open_shop

pytestmark = pytest.mark.usefixtures("unmeasured")
STEPS = 12
USUAL = 200 if os.environ.get("CI") else 30


@contextmanager
def histories(database: str, mock: MockServer, home: Path) -> Generator[type[History]]:
    """Lend the machine that writes histories, bound to a shop of its own."""
    with asyncio.Runner() as runner:
        opened = open_shop(database, mock, home)
        shop = runner.run(opened.__aenter__())
        try:
            yield type("Bound", (History,), {"shop": shop, "runner": runner})
        finally:
            runner.run(opened.__aexit__(None, None, None))


def try_histories(database: str, mock: MockServer, home: Path, *, count: int, seed: bool) -> None:
    """Try ``count`` histories, always the same ones where ``seed``.

    Raises:
        AssertionError: eBay does not show what the shop said, or a promise does not hold.
    """
    with histories(database, mock, home) as bound:
        run_state_machine_as_test(
            bound,
            settings=settings(
                max_examples=count,
                stateful_step_count=STEPS,
                deadline=None,
                database=None,
                derandomize=seed,
                suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
                phases=[Phase.generate],  # shrinking takes longer than reading a history
            ),
        )


def test_no_history_loses_a_change_or_sells_twice(
    database: str, mockbay: MockServer, tmp_path: Path
) -> None:
    asked = os.environ.get("HISTORIES")
    count = int(asked or USUAL)
    try_histories(database, mockbay, tmp_path, count=count, seed=asked is None)
