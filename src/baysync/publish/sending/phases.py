"""Carry out the plans of one claimed batch, step kind by step kind, in as few calls as may be."""

from collections.abc import Sequence

from baysync.publish.model import Part, Work
from baysync.publish.planning.plan import StepKind
from baysync.publish.planning.revisions import permitted
from baysync.publish.sending.dispatch import Rows, Sender, by_work
from baysync.publish.sending.steps import PHASES, is_held


async def carry_out(works: Sequence[Work], sender: Sender) -> None:
    """Send the steps of all ``works`` in the order of their kinds; each work ends or goes on.

    A work with an item that failed ends with its phase: what its other items took stays. A step
    that eBay takes no more of today waits; the others go on.

    A work whose answer must be read back first has ``asks_read_back`` set and keeps its steps.
    """
    for kind in StepKind:
        ready = [
            part
            for work in works
            if work.is_open and not work.asks_read_back
            for part in work.pending
            if part.steps and part.steps[0].kind is kind
        ]
        needed = [
            part
            for rows in by_work(_needed(ready))
            for part in permitted(rows, kind, sender.limits)
        ]
        await PHASES[kind](needed, sender)
        for work in works:
            work.end_phase()
    for work in works:
        work.finish()


def _needed(parts: Rows) -> list[Part]:
    """Return the items whose body eBay does not hold yet; the others have this step done."""
    needed: list[Part] = []
    for part in parts:
        if is_held(part):
            part.succeed()
        else:
            needed.append(part)
    return needed
