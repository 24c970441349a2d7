"""What is wanted of an ebay listing, as tables and pure functions."""

from collections.abc import Collection, Mapping
from enum import StrEnum

from baysync.account.model import OutOfStock
from baysync.change.model import ChangeOutcome, Decision, DecisionFacts
from baysync.ebay_listing.model import Intent, Lifecycle, Urgency
from baysync.listing.model import ListingStatus
from baysync.projection.follow import Limit, follow
from baysync.projection.model import Block, Projection
from baysync.projection.model import Lifecycle as Shown


class Stage(StrEnum):
    """How far an ebay listing has come, as the table asks it."""

    NEVER_LIVE = "never live"
    LIVE = "live"
    OVER = "over"


class Want(StrEnum):
    """What the shop wants to happen on eBay.

    ``show`` creates, updates or relists. ``wait`` holds a listing back until it has stock.
    ``remove`` is for what the shop has put away for good.
    """

    SHOW = "show"
    WAIT = "wait"
    NOTHING = "nothing"
    END = "end"
    END_AND_REMOVE = "end and remove"
    REMOVE = "remove"


STATUS_TABLE: Mapping[tuple[ListingStatus, Stage], Want] = {
    (ListingStatus.DRAFT, Stage.NEVER_LIVE): Want.NOTHING,
    (ListingStatus.DRAFT, Stage.LIVE): Want.END,
    (ListingStatus.DRAFT, Stage.OVER): Want.NOTHING,
    (ListingStatus.ACTIVE, Stage.NEVER_LIVE): Want.SHOW,
    (ListingStatus.ACTIVE, Stage.LIVE): Want.SHOW,
    (ListingStatus.ACTIVE, Stage.OVER): Want.SHOW,
    (ListingStatus.ENDED, Stage.NEVER_LIVE): Want.NOTHING,
    (ListingStatus.ENDED, Stage.LIVE): Want.END,
    (ListingStatus.ENDED, Stage.OVER): Want.NOTHING,
    (ListingStatus.ARCHIVED, Stage.NEVER_LIVE): Want.REMOVE,
    (ListingStatus.ARCHIVED, Stage.LIVE): Want.END_AND_REMOVE,
    (ListingStatus.ARCHIVED, Stage.OVER): Want.REMOVE,
}
OUT_OF_STOCK_TABLE: Mapping[tuple[OutOfStock, Stage], Want] = {
    (OutOfStock.KEEP, Stage.NEVER_LIVE): Want.WAIT,
    (OutOfStock.KEEP, Stage.LIVE): Want.SHOW,
    (OutOfStock.KEEP, Stage.OVER): Want.WAIT,
    (OutOfStock.END, Stage.NEVER_LIVE): Want.WAIT,
    (OutOfStock.END, Stage.LIVE): Want.END,
    (OutOfStock.END, Stage.OVER): Want.WAIT,
}
LIMITS: Mapping[Want, Limit] = {
    Want.WAIT: Limit(quantity=0),
    Want.NOTHING: Limit(ended=True),
    Want.END: Limit(ended=True),
    Want.END_AND_REMOVE: Limit(ended=True, removed=True),
    Want.REMOVE: Limit(ended=True, removed=True),
}
OUT_OF_STOCK = Block(
    reason="out_of_stock",
    pointer="/quantity",
    rule="A listing goes live with at least one unit.",
    fix="Raise the quantity above 0.",
)
CHECKING_RULES = Block(
    reason="checking_rules",
    pointer="",
    rule="A listing goes live once it is known what eBay asks of it.",
    fix="Nothing to do: eBay is being asked.",
)
ENDED_BY_EDIT = frozenset({"cancelled", "crash_loop", "discarded"})


def stage(published: Projection | None, state: Lifecycle) -> Stage:
    """Return how far an ebay listing has come; unknown documents are judged by ``state``."""
    shown = published.lifecycle if published else None
    if shown is Shown.LIVE or (published is None and state is Lifecycle.LIVE):
        return Stage.LIVE
    if shown is Shown.ENDED or state in {Lifecycle.ENDED, Lifecycle.LIVE}:
        return Stage.OVER
    return Stage.NEVER_LIVE


def want(facts: DecisionFacts) -> Want:
    """Return what the shop wants to happen, by the tables above.

    Where the account does not sell any more all is put away; a listing that names such a
    marketplace and was never there is held back.
    """
    reached = stage(facts.published, facts.state)
    if not facts.offered and (reached is not Stage.NEVER_LIVE or not facts.named):
        return STATUS_TABLE[ListingStatus.ARCHIVED, reached]
    status = facts.status if facts.targeted else ListingStatus.ENDED
    if status is ListingStatus.ACTIVE and facts.built.quantity == 0:
        return OUT_OF_STOCK_TABLE[facts.out_of_stock, reached]
    return STATUS_TABLE[status, reached]


def decide(facts: DecisionFacts) -> Decision:
    """Return the desired document of one ebay listing and all that is stored with it."""
    wanted = want(facts)
    limit, blocks = _limit(wanted, facts), _blocks(wanted, facts)
    desired = facts.built.projection if limit is None else follow(limit, facts.published)
    state = _state(wanted, facts)
    return Decision(
        awaited=facts.awaited and limit is not None,
        blocks=blocks,
        desired=desired,
        intent=intent(desired, facts.published, state),
        limit=limit,
        state=state,
        urgency=facts.urgency if desired == facts.published else urgency(desired, facts.published),
    )


def _limit(wanted: Want, facts: DecisionFacts) -> Limit | None:
    if wanted is not Want.SHOW:
        return LIMITS[wanted]
    built = facts.built
    return Limit(quantities=built.quantities, quantity=built.quantity) if _held(facts) else None


def _blocks(wanted: Want, facts: DecisionFacts) -> tuple[Block, ...]:
    if wanted is Want.SHOW:
        return _held(facts)
    if not facts.offered and facts.named and facts.status is ListingStatus.ACTIVE:
        return facts.built.blocks
    return (*facts.built.blocks, OUT_OF_STOCK) if wanted is Want.WAIT else ()


def _held(facts: DecisionFacts) -> tuple[Block, ...]:
    """Return what holds back a listing that is to be shown; a live one waits for no answer."""
    live = stage(facts.published, facts.state) is Stage.LIVE
    if facts.built.blocks or not facts.awaited or live:
        return facts.built.blocks
    return (CHECKING_RULES,)


def _state(wanted: Want, facts: DecisionFacts) -> Lifecycle:
    """Return the state: put away, or taken up again, or as it is."""
    if wanted is Want.REMOVE:
        return Lifecycle.REMOVED
    if facts.state is not Lifecycle.REMOVED:
        return facts.state
    over = stage(facts.published, facts.state) is Stage.OVER
    return Lifecycle.ENDED if over else Lifecycle.NEW


def intent(
    desired: Projection | None, published: Projection | None, lifecycle_state: str
) -> Intent:
    """Return in one word what turning ``published`` into ``desired`` amounts to."""
    if desired == published:
        return Intent.VERIFY
    reached = stage(published, Lifecycle(lifecycle_state))
    if reached is Stage.LIVE:
        ends = desired is not None and desired.lifecycle is Shown.ENDED
        return Intent.END if ends else Intent.UPDATE
    return Intent.RELIST if reached is Stage.OVER else Intent.CREATE


def urgency(desired: Projection | None, published: Projection | None) -> Urgency:
    """Return how soon the difference must be sent: selling what is gone is worst."""
    wanted = desired or Projection()
    if published is None or published.lifecycle is not Shown.LIVE:
        return Urgency.STOCK if wanted.quantity == 0 else Urgency.NEW
    if wanted.lifecycle is not Shown.LIVE:
        return Urgency.STOCK
    if stock := _stock(wanted, published):
        return max(stock)
    return Urgency.PRICE if wanted.price != published.price else Urgency.CONTENT


def _stock(wanted: Projection, published: Projection) -> list[Urgency]:
    """Return how soon each quantity that differs must be sent; that of a single has no key."""
    ours, theirs = (each.quantities or {"": each.quantity} for each in (wanted, published))
    return [
        _of_stock(ours.get(key, 0), theirs.get(key, 0))
        for key in sorted(ours.keys() | theirs.keys())
        if ours.get(key, 0) != theirs.get(key, 0)
    ]


def _of_stock(wanted: int | None, there: int | None) -> Urgency:
    """Return the urgency of another quantity; one that nobody knows may be too high."""
    down = there is None or (wanted or 0) < there
    return Urgency.STOCK if down else Urgency.RAISE


def places(
    named: Collection[str], enrolled: Collection[tuple[int, str]], accounts: Collection[int]
) -> set[tuple[int, str]]:
    """Return (account id, marketplace) of every ebay listing that a listing should have.

    ``named`` are its marketplaces, empty for those of the accounts; ``enrolled`` the pairs that
    have defaults; ``accounts`` all that are connected. A marketplace that no account has defaults
    for gets its row in each account, so that there is something that says why it is blocked.
    """
    if not named:
        return set(enrolled)
    found = {pair for pair in enrolled if pair[1] in named}
    missing = set(named) - {marketplace for _, marketplace in found}
    return found | {(account, marketplace) for account in accounts for marketplace in missing}


def outcome(
    *, blocked: bool, equal: bool, ensured: bool | None, active: bool | None
) -> ChangeOutcome:
    """Return what noticing a change came to where nothing was reverted.

    ``blocked``: nothing may be sent now. ``equal``: nothing to send, nothing in doubt.
    ``ensured``: a change was inserted (True), took the newest state (False), or neither (None).
    ``active``: the change that is there is in flight with an older state (True), is about this
    very state (False), or there is none (None).
    """
    if ensured is not None:
        return ChangeOutcome.ENQUEUED if ensured else ChangeOutcome.COALESCED
    if blocked:
        return ChangeOutcome.BLOCKED
    if active is not None:
        return ChangeOutcome.COALESCED if active else ChangeOutcome.SKIPPED_DUPLICATE
    return ChangeOutcome.SKIPPED_HASH if equal else ChangeOutcome.SKIPPED_DEAD
