"""``baysync accounts marketplaces``: where an account sells; one more, or one less."""

from collections.abc import Collection
from dataclasses import asdict
from typing import Annotated, cast

import typer

from baysync.account import store
from baysync.account.model import Account
from baysync.base.errors import Refused
from baysync.base.wording import counted
from baysync.change import place_store, places
from baysync.change.place_store import MarketplaceCounts
from baysync.cli.accounts import connecting
from baysync.cli.terminal.output import note, print_json, print_rows
from baysync.cli.terminal.person import actor, agree
from baysync.cli.terminal.session import run
from baysync.runtime import Runtime

COLUMNS = ("marketplace", "sells", "live", "blocked", "queued")


def marketplaces(
    name: Annotated[str, typer.Argument(help="The account's name.")],
    *,
    add: Annotated[
        str | None, typer.Option(metavar="MARKETPLACE", help="Sell there too, as in EBAY_DE.")
    ] = None,
    remove: Annotated[
        str | None,
        typer.Option(metavar="MARKETPLACE", help="End all listings there, and leave it."),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Show where an account sells, with counts; let it sell on one more, or leave one."""
    if add and remove:
        raise Refused("--add and --remove are two steps.", fix="give one of them at a time.")
    if add:
        _add(name, add, yes=yes, as_json=as_json)
    elif remove:
        _remove(name, remove, yes=yes, as_json=as_json)
    else:
        rows = [asdict(row) for row in run(lambda runtime: _counts(runtime, name))]
        print_rows(rows, COLUMNS, as_json=as_json)
        if not rows:
            note(f"{name} sells nowhere: baysync accounts marketplaces {name} --add MARKETPLACE")


async def _counts(runtime: Runtime, name: str) -> list[MarketplaceCounts]:
    async with runtime.db() as db:
        return await place_store.counts(db, (await store.read_named(db, name)).id)


def _add(name: str, marketplace: str, *, yes: bool, as_json: bool) -> None:
    account, offers = run(lambda runtime: _to_offer(runtime, name, marketplace))
    agree(f"offer {counted(len(offers), 'listing')} of {name} on {marketplace}", yes=yes)
    agreed = None if yes else set(offers)
    done = run(lambda runtime: _sell(runtime, account, marketplace, agreed, quiet=as_json))
    words = "listing is offered there", "listings are offered there"
    note(f"{name} sells on {marketplace}: {counted(cast('int', done['offered']), *words)}.")
    if blocked := cast("int", done["blocked"]):
        words = "of them is blocked for now", "of them are blocked for now"
        note(f"{counted(blocked, *words)}, and why: baysync listings blocked")
    for field in cast("list[str]", done["to_choose"]):
        note(
            f"Choose {field}: baysync accounts defaults {name} --marketplace {marketplace} "
            f"--set {field}=…"
        )
    if as_json:
        print_json(done)


async def _to_offer(
    runtime: Runtime, name: str, marketplace: str
) -> tuple[Account, Collection[int]]:
    async with runtime.db() as db:
        account = await store.read_named(db, name)
        await runtime.sessions.of(account.id)  # it can be asked what it has there
        return account, await places.to_offer(db, account, marketplace)


async def _sell(
    runtime: Runtime,
    account: Account,
    marketplace: str,
    agreed: Collection[int] | None,
    *,
    quiet: bool,
) -> dict[str, object]:
    value, missing = await connecting.proposed(runtime, account.id, marketplace)
    async with runtime.db() as db:
        offered = await places.add(db, account, marketplace, value, by=actor(), agreed=agreed)
    await connecting.enrol(runtime, account.id, listings=offered, quiet=quiet)
    async with runtime.db() as db:
        counts = await place_store.counts(db, account.id)
    return {
        "account": account.name,
        "marketplace": marketplace,
        "offered": offered,
        "blocked": sum(row.blocked for row in counts if row.marketplace == marketplace),
        "to_choose": list(missing),
    }


def _remove(name: str, marketplace: str, *, yes: bool, as_json: bool) -> None:
    account, ends = run(lambda runtime: _to_end(runtime, name, marketplace))
    agree(
        f"end {counted(len(ends), 'live listing')} of {name} on {marketplace} and leave it", yes=yes
    )
    agreed = None if yes else set(ends)
    done = run(lambda runtime: _leave(runtime, account, marketplace, agreed, quiet=as_json))
    words = "listing ends there", "listings end there"
    note(f"{name} no longer sells on {marketplace}: {counted(cast('int', done['ends']), *words)}.")
    if account.paused_kind is not None:
        note(f"{name} is paused ({account.paused_reason}): they end when it goes on.")
    note("What still names it: baysync listings blocked --reason unknown_marketplace")
    if as_json:
        print_json(done)


async def _to_end(runtime: Runtime, name: str, marketplace: str) -> tuple[Account, Collection[int]]:
    async with runtime.db() as db:
        account = await store.read_named(db, name)
        return account, await places.to_end(db, account, marketplace)


async def _leave(
    runtime: Runtime,
    account: Account,
    marketplace: str,
    agreed: Collection[int] | None,
    *,
    quiet: bool,
) -> dict[str, object]:
    async with runtime.db() as db:
        ends = await places.remove(db, account, marketplace, by=actor(), agreed=agreed)
    await connecting.enrol(runtime, account.id, listings=ends, quiet=quiet)
    return {"account": account.name, "marketplace": marketplace, "ends": ends}
