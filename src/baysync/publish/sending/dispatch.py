"""Send a call about many items, of any works, and hand each its own outcome."""

from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Protocol

from baysync.ebay import errors, offers, verdict
from baysync.ebay.model import Answer, Call, ItemAnswer, Operation, Verdict
from baysync.publish.completion import Completion, CompletionKind, failed
from baysync.publish.limits import Limits
from baysync.publish.model import READ_BACK, Part, Work
from baysync.publish.planning.revisions import FOR_ALL_ITEMS, is_revision

BULK = 25
STOPS_ALL = frozenset({Verdict.THROTTLED, Verdict.REAUTH, Verdict.CONFIG, Verdict.AMBIGUOUS})
PUBLISHES = frozenset(
    {Operation.BULK_PUBLISH_OFFER, Operation.PUBLISH_GROUP, Operation.PUBLISH_OFFER}
)
CREATES = frozenset({Operation.BULK_CREATE_OFFER, Operation.CREATE_OFFER})
GENERAL_ERROR = 25002
SERVER_ERROR = 500  # HTTP status, of the call or of a row
STALE_ERROR, STALE_ATTEMPTS = 25001, 4  # only then is an offer looked at as one to be made anew
BLOCKS = {Verdict.HELD: "held", Verdict.CAPPED: "capped"}


class Sender(Protocol):
    """Sends calls under the claim's lease, with a log row committed before each."""

    @property
    def is_halted(self) -> bool:
        """Whether nothing more is sent."""
        ...

    async def send(self, call: Call, works: Sequence[Work]) -> Answer | None:
        """Return the answer, or None when the lease is lost or the process is stopping."""
        ...

    async def may_have_ended(self, work: Work) -> bool:
        """Return whether a call of ours may have ended a listing that eBay does not show."""
        ...

    async def keep(self, work: Work) -> None:
        """Commit what is known of the documents of ``work`` before one of them is deleted."""
        ...

    async def remember(self, works: Sequence[Work]) -> None:
        """Commit what eBay has just shown of ``works`` before anything overwrites it."""
        ...

    @property
    def limits(self) -> Limits:
        """The numbers a publisher lives by."""
        ...

    @property
    def price_quantity_rows(self) -> int:
        """How many SKUs a price and quantity call of this account may carry."""
        ...

    def learn_single_rows(self) -> None:
        """Remember that this account takes one SKU a price and quantity call."""
        ...


Rows = Sequence[Part]
Build = Callable[[Rows], Call]
Took = Callable[[Part, ItemAnswer], None]
Again = Callable[[Part, ItemAnswer], bool]


def batches(parts: Rows) -> list[list[Part]]:
    """Cut ``parts`` into what one bulk call may carry."""
    return [list(parts[start : start + BULK]) for start in range(0, len(parts), BULK)]


def by_marketplace(parts: Rows) -> list[list[Part]]:
    """Group ``parts``: one call speaks to one marketplace in one language."""

    def marketplace(part: Part) -> str:
        return part.work.target.marketplace

    return [list(rows) for _, rows in groupby(sorted(parts, key=marketplace), key=marketplace)]


def by_work(parts: Rows) -> list[list[Part]]:
    """Group ``parts`` by the listing that they are of."""
    found: dict[int, list[Part]] = {}
    for part in parts:
        found.setdefault(part.work.change.id, []).append(part)
    return list(found.values())


def works_of(parts: Rows) -> list[Work]:
    """Return the works of ``parts``, each once."""
    return [rows[0].work for rows in by_work(parts)]


async def bulk(
    parts: Rows, build: Build, sender: Sender, took: Took, again: Again | None = None
) -> None:
    """Send one call about ``parts``; ``took`` is told of each row that eBay accepted.

    A refusal of the whole call says nothing about any row, so each half is sent again until the
    row that eBay cannot take stands alone. Refused rows of which ``again`` says that another body
    may be taken are sent once more.
    """
    ready = [part for part in parts if part.is_open]
    answer = await send(build(ready), ready, sender) if ready else None
    if answer is None:
        return
    found = verdict.outcomes(answer)
    if found is not None:
        changed = take(ready, found, took, answer, again)
        await bulk(changed, build, sender, took)
        return
    middle = len(ready) // 2
    await bulk(ready[:middle], build, sender, took, again)
    await bulk(ready[middle:], build, sender, took, again)


async def send(call: Call, parts: Rows, sender: Sender) -> Answer | None:
    """Send ``call``; None ends the works unsent: the lease is lost or the door is shut."""
    works = works_of(parts)
    answer = await sender.send(call, works)
    if answer is None:
        for work in works:
            work.stop(CompletionKind.UNSENT, reason="the lease ran out or the worker is stopping")
    return answer


def take(
    parts: Rows,
    found: Sequence[ItemAnswer],
    took: Took,
    whole: Answer,
    again: Again | None = None,
) -> list[Part]:
    """Give each item its row of the answer ``whole``; return those to be sent ``again``."""
    changed: list[Part] = []
    for part, answer in zip(parts, found, strict=True):
        part.work.warnings.extend(answer.warnings)
        landed = answer.verdict is Verdict.DONE or _is_in_doubt(answer, whole)
        part.work.revised += landed and is_revision(part, whole.call)
        if answer.verdict is Verdict.DONE:
            part.work.answered = True
            took(part, answer)
        elif answer.verdict is Verdict.REJECTED and again and again(part, answer):
            part.work.answered = True
            changed.append(part)
        else:
            _refused(part, answer, whole)
    return changed


def _refused(part: Part, answer: ItemAnswer, whole: Answer) -> None:
    """Note what stopped this item; where eBay says it holds something else, it is read back."""
    work = part.work
    work.answered = work.answered or answer.verdict not in STOPS_ALL
    if _is_in_doubt(answer, whole):
        work.doubt = True
        part.know(item_hash=None, offer_hash=None)
    if work.unsure and answer.verdict not in STOPS_ALL:
        _leave(part)
        return
    was_stuck, work.stuck = work.stuck, work.stuck or _is_stuck(work, answer, whole.call)
    other = work.read_back == 0 and _may_be_another_state(answer, whole.call)
    if other or work.stuck > was_stuck:
        work.asks_read_back = True
    elif any(errors.is_revision_cap(problem) for problem in answer.problems):
        work.capped = answer.problems
        for each in _sharing(part):
            each.postpone()
    elif answer.verdict in BLOCKS:
        reason = BLOCKS[answer.verdict]
        part.fail(
            Completion(
                how=CompletionKind.BLOCKED,
                verdict=answer.verdict,
                problems=answer.problems,
                reason=reason,
            )
        )
    elif _is_refused(work, answer, whole.call):
        part.fail(failed(whole.call, Verdict.REJECTED, answer.problems))
    else:
        part.fail(failed(whole.call, answer.verdict, answer.problems))


def _leave(part: Part) -> None:
    """Drop the step that eBay refused of what may have ended: a group ends with all its items."""
    for each in _sharing(part):
        part.work.steps[each.key] = ()


def _sharing(part: Part) -> Rows:
    """Return the items that the next step of ``part`` is sent for: a group's are sent as one."""
    kind = part.steps[0].kind
    if kind not in FOR_ALL_ITEMS:
        return [part]
    return [each for each in part.work.pending if each.steps and each.steps[0].kind is kind]


def _is_in_doubt(answer: ItemAnswer, whole: Answer) -> bool:
    """Say whether a write may have had an effect that eBay did not tell of.

    A system error does not say how far eBay had come.
    """
    failed = answer.verdict is Verdict.RETRY and (answer.status or 0) >= SERVER_ERROR
    silent = answer.verdict is Verdict.AMBIGUOUS and whole.sent
    return (silent or failed) and not whole.call.reads


def _is_stuck(work: Work, answer: ItemAnswer, call: Call) -> bool:
    """Say whether eBay has failed to publish this so often that its offers may be stale.

    An offer whose listing was ended on eBay's site answers so for ever; mostly it passes.
    """
    failed = any(problem.error_id == STALE_ERROR for problem in answer.problems)
    return failed and call.op in PUBLISHES and work.change.attempts >= STALE_ATTEMPTS


def _is_refused(work: Work, answer: ItemAnswer, call: Call) -> bool:
    """Say whether eBay will not have this new offer, in the words it uses for one too many.

    It named no offer, none was found when we looked, nothing else of ours may show late, and it
    says the same again.
    """
    in_the_way = answer.verdict is Verdict.CONFLICT and not offers.offer_id_in(answer)
    looked = work.read_back > 0 and work.target.verify_at is None
    return call.op in CREATES and in_the_way and looked


def _may_be_another_state(answer: ItemAnswer, call: Call) -> bool:
    """Say whether eBay may refuse this because it holds something else than we think.

    It says so in general words, which it translates: a price and quantity row is refused when its
    listing was ended, a publish when the listing is live already (25002).
    """
    if answer.verdict is not Verdict.REJECTED:
        return answer.verdict in READ_BACK
    general = any(problem.error_id == GENERAL_ERROR for problem in answer.problems)
    return call.op is Operation.BULK_UPDATE_PRICE_QUANTITY or (general and call.op in PUBLISHES)
