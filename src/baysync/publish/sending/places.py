"""Lower what a seller keeps in warehouses and shops before what buyers see is lowered.

A price and quantity call says one number. Where the seller has spread an item over places, these
must not say more, so the item is replaced first, cut to the new number.
"""

from baysync.ebay import inventory, verdict, wire
from baysync.ebay.marketplace import marketplace as find
from baysync.ebay.model import Call, Verdict
from baysync.observe import stock
from baysync.ownership.carrying import flatten, nest
from baysync.ownership.documents import RULES, Kind
from baysync.ownership.model import Json
from baysync.ownership.rules import PICKUP, STOCK, WAREHOUSES
from baysync.publish.completion import failed
from baysync.publish.model import Part
from baysync.publish.planning.plan import StepKind
from baysync.publish.planning.revisions import is_revision
from baysync.publish.sending.dispatch import Rows, Sender, by_marketplace, send
from baysync.publish.sending.replacing import document, is_behind, whole


async def lower_places(parts: Rows, sender: Sender) -> None:
    """Cut the places of those of up to 25 ``parts`` whose stock goes down: one read and one call.

    What eBay refuses of it is no failure: the price and quantity call says the number in any case.
    A part of which eBay does not answer the read fails: it is lowered as a whole, or not yet.
    """
    spread = [part for part in parts if part.is_open and _is_spread(part)]
    for rows in by_marketplace(spread):
        call = inventory.bulk_get_inventory_item([part.item.sku for part in rows])
        answer = await send(call, rows, sender)
        shown = (verdict.outcomes(answer) if answer else None) or []
        bodies: dict[str, Json] = {}
        for part, row in zip(rows, shown, strict=False):
            item = wire.mapping(row.data.get("inventoryItem"))
            if row.verdict is Verdict.AMBIGUOUS:
                part.fail(failed(call, row.verdict, row.problems))
            elif row.verdict is Verdict.DONE and not is_behind(part, Kind.ITEM, item, sender):
                part.work.documents.see(document(part, Kind.ITEM), item)
                bodies[part.item.sku] = _lowered(part)
        await _replace([part for part in rows if part.item.sku in bodies], bodies, sender)


def _is_spread(part: Part) -> bool:
    """Say whether the item showed stock in places when it was read last."""
    known = part.work.documents.stored.get(document(part, Kind.ITEM))
    carried = flatten(known.carried, RULES[Kind.ITEM]) if known and known.carried else {}
    is_down = part.steps[0].kind is StepKind.QUANTITY_DOWN
    return is_down and part.is_live and bool(carried.keys() & {WAREHOUSES, PICKUP})


def _lowered(part: Part) -> Json:
    """Return the item as eBay shows it, with the number that is about to be said."""
    documents, name = part.work.documents, document(part, Kind.ITEM)
    rules = RULES[Kind.ITEM]
    ours = flatten(documents.mask(name, documents.shown[name]), rules)
    number = stock.left(part.item, part.goal.quantity or 0)
    return whole(part, Kind.ITEM, nest(ours | {STOCK: number}, rules))


async def _replace(parts: Rows, bodies: dict[str, Json], sender: Sender) -> None:
    if not parts:
        return
    call = _call(parts, bodies)
    answer = await send(call, parts, sender)
    rows = verdict.outcomes(answer) if answer else None
    for part, row in zip(parts, rows or [], strict=False):
        part.work.documents.shown.pop(document(part, Kind.ITEM), None)
        part.know(item_hash=None)
        if row.verdict is Verdict.DONE:
            part.work.revised += is_revision(part, call)
        elif row.verdict is Verdict.AMBIGUOUS:
            part.work.doubt = True


def _call(parts: Rows, bodies: dict[str, Json]) -> Call:
    marketplace = parts[0].work.target.marketplace
    locale = find(marketplace).locale
    return inventory.bulk_create_or_replace_inventory_item(
        [(part.item.sku, locale, bodies[part.item.sku]) for part in parts],
        marketplace=marketplace,
    )
