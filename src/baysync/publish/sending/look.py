"""Read items, and an offer just before and just after a call that writes its stock.

eBay has no conditional writes: what is sold between the two may be put back on sale by the call.
"""

from collections.abc import Mapping

from baysync.ebay import inventory, offers, verdict, wire
from baysync.ebay.model import ItemAnswer, Verdict
from baysync.publish.completion import failed
from baysync.publish.model import Part, Work
from baysync.publish.sending.dispatch import Rows, Sender, bulk, send

Json = Mapping[str, object]


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


async def items_shown(parts: Rows, sender: Sender) -> dict[str, Json]:
    """Return the items of up to 25 ``parts`` by eBay SKU; what eBay has not is left out.

    A part that cannot be read fails.
    """
    call = inventory.bulk_get_inventory_item([part.item.sku for part in parts])
    answer = await send(call, parts, sender)
    found = verdict.outcomes(answer) if answer else []
    if found is None:
        middle = len(parts) // 2
        return await items_shown(parts[:middle], sender) | await items_shown(parts[middle:], sender)
    there: dict[str, Json] = {}
    for part, row in zip(parts, found, strict=False):
        if row.verdict is Verdict.DONE:
            there[part.item.sku] = wire.mapping(row.data.get("inventoryItem"))
        elif row.verdict is not Verdict.GONE:
            part.fail(failed(call, row.verdict, row.problems))
    return there


async def group_shown(work: Work, sender: Sender) -> Json | None:
    """Return the group of a work as eBay shows it; None when there is none.

    A work whose group cannot be read ends.
    """
    call = inventory.get_inventory_item_group(work.target.group_key or "")
    first = work.shown[:1]
    answer = await send(call, first, sender)
    if answer is None:
        return None
    meaning = verdict.judge(answer)
    if meaning is Verdict.DONE:
        return wire.mapping(answer.body)
    if meaning is not Verdict.GONE:
        end = failed(call, meaning, answer.problems)
        work.stop(end.how, verdict=end.verdict, problems=end.problems)
    return None
