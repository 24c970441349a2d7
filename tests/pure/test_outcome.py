"""What becomes of a change after its attempt."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from baysync.ebay.model import Verdict
from baysync.ebay_listing.model import EbayItem
from baysync.publish.completion import Completion, CompletionKind
from baysync.publish.limits import Limits
from baysync.publish.model import Work
from baysync.publish.settling.decision import Decision, decide, lane_news
from support.claims import CLAIMED, TARGET

LIMITS = Limits()
TOO_LONG = LIMITS.max_age + timedelta(seconds=1)


def work(end: Completion | None, *, attempts: int = 1, lane_answered: bool = False) -> Work:
    change = replace(CLAIMED, attempts=attempts, lane_answered=lane_answered)
    return Work(
        change=change,
        target=TARGET,
        desired=None,
        published=None,
        items={"": EbayItem(sku="L1")},
        end=end,
    )


def failed(verdict: Verdict, *, attempts: int = 1, lane_answered: bool = False) -> Work:
    end = Completion(how=CompletionKind.FAILED, verdict=verdict)
    return work(end, attempts=attempts, lane_answered=lane_answered)


def decided(done: Work, *, failing: timedelta = timedelta()) -> Decision:
    return decide(done, LIMITS, jitter=0.5, failing=failing)


@pytest.mark.parametrize("how", [CompletionKind.DONE, CompletionKind.SKIPPED])
def test_what_is_done_is_done(how: CompletionKind) -> None:
    decision = decided(work(Completion(how=how)))
    assert (decision.status, decision.outcome, decision.clean) == ("done", how, True)


@pytest.mark.parametrize("end", [None, Completion(how=CompletionKind.UNSENT)])
def test_what_was_not_sent_goes_back_unspent(end: Completion | None) -> None:
    decision = decided(work(end))
    assert (decision.status, decision.give_back, decision.verify) == ("pending", True, False)


@pytest.mark.parametrize(
    "how", [CompletionKind.DONE, CompletionKind.UNSENT, CompletionKind.POSTPONED]
)
def test_what_was_to_be_read_back_and_was_not_stays_in_doubt(how: CompletionKind) -> None:
    asking = work(Completion(how=how))
    asking.asks_read_back = True
    assert decided(asking).verify


def test_a_change_of_a_listing_that_is_blocked_whole_is_cancelled() -> None:
    decision = decided(work(Completion(how=CompletionKind.CANCELLED, reason="blocked")))
    assert (decision.status, decision.outcome, decision.letter) == ("cancelled", "blocked", False)


def test_a_hold_blocks_the_listing_until_it_is_looked_at_again() -> None:
    decision = decided(
        work(Completion(how=CompletionKind.BLOCKED, verdict=Verdict.HELD, reason="held"))
    )
    assert (decision.status, decision.block, decision.recheck) == (
        "cancelled",
        "held",
        LIMITS.recheck,
    )
    assert decision.give_back


@pytest.mark.parametrize(
    ("verdict", "attempts", "status"),
    [
        (Verdict.REJECTED, 1, "dead"),
        (Verdict.RETRY, 1, "pending"),
        (Verdict.RETRY, 5, "pending"),
        (Verdict.RETRY, 6, "dead"),
        (Verdict.CONFLICT, 6, "dead"),
        (Verdict.GONE, 2, "pending"),
        (Verdict.UNRECOGNISED, 1, "pending"),
        (Verdict.UNRECOGNISED, 2, "dead"),
    ],
)
def test_an_answer_about_the_item_counts(verdict: Verdict, attempts: int, status: str) -> None:
    decision = decided(failed(verdict, attempts=attempts))
    assert (decision.status, decision.give_back) == (status, False)
    assert decision.letter is (status == "dead")


@pytest.mark.parametrize("verdict", [Verdict.THROTTLED, Verdict.REAUTH, Verdict.CONFIG])
def test_what_concerns_the_account_costs_no_attempt(verdict: Verdict) -> None:
    decision = decided(failed(verdict, attempts=6), failing=TOO_LONG)
    assert (decision.status, decision.give_back, decision.failed) == ("pending", True, False)


def test_a_look_too_soon_is_repeated_after_the_delay_unspent() -> None:
    decision = decided(work(Completion(how=CompletionKind.UNCONFIRMED)))
    assert (decision.status, decision.give_back, decision.verify) == ("pending", True, True)
    assert decision.run_after > LIMITS.verify_delay
    doubtful = work(Completion(how=CompletionKind.UNCONFIRMED))
    doubtful.target = replace(TARGET, verify_at=datetime(2026, 1, 1, tzinfo=UTC))
    assert not decided(doubtful).verify, "the look that decides is not put off"


def test_a_look_is_sure_once_all_that_we_sent_must_show() -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)

    def sure(*steps: str, **target: object) -> bool:
        looking = work(None)
        looking.target = replace(TARGET, **target)
        looking.done_steps += steps
        return looking.is_sure(LIMITS.verify_delay)

    assert sure()
    assert sure(learnt_ago=LIMITS.verify_delay, verify_at=now, verify_due=True)
    assert not sure(learnt_ago=timedelta(seconds=1))
    assert not sure(verify_at=now)
    assert not sure("publish")


def test_silence_costs_nothing_while_the_lane_is_silent() -> None:
    decision = decided(failed(Verdict.AMBIGUOUS, attempts=6))
    assert (decision.status, decision.give_back, decision.failed) == ("pending", True, True)


def test_silence_costs_an_attempt_where_the_lane_answers_others() -> None:
    decision = decided(failed(Verdict.AMBIGUOUS, attempts=2, lane_answered=True))
    assert (decision.status, decision.give_back, decision.failed) == ("pending", False, True)
    assert decision.run_after == timedelta(seconds=7.5), "half of 10 s fixed, half by jitter 0.5"
    assert decided(failed(Verdict.AMBIGUOUS, attempts=6, lane_answered=True)).letter


@pytest.mark.parametrize(
    ("failing", "wait"),
    [(0, 5), (3, 5), (40, 40), (7200, 300)],
    ids=["first", "base", "age", "cap"],
)
def test_a_silent_read_costs_no_attempt_and_waits_as_long_as_it_fails(
    failing: int, wait: int
) -> None:
    unread = work(
        Completion(how=CompletionKind.UNREAD, verdict=Verdict.AMBIGUOUS),
        attempts=6,
        lane_answered=True,
    )
    decision = decided(unread, failing=timedelta(seconds=failing))
    assert (decision.status, decision.give_back, decision.failed) == ("pending", True, True)
    assert decision.run_after == timedelta(seconds=wait * 0.75), "half fixed, half by jitter 0.5"


def test_a_read_that_stays_silent_for_too_long_is_a_dead_letter() -> None:
    unread = work(
        Completion(how=CompletionKind.UNREAD, verdict=Verdict.AMBIGUOUS), lane_answered=True
    )
    assert decided(unread, failing=TOO_LONG).outcome == "expired"


def test_a_write_without_an_answer_outweighs_a_read_without_one() -> None:
    both = work(None)
    both.failures = {
        "read": Completion(how=CompletionKind.UNREAD, verdict=Verdict.AMBIGUOUS),
        "written": Completion(how=CompletionKind.FAILED, verdict=Verdict.AMBIGUOUS),
    }
    both.end_phase()
    assert both.end is not None
    assert both.end.how is CompletionKind.FAILED


def test_what_fails_for_too_long_is_a_dead_letter_called_expired() -> None:
    decision = decided(failed(Verdict.RETRY), failing=TOO_LONG)
    assert (decision.status, decision.outcome) == ("dead", "expired")
    assert decided(failed(Verdict.REJECTED), failing=TOO_LONG).outcome == "rejected"


def test_a_lost_reply_is_read_back_whatever_else_happens() -> None:
    for end in (
        None,
        Completion(how=CompletionKind.DONE),
        Completion(how=CompletionKind.FAILED, verdict=Verdict.REJECTED),
    ):
        doubtful = work(end)
        doubtful.doubt = True
        assert decided(doubtful).verify


def test_a_lane_hears_of_answers_silence_and_what_only_a_person_can_mend() -> None:
    answered = failed(Verdict.REJECTED)
    answered.answered = True
    silent = failed(Verdict.AMBIGUOUS)
    assert lane_news([answered, silent]).answered
    assert not lane_news([answered, silent]).silent
    assert lane_news([silent]).silent
    assert not lane_news([failed(Verdict.AMBIGUOUS, lane_answered=True)]).silent
    assert lane_news([failed(Verdict.REAUTH)]).pause == "reauth"
    assert lane_news([failed(Verdict.CONFIG)]).pause == "config"
    assert lane_news([work(None)]).pause is None


def test_stopping_twice_keeps_the_first_reason() -> None:
    done = work(None)
    done.stop(CompletionKind.FENCED)
    done.stop(CompletionKind.UNSENT)
    assert done.end == Completion(how=CompletionKind.FENCED)
