"""The steps that one call does for all items of a group: put, publish and end it."""

from collections.abc import Callable

from baysync.ebay import inventory, offers
from baysync.ebay.marketplace import marketplace as find
from baysync.ebay.model import Call, ItemAnswer, Problem, Verdict
from baysync.ownership.documents import THE_GROUP, Kind
from baysync.projection import payload
from baysync.projection.group import SINGLE, group_of
from baysync.projection.model import Projection
from baysync.publish.apply_step import left_out
from baysync.publish.completion import Completion, CompletionKind
from baysync.publish.model import Part, Work
from baysync.publish.sending.dispatch import Again, Rows, Sender, Took, bulk, by_work, works_of
from baysync.publish.sending.replacing import another_body, read_group

LEFT_OUT = (
    "eBay put the listing live without this variant and gave no reason. Mostly it lacks what the "
    "others have: an item specific, a picture, a product number. Compare it with one that is live."
)


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
    """Create or replace the groups of ``parts``; one that stands keeps what is the seller's."""
    for work in works_of(parts):
        await read_group(work, sender)
    rows = [part for part in parts if part.is_open]
    await _each(rows, _put_call, sender, _put, _another_group)


def _another_group(part: Part, answer: ItemAnswer) -> bool:
    ours = _body(part.work, part.work.desired or Projection())
    return another_body(part, Kind.GROUP, ours, answer)


def _put(work: Work) -> None:
    work.documents.confirm(THE_GROUP, _body(work, work.desired or Projection()))


def _put_call(work: Work) -> Call:
    marketplace = work.target.marketplace
    ours = _body(work, work.desired or Projection())
    body = work.documents.body(THE_GROUP, ours)
    locale = find(marketplace).locale
    key = work.target.group_key or ""
    return inventory.put_inventory_item_group(key, locale, body, marketplace=marketplace)


async def publish_groups(parts: Rows, sender: Sender) -> None:
    """Put groups live, or what is new in them; all their items get the number of the listing.

    eBay takes what is complete and leaves out the rest without a word. Its word is taken for it,
    but for the variants that a read-back has just found left out: those are looked at.
    """
    for rows in by_work(parts):
        work, answers = rows[0].work, list[ItemAnswer]()
        call = offers.publish_group(
            work.target.group_key or "", marketplace=work.target.marketplace
        )
        await bulk(rows[:1], lambda _rows, call=call: call, sender, _kept(answers))
        for answer in answers:
            _number(work, offers.listing_id_in(answer))
            again = [part for part in rows if part.key in work.left_out]
            _judge(rows, await _left_out(again, sender))


def _kept(answers: list[ItemAnswer]) -> Took:
    return lambda _part, answer: answers.append(answer)


def _number(work: Work, listing_id: str) -> None:
    work.relisted(listing_id)
    for each in work.shown:
        if each.item.listing_id != listing_id or each.item.pushed_quantity is None:
            said = each.goal.quantity
            each.know(pushed_quantity=said, sold_at_push=0, sold_quantity=0)
        each.know(listing_id=listing_id)


async def _left_out(rows: Rows, sender: Sender) -> set[str]:
    """Return the keys of those ``rows`` whose offers buyers do not see."""
    found: set[str] = set()
    for part in rows:
        call = offers.get_offer(part.item.offer_id or "")
        answers: list[ItemAnswer] = []
        await bulk([part], lambda _rows, call=call: call, sender, _kept(answers))
        found |= {part.key for answer in answers if not offers.state_of(answer.data).is_live}
    return found


def _judge(rows: Rows, missing: set[str]) -> None:
    for part in rows:
        if part.key in missing:
            said = Problem(message=LEFT_OUT, parameters=(("sku", part.item.sku),))
            part.fail(
                Completion(how=CompletionKind.FAILED, verdict=Verdict.REJECTED, problems=(said,))
            )
            part.know(offer_hash=None)
            part.work.published = left_out(part.work.published or Projection(), part.key)
        elif part.is_open:
            part.succeed()


async def end_groups(parts: Rows, sender: Sender) -> None:
    """End the listings of groups."""
    await _each(parts, _withdraw_call, sender, lambda _work: None)


def _withdraw_call(work: Work) -> Call:
    return offers.withdraw_group(work.target.group_key or "", marketplace=work.target.marketplace)


async def _each(
    parts: Rows,
    build: Callable[[Work], Call],
    sender: Sender,
    done: Callable[[Work], None],
    again: Again | None = None,
) -> None:
    """Send one call for all items of a work; they share its outcome, and ``done`` is told of it."""
    for rows in by_work(parts):

        def send_built(parts: Rows) -> Call:
            return build(parts[0].work)

        def took_all(_part: Part, _answer: ItemAnswer, rows: Rows = tuple(rows)) -> None:
            done(rows[0].work)
            for each in rows:
                each.succeed()

        await bulk(rows[:1], send_built, sender, took_all, again)
