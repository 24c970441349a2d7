"""The steps that one call does for all items of a group: put, publish and end it."""

from collections.abc import Callable

from baysync.ebay import inventory, offers
from baysync.ebay.marketplace import marketplace as find
from baysync.ebay.model import Call, ItemAnswer
from baysync.projection.group import SINGLE, group_of
from baysync.projection.model import Projection
from baysync.publish import payload
from baysync.publish.bulk import Rows, Sender, bulk, by_work
from baysync.publish.model import Part, Work


def split(parts: Rows) -> tuple[list[Part], list[Part]]:
    """Return the items that are listed alone, and those that are listed in groups."""
    singles = [part for part in parts if part.key == SINGLE]
    return singles, [part for part in parts if part.key != SINGLE]


def is_group_held(work: Work) -> bool:
    """Return whether eBay has this very group already: what differs is said by its items alone."""
    if work.published is None or group_of(work.published) is None:
        return False
    return _body(work, work.published) == _body(work, work.desired or Projection())


def _body(work: Work, document: Projection) -> payload.Body:
    return payload.group(document, {key: item.sku for key, item in work.items.items()})


async def put_groups(parts: Rows, sender: Sender) -> None:
    """Create or replace the groups of ``parts``."""
    await _each(parts, _put_call, sender, lambda _part, _answer: None)


def _put_call(work: Work) -> Call:
    marketplace = work.target.marketplace
    body = _body(work, work.desired or Projection())
    locale = find(marketplace).locale
    key = work.target.group_key or ""
    return inventory.put_inventory_item_group(key, locale, body, marketplace=marketplace)


async def publish_groups(parts: Rows, sender: Sender) -> None:
    """Put groups live, or what is new in them; all their items get the number of the listing."""
    await _each(parts, _publish_call, sender, _published)


def _publish_call(work: Work) -> Call:
    return offers.publish_group(work.target.group_key or "", marketplace=work.target.marketplace)


def _published(part: Part, answer: ItemAnswer) -> None:
    work, listing_id = part.work, offers.listing_id_in(answer)
    work.relisted(listing_id)
    for each in work.shown:
        sold = each.item.sold_quantity if each.item.listing_id == listing_id else 0
        each.know(listing_id=listing_id, sold_quantity=sold)


async def end_groups(parts: Rows, sender: Sender) -> None:
    """End the listings of groups."""
    await _each(parts, _withdraw_call, sender, lambda _part, _answer: None)


def _withdraw_call(work: Work) -> Call:
    return offers.withdraw_group(work.target.group_key or "", marketplace=work.target.marketplace)


async def _each(
    parts: Rows,
    build: Callable[[Work], Call],
    sender: Sender,
    took: Callable[[Part, ItemAnswer], None],
) -> None:
    """Send one call for all items of a work; they share its outcome."""
    for rows in by_work(parts):
        call = build(rows[0].work)

        def took_all(part: Part, answer: ItemAnswer, rows: Rows = tuple(rows)) -> None:
            took(part, answer)
            for each in rows:
                each.succeed()

        await bulk(rows[:1], lambda _rows, call=call: call, sender, took_all)
