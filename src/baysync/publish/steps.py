"""The steps: one kind of call each, from the works that need it to what eBay confirmed."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from baysync.ebay import inventory, offers, verdict
from baysync.ebay.marketplace import marketplace as find
from baysync.ebay.model import Call, ItemAnswer
from baysync.projection.model import Offer, Price, Section
from baysync.publish import payload
from baysync.publish.bulk import BULK, Rows, Sender, batches, bulk, by_marketplace, send, take
from baysync.publish.digest import body_digest
from baysync.publish.model import Work
from baysync.publish.plan import StepKind


def is_held(work: Work) -> bool:
    """Say whether eBay has confirmed this very body for the next step already."""
    kind = work.steps[0].kind
    if kind is StepKind.CONTENT:
        return work.item.item_hash == body_digest(_item(work))
    if kind is StepKind.OFFER and work.item.offer_id and not work.is_live:
        return work.item.offer_hash == body_digest(_offer_update(work))
    return False


async def _end(works: Rows, sender: Sender) -> None:
    for work in works:
        call = offers.withdraw_offer(work.item.offer_id or "", marketplace=work.target.marketplace)
        await bulk([work], lambda _rows, call=call: call, sender, _ended)


def _ended(work: Work, _answer: ItemAnswer) -> None:
    work.succeed()


async def _price_quantity(works: Rows, sender: Sender) -> None:
    for rows in by_marketplace(works):
        rest = list(rows)
        while rest:
            size = min(BULK, sender.price_quantity_rows)
            batch, rest = rest[:size], rest[size:]
            await _priced(batch, sender)


async def _priced(batch: Rows, sender: Sender) -> None:
    """Send one price and quantity call; where eBay refuses several SKUs, one each, for good."""
    answer = await send(_price_quantity_call(batch), batch, sender)
    if answer is None:
        return
    found = verdict.outcomes(answer)
    if found is not None:
        take(batch, found, _repriced, answer)
        return
    for work in batch:
        if work.is_open:
            await bulk([work], _price_quantity_call, sender, _repriced)
    if all(work.end is None for work in batch):
        sender.learn_single_rows()


def _price_quantity_call(works: Rows) -> Call:
    rows = [
        payload.price_quantity(
            work.item.sku,
            work.item.offer_id or "",
            price=work.goal.price if Section.PRICE in work.steps[0].settles else None,
            quantity=work.goal.quantity if Section.QUANTITY in work.steps[0].settles else None,
        )
        for work in works
    ]
    return inventory.bulk_update_price_quantity(rows, marketplace=works[0].target.marketplace)


def _repriced(work: Work, _answer: ItemAnswer) -> None:
    stocked = Section.QUANTITY in work.steps[0].settles
    quantity = work.goal.quantity if stocked else work.item.quantity
    work.succeed(replace(work.item, quantity=quantity, item_hash=None, offer_hash=None))


async def _content(works: Rows, sender: Sender) -> None:
    for rows in by_marketplace(works):
        for batch in batches(rows):
            await bulk(batch, _content_call, sender, _described)


def _content_call(works: Rows) -> Call:
    marketplace = works[0].target.marketplace
    locale = find(marketplace).locale
    return inventory.bulk_create_or_replace_inventory_item(
        [(work.item.sku, locale, _item(work)) for work in works], marketplace=marketplace
    )


def _item(work: Work) -> payload.Body:
    """Return the item body: a live item keeps the quantity that eBay last confirmed."""
    goal, held = work.goal, work.item.quantity
    quantity = held if work.is_live and held is not None else goal.quantity or 0
    body, _ = payload.bodies(
        goal, sku=work.item.sku, marketplace=work.target.marketplace, quantity=quantity
    )
    return body


def _described(work: Work, _answer: ItemAnswer) -> None:
    quantity = work.item.quantity if work.is_live else work.goal.quantity
    digest = body_digest(_item(work))
    work.succeed(replace(work.item, item_hash=digest, quantity=quantity))


async def _offers(works: Rows, sender: Sender) -> None:
    for rows in by_marketplace([work for work in works if work.item.offer_id is None]):
        for batch in batches(rows):
            await bulk(batch, _create_offers_call, sender, _offered)
    for work in works:
        if work.item.offer_id and work.is_open and work.steps[0].kind is StepKind.OFFER:
            await _update_offer(work, sender)


def _create_offers_call(works: Rows) -> Call:
    return offers.bulk_create_offer([_offer(work) for work in works])


def _offer(work: Work) -> payload.Body:
    _, body = payload.bodies(
        work.goal,
        sku=work.item.sku,
        marketplace=work.target.marketplace,
        quantity=work.goal.quantity or 0,
    )
    return body


def _offer_update(work: Work) -> payload.Body:
    goal = work.goal
    return payload.offer_update(
        goal.offer or Offer(),
        price=goal.price or Price(currency="", value="0"),
        quantity=goal.quantity or 0,
    )


def _offered(work: Work, answer: ItemAnswer) -> None:
    offer_id = offers.offer_id_in(answer)
    digest = body_digest(_offer_update(work))
    work.succeed(replace(work.item, offer_id=offer_id, offer_hash=digest))


async def _update_offer(work: Work, sender: Sender) -> None:
    """Replace one offer whole; a live one keeps the price and quantity that eBay shows."""
    body = _offer_update(work)
    if work.is_live:
        shown = await _shown(work, sender)
        if shown is None:
            return
        body |= shown
    digest = body_digest(body)
    if digest == work.item.offer_hash:
        work.succeed()
        return
    offer_id, marketplace = work.item.offer_id or "", work.target.marketplace
    call = offers.update_offer(offer_id, body, marketplace=marketplace)

    def took(work: Work, _answer: ItemAnswer) -> None:
        work.succeed(replace(work.item, offer_hash=digest))

    await bulk([work], lambda _rows: call, sender, took)


async def _shown(work: Work, sender: Sender) -> payload.Body | None:
    """Return price and quantity of the offer as eBay shows them; None ends the work."""
    call = offers.get_offer(work.item.offer_id or "")
    shown: payload.Body = {}

    def took(_work: Work, answer: ItemAnswer) -> None:
        for name in ("availableQuantity", "pricingSummary"):
            if name in answer.data:
                shown[name] = answer.data[name]

    await bulk([work], lambda _rows: call, sender, took)
    return shown if work.is_open and not work.asks_read_back else None


async def _publish(works: Rows, sender: Sender) -> None:
    for rows in by_marketplace(works):
        for batch in batches(rows):
            await bulk(batch, _publish_call, sender, _published)


def _publish_call(works: Rows) -> Call:
    return offers.bulk_publish_offer(
        [work.item.offer_id or "" for work in works], marketplace=works[0].target.marketplace
    )


def _published(work: Work, answer: ItemAnswer) -> None:
    work.succeed(replace(work.item, listing_id=offers.listing_id_in(answer), sold_quantity=0))


Phase = Callable[[Rows, Sender], Awaitable[None]]
PHASES: dict[StepKind, Phase] = {
    StepKind.END: _end,
    StepKind.QUANTITY_DOWN: _price_quantity,
    StepKind.PRICE: _price_quantity,
    StepKind.CONTENT: _content,
    StepKind.OFFER: _offers,
    StepKind.PUBLISH: _publish,
    StepKind.QUANTITY_UP: _price_quantity,
}
