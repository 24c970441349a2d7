"""Read the reference data that listings are judged by, and ask eBay for what is due."""

import re
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

import msgspec
from msgspec import Struct

from baysync.base import clock
from baysync.config import store as live_settings
from baysync.db.connection import Db
from baysync.ebay import taxonomy
from baysync.ebay.edge.session import Session
from baysync.ebay.model import Answer, Call, Verdict
from baysync.ebay.verdict import judge
from baysync.reference import reading, store, withheld
from baysync.reference.model import (
    RETRY,
    TTL,
    UNKNOWN,
    Category,
    Location,
    MarketplaceRules,
    ReferenceKind,
    ReferenceWant,
    SellerPolicies,
    Tree,
)
from baysync.reference.second_look import SECOND_LOOK, gone, united
from baysync.reference.store import CacheRow, Due
from baysync.telemetry import metrics

AT_ONCE = 50  # things asked for in one round of one place; also what one metadata call takes
ROUND_SECONDS = 20.0
ASKS = "policy.enabled"  # live setting: whether the workers ask eBay for reference data
DEADLINE_SECONDS = 120.0
FLOOR = 0.4  # reference data leaves this share of every quota to listings
CATEGORY_ID = re.compile(r"[0-9]{1,20}")
_CATEGORY = msgspec.json.Decoder(Category)
_LOCATIONS = msgspec.json.Decoder(dict[str, Location])
_POLICIES = msgspec.json.Decoder(SellerPolicies)
_TREE = msgspec.json.Decoder(Tree)


@dataclass(frozen=True, slots=True)
class SellerMarketplace:
    """One marketplace of one account, and the way to eBay about it."""

    account_id: int
    marketplace: str
    session: Session


async def rules(db: Db, wants: Sequence[ReferenceWant]) -> dict[tuple[int, str], MarketplaceRules]:
    """Return what is known for each (account, marketplace) of ``wants``.

    What nobody has asked eBay about is put on the list of the next refresh, and awaited unless
    the workers were told to ask for nothing. A category that cannot be eBay's exists nowhere, and
    eBay is not asked: one such id in a call takes the answer from all others. Call it under the
    locks of what is projected, in a statement of its own, as all inputs are read.
    """
    if not wants:
        return {}
    known = _impossible(wants)
    wants = [w if _may_exist(w.category) else replace(w, category=None) for w in wants]
    rows = await store.read(db, wants)
    if new := _unheard(wants, rows):
        await store.want(db, new)
        rows = await store.read(db, wants)
    asks = any(row.awaited for row in rows) and (await live_settings.changed(db)).get(ASKS, True)
    for row in rows:
        at = (row.account_id, row.marketplace)
        known[at] = _with(known[at], row if asks else replace(row, awaited=False))
    return known


def _may_exist(category: str | None) -> bool:
    return not category or CATEGORY_ID.fullmatch(category) is not None


def _impossible(wants: Sequence[ReferenceWant]) -> dict[tuple[int, str], MarketplaceRules]:
    """Return what is known of each place before anything is read: which categories cannot be."""
    known = {(w.account_id, w.marketplace): UNKNOWN for w in wants}
    for w in wants:
        if w.category and not _may_exist(w.category):
            at = (w.account_id, w.marketplace)
            categories = {**known[at].categories, w.category: Category(exists=False)}
            known[at] = msgspec.structs.replace(known[at], categories=categories)
    return known


def _unheard(wants: Sequence[ReferenceWant], rows: Sequence[CacheRow]) -> list[ReferenceWant]:
    """Return those of ``wants`` that have a category and lack something in the cache."""
    there = {(row.account_id, row.marketplace, row.kind, row.key) for row in rows}
    return [
        w
        for w in wants
        if w.category
        and not there.issuperset(
            (w.account_id, w.marketplace, kind, key)
            for kind, key in (("category", w.category), ("locations", ""), ("policies", ""))
        )
    ]


def _with(known: MarketplaceRules, row: CacheRow) -> MarketplaceRules:
    if row.awaited:
        return msgspec.structs.replace(known, awaited=known.awaited | {row.key})
    if row.body is None:
        return known
    if row.kind == ReferenceKind.POLICIES:
        return msgspec.structs.replace(known, policies=_POLICIES.decode(row.body))
    if row.kind == ReferenceKind.LOCATIONS:
        return msgspec.structs.replace(known, locations=_LOCATIONS.decode(row.body))
    categories = {**known.categories, row.key: _CATEGORY.decode(row.body)}
    return msgspec.structs.replace(known, categories=categories)


async def refresh(db: Db, place: SellerMarketplace, *, impact_max: int) -> int:
    """Ask eBay for what is due at ``place``; return how much of it was something new.

    A list that lacks what was known is used only where that blocks at most ``impact_max`` listings.

    After 20 seconds the rest is left for the next time, so that what is known is soon of use.
    Safe to stop at any point: each answer is kept by itself, and a change is counted with it.
    """
    await store.want(db, [ReferenceWant(place.account_id, place.marketplace, None)])
    changed, end = 0, clock.monotonic() + ROUND_SECONDS
    while due := await store.due(db, place.account_id, place.marketplace, limit=AT_ONCE):
        changed += await ask_for(db, place, due, impact_max=impact_max)
        if clock.monotonic() > end:
            break
    return changed


async def suggest(
    place: SellerMarketplace, tree_id: str, title: str
) -> list[taxonomy.CategoryNode]:
    """Return the leaf categories eBay suggests for a title, the likeliest first; none if mute."""
    call = taxonomy.get_suggestions(tree_id, title, marketplace=place.marketplace)
    answer = await send(place, call)
    return taxonomy.suggestions_in(answer) if judge(answer) is Verdict.DONE else []


async def tree_id(db: Db, place: SellerMarketplace) -> str | None:
    """Return the marketplace's category tree, from the cache or else from eBay."""
    stored = await store.body(db, place.account_id, place.marketplace, ReferenceKind.TREE)
    if stored is not None:
        return _TREE.decode(stored).tree_id
    answer = await send(place, taxonomy.get_default_tree_id(place.marketplace))
    found = taxonomy.tree_in(answer)
    return found and found.tree_id


async def ask_for(
    db: Db, place: SellerMarketplace, due: Sequence[Due], *, impact_max: int = 0
) -> int:
    """Ask eBay for these things and keep the answers; return how many were something new.

    ``impact_max`` is of lists alone, as for ``refresh``.
    """
    categories = [each.key for each in due if each.kind is ReferenceKind.CATEGORY]
    read = {
        ReferenceKind.TREE: reading.tree,
        ReferenceKind.POLICIES: reading.policies,
        ReferenceKind.LOCATIONS: reading.locations,
    }
    changed = 0
    for each in due:
        if each.kind is not ReferenceKind.CATEGORY:
            with _timed():
                found = await read[each.kind](lambda call: send(place, call), place.marketplace)
            changed += await _keep(db, place, each, found, impact_max=impact_max)
    if categories:
        tree = await tree_id(db, place)
        with _timed():
            known = await reading.categories(
                lambda call: send(place, call), place.marketplace, tree, categories
            )
        for key in categories:
            changed += await _keep(db, place, Due(ReferenceKind.CATEGORY, key), known.get(key))
    return changed


@contextmanager
def _timed() -> Generator[None]:
    started = clock.monotonic()
    yield
    metrics.observe("policy.fetch_ms", (clock.monotonic() - started) * 1000)


async def _keep(
    db: Db,
    place: SellerMarketplace,
    due: Due,
    found: Struct | dict[str, Location] | None,
    *,
    impact_max: int = 0,
) -> bool:
    row = CacheRow(
        account_id=place.account_id,
        marketplace=place.marketplace,
        kind=due.kind,
        key=due.key,
        body=None if found is None else _encoded(found),
    )
    if found is None:
        await store.postpone(db, row, by=RETRY)
        return False
    metrics.happened("policy.last_fetch", clock.now().timestamp())
    known = await _list_of(db, row)
    if known is not None and (missing := gone(known, found)):
        if await store.doubt(db, row, wait=SECOND_LOOK):
            return False  # eBay has been seen to leave out what is there: it is read once more
        listings = await withheld.using(db, row.account_id, row.marketplace, missing)
        if listings > impact_max:
            body = _encoded(united(known, found))
            row = replace(row, body=body, withheld=row.body, withheld_listings=listings)
    async with db.transaction():
        new = await store.put(db, row, ttl=TTL[due.kind])
        if new and due.kind is ReferenceKind.TREE:
            await store.expire_categories(db, place.account_id, place.marketplace)
        elif new:
            await store.count_change(db, place.account_id, place.marketplace)
    return new and due.kind is not ReferenceKind.TREE


async def _list_of(db: Db, row: CacheRow) -> SellerPolicies | dict[str, Location] | None:
    """Return what the cache has of a list that blocks listings where it is shorter."""
    decoder = {ReferenceKind.POLICIES: _POLICIES, ReferenceKind.LOCATIONS: _LOCATIONS}.get(
        ReferenceKind(row.kind)
    )
    kept = await store.kept(db, row) if decoder else None
    return decoder.decode(kept.body) if decoder and kept else None


def _encoded(body: Struct | dict[str, Location]) -> bytes:
    return msgspec.json.encode(body, order="sorted")


async def send(place: SellerMarketplace, call: Call) -> Answer:
    """Send a call about reference data, which leaves a share of the quota to listings."""
    session = replace(place.session, floor=FLOOR)
    return await session.send(call, deadline=clock.monotonic() + DEADLINE_SECONDS)
