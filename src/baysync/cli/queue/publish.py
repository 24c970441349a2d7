"""``baysync publish --dry-run SKU…``: what publishing would send, without sending it."""

from collections.abc import Iterator
from typing import Annotated

import msgspec
import typer

from baysync.base.errors import Refused
from baysync.base.wording import counted
from baysync.cli.terminal.output import note, print_json, print_lines
from baysync.cli.terminal.session import run
from baysync.insight import database, facts_store
from baysync.insight.dry_run import DryListing, DryRun, Prospect, Publishing, dry_run
from baysync.publish.limits import limits
from baysync.publish.rehearsal import PlannedCall
from baysync.runtime import Runtime

OUTCOMES = {
    Prospect.SENDS: "is sent",
    Prospect.READS: "is in doubt: eBay is read",
    Prospect.NOTHING: "nothing to send",
    Prospect.BLOCKED: "is blocked: nothing is sent",
    Prospect.REFUSED: "eBay refused this state: nothing is sent",
    Prospect.POSTPONED: "waits in part: eBay takes no more of it today",
    Prospect.WAITS: "waits: eBay may not show yet what it confirmed last",
}


def publish(
    skus: Annotated[list[str], typer.Argument(help="SKUs of the shop.")],
    *,
    dry: Annotated[
        bool, typer.Option("--dry-run", help="Show what would be sent; send nothing.")
    ] = False,
    account: Annotated[str | None, typer.Option(help="Only this account.")] = None,
    marketplace: Annotated[str | None, typer.Option(help="Only there, as in EBAY_DE.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Show what publishing these listings would send: calls, bodies, cost, and what is in the way.

    Nothing is sent and nothing is stored. Reads are answered by what eBay confirmed or showed last.
    """
    if not dry:
        raise Refused(
            "Workers publish by themselves.",
            fix="see what they would send with --dry-run; to send what waits now: "
            "baysync queue retry --sku SKU",
        )

    async def work(runtime: Runtime) -> DryRun:
        async with runtime.db() as db:
            lit = await database.lit(db, await facts_store.facts(db))
            how = Publishing(
                limits=limits(runtime.settings),
                lights=lit,
                account=account,
                marketplace=marketplace,
            )
            return await dry_run(db, list(dict.fromkeys(skus)), how)

    found = run(work)
    if as_json:
        print_json(found)
        return
    print_lines(_lines(found))
    note("Nothing was sent.")


def _lines(found: DryRun) -> Iterator[str]:
    for one in found.listings:
        yield from _listing(one)
    for number, call in enumerate(found.calls, 1):
        yield from _call(number, call)
    for cost in found.cost:
        left = "unknown" if cost.remaining is None else f"{cost.remaining:,} of {cost.limit:,}"
        calls = counted(cost.calls, "call")
        yield f"Cost: {calls} of {cost.application}, API {cost.family}; left today: {left}"


def _listing(one: DryListing) -> Iterator[str]:
    steps = f": {', '.join(one.steps)}" if one.steps else ""
    yield f"{one.sku} on {one.marketplace} of {one.account} {OUTCOMES[one.outcome]}{steps}"
    yield f"  now: {one.why}"
    for cause in one.causes:
        yield f"  {cause.pointer or cause.rule}: {cause.message} {cause.fix}"
    if one.unjudged:
        yield "  eBay has not said yet what it wants of the category: there may be more."
    for words in one.unknown:
        yield f"  not known: {words}"


def _call(number: int, call: PlannedCall) -> Iterator[str]:
    answered = " (answered here by what is known)" if call.reads else ""
    yield f"{number}. {call.operation} {call.method} {call.path}{answered}"
    if call.body is not None and not call.reads:
        yield f"  {msgspec.json.encode(call.body).decode()}"
    for pointer in call.carried:
        yield f"  the seller's, carried: {pointer}"
    for pointer in call.as_shown:
        yield f"  as eBay shows it then: {pointer}"
    for left in call.left_out:
        yield f"  the seller's, left out: {left.pointer} ({left.reason})"
