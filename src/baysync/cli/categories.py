"""``baysync categories``: eBay's categories by words, and what one of them asks."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated, cast

import typer

from baysync.account import store as accounts
from baysync.base import clock
from baysync.base.errors import AccessRefused, NotFound, Refused
from baysync.cli.terminal.output import note, print_json, print_rows
from baysync.cli.terminal.session import run
from baysync.db.connection import Db
from baysync.ebay.metadata import CONDITION_IDS
from baysync.reference import catalogue, lookup
from baysync.reference.lookup import CategoryNames, Details
from baysync.reference.service import SellerMarketplace
from baysync.runtime import Runtime

app = typer.Typer(no_args_is_help=True, help="eBay's categories, and what they ask.")

Marketplace = Annotated[str, typer.Option(help="Whose categories, as in EBAY_DE.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
FOUND = ("id", "name", "path")
ASPECTS = ("name", "wanted", "values")
MOST_VALUES = 12


@app.command()
def search(
    words: Annotated[
        list[str], typer.Argument(help="Words of its name, or of the categories above it.")
    ],
    *,
    marketplace: Marketplace = "",
    limit: Annotated[int, typer.Option(min=1, max=1_000, help="How many at most.")] = 20,
    as_json: Json = False,
) -> None:
    """Find the lowest categories that have all these words; listings go into those."""
    place, known = run(lambda runtime: _catalogue(runtime, marketplace))
    found = catalogue.search(known.names, " ".join(words))
    rows = [{**asdict(one), "path": " > ".join(one.path)} for one in found[:limit]]
    print_rows(rows, FOUND, as_json=as_json)
    age = f"as eBay said them {_ago(known)}"
    if not rows:
        note(
            f"No category of {place.marketplace} has all of these words ({age}). Use fewer or "
            "others, in the marketplace's language."
        )
        return
    note(f"{len(rows)} of {len(found)} on {place.marketplace}, {age}.")
    note(
        f"What one asks: baysync categories show {rows[0]['id']} --marketplace {place.marketplace}"
    )


@app.command()
def show(
    category: Annotated[str, typer.Argument(help="The category's id on eBay.")],
    *,
    marketplace: Marketplace = "",
    as_json: Json = False,
) -> None:
    """Show where a category stands, and the item specifics and conditions it takes."""
    place, known, details = run(lambda runtime: _details(runtime, marketplace, category))
    by_id = {each.id: each for each in known.names.categories}
    if category not in by_id:
        raise NotFound(
            f"Category {category} is not in the tree of {place.marketplace}.",
            fix=f"baysync categories search WORDS --marketplace {place.marketplace}",
        )
    where = catalogue.locate(by_id, by_id[category])
    aspects = [] if details is None else _aspects(details)
    conditions: Sequence[str] = () if details is None else _conditions(details)
    if as_json:
        fetched = None if details is None else details.fetched_at
        print_json(
            {
                "marketplace": place.marketplace,
                **asdict(where),
                "aspects": aspects,
                "conditions": conditions,
                "fetched_at": fetched,
            }
        )
        return
    note(f"{' > '.join((*where.path, where.name))} ({category} on {place.marketplace})")
    if details is None:
        note("It has categories below it; listings go into the lowest.")
        for each in known.names.categories:
            if each.parent == category:
                note(f"  {each.id} {each.name}")
        return
    print_rows([{**row, "values": _values(row)} for row in aspects], ASPECTS)
    note(f"Conditions: {', '.join(conditions) or 'any'}. As eBay said it {_ago(details)}.")


async def _catalogue(runtime: Runtime, marketplace: str) -> tuple[SellerMarketplace, CategoryNames]:
    async with runtime.db() as db:
        place = await _place(runtime, db, marketplace)
        known = await lookup.catalogue(db, place)
    if known is None:
        raise _mute(place)
    return place, known


async def _details(
    runtime: Runtime, marketplace: str, category: str
) -> tuple[SellerMarketplace, CategoryNames, Details | None]:
    """Return the catalogue, and what a lowest category asks; None of one that is not lowest."""
    place, known = await _catalogue(runtime, marketplace)
    if not any(each.id == category and each.leaf for each in known.names.categories):
        return place, known, None
    async with runtime.db() as db:
        details = await lookup.details(db, place, category)
    if details is None:
        raise _mute(place)
    return place, known, details


async def _place(runtime: Runtime, db: Db, marketplace: str) -> SellerMarketplace:
    """Return where to ask: the marketplace in question, of the first account that sells there."""
    pairs = [pair for pair in await accounts.enrolled(db) if marketplace in {"", pair[1]}]
    if not pairs:
        raise Refused(
            f"No connected account sells on {marketplace or 'any marketplace'}.",
            fix="baysync accounts marketplaces NAME --add MARKETPLACE",
        )
    if len({name for _, name in pairs}) > 1:
        names = ", ".join(sorted({name for _, name in pairs}))
        raise Refused(
            f"Each marketplace has categories of its own: {names}.", fix="say which: --marketplace."
        )
    account_id, name = pairs[0]
    return SellerMarketplace(account_id, name, await runtime.sessions.of(account_id))


def _aspects(details: Details) -> list[dict[str, object]]:
    """Return the item specifics of a category, those that must be there first."""
    ranked = sorted(details.category.aspects, key=lambda aspect: not aspect.required)
    return [
        {
            "name": aspect.name,
            "wanted": "required" if aspect.required else "recommended",
            "only_listed": aspect.only_listed,
            "many": aspect.many,
            "varies": aspect.varies,
            "longest": aspect.longest,
            "values": list(aspect.values),
        }
        for aspect in ranked
    ]


def _values(row: dict[str, object]) -> str:
    values = cast("list[str]", row["values"])
    shown = ", ".join(values[:MOST_VALUES])
    if not values:
        return "any"
    more = f" and {len(values) - MOST_VALUES} more" if len(values) > MOST_VALUES else ""
    return f"one of {shown}{more}" if row["only_listed"] else f"any, such as {shown}{more}"


def _conditions(details: Details) -> Sequence[str]:
    known = details.category.conditions or ()
    return [name for name, number in CONDITION_IDS.items() if number in known]


def _ago(known: CategoryNames | Details) -> str:
    hours = (clock.now() - known.fetched_at).total_seconds() / 3600
    if hours < 1:
        return "within the last hour"
    return f"{hours / 24:.0f} days ago" if hours >= 48 else f"{hours:.0f} hours ago"  # noqa: PLR2004 - two days


def _mute(place: SellerMarketplace) -> AccessRefused:
    return AccessRefused(
        f"eBay does not say what categories {place.marketplace} has.",
        fix="try again in a moment; `baysync status` shows whether eBay answers.",
    )
