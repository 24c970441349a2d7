"""Decisions of the queue: how long to wait, what a crash loop is, which moves exist."""

from dataclasses import dataclass
from datetime import timedelta

from baysync.queue.model import Status

_LONGEST_EXPONENT = 32


def backoff(attempt: int, *, jitter: float, base: timedelta, cap: timedelta) -> timedelta:
    """Return the wait after failed attempt ``attempt`` (1 is the first).

    Half of ``min(cap, base * 2^(attempt - 1))`` is fixed, half is scaled by ``jitter`` in [0, 1),
    which the caller draws.
    """
    wait = min(cap, base * (1 << min(max(attempt - 1, 0), _LONGEST_EXPONENT)))
    return wait / 2 + jitter * wait / 2


def patience(failing: timedelta, *, jitter: float, base: timedelta, cap: timedelta) -> timedelta:
    """Return the wait after a failure that costs no attempt: as long again as it fails already.

    At least ``base``, at most ``cap``; half is fixed, half is scaled by ``jitter`` in [0, 1).
    """
    wait = min(cap, max(base, failing))
    return wait / 2 + jitter * wait / 2


def is_crash_loop(crashes: int, *, limit: int) -> bool:
    """Say whether a change has taken ``limit`` more workers down while it travelled alone.

    The first crash may be a neighbour's: it only sends the change on alone.
    """
    return crashes > limit


@dataclass(frozen=True, slots=True)
class Transition:
    """One move of a change; ``source`` None is its making."""

    source: Status | None
    event: str
    target: Status


TRANSITIONS = (
    Transition(None, "ensure", Status.PENDING),
    Transition(Status.PENDING, "newer edit", Status.PENDING),
    Transition(Status.PENDING, "claim", Status.PROCESSING),
    Transition(Status.PENDING, "reverted, cancelled or blocked", Status.CANCELLED),
    Transition(Status.PROCESSING, "lease extended", Status.PROCESSING),
    Transition(Status.PROCESSING, "done or nothing to send", Status.DONE),
    Transition(Status.PROCESSING, "retry, in doubt, released or reaped", Status.PENDING),
    Transition(Status.PROCESSING, "rejected or gave up", Status.DEAD),
    Transition(Status.PROCESSING, "blocked before sending", Status.CANCELLED),
)


def diagram() -> str:
    """Return the moves as the Mermaid state diagram of ``docs/explanation/queue.md``."""
    lines = [f"    {move.source or '[*]'} --> {move.target}: {move.event}" for move in TRANSITIONS]
    final = [status for status in Status if all(move.source != status for move in TRANSITIONS)]
    return "\n".join(["stateDiagram-v2", *lines, *[f"    {status} --> [*]" for status in final]])
