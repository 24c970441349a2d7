"""Decide what becomes of a change after its attempt: row, doubt, block, dead letter, lane."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from baysync.ebay.model import Verdict
from baysync.publish.completion import CompletionKind
from baysync.publish.limits import Limits
from baysync.publish.model import Work
from baysync.queue.rules import backoff, patience

GIVEN_BACK = frozenset({Verdict.THROTTLED, Verdict.REAUTH, Verdict.CONFIG})
PAUSING = frozenset({Verdict.REAUTH, Verdict.CONFIG})
WAITING = frozenset({CompletionKind.UNSENT, CompletionKind.POSTPONED, CompletionKind.UNCONFIRMED})
STRANGER_ATTEMPTS = 2
SETTLING = timedelta(seconds=1)  # the row is written before the doubt: look after both
ENDED_REMOTELY = "ended_remotely"  # only the shop or a person brings such a listing back


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What the settling transaction writes for one change.

    Attributes:
        status: what the queue row becomes; ``pending`` goes back.
        outcome: the word for the row and the sync log.
        give_back: the attempt is not counted.
        clean: eBay answered about this item, so crashes start from 0 again.
        run_after: wait before the next try.
        failed: the failure said nothing about the item; remember when (see ``spends``).
        verify: a reply was lost: read back after the verify delay.
        block: reason of a new block of scope ``all``, with the time until it is looked at again.
        letter: a dead letter is opened.
    """

    status: str
    outcome: str
    give_back: bool = False
    clean: bool = False
    run_after: timedelta = timedelta(0)
    failed: bool = False
    verify: bool = False
    block: str | None = None
    recheck: timedelta | None = None
    letter: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LaneNews:
    """What a batch tells about its account: it answered, it did not, or it must be paused."""

    answered: bool
    silent: bool
    pause: str | None


def decide(work: Work, limits: Limits, *, jitter: float, failing: timedelta) -> Decision:
    """Return what becomes of ``work``, which has ended; ``jitter`` in [0, 1) spreads the retry.

    ``failing`` is how long ago its first failure was.
    """
    end = work.end
    if end is None or end.how in WAITING:
        return _waits(work, limits)
    if end.how in {CompletionKind.DONE, CompletionKind.SKIPPED}:
        return Decision(status="done", outcome=end.how, clean=True, verify=work.in_doubt)
    if end.how is CompletionKind.CANCELLED:
        return Decision(status="cancelled", outcome=end.reason, give_back=True)
    if end.how is CompletionKind.BLOCKED:
        return Decision(
            status="cancelled",
            outcome="blocked",
            give_back=True,
            clean=work.answered,
            verify=work.in_doubt,
            block=end.reason,
            recheck=None if end.reason == ENDED_REMOTELY else limits.recheck,
        )
    return _failed(work, limits, jitter=jitter, failing=failing)


def _waits(work: Work, limits: Limits) -> Decision:
    """Return what becomes of a change that only waits: for a worker, a day, or a later look."""
    if work.end and work.end.how is CompletionKind.POSTPONED:
        return Decision(
            status="pending",
            outcome=Verdict.CAPPED,
            give_back=True,
            clean=work.answered,
            verify=work.in_doubt,
            run_after=work.target.day_ends_in,
        )
    if work.end and work.end.how is CompletionKind.UNCONFIRMED:
        return Decision(
            status="pending",
            outcome=CompletionKind.UNCONFIRMED,
            give_back=True,
            clean=True,
            verify=work.in_doubt or work.target.verify_at is None,
            run_after=limits.verify_delay + SETTLING,
        )
    return Decision(status="pending", outcome="released", give_back=True, verify=work.in_doubt)


def _failed(work: Work, limits: Limits, *, jitter: float, failing: timedelta) -> Decision:
    end, expired = work.end, failing > limits.max_age
    unread = end is not None and end.how is CompletionKind.UNREAD
    verdict = (end.verdict if end else None) or Verdict.UNRECOGNISED
    if verdict in GIVEN_BACK:
        return Decision(status="pending", outcome=verdict, give_back=True, verify=work.in_doubt)
    if verdict is Verdict.AMBIGUOUS and not spends(work):
        return Decision(
            status="pending", outcome=verdict, give_back=True, failed=True, verify=work.in_doubt
        )
    if expired or (gives_up(verdict, work.change.attempts, limits) and not unread):
        return Decision(
            status="dead",
            outcome="expired" if expired and verdict is not Verdict.REJECTED else verdict,
            clean=work.answered,
            verify=work.in_doubt,
            letter=True,
        )
    base, cap = limits.backoff_base, limits.backoff_cap
    wait = (
        patience(failing, jitter=jitter, base=base, cap=cap)
        if unread
        else backoff(work.change.attempts, jitter=jitter, base=base, cap=cap)
    )
    return Decision(
        status="pending",
        outcome=verdict,
        give_back=unread,
        clean=work.answered,
        run_after=wait,
        failed=verdict is Verdict.AMBIGUOUS,
        verify=work.in_doubt,
    )


def spends(work: Work) -> bool:
    """Say whether silence costs this change an attempt: its lane has answered others since."""
    return work.change.lane_answered


def gives_up(verdict: Verdict, attempts: int, limits: Limits) -> bool:
    """Say whether a counted failure after ``attempts`` tries is the last."""
    if verdict is Verdict.REJECTED:
        return True
    most = STRANGER_ATTEMPTS if verdict is Verdict.UNRECOGNISED else limits.max_attempts
    return attempts >= most


def lane_news(works: Sequence[Work]) -> LaneNews:
    """Return what the ends of a batch say about the account's lane."""
    ends = [work.end for work in works if work.end is not None]
    pausing = [end for end in ends if end.verdict in PAUSING]
    silent = [
        work
        for work in works
        if work.end and work.end.verdict is Verdict.AMBIGUOUS and not spends(work)
    ]
    answered = any(work.answered for work in works)
    return LaneNews(
        answered=answered,
        silent=bool(silent) and not answered,
        pause=str(pausing[0].verdict) if pausing else None,
    )
