"""Send a call about many works and hand each its own outcome."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Protocol

from baysync.ebay import verdict
from baysync.ebay.model import Answer, Call, ItemAnswer, Operation, Verdict
from baysync.publish.model import READ_BACK, How, Work

BULK = 25
STOPS_ALL = frozenset({Verdict.THROTTLED, Verdict.REAUTH, Verdict.CONFIG, Verdict.AMBIGUOUS})
BLOCKS = {Verdict.HELD: "held", Verdict.CAPPED: "capped"}


class Sender(Protocol):
    """Sends calls under the claim's lease, with a log row committed before each."""

    async def send(self, call: Call, works: Sequence[Work]) -> Answer | None:
        """Return the answer, or None when the lease is lost or the process is stopping."""
        ...

    @property
    def price_quantity_rows(self) -> int:
        """How many SKUs a price and quantity call of this account may carry."""
        ...

    def learn_single_rows(self) -> None:
        """Remember that this account takes one SKU a price and quantity call."""
        ...


Rows = Sequence[Work]
Build = Callable[[Rows], Call]
Took = Callable[[Work, ItemAnswer], None]


def batches(works: Rows) -> list[list[Work]]:
    """Cut ``works`` into what one bulk call may carry."""
    return [list(works[start : start + BULK]) for start in range(0, len(works), BULK)]


def by_marketplace(works: Rows) -> list[list[Work]]:
    """Group ``works``: one call speaks to one marketplace in one language."""

    def marketplace(work: Work) -> str:
        return work.target.marketplace

    return [list(rows) for _, rows in groupby(sorted(works, key=marketplace), key=marketplace)]


async def bulk(works: Rows, build: Build, sender: Sender, took: Took) -> None:
    """Send one call about ``works``; ``took`` is told of each row that eBay accepted.

    A refusal of the whole call says nothing about any row, so each half is sent again until the
    row that eBay cannot take stands alone.
    """
    ready = [work for work in works if work.is_open]
    answer = await send(build(ready), ready, sender) if ready else None
    if answer is None:
        return
    found = verdict.outcomes(answer)
    if found is not None:
        take(ready, found, took, answer)
        return
    middle = len(ready) // 2
    await bulk(ready[:middle], build, sender, took)
    await bulk(ready[middle:], build, sender, took)


async def send(call: Call, works: Rows, sender: Sender) -> Answer | None:
    """Send ``call``; None ends ``works`` unsent: the lease is lost or the door is shut."""
    answer = await sender.send(call, works)
    if answer is None:
        for work in works:
            work.stop(How.UNSENT, reason="the lease ran out or the worker is stopping")
    return answer


def take(works: Rows, found: Sequence[ItemAnswer], took: Took, whole: Answer) -> None:
    """Give each work its row of the answer ``whole``."""
    for work, answer in zip(works, found, strict=True):
        work.warnings.extend(answer.warnings)
        if answer.verdict is Verdict.DONE:
            work.answered = True
            took(work, answer)
        else:
            _refused(work, answer, whole)


def _refused(work: Work, answer: ItemAnswer, whole: Answer) -> None:
    """Note what stopped this work; where eBay says it holds something else, it is read back."""
    work.answered = work.answered or answer.verdict not in STOPS_ALL
    if answer.verdict is Verdict.AMBIGUOUS and whole.sent and whole.call.method != "GET":
        work.doubt = True
        work.item = replace(work.item, item_hash=None, offer_hash=None)
    if work.read_back == 0 and _may_be_another_state(answer, whole.call):
        work.asks_read_back = True
    elif answer.verdict in BLOCKS:
        work.stop(
            How.BLOCKED,
            verdict=answer.verdict,
            problems=answer.problems,
            reason=BLOCKS[answer.verdict],
        )
    else:
        work.stop(How.FAILED, verdict=answer.verdict, problems=answer.problems)


def _may_be_another_state(answer: ItemAnswer, call: Call) -> bool:
    """Say whether eBay may refuse this because it holds something else than we think.

    A price and quantity row is refused in general words (25002) when its listing was ended.
    """
    refused_row = (
        answer.verdict is Verdict.REJECTED and call.op is Operation.BULK_UPDATE_PRICE_QUANTITY
    )
    return refused_row or answer.verdict in READ_BACK
