"""What ``baysync listings check`` finds: problems of each listing, and its terms on each site."""

from collections.abc import AsyncGenerator, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

from baysync.account import store as accounts
from baysync.account.model import Defaults
from baysync.account.rules import addressed
from baysync.base.errors import NotFound
from baysync.cli.listings.suggest import ABOUT_CATEGORY, Wanting
from baysync.config.store import moment
from baysync.db.connection import Db
from baysync.ebay_listing.shown_store import published
from baysync.listing import body, page_store, rules, store
from baysync.listing.model import Listing
from baysync.listing.warnings import warnings
from baysync.projection import canonical
from baysync.projection.build import build
from baysync.projection.model import Block, Projection
from baysync.projection.resolve import category, explained
from baysync.projection.terms import Term
from baysync.reference import service as policies
from baysync.reference.model import PLACE, MarketplaceRules, ReferenceWant

PAGE = 500
Known: TypeAlias = dict[tuple[int, str], MarketplaceRules]


@dataclass(frozen=True, slots=True, kw_only=True)
class SellingPlace:
    """Where an account sells, and what it says for every listing there."""

    account_id: int
    account: str
    marketplace: str
    defaults: Defaults


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """When listings are looked at, and what eBay is known to hold of some by SKU and place."""

    now: datetime
    published: dict[tuple[str, int, str], Projection]


@dataclass(frozen=True, slots=True)
class Findings:
    """What keeps listings off eBay, a row each, and rows that explain price and quantity.

    ``wanting`` are the rows about a category for which eBay may suggest another; ``awaited``
    what eBay has not been asked about yet; ``looked`` the SKUs looked at.
    """

    problems: list[dict[str, object]] = field(default_factory=list[dict[str, object]])
    terms: list[dict[str, object]] = field(default_factory=list[dict[str, object]])
    wanting: list[Wanting] = field(default_factory=list[Wanting])
    awaited: set[str] = field(default_factory=set[str])
    looked: set[str] = field(default_factory=set[str])


async def pages(db: Db) -> AsyncGenerator[list[store.StoredBody]]:
    """Yield all stored listings in the order of their SKU, some hundred at a time."""
    after = ""
    while page := await page_store.bodies(db, after=after, limit=PAGE):
        yield page
        after = page[-1].sku


async def check(db: Db, skus: set[str]) -> Findings:
    """Return what is found about ``skus``, or about every listing if there are none.

    Prices and quantities are explained where they are not just what the shop says.

    Raises:
        NotFound: one of ``skus`` is no listing.
    """
    places, found = await _places(db), Findings()
    async for page in pages(db):
        chosen = [body.decode(stored.body) for stored in page if not skus or stored.sku in skus]
        known = await policies.rules(
            db,
            [
                ReferenceWant(
                    at.account_id, at.marketplace, category(each, at.defaults, at.marketplace)
                )
                for each in chosen
                for at in places
            ],
        )
        seen = _Seen(now=await moment(db), published=await _published(db, chosen))
        for each in chosen:
            _look(each, places, known, seen, found)
    if unknown := sorted(skus - found.looked):
        raise NotFound(f"There is no listing {', '.join(unknown)}.", fix="baysync listings list")
    return found


async def _published(db: Db, listings: list[Listing]) -> dict[tuple[str, int, str], Projection]:
    """Return what eBay is known to hold of listings that do not say all of their stock."""
    unsaid = [
        each.sku
        for each in listings
        if any(part.quantity is None for part in each.variants or (each,))
    ]
    return {
        (shown.sku, shown.account_id, shown.marketplace): canonical.decode(shown.blob)
        for shown in await published(db, unsaid)
    }


async def _places(db: Db) -> list[SellingPlace]:
    return [
        SellingPlace(
            account_id=account.id,
            account=account.name,
            marketplace=row.marketplace,
            defaults=row.defaults,
        )
        for account in await accounts.read_all(db)
        if account.state == "connected"
        for row in await accounts.read_defaults(db, account.id)
    ]


def _look(
    listing: Listing, places: list[SellingPlace], known: Known, seen: _Seen, found: Findings
) -> None:
    found.looked.add(listing.sku)
    for warning in warnings(listing):
        row = _row(
            listing.sku,
            warning.pointer,
            warning.rule,
            warning.message,
            warning.fix,
        )
        found.terms.append(row)
    named, own = listing.marketplaces, set[tuple[str, str]]()
    for problem in rules.problems(listing):
        own.add((problem.rule, problem.pointer))
        found.problems.append(
            _row(listing.sku, problem.pointer, problem.rule, problem.message, problem.fix)
        )
    for place in places:
        if named and place.marketplace not in named:
            continue
        at = place.account_id, place.marketplace
        built = build(
            listing,
            place.defaults,
            place.marketplace,
            known[at],
            published=seen.published.get((listing.sku, *at)),
            now=seen.now,
        )
        chosen = category(listing, place.defaults, place.marketplace)
        if not known[at].awaited.isdisjoint({PLACE, chosen}):
            found.awaited.add(f"category {chosen} on {place.marketplace}")
        for block in built.blocks:
            if (block.reason, block.pointer) not in own:
                _add(listing, place, block, found)
        found.terms.extend(_terms(listing, place, seen.now))


def _add(listing: Listing, place: SellingPlace, block: Block, found: Findings) -> None:
    fix = addressed(block.fix, place.account, place.marketplace)
    row = _row(listing.sku, block.pointer, block.reason, block.rule, fix)
    row |= {"account": place.account, "marketplace": place.marketplace}
    found.problems.append(row)
    if block.reason in ABOUT_CATEGORY:
        found.wanting.append(
            Wanting(
                row=row,
                account_id=place.account_id,
                marketplace=place.marketplace,
                title=listing.title.strip(),
            )
        )


def _row(sku: str, pointer: str, rule: str, message: str, fix: str) -> dict[str, object]:
    return {"sku": sku, "pointer": pointer, "rule": rule, "message": message, "fix": fix}


def _terms(listing: Listing, place: SellingPlace, now: datetime) -> Iterator[dict[str, object]]:
    for term in explained(listing, place.defaults, place.marketplace, now=now):
        if words := "; ".join(_said(term)):
            row = _row(term.sku, "", "explained", words, "")
            yield row | {"account": place.account, "marketplace": place.marketplace}


def _said(term: Term) -> Iterator[str]:
    if term.price and term.price.words:
        yield f"price {term.price.words}"
    if term.quantity.words:
        yield f"quantity {term.quantity.words}"
