"""Read an offer just before and just after a call that writes its stock.

eBay has no conditional writes: what is sold between the two may be put back on sale by the call.
"""

from baysync.ebay import offers, verdict, wire
from baysync.ebay.model import ItemAnswer, Verdict
from baysync.publish.bulk import Sender, bulk
from baysync.publish.model import Part


async def offer_shown(part: Part, sender: Sender) -> dict[str, object] | None:
    """Return the offer of an item as eBay shows it; None ends the part."""
    call = offers.get_offer(part.item.offer_id or "")
    shown: dict[str, object] = {}

    def took(_part: Part, answer: ItemAnswer) -> None:
        shown.update(answer.data)

    await bulk([part], lambda _rows: call, sender, took)
    return shown if part.is_open and not part.work.asks_read_back else None


async def confirm(part: Part, sender: Sender, *, quantity: int | None) -> None:
    """Ask whether nothing was sold while ``quantity`` was written.

    If something was, all is read back at once; if eBay does not say, or shows another quantity,
    the listing is in doubt and read back when the verify delay is over.
    """
    work = part.work
    answer = await sender.send(offers.get_offer(part.item.offer_id or ""), [work])
    if answer is None or verdict.judge(answer) is not Verdict.DONE:
        work.doubt = True
        return
    state = offers.state_of(wire.mapping(answer.body))
    if (state.sold_quantity or 0) != part.item.sold_quantity:
        work.asks_read_back = True
    elif state.quantity != quantity:
        work.doubt = True
