"""The steps: one kind of call each, from the parts that need it to what eBay confirmed."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from baysync.ebay import inventory, offers, wire
from baysync.ebay.marketplace import marketplace as find
from baysync.ebay.model import Call, ItemAnswer
from baysync.observe import stock
from baysync.ownership.documents import Kind
from baysync.projection import payload
from baysync.projection.group import SINGLE
from baysync.publish.model import Part
from baysync.publish.planning.plan import StepKind
from baysync.publish.planning.revisions import room
from baysync.publish.sending.digest import body_digest
from baysync.publish.sending.dispatch import Rows, Sender, batches, bulk, by_marketplace, by_work
from baysync.publish.sending.groups import (
    end_groups,
    is_group_held,
    publish_groups,
    put_groups,
    split,
)
from baysync.publish.sending.look import confirm, offer_shown
from baysync.publish.sending.prices import put_prices
from baysync.publish.sending.replacing import (
    another_body,
    document,
    inherit,
    offer_of,
    read_items,
    read_offer,
    take_offer,
    whole,
)


def is_held(part: Part) -> bool:
    """Say whether eBay has confirmed this very body for the next step already."""
    kind = part.steps[0].kind
    if kind is StepKind.CONTENT:
        return part.item.item_hash == body_digest(_item(part))
    if kind is StepKind.OFFER and part.item.offer_id and not part.is_live:
        return part.item.offer_hash == body_digest(offer_of(part))
    return kind is StepKind.GROUP and is_group_held(part.work)


async def _end(parts: Rows, sender: Sender) -> None:
    singles, groups = split(parts)
    await end_groups(groups, sender)
    for part in singles:
        call = offers.withdraw_offer(
            part.item.offer_id or "", marketplace=part.work.target.marketplace
        )
        await bulk([part], lambda _rows, call=call: call, sender, _ended)


def _ended(part: Part, _answer: ItemAnswer) -> None:
    part.succeed()


async def _content(parts: Rows, sender: Sender) -> None:
    for rows in by_marketplace(parts):
        for batch in batches(rows):
            await read_items(batch, sender)
            await bulk(_changed(batch), _content_call, sender, _described, _another_item)


def _another_item(part: Part, answer: ItemAnswer) -> bool:
    return another_body(part, Kind.ITEM, _item(part), answer)


def _another_offer(part: Part, answer: ItemAnswer) -> bool:
    return another_body(part, Kind.OFFER, offer_of(part), answer)


def _changed(parts: Rows) -> Rows:
    """Return the parts whose items eBay does not show already as they shall be."""
    changed: list[Part] = []
    for part in parts:
        name = document(part, Kind.ITEM)
        if part.is_open and part.work.documents.is_there(name, whole(part, Kind.ITEM, _item(part))):
            _hold(part)
        else:
            changed.append(part)
    return changed


def _content_call(parts: Rows) -> Call:
    marketplace = parts[0].work.target.marketplace
    locale = find(marketplace).locale
    return inventory.bulk_create_or_replace_inventory_item(
        [(part.item.sku, locale, whole(part, Kind.ITEM, _item(part))) for part in parts],
        marketplace=marketplace,
    )


def _item(part: Part) -> payload.Body:
    """Return the item body: a live item keeps the quantity that eBay last confirmed."""
    goal, held = part.goal, part.item.quantity
    quantity = held if part.is_live and held is not None else goal.quantity or 0
    body, _ = payload.bodies(
        goal, sku=part.item.sku, marketplace=part.work.target.marketplace, quantity=quantity
    )
    return body


def _described(part: Part, _answer: ItemAnswer) -> None:
    _hold(part)


def _hold(part: Part) -> None:
    """Note that eBay holds the item as it shall be."""
    quantity = part.item.quantity if part.is_live else part.goal.quantity
    ours = _item(part)
    digest = body_digest(ours)
    part.work.documents.confirm(document(part, Kind.ITEM), ours)
    part.succeed(replace(part.item, item_hash=digest, quantity=quantity))


async def _unbind(parts: Rows, sender: Sender) -> None:
    """Delete the offers that point to dead listings; the next step makes them anew.

    What the seller set on them is read and committed before: a crash between the two loses none.
    """
    for part in parts:
        await read_offer(part, sender)
        if not part.is_open:
            continue
        if part.work.documents.rebuild(document(part, Kind.OFFER)):
            await sender.keep(part.work)
        call = offers.delete_offer(part.item.offer_id or "")
        await bulk([part], lambda _rows, call=call: call, sender, _unbound)


def _unbound(part: Part, _answer: ItemAnswer) -> None:
    part.succeed(replace(part.item, offer_id=None, offer_hash=None, stale=False))


async def _offers(parts: Rows, sender: Sender) -> None:
    new = [part for part in parts if part.item.offer_id is None]
    for rows in by_work([part for part in new if part.key != SINGLE]):
        await inherit(rows[0].work, rows, sender)
    for rows in by_marketplace(new):
        for batch in batches(rows):
            await bulk(batch, _create_offers_call, sender, _offered, _another_offer)
    for part in parts:
        if part.item.offer_id and part.is_open and part.steps[0].kind is StepKind.OFFER:
            await _update_offer(part, sender)


def _create_offers_call(parts: Rows) -> Call:
    return offers.bulk_create_offer([_offer(part) for part in parts])


def _offer(part: Part) -> payload.Body:
    marketplace = part.work.target.marketplace
    keys = {"sku": part.item.sku, "marketplaceId": marketplace, "format": payload.FORMAT}
    return keys | whole(part, Kind.OFFER, offer_of(part))


def _offered(part: Part, answer: ItemAnswer) -> None:
    offer_id, ours = offers.offer_id_in(answer), offer_of(part)
    digest = body_digest(ours)
    part.work.documents.confirm(document(part, Kind.OFFER), ours)
    part.succeed(replace(part.item, offer_id=offer_id, offer_hash=digest))


async def _update_offer(part: Part, sender: Sender) -> None:
    """Replace one offer whole; a live one keeps the price and quantity that eBay shows."""
    ours, live = offer_of(part), part.is_live
    if live and room(part.work, StepKind.OFFER, sender.limits) == 0:
        part.postpone()
        return
    if live:
        shown = await _shown(part, sender)
        ours |= shown or {}
    else:
        await read_offer(part, sender)
    digest = body_digest(ours)
    if not part.is_open or part.work.asks_read_back:
        return
    if digest == part.item.offer_hash:
        part.succeed()
        return
    is_sent = await _replace_offer(part, ours, sender)
    quantity = wire.number(ours.get("availableQuantity"))
    if live and is_sent and quantity and part.item.offer_hash == digest:
        await confirm(part, sender, quantity=quantity)


async def _replace_offer(part: Part, ours: payload.Body, sender: Sender) -> bool:
    """Send the offer with what the seller set on it; False where eBay shows that very offer."""
    name = document(part, Kind.OFFER)
    offer_id, marketplace = part.item.offer_id or "", part.work.target.marketplace

    def call(_rows: Rows) -> Call:
        body = whole(part, Kind.OFFER, ours)
        return offers.update_offer(offer_id, body, marketplace=marketplace)

    def took(part: Part, _answer: ItemAnswer | None = None) -> None:
        part.work.documents.confirm(name, ours)
        part.succeed(replace(part.item, offer_hash=body_digest(ours)))

    if part.work.documents.is_there(name, whole(part, Kind.OFFER, ours)):
        took(part)
        return False
    await bulk([part], call, sender, took, _another_offer)
    return True


async def _shown(part: Part, sender: Sender) -> payload.Body | None:
    """Return price and quantity of the offer as eBay shows them; None ends the part."""
    shown = await offer_shown(part, sender)
    if shown is None:
        return None
    await take_offer(part, shown, sender)
    if not part.is_open:
        return None
    state, held = offers.state_of(shown), part.held
    if state.quantity is not None:
        counted = stock.count(
            part.item,
            shown=state.quantity,
            sold=state.sold_quantity or 0,
            wanted=held.quantity if held else None,
            held=None,
            least=None,
        )
        part.know_item(counted.item)
    remote: payload.Body = {}
    if "availableQuantity" in shown:
        remote["availableQuantity"] = shown["availableQuantity"]
    if price := wire.mapping(wire.mapping(shown.get("pricingSummary")).get("price")):
        remote["pricingSummary"] = {"price": dict(price)}
    return remote


async def _publish(parts: Rows, sender: Sender) -> None:
    singles, groups = split(parts)
    await publish_groups(groups, sender)
    for rows in by_marketplace(singles):
        for batch in batches(rows):
            await bulk(batch, _publish_call, sender, _published)


def _publish_call(parts: Rows) -> Call:
    return offers.bulk_publish_offer(
        [part.item.offer_id or "" for part in parts], marketplace=parts[0].work.target.marketplace
    )


def _published(part: Part, answer: ItemAnswer) -> None:
    listing_id = offers.listing_id_in(answer)
    part.work.relisted(listing_id)
    part.succeed(
        replace(
            part.item,
            listing_id=listing_id,
            pushed_quantity=part.goal.quantity,
            sold_at_push=None if listing_id == part.item.listing_id else 0,
            sold_quantity=0,
        )
    )


Phase = Callable[[Rows, Sender], Awaitable[None]]
PHASES: dict[StepKind, Phase] = {
    StepKind.END: _end,
    StepKind.QUANTITY_DOWN: put_prices,
    StepKind.PRICE: put_prices,
    StepKind.CONTENT: _content,
    StepKind.GROUP: put_groups,
    StepKind.UNBIND: _unbind,
    StepKind.OFFER: _offers,
    StepKind.PUBLISH: _publish,
    StepKind.QUANTITY_UP: put_prices,
}
