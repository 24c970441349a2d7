"""Whole bodies that keep what a seller set: read what is to be replaced, then carry from it."""

from collections.abc import Iterator, Mapping, Sequence

from msgspec.structs import replace

from baysync.base import clock
from baysync.base.errors import NotNormalisable
from baysync.ebay import wire
from baysync.ebay.model import ItemAnswer, Problem
from baysync.observe import normalise_item as remote
from baysync.observe.normalise_group import with_variant, worded
from baysync.ownership.carrying import alike, flatten
from baysync.ownership.documents import RULES, THE_GROUP, Document, Kind
from baysync.ownership.model import Context, Json
from baysync.ownership.rules import AMOUNT_HEADS, of_the_listing
from baysync.projection import payload
from baysync.projection.group import SINGLE, group_of
from baysync.projection.model import Offer, Price, Projection
from baysync.publish.completion import CompletionKind
from baysync.publish.model import Part, Work
from baysync.publish.sending.dispatch import Rows, Sender, works_of
from baysync.publish.sending.look import group_shown, items_shown, offer_shown

PATIENCE = 10  # verify delays: a read that lags for longer is taken for the truth


def document(part: Part, kind: Kind) -> Document:
    """Return the name of the item or the offer of ``part``."""
    return Document(kind, part.key)


def whole(part: Part, kind: Kind, ours: Mapping[str, object]) -> Json:
    """Return the body that replaces the item or the offer of ``part``: ours and the seller's."""
    context = Context(
        now=f"{clock.now():%Y-%m-%dT%H:%M:%SZ}",
        is_live=part.is_live,
        in_group=part.key != SINGLE,
    )
    return part.work.documents.body(document(part, kind), ours, context)


def offer_of(part: Part) -> payload.Body:
    """Return the offer of ``part`` as the shop says it, without the three keys."""
    goal = part.goal
    return payload.offer_update(
        goal.offer or Offer(),
        price=goal.price or Price(currency="", value="0"),
        quantity=goal.quantity or 0,
    )


def another_body(part: Part, kind: Kind, ours: Mapping[str, object], answer: ItemAnswer) -> bool:
    """Return whether eBay may take the body without what its refusal names of the seller's."""
    name = THE_GROUP if kind is Kind.GROUP else document(part, kind)
    return part.work.documents.refuse(name, words_of(answer), ours)


def words_of(answer: ItemAnswer) -> list[str]:
    """Return what eBay said of a row: its messages, and the values that it names."""
    return [
        words
        for problem in answer.problems
        for words in (problem.message, *(value for _, value in problem.parameters))
    ]


async def read_items(parts: Rows, sender: Sender) -> None:
    """Read those of up to 25 items that may stand at eBay and were not read in this attempt."""
    unread = [part for part in parts if part.is_open and _must_be_read(part, Kind.ITEM)]
    if not unread:
        return
    shown = await items_shown(unread, sender)
    for part in unread:
        if part.is_open:
            _take(part, Kind.ITEM, shown.get(part.item.sku), sender)
    await _remember(works_of(unread), sender)


async def read_offer(part: Part, sender: Sender) -> None:
    """Read an offer that may stand at eBay, unless it was read in this attempt."""
    if _must_be_read(part, Kind.OFFER):
        shown = await offer_shown(part, sender)
        if shown is not None:
            await take_offer(part, shown, sender)


async def read_group(work: Work, sender: Sender) -> None:
    """Read a group that may stand at eBay, unless it was read in this attempt."""
    documents = work.documents
    if not documents.is_written(THE_GROUP) or THE_GROUP in documents.shown:
        return
    shown = await group_shown(work, sender)
    if shown is None:
        documents.forget(THE_GROUP)
        return
    documents.see(THE_GROUP, shown)
    if _is_recent(work, sender) and _is_other_group(work, shown):
        work.stop(CompletionKind.UNCONFIRMED)
    else:
        _glimpse_group(work, shown)
    await _remember([work], sender)


async def inherit(work: Work, parts: Rows, sender: Sender) -> None:
    """Let new offers of a live group say what the seller set for the listing on its first offer."""
    live = [part for part in work.shown if part.is_live and part.item.offer_id]
    if not live or not parts:
        return
    first = min(live, key=lambda part: part.item.sku)
    shown = await offer_shown(first, sender)
    if shown is None:
        return
    work.documents.see(document(first, Kind.OFFER), shown)
    await _remember([work], sender)
    sellers = work.documents.carried.get(document(first, Kind.OFFER), {})
    for part in parts:
        work.documents.see(document(part, Kind.OFFER), of_the_listing(sellers))


async def take_offer(part: Part, shown: Mapping[str, object], sender: Sender) -> None:
    """Take an offer as just read; one that is behind lets the change wait."""
    _take(part, Kind.OFFER, shown, sender)
    await _remember([part.work], sender)


async def _remember(works: Sequence[Work], sender: Sender) -> None:
    """Keep a snapshot of what the seller changed, before it is overwritten."""
    if news := [work for work in works if work.documents.is_other or work.glimpse]:
        await sender.remember(news)


def _must_be_read(part: Part, kind: Kind) -> bool:
    documents, name = part.work.documents, document(part, kind)
    return documents.is_written(name) and name not in documents.shown


def _take(part: Part, kind: Kind, shown: Mapping[str, object] | None, sender: Sender) -> None:
    """Carry from ``shown``, or let the change wait: it may be a read from before our last write.

    What a read-back of this attempt showed is what eBay is known to hold: it is carried from.
    """
    documents, name = part.work.documents, document(part, kind)
    if shown is None:
        documents.forget(name)
        return
    is_first = name not in documents.shown
    documents.see(name, shown)
    if not is_first:
        return
    if kind is Kind.ITEM and part.key == SINGLE:
        part.work.notes.extend(_in_groups(part.item.sku, shown))
    if is_behind(part, kind, shown, sender):
        part.work.stop(CompletionKind.UNCONFIRMED)
    elif (now := _glimpse(part, kind, shown)) is not None:
        _know(part.work, now if part.key == SINGLE else _with_member(part, kind, now))


def _in_groups(sku: str, shown: Mapping[str, object]) -> Iterator[Problem]:
    """Yield that what the shop sells alone is a variation on eBay, of groups that others made."""
    keys = {
        wire.text(key)
        for name in ("inventoryItemGroupKeys", "groupIds")
        for key in wire.items(shown.get(name))
    }
    for key in sorted(filter(None, keys)):
        yield Problem(
            message=f"eBay holds {sku} as a variation of the group {key}. While that is for sale, "
            "buyers see it under the group's title, pictures and description. To sell it alone, "
            "take it out of the group on eBay.",
        )


def _with_member(part: Part, kind: Kind, now: Projection) -> Projection:
    """Return the document of a group with what a fresh read shows of one of its members."""
    known = part.work.glimpse or part.work.published or Projection()
    if kind is Kind.OFFER:
        return replace(known, offer=now.offer)
    return with_variant(known, part.key, now)


def _glimpse_group(work: Work, shown: Mapping[str, object]) -> None:
    """Know what a fresh read of a group shows of ours, where that is other than what is known."""
    known = work.glimpse or work.published
    if known is None or group_of(known) is None:
        return
    try:
        _know(work, worded(known, work.documents.mask(THE_GROUP, shown)))
    except NotNormalisable:
        return


def _know(work: Work, now: Projection) -> None:
    if now != work.published:
        work.glimpse = now


def is_behind(part: Part, kind: Kind, shown: Mapping[str, object], sender: Sender) -> bool:
    """Return whether ``shown`` may be a read from before what eBay confirmed last."""
    return _is_recent(part.work, sender) and _is_other(part, kind, shown)


def goes_with_price(part: Part, ours: Mapping[str, object]) -> bool:
    """Return whether the seller's amounts, as read in this attempt, stand beside our price."""
    whole(part, Kind.OFFER, ours)
    dropped = part.work.documents.dropped.pop(document(part, Kind.OFFER), ())
    return not any(drop.path[:-1] in AMOUNT_HEADS for drop in dropped)


def _is_recent(work: Work, sender: Sender) -> bool:
    """Say whether a read may be from before what eBay confirmed last (decision 11)."""
    learnt = work.target.learnt_ago
    return learnt is not None and learnt < sender.limits.verify_delay * PATIENCE


def _is_other(part: Part, kind: Kind, shown: Mapping[str, object]) -> bool:
    """Say whether eBay shows of ours another thing than it confirmed, stock and price aside."""
    return _glimpse(part, kind, shown) is not None


def _glimpse(part: Part, kind: Kind, shown: Mapping[str, object]) -> Projection | None:
    """Return what is published with what eBay shows of ours instead; None where that is the same.

    Stock and price are left as they are.
    """
    held = part.held or Projection()
    masked = part.work.documents.mask(document(part, kind), shown)
    try:
        if kind is Kind.ITEM:
            now = replace(held, content=remote.normalise(masked, None).content)
            known = held.content is not None
        else:
            now = replace(held, offer=remote.normalise({}, masked).offer)
            known = held.offer is not None
    except NotNormalisable:
        return None
    return now if known and now != held else None


def _is_other_group(work: Work, shown: Mapping[str, object]) -> bool:
    if work.published is None or group_of(work.published) is None:
        return False
    skus = {key: item.sku for key, item in work.items.items()}
    rules = RULES[Kind.GROUP]
    held = flatten(payload.group(work.published, skus), rules)
    now = flatten(work.documents.mask(THE_GROUP, shown), rules)
    return now.keys() != held.keys() or not all(alike(now[leaf], held[leaf]) for leaf in held)
