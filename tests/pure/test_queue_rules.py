"""When a change is tried again, and how it moves."""

from datetime import timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from baysync.queue.model import Status
from baysync.queue.rules import (
    TRANSITIONS,
    backoff,
    diagram,
    is_crash_loop,
)

BASE, CAP = timedelta(seconds=5), timedelta(seconds=300)
QUEUE_PAGE = Path(__file__).parents[2] / "docs/explanation/queue.md"


@given(st.integers(1, 10_000), st.floats(0, 1, exclude_max=True))
def test_a_backoff_is_at_least_half_of_its_step_and_never_above_it(
    attempt: int, jitter: float
) -> None:
    step = min(CAP, BASE * 2 ** min(attempt - 1, 20))
    wait = backoff(attempt, jitter=jitter, base=BASE, cap=CAP)
    assert step / 2 <= wait <= step


@given(st.integers(1, 100), st.floats(0, 1, exclude_max=True))
def test_a_backoff_never_gets_shorter_for_the_same_luck(attempt: int, jitter: float) -> None:
    assert backoff(attempt, jitter=jitter, base=BASE, cap=CAP) <= backoff(
        attempt + 1, jitter=jitter, base=BASE, cap=CAP
    )


def test_the_first_crash_may_be_a_neighbours() -> None:
    assert [is_crash_loop(crashes, limit=3) for crashes in (1, 2, 3, 4)] == [0, 0, 0, 1]


def test_final_statuses_have_no_way_out() -> None:
    assert {move.source for move in TRANSITIONS} == {None, Status.PENDING, Status.PROCESSING}


def test_the_committed_page_shows_these_moves() -> None:
    assert f"```mermaid\n{diagram()}\n```" in QUEUE_PAGE.read_text()
