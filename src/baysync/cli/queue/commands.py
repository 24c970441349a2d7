"""``baysync queue``: the changes that wait, travel, or were settled."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import timedelta
from typing import Annotated

import typer

from baysync.account import store as accounts
from baysync.base.errors import NotFound, Refused
from baysync.base.wording import counted
from baysync.cli.orders import in_words
from baysync.cli.terminal.output import note, print_json, print_rows
from baysync.cli.terminal.person import actor, agree
from baysync.cli.terminal.session import run
from baysync.ebay_listing.model import Intent
from baysync.insight.queue import store as queues
from baysync.insight.queue.model import ChangeFilter
from baysync.listing import store as listings
from baysync.orders import store as orders
from baysync.orders.model import UnitsSold
from baysync.queue import change_store, service
from baysync.queue.model import ACTIVE, Status
from baysync.runtime import Runtime

app = typer.Typer(no_args_is_help=True, help="Changes on their way to eBay.")

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]
Ids = Annotated[list[int] | None, typer.Argument(help="Ids of changes.")]
Skus = Annotated[list[str], typer.Argument(help="SKUs of the shop.")]
Account = Annotated[str | None, typer.Option(help="Only this account.")]
Marketplace = Annotated[str | None, typer.Option(help="Only there, as in EBAY_DE.")]
Reason = Annotated[str | None, typer.Option(help="Why, for the audit log.")]
COLUMNS = (
    "id", "sku", "account", "marketplace", "intent", "urgency", "status", "attempts", "last_outcome"
)  # fmt: skip
LANES = (
    "account", "due", "waiting", "processing", "oldest", "in_doubt", "blocked", "dead",
    "done_last_hour", "paused_reason",
)  # fmt: skip


@app.command("list")
def list_(  # noqa: PLR0913 -- each is one option of the command line
    *,
    status: Annotated[list[Status] | None, typer.Option(help="Default: what is active.")] = None,
    account: Account = None,
    sku: Annotated[str | None, typer.Option(help="Only this SKU.")] = None,
    marketplace: Marketplace = None,
    intent: Annotated[Intent | None, typer.Option(help="Only what is to be done.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many at most.")] = 50,
    as_json: Json = False,
) -> None:
    """List changes, newest first."""
    chosen = ChangeFilter(
        statuses=status or ACTIVE, account=account, sku=sku, marketplace=marketplace, intent=intent
    )

    async def work(runtime: Runtime) -> list[dict[str, object]]:
        async with runtime.db() as db:
            found = await queues.changes(db, chosen, limit=limit)
            return [asdict(change) for change in found]

    rows = run(work)
    print_rows(rows, COLUMNS, as_json=as_json)
    note(f"{counted(len(rows), 'change')} shown. Why one is as it is: baysync why SKU")


@app.command()
def stats(*, as_json: Json = False) -> None:
    """Show the lane of every account: due, waiting, in flight, in doubt, blocked, dead."""

    async def work(runtime: Runtime) -> list[dict[str, object]]:
        async with runtime.db() as db:
            return [
                {**asdict(lane), "oldest_due": None, "oldest": _age(lane.oldest_due)}
                for lane in await queues.lanes(db)
            ]

    rows = run(work)
    print_rows(rows, LANES, as_json=as_json)
    if any(row["dead"] for row in rows):
        note("What gave up, and why: baysync dead list")


@app.command()
def retry(
    ids: Ids = None,
    *,
    every: Annotated[bool, typer.Option("--all", help="All that wait.")] = False,
    account: Account = None,
    sku: Annotated[str | None, typer.Option(help="Only this SKU.")] = None,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Send waiting changes now instead of later."""
    if not (ids or every or account or sku):
        raise Refused("It is not said which changes.", fix="give ids, --account, --sku or --all.")
    wanted = ids or run(lambda runtime: _waiting(runtime, account, sku))
    if not wanted:
        note(f"Nothing waits. Why: baysync why {sku or 'SKU'}")
    elif not ids:
        agree(f"send {counted(len(wanted), 'waiting change')} now", yes=yes)

    async def work(runtime: Runtime) -> list[int]:
        async with runtime.db() as db:
            return await service.retry(db, wanted, by=actor())

    _tell("made due", run(work), asked=len(wanted), as_json=as_json)


@app.command()
def cancel(
    ids: Annotated[list[int], typer.Argument(help="Ids of changes.")],
    *,
    reason: Reason = None,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Cancel pending changes; their listings are not sent until their next edit."""
    agree(f"cancel {counted(len(ids), 'change')}", yes=yes)

    async def work(runtime: Runtime) -> list[int]:
        async with runtime.db() as db:
            found = await service.cancel(db, ids, by=actor(), reason=reason)
            return [change.id for change in found]

    _tell("cancelled", run(work), asked=len(ids), as_json=as_json)


@app.command()
def pause(
    skus: Skus, *, marketplace: Marketplace = None, reason: Reason = None, as_json: Json = False
) -> None:
    """Send nothing of these SKUs until they are resumed (an account: baysync accounts pause)."""

    async def work(runtime: Runtime) -> list[int]:
        async with runtime.db() as db:
            return await service.pause(db, skus, by=actor(), reason=reason, marketplace=marketplace)

    _tell("paused", run(work), asked=len(skus), as_json=as_json)
    note(f"Go on with: baysync queue resume {skus[0]}{' …' if len(skus) > 1 else ''}")


@app.command()
def verify(skus: Skus, *, reason: Reason = None, as_json: Json = False) -> None:
    """Read these SKUs back from eBay now; what it shows otherwise than wanted is sent again."""

    async def work(runtime: Runtime) -> list[int]:
        async with runtime.db() as db:
            return await service.verify(db, skus, by=actor(), reason=reason)

    _tell("to be read back", run(work), asked=len(skus), as_json=as_json)
    note(f"What came of it: baysync why {skus[0]}")


@app.command()
def resume(
    skus: Skus,
    *,
    blocked: Annotated[
        bool, typer.Option("--blocked", help="End what was cancelled, discarded or held too.")
    ] = False,
    marketplace: Marketplace = None,
    as_json: Json = False,
) -> None:
    """Go on with paused SKUs; with --blocked, end any block that holds back everything.

    What is resumed goes out with the shop's stock: what it sold until now is told.
    """

    async def work(runtime: Runtime) -> tuple[list[int], list[tuple[str, UnitsSold]]]:
        end = service.unblock if blocked else service.resume
        async with runtime.db() as db:
            ids = await end(db, skus, by=actor(), marketplace=marketplace)
            sold = [(sku, one) for sku in skus for one in await orders.sold(db, sku)]
        return ids, sold if ids and blocked else []

    ids, sold = run(work)
    _tell("resumed", ids, asked=len(skus), as_json=as_json)
    for sku, one in sold:
        if marketplace in {None, one.marketplace}:
            note(f"{sku} sold on {one.marketplace} of {one.account}: {in_words(one)}")
    if sold:
        note("The shop's stock goes out as it is: see that it knows of them.")


async def _waiting(runtime: Runtime, account: str | None, sku: str | None) -> list[int]:
    async with runtime.db() as db:
        if account is not None:
            await accounts.read_named(db, account)
        if sku is not None and not await listings.ids(db, [sku]):
            raise NotFound(f"There is no listing {sku}.", fix="baysync listings list")
        return await change_store.waiting(db, account, sku)


def _tell(done: str, ids: Sequence[int], *, asked: int, as_json: bool) -> None:
    if as_json:
        print_json({"asked": asked, "ids": list(ids)})
    note(f"{len(ids)} {done}.")


def _age(age: timedelta | None) -> str | None:
    return None if age is None else f"{age.total_seconds():.0f} s"
