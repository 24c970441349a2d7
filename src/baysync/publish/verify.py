"""Read back what eBay shows for works in doubt, and plan anew from it."""

from collections.abc import Mapping, Sequence

from baysync.ebay import offers, verdict
from baysync.ebay.model import Verdict
from baysync.ebay_listing.document import document
from baysync.ownership.documents import THE_GROUP, Document, Kind
from baysync.projection.follow import follow
from baysync.publish import view
from baysync.publish.completion import CompletionKind, failed
from baysync.publish.model import Part, Work
from baysync.publish.sending.dispatch import Sender, batches, send
from baysync.publish.sending.look import group_shown, items_shown
from baysync.publish.settling.decision import ENDED_REMOTELY
from baysync.publish.view import Found

Json = Mapping[str, object]
FORMAT = "FIXED_PRICE"
PATIENCE = 10  # verify delays: what we made is seldom gone, mostly a read is behind


async def read_back(works: Sequence[Work], sender: Sender) -> None:
    """Read items (25 a call), groups and offers (one a call); plan each work from what is there.

    A work that cannot be read ends unsent: nothing is repeated while its state is unknown.
    """
    items: dict[str, Json] = {}
    for batch in batches([part for work in works for part in work.shown]):
        ready = [part for part in batch if part.is_open]
        items |= await items_shown(ready, sender) if ready else {}
    for work in works:
        work.end_phase()
        if work.is_open:
            await _look(work, items, sender)


async def _look(work: Work, items: Mapping[str, Json], sender: Sender) -> None:
    """Read the group and the offers of a work; take what is there unless one cannot be read."""
    group = await group_shown(work, sender) if work.is_group else None
    found: dict[str, Found] = {}
    for part in work.shown:
        if work.is_open:
            item = items.get(part.item.sku)  # without it no offer: eBay deletes them together
            offer = None if item is None else await _offer(part, sender)
            found[part.key] = Found(item=item, offer=offer)
        work.end_phase()
    if work.is_open:
        await _adopt(work, found, group, sender)


async def _offer(part: Part, sender: Sender) -> Json | None:
    """Return the offer of an item on its marketplace; eBay keeps at most one of a format."""
    marketplace = part.work.target.marketplace
    call = offers.get_offers(part.item.sku, marketplace=marketplace)
    answer = await send(call, [part], sender)
    if answer is None:
        return None
    found = offers.offers_in(answer)
    if found is None:
        part.fail(failed(call, verdict.judge(answer), answer.problems))
        return None
    mine = (
        row
        for row in found
        if row.get("marketplaceId") == marketplace and row.get("format") == FORMAT
    )
    return next(mine, None)


async def _adopt(
    work: Work, found: Mapping[str, Found], group: Json | None, sender: Sender
) -> None:
    """Take what eBay shows for the published state; a listing ended by others stays ended.

    What may only follow it is wanted anew: sold out before it was seen live, it is shown at 0.
    What eBay confirmed and does not show any more is looked at again, while it may be a read
    from before, unless eBay says itself that the listing is over or we may have ended it.
    """
    work.answered = True
    has_ended = view.has_ended(work, found)
    is_over = has_ended and any(_is_over(work.part(key), there) for key, there in found.items())
    is_gone = has_ended or view.lacks(work, found)
    by_others = is_gone and not await sender.may_have_ended(work)
    if by_others and not is_over and not work.is_sure(sender.limits.verify_delay * PATIENCE):
        work.doubt_what_shows()
        return
    ends = has_ended and by_others and work.is_wanted_live
    work.left_out = view.left_out(work, found) if by_others else set()
    _see(work, found, group)
    now = view.seen(work, found, group)
    work.is_news = document(now.published) != document(work.published)
    work.published = now.published
    if work.limit is not None and work.published is not None:
        work.desired = follow(work.limit, now.published)
    work.items |= now.items
    work.exposed |= now.exposed
    work.exposed_at_once = bool(work.exposed and work.done_steps)
    work.checked = True
    work.read_back += 1
    work.asks_read_back = False
    work.plan()
    if ends:
        work.stop(CompletionKind.BLOCKED, verdict=Verdict.GONE, reason=ENDED_REMOTELY)


def _see(work: Work, found: Mapping[str, Found], group: Json | None) -> None:
    """Keep what eBay shows: what is replaced in this attempt carries from it."""
    for key, each in found.items():
        for kind, shown in ((Kind.ITEM, each.item), (Kind.OFFER, each.offer)):
            name = Document(kind, key)
            if shown is None:
                work.documents.forget(name)
            else:
                work.documents.see(name, shown)
    if group is not None:
        work.documents.see(THE_GROUP, group)
    elif work.is_group:
        work.documents.forget(THE_GROUP)


def _is_over(part: Part, there: Found) -> bool:
    """Return whether eBay says itself that the listing we know of has ended.

    An offer that is not live may be read from before it was published.
    """
    state = offers.state_of(there.offer or {})
    ended = not state.is_live and state.listing_status in offers.ENDED
    return ended and state.listing_id == part.item.listing_id
