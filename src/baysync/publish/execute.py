"""Carry out the plans of one claimed batch, step kind by step kind, in as few calls as may be."""

from baysync.publish.bulk import Rows, Sender
from baysync.publish.model import How, Work
from baysync.publish.plan import StepKind
from baysync.publish.steps import PHASES, is_held


async def carry_out(works: Rows, sender: Sender) -> None:
    """Send the steps of all ``works`` in the order of their kinds; each work ends or goes on.

    A work whose answer must be read back first has ``asks_read_back`` set and keeps its steps.
    """
    for kind in StepKind:
        ready = [
            work
            for work in works
            if work.is_open and not work.asks_read_back and _next(work) is kind
        ]
        await PHASES[kind](_needed(ready), sender)
    for work in works:
        if work.is_open and not work.steps and not work.asks_read_back:
            work.stop(How.DONE)


def _next(work: Work) -> StepKind | None:
    return work.steps[0].kind if work.steps else None


def _needed(works: Rows) -> list[Work]:
    """Return the works whose body eBay does not hold yet; the others have this step done."""
    needed: list[Work] = []
    for work in works:
        if is_held(work):
            work.succeed()
        else:
            needed.append(work)
    return needed
