"""How often eBay lets one listing be revised in a day, and what waits once that is used up. Pure.

eBay takes 250 revisions of a listing between two midnights in California: every item, offer,
price or quantity that is sent for a live one counts. The last 25 are kept for prices and
quantities. Ending a listing is none, and a quantity that goes down never waits: eBay may refuse
it, but that is not ours to guess.
"""

from collections.abc import Sequence

from baysync.ebay.model import Call, Operation
from baysync.publish.limits import Limits
from baysync.publish.model import Part, Work
from baysync.publish.planning.plan import StepKind

REVISE_ITEMS = frozenset(
    {
        Operation.BULK_PUT_INVENTORY_ITEM,
        Operation.BULK_UPDATE_PRICE_QUANTITY,
        Operation.UPDATE_OFFER,
    }
)
REVISE_LISTINGS = frozenset({Operation.PUBLISH_GROUP, Operation.PUT_GROUP})
WAIT_FIRST = frozenset({StepKind.CONTENT, StepKind.GROUP, StepKind.OFFER, StepKind.PUBLISH})
WAIT_LAST = frozenset({StepKind.PRICE, StepKind.QUANTITY_UP})
FOR_ALL_ITEMS = frozenset({StepKind.END, StepKind.GROUP, StepKind.PUBLISH})  # one call for a group


def is_revision(part: Part, call: Call) -> bool:
    """Return whether ``call`` revises a listing that buyers see."""
    if call.op in REVISE_LISTINGS:
        return part.work.is_live
    return call.op in REVISE_ITEMS and part.is_live


def room(work: Work, kind: StepKind, limits: Limits) -> int | None:
    """Return how many more revisions steps of ``kind`` may spend today; None: any number."""
    if kind not in WAIT_FIRST | WAIT_LAST or not work.is_live:
        return None
    kept = limits.revisions_kept if kind in WAIT_FIRST else 0
    return 0 if work.capped else max(0, limits.revisions - kept - work.revisions)


def permitted(parts: Sequence[Part], kind: StepKind, limits: Limits) -> list[Part]:
    """Return those of one work's ``parts`` whose step may be sent today; the others wait.

    A group waits for its items, of which it speaks. Offers are sent one by one, and some turn
    out to be right already, so each is asked about when its turn comes.
    """
    work = parts[0].work
    left = room(work, kind, limits)
    if left is None or kind is StepKind.OFFER:
        return list(parts)
    if kind in FOR_ALL_ITEMS:
        too_soon = kind is StepKind.GROUP and StepKind.CONTENT in work.waiting
        return list(parts) if left and not too_soon else _postponed(parts)
    live = [part for part in parts if part.is_live]
    return [part for part in parts if not part.is_live] + live[:left] + _postponed(live[left:])


def _postponed(parts: Sequence[Part]) -> list[Part]:
    for part in parts:
        part.postpone()
    return []
