"""Read back what eBay shows for works in doubt, and plan anew from it."""

from collections.abc import Mapping, Sequence

from baysync.ebay import inventory, offers, verdict, wire
from baysync.ebay.model import Verdict
from baysync.publish import view
from baysync.publish.bulk import BULK, Sender, send
from baysync.publish.model import How, Work
from baysync.publish.plan import plan

Json = Mapping[str, object]
FORMAT = "FIXED_PRICE"


async def read_back(works: Sequence[Work], sender: Sender) -> None:
    """Read items (25 a call) and offers (one a call) of ``works``; plan each from what is there.

    A work that cannot be read ends unsent: nothing is repeated while its state is unknown.
    """
    for start in range(0, len(works), BULK):
        batch = list(works[start : start + BULK])
        items = await _items(batch, sender)
        for work in [work for work in batch if work.is_open]:
            item = items.get(work.item.sku)
            if item is None:
                _adopt(work, None, None)  # no item, no offer: eBay deletes them together
            else:
                await _look(work, item, sender)


async def _items(works: Sequence[Work], sender: Sender) -> dict[str, Json]:
    call = inventory.bulk_get_inventory_item([work.item.sku for work in works])
    answer = await send(call, works, sender)
    found = verdict.outcomes(answer) if answer else []
    if found is None:
        middle = len(works) // 2
        return await _items(works[:middle], sender) | await _items(works[middle:], sender)
    there: dict[str, Json] = {}
    for work, row in zip(works, found, strict=False):
        if row.verdict is Verdict.DONE:
            there[work.item.sku] = wire.mapping(row.data.get("inventoryItem"))
        elif row.verdict is not Verdict.GONE:
            work.stop(How.FAILED, verdict=row.verdict, problems=row.problems)
    return there


async def _look(work: Work, item: Json, sender: Sender) -> None:
    call = offers.get_offers(work.item.sku, marketplace=work.target.marketplace)
    answer = await send(call, [work], sender)
    if answer is None:
        return
    found = offers.offers_in(answer)
    if found is None:
        work.stop(How.FAILED, verdict=verdict.judge(answer), problems=answer.problems)
    else:
        _adopt(work, item, _offer_of(work, found))


def _offer_of(work: Work, found: Sequence[Json]) -> Json | None:
    """Return the offer of this marketplace and format: eBay keeps at most one."""
    for row in found:
        if row.get("marketplaceId") == work.target.marketplace and row.get("format") == FORMAT:
            return row
    return None


def _adopt(work: Work, item: Json | None, offer: Json | None) -> None:
    """Take what eBay shows for the published state; a listing ended by others stays ended."""
    was_live, asked = work.is_live, work.asks_read_back
    now = view.seen(work, item, offer)
    work.published, work.item = now.published, now.item
    work.checked, work.answered = True, True
    work.read_back += 1
    work.asks_read_back = False
    work.steps = plan(work.desired, work.published, work.known)
    if asked and was_live and not work.is_live and work.steps:
        work.stop(How.BLOCKED, verdict=Verdict.GONE, reason="ended_remotely")
