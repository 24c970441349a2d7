"""The step that tells eBay prices and quantities, many a call; raised stock is watched."""

from dataclasses import replace

from baysync.ebay import inventory, offers, verdict
from baysync.ebay.model import Call, ItemAnswer
from baysync.observe import stock
from baysync.ownership.carrying import named_in
from baysync.ownership.documents import Kind
from baysync.ownership.rules import AMOUNTS, PRICE
from baysync.projection import payload
from baysync.projection.model import Offer, Price, Section
from baysync.publish.model import Part
from baysync.publish.planning.plan import StepKind
from baysync.publish.sending.dispatch import BULK, Rows, Sender, bulk, by_marketplace, send, take
from baysync.publish.sending.look import confirm, offer_shown
from baysync.publish.sending.places import lower_places
from baysync.publish.sending.replacing import document, goes_with_price, take_offer, whole, words_of


async def put_prices(parts: Rows, sender: Sender) -> None:
    """Send prices and quantities of ``parts``, as many a call as the account takes."""
    for rows in by_marketplace(parts):
        rest = list(rows)
        while rest:
            size = min(BULK, sender.price_quantity_rows)
            batch, rest = rest[:size], rest[size:]
            await _watched(batch, sender)


async def _watched(batch: Rows, sender: Sender) -> None:
    """Send one call; what may sell while its stock is raised is looked at before and after.

    One look after the other: at the rate that eBay allows, several at once would end no sooner.
    """
    raised = [part for part in batch if part.is_open and _raises(part)]
    for part in raised:
        if not part.work.anew:
            await _look(part, sender)
    before = [len(part.steps) for part in raised]
    ready = [part for part in batch if part.is_open and not part.work.asks_read_back]
    await lower_places(ready, sender)
    ready = [part for part in ready if part.is_open]
    if ready:
        await _put(ready, sender)
    for part, steps in zip(raised, before, strict=True):
        if len(part.steps) < steps:
            await confirm(part, sender, quantity=part.item.quantity)


def _raises(part: Part) -> bool:
    """Say whether the next step raises what buyers can buy now."""
    step, held = part.steps[0], part.held
    is_raise = Section.QUANTITY in step.settles and step.kind is not StepKind.QUANTITY_DOWN
    return is_raise and part.is_live and held is not None and held.quantity != 0


async def _look(part: Part, sender: Sender) -> None:
    """Count what was sold until now: the shop's number knows of it."""
    shown = await offer_shown(part, sender)
    if shown is not None:
        sold = offers.state_of(shown).sold_quantity or 0
        part.know_item(stock.push(part.item, part.goal.quantity or 0, sold=sold))


async def _put(batch: Rows, sender: Sender) -> None:
    """Send one price and quantity call; where eBay refuses several SKUs, one each, for good.

    A price that a seller's amount stands against goes out with its offer, without the amount.
    """
    answer = await send(_call(batch), batch, sender)
    if answer is None:
        return
    found = verdict.outcomes(answer)
    if found is not None:
        for part in take(batch, found, _took, answer, _is_about_an_amount):
            await _put_offer(part, sender)
        return
    for part in batch:
        if part.is_open:
            await _put([part], sender)
    if all(part.is_open for part in batch):
        sender.learn_single_rows()


def _is_about_an_amount(part: Part, answer: ItemAnswer) -> bool:
    """Say whether the price was refused because of an amount that the seller set."""
    name = document(part, Kind.OFFER)
    if Section.PRICE not in part.steps[0].settles or not part.item.offer_id:
        return False
    if name in part.work.documents.shown:
        return not goes_with_price(part, _offer(part))
    return bool(named_in(words_of(answer), AMOUNTS, [PRICE]))


async def _put_offer(part: Part, sender: Sender) -> None:
    """Replace the offer with the new price, without the seller's amounts that it stands against."""
    shown = await offer_shown(part, sender)
    if shown is None:
        return
    await take_offer(part, shown, sender)
    state, name = offers.state_of(shown), document(part, Kind.OFFER)
    stocked = Section.QUANTITY in part.steps[0].settles
    ours = _offer(part) | {"availableQuantity": _left(part) if stocked else state.quantity}
    body = whole(part, Kind.OFFER, ours)
    marketplace = part.work.target.marketplace

    def took(part: Part, _answer: ItemAnswer) -> None:
        part.work.documents.shown.pop(name, None)
        part.succeed(replace(part.item, offer_hash=None))

    call = offers.update_offer(part.item.offer_id or "", body, marketplace=marketplace)
    await bulk([part], lambda _rows: call, sender, took)


def _offer(part: Part) -> payload.Body:
    """Return the offer as eBay holds it of us, with the price that is wanted."""
    held, goal = part.held or part.goal, part.goal
    price = goal.price or Price(currency="", value="0")
    return payload.offer_update(held.offer or Offer(), price=price, quantity=goal.quantity or 0)


def _call(parts: Rows) -> Call:
    for part in parts:
        if Section.QUANTITY in part.steps[0].settles:
            part.know_item(stock.push(part.item, part.goal.quantity or 0))
    rows = [
        payload.price_quantity(
            part.item.sku,
            part.item.offer_id or "",
            price=part.goal.price if Section.PRICE in part.steps[0].settles else None,
            quantity=_left(part) if Section.QUANTITY in part.steps[0].settles else None,
        )
        for part in parts
    ]
    return inventory.bulk_update_price_quantity(rows, marketplace=parts[0].work.target.marketplace)


def _left(part: Part) -> int:
    return stock.left(part.item, part.goal.quantity or 0)


def _took(part: Part, _answer: ItemAnswer) -> None:
    stocked = Section.QUANTITY in part.steps[0].settles
    quantity = _left(part) if stocked else part.item.quantity
    part.succeed(replace(part.item, quantity=quantity, item_hash=None, offer_hash=None))
