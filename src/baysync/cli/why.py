"""``baysync why SKU``: how a listing stands and the chain that led there."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated, cast

import typer

from baysync.account.rules import addressed, way_on
from baysync.base.errors import NotFound
from baysync.cli.terminal.output import note, print_json, print_rows
from baysync.cli.terminal.session import run
from baysync.ebay.advice import advise
from baysync.insight import database, facts_store
from baysync.insight.listing import store, timeline_store
from baysync.insight.listing.model import Standing, TimelineEvent
from baysync.insight.model import Light
from baysync.insight.rules import in_the_way
from baysync.insight.why import is_paused, reason
from baysync.runtime import Runtime

STANDING = ("account", "marketplace", "lifecycle_state", "desired", "published", "sold", "why")
CHAIN = ("at", "kind", "id", "of", "words")
EXPOSED = (
    "exposure: somebody bought while baysync raised the stock or replaced the offer, so that what "
    "was sold could be bought once more until it was taken back. Compare the orders of that time "
    "with the stock: baysync orders list --sku SKU"
)

GO_ON = {
    "reauth": "The seller has to agree again",
    "disconnected": "The account sends nothing until it is back",
}
"""What the command is for that lets an account go on, by who paused it; else it goes on."""


def why(
    sku: Annotated[str, typer.Argument(help="SKU of the shop.")],
    *,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="Newest links shown.")] = 50,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Show why a listing is as it is: edit, change, attempt, eBay's answer, snapshot."""

    async def work(
        runtime: Runtime,
    ) -> tuple[list[Standing], list[TimelineEvent], tuple[Light, ...]]:
        async with runtime.db() as db:
            lit = await database.lit(db, await facts_store.facts(db))
            newest = await timeline_store.timeline(db, sku, limit=limit)
            return await store.standing(db, sku), newest[::-1], lit

    standing, chain, lit = run(work)
    if not chain:
        raise NotFound(f"There is no listing {sku}.", fix="see `baysync listings list`.")
    rows = [{**asdict(one), "why": reason(one, in_the_way(lit, one.account))} for one in standing]
    if as_json:
        print_json({"listings": rows, "chain": [_explained(link) for link in chain]})
        return
    print_rows(rows, STANDING)
    print_rows([{**asdict(link), "at": f"{link.at:%F %T}"} for link in chain], CHAIN)
    for line in explanations(standing, chain):
        note(line)
    note(hint(standing, sku, lit))


def explanations(standing: list[Standing], chain: list[TimelineEvent]) -> list[str]:
    """Return cause and fix of what holds eBay listings back: their blocks, the open letters.

    The last attempt's errors and warnings are explained too, and of all attempts what could not be
    kept of what the seller set. So is what an exposure means.
    """
    places = {one.id: (one.account, one.marketplace) for one in standing}
    details = [(places[one.id], one.blocked_detail or {}) for one in standing]
    ours = [(at, _ours(row)) for at, detail in details for row in _rows(detail.get("blocks"))]
    theirs = [(at, str(each)) for at, detail in details for each in advise(detail.get("problems"))]
    attempts = [link for link in chain if link.kind == "attempt"]
    theirs += [
        (places.get(link.ebay_listing_id or 0, ("NAME", "")), str(each))
        for link in [*filter(_is_open, chain), *attempts]
        for each in advise(link.detail)
        if each.own or link not in attempts[:-1]
    ]
    told = [addressed(words, *place) for place, words in (*ours, *theirs)]
    twice = [EXPOSED for link in chain if link.kind == "exposure"]
    return list(dict.fromkeys([*told, *twice]))


def _is_open(event: TimelineEvent) -> bool:
    return event.kind == "dead letter" and event.words.endswith("open")


def _ours(block: dict[str, object]) -> str:
    return f"{block.get('pointer') or 'account'}: {block.get('rule')} {block.get('fix')}"


def _rows(found: object) -> list[dict[str, object]]:
    return cast("list[dict[str, object]]", found) if isinstance(found, list) else []


def _explained(event: TimelineEvent) -> dict[str, object]:
    found = [asdict(each) for each in advise(event.detail)]
    return {**asdict(event), "explained": found} if found else asdict(event)


def hint(standing: list[Standing], sku: str, lit: Sequence[Light] = ()) -> str:
    """Return the next command that makes sense; ``lit`` are the lights of the installation."""
    if not standing:
        return "No account sells it: baysync accounts marketplaces NAME --add MARKETPLACE"
    if any(one.blocked_scope == "all" for one in standing):
        return f"End the block: baysync queue resume --blocked {sku}"
    if way := _way_on(standing, lit):
        return way
    if any(one.dead and not one.blocked_scope for one in standing):
        return f"Send today's state again: baysync dead retry --sku {sku}"
    if any(one.blocked_scope == "content" for one in standing):
        return f"What keeps it off eBay, with every fix: baysync listings check {sku}"
    return f"Its history: baysync snapshots list {sku}"


def _way_on(standing: list[Standing], lit: Sequence[Light]) -> str | None:
    """Return what lets changes go on that wait for no fault of their own."""
    for one in standing:
        if one.change and is_paused(one, in_the_way(lit, one.account)):
            way = way_on(one.account, one.paused_kind)
            what = GO_ON.get(one.paused_kind or "", "Go on")
            return f"{what}: {way}" if way else "Nothing to do: eBay is asked again by itself"
    waiting = (one for one in standing if one.change or not one.projected)
    return next((light.fix for one in waiting for light in in_the_way(lit, one.account)), None)
