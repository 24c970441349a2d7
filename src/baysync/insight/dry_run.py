"""What publishing would send: the calls, what they cost, and what is in the way."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import chain

import msgspec

from baysync.account import store as accounts
from baysync.account.model import Account
from baysync.base.errors import NotFound
from baysync.change import forecast_store
from baysync.change import service as change
from baysync.change.forecast import Decided, causes_of, is_unjudged
from baysync.db.connection import Db
from baysync.db.rehearsing import rolled_back
from baysync.insight import facts_store
from baysync.insight.listing import store as standings
from baysync.insight.model import Light
from baysync.insight.rules import in_the_way
from baysync.insight.unknowns import unknowns
from baysync.insight.why import reason
from baysync.listing import store as listings
from baysync.publish.completion import CompletionKind
from baysync.publish.limits import Limits
from baysync.publish.model import Work
from baysync.publish.rehearsal import PlannedCall, rehearse
from baysync.snapshot import service as snapshots
from baysync.snapshot.model import Place


class Prospect(StrEnum):
    """What publishing a listing now would come to.

    ``reads``: its state is in doubt, so that eBay is read, and nothing else is to do if it shows
    what is known. ``postponed``: eBay takes no more of it today. ``refused``: eBay refused this
    very state, which is sent again only after an edit or a retry. ``waits``: eBay may not show
    yet what it confirmed last.
    """

    SENDS = "sends"
    READS = "reads"
    NOTHING = "nothing_to_send"
    BLOCKED = "blocked"
    REFUSED = "refused"
    POSTPONED = "postponed"
    WAITS = "waits"


@dataclass(frozen=True, slots=True, kw_only=True)
class Obstacle:
    """One thing that keeps content off eBay; ``pointer`` leads into the listing."""

    rule: str
    pointer: str
    message: str
    fix: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DryListing:
    """One listing in one place as publishing would leave it.

    ``causes`` are all that keeps its content off eBay, each with its fix; ``unjudged``: eBay has
    not said yet what it wants of the category, so that there may be more. ``why`` says how it
    stands now. ``steps`` are the kinds of calls, ``document`` what eBay should show, ``unknown``
    what is taken for granted here and read first there, or follows in a change of its own.
    """

    sku: str
    account: str
    marketplace: str
    outcome: Prospect
    why: str
    blocked_reason: str | None
    causes: tuple[Obstacle, ...]
    unjudged: bool
    steps: tuple[str, ...]
    document: Mapping[str, object] | None
    unknown: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """How many calls of one quota it takes; ``remaining`` of the day is null where unknown.

    ``application`` is eBay's environment and client id: eBay counts by application and API.
    """

    application: str
    family: str
    calls: int
    remaining: int | None
    limit: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DryRun:
    """What publishing listings together would send, in order; nothing was sent or stored."""

    listings: tuple[DryListing, ...]
    calls: tuple[PlannedCall, ...]
    cost: tuple[Cost, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Publishing:
    """How and where is published; None does not narrow the choice of places."""

    limits: Limits
    lights: Sequence[Light] = ()
    account: str | None = None
    marketplace: str | None = None


async def dry_run_of(db: Db, sku: str, how: Publishing) -> DryRun:
    """Return what publishing a listing in the one place that is meant would send.

    Raises:
        NotFound: there is no such listing, or it is sold nowhere there.
        Ambiguous: it is sold in several places.
        Conflict: another transaction is writing it.
    """
    async with rolled_back(db):
        await _project(db, [sku])
        place = await snapshots.find(db, sku, account=how.account, marketplace=how.marketplace)
        return await _dry_run(db, [place], how)


async def dry_run(db: Db, skus: Sequence[str], how: Publishing) -> DryRun:
    """Return what publishing listings together, wherever they are sold, would send.

    One claim's worth at a time, each in a transaction of its own on a connection in autocommit
    mode: an edit or a worker waits for a moment at most, however many listings there are.

    Raises:
        NotFound: one of them is no listing, or sold nowhere there.
        Conflict: another transaction is writing one of them.
    """
    await _ids(db, skus)
    size = how.limits.claim_size
    return _together(
        [await _some(db, skus[start : start + size], how) for start in range(0, len(skus), size)]
    )


async def _some(db: Db, skus: Sequence[str], how: Publishing) -> DryRun:
    async with rolled_back(db):
        await _project(db, skus)
        places = [
            place
            for sku in skus
            for place in await snapshots.find_all(
                db, sku, account=how.account, marketplace=how.marketplace
            )
        ]
        return await _dry_run(db, places, how)


def _together(parts: Sequence[DryRun]) -> DryRun:
    """Return one dry run of its parts; what they cost of one quota is added up."""
    cost: dict[tuple[str, str], Cost] = {}
    for one in chain.from_iterable(part.cost for part in parts):
        quota = one.application, one.family
        before = cost[quota].calls if quota in cost else 0
        cost[quota] = replace(one, calls=before + one.calls)
    return DryRun(
        listings=tuple(chain.from_iterable(part.listings for part in parts)),
        calls=tuple(chain.from_iterable(part.calls for part in parts)),
        cost=tuple(cost.values()),
    )


async def _project(db: Db, skus: Sequence[str]) -> None:
    """Decide anew what is wanted of listings, as the next edit would."""
    await change.rehearse(db, list((await _ids(db, skus)).values()))


async def _ids(db: Db, skus: Sequence[str]) -> dict[str, int]:
    ids = await listings.ids(db, skus)
    if missing := sorted(set(skus) - ids.keys()):
        raise NotFound(f"There is no listing {', '.join(missing)}.", fix="baysync listings list")
    return ids


async def _dry_run(db: Db, places: Sequence[Place], how: Publishing) -> DryRun:
    """Plan account by account: a claim is of one account."""
    rows: list[DryListing] = []
    calls: list[PlannedCall] = []
    cost: list[Cost] = []
    for name in dict.fromkeys(place.account for place in places):
        account = await accounts.read_named(db, name)
        here = [place for place in places if place.account == name]
        decisions = [await _decision(db, place) for place in here]
        free = [
            place.ebay_listing_id
            for place, decision in zip(here, decisions, strict=True)
            if not decision.refused
        ]
        works, planned = await rehearse(db, account, free, how.limits)
        by_id = {work.target.id: work for work in works}
        for place, decision in zip(here, decisions, strict=True):
            work = by_id.get(place.ebay_listing_id)
            why = await _why(db, place, how.lights)
            rows.append(_listing(place, decision, work, planned, why))
        calls += planned
        cost += await _cost(db, account, planned)
    return DryRun(listings=tuple(rows), calls=tuple(calls), cost=tuple(cost))


async def _decision(db: Db, place: Place) -> Decided:
    ids = await listings.ids(db, [place.sku])
    at = place.account, place.marketplace
    rows = await forecast_store.decided(db, list(ids.values()))
    return next(row for row in rows if (row.account, row.marketplace) == at)


async def _why(db: Db, place: Place, lights: Sequence[Light]) -> str:
    rows = await standings.standing(db, place.sku)
    standing = next(row for row in rows if row.id == place.ebay_listing_id)
    return reason(standing, in_the_way(lights, place.account))


async def _cost(db: Db, account: Account, calls: Sequence[PlannedCall]) -> list[Cost]:
    application = f"{account.environment}/{account.client_id}"
    known = {quota.family: quota for quota in await facts_store.quotas(db, application)}
    return [
        Cost(
            application=application,
            family=family,
            calls=count,
            remaining=known[family].remaining if family in known else None,
            limit=known[family].limit if family in known else None,
        )
        for family, count in sorted(Counter(call.family for call in calls).items())
    ]


def _listing(
    place: Place, decision: Decided, work: Work | None, calls: Sequence[PlannedCall], why: str
) -> DryListing:
    causes = causes_of(decision)
    sends = any(place.sku in call.skus and not call.reads for call in calls)
    desired = work and work.desired
    return DryListing(
        sku=place.sku,
        account=place.account,
        marketplace=place.marketplace,
        outcome=_outcome(work, is_blocked=bool(causes), sends=sends),
        why=why,
        blocked_reason=decision.blocked_reason,
        causes=tuple(
            Obstacle(rule=one.rule, pointer=one.pointer, message=one.message, fix=one.fix)
            for one in causes
        ),
        unjudged=is_unjudged(decision, causes),
        steps=tuple(work.done_steps) if work else (),
        document=None if desired is None else msgspec.to_builtins(desired),
        unknown=() if work is None else tuple(unknowns(work)),
    )


def _outcome(work: Work | None, *, is_blocked: bool, sends: bool) -> Prospect:
    how = work.end.how if work and work.end else CompletionKind.UNSENT
    if work is None:
        return Prospect.REFUSED
    if how is CompletionKind.CANCELLED or (how is CompletionKind.SKIPPED and is_blocked):
        return Prospect.BLOCKED
    if how is CompletionKind.POSTPONED:
        return Prospect.POSTPONED
    if how not in {CompletionKind.DONE, CompletionKind.SKIPPED}:
        return Prospect.WAITS
    if sends:
        return Prospect.SENDS
    return Prospect.NOTHING if work.target.verify_at is None else Prospect.READS
