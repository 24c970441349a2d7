"""``baysync accounts``: the sellers, their defaults and their lanes."""

from dataclasses import asdict
from typing import Annotated, cast

import typer

from baysync.account import steering, store, survey_store
from baysync.account.model import Account
from baysync.account.rules import written
from baysync.base.wording import counted
from baysync.change import place_store
from baysync.cli.accounts import connect, defaults, leave, marketplaces, policies
from baysync.cli.terminal.output import Row, note, print_json, print_rows
from baysync.cli.terminal.person import actor
from baysync.cli.terminal.session import run
from baysync.db import audit
from baysync.orders import store as orders
from baysync.ownership import store as ownership
from baysync.runtime import Runtime

app = typer.Typer(no_args_is_help=True, help="eBay sellers, their defaults and their lanes.")

Name = Annotated[str, typer.Argument(help="The account's name.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
COLUMNS = ("name", "environment", "seller", "state", "lane", "marketplaces")
for command in (
    connect.connect,
    defaults.defaults,
    marketplaces.marketplaces,
    policies.policies,
    leave.disconnect,
    leave.erase,
):
    app.command()(command)


@app.command("list")
def list_(*, as_json: Json = False) -> None:
    """List the accounts."""
    rows = run(_rows)
    if as_json:
        print_json(rows)
        return
    print_rows([{**row, "marketplaces": " ".join(_names(row))} for row in rows], COLUMNS)
    if not rows:
        note("No account yet: baysync accounts connect --help")


@app.command()
def show(name: Name) -> None:
    """Show one account, without its secrets, as JSON."""
    print_json(run(lambda runtime: _show(runtime, name)))


@app.command()
def pause(name: Name, *, reason: Annotated[str, typer.Option(help="Why.")] = "person") -> None:
    """Stop publishing for an account until it is resumed."""

    async def work(runtime: Runtime) -> None:
        async with runtime.db() as db:
            await steering.pause(db, name, by=actor(), reason=reason)

    run(work)
    note(f"Paused. baysync accounts resume {name} lets it go on.")


@app.command()
def resume(name: Name) -> None:
    """Let an account publish again, now."""

    async def work(runtime: Runtime) -> None:
        async with runtime.db() as db:
            await steering.resume(db, name, by=actor())

    run(work)
    note("Resumed.")


async def _rows(runtime: Runtime) -> list[Row]:
    async with runtime.db() as db:
        accounts = await store.read_all(db)
        return [
            {
                "name": account.name,
                "environment": account.environment,
                "seller": account.username or account.ebay_user_id,
                "state": account.state,
                "lane": lane(account),
                "marketplaces": [
                    row.marketplace for row in await store.read_defaults(db, account.id)
                ],
            }
            for account in accounts
        ]


def _names(row: Row) -> list[str]:
    return cast("list[str]", row["marketplaces"])


def lane(account: Account) -> str:
    """Return in a few words whether an account's changes are sent."""
    if account.paused_for_good:
        return f"paused: {account.paused_reason}"
    if account.lacks_access:
        return f"paused: {account.paused_reason}, tried again {account.paused_until:%F %T} UTC"
    if account.lane_failures:
        return f"slow: {counted(account.lane_failures, 'failure')}, next try {account.paused_until}"
    return "running"


async def _show(runtime: Runtime, name: str) -> dict[str, object]:
    async with runtime.db() as db:
        account = await store.read_named(db, name)
        rows = await store.read_defaults(db, account.id)
        acts = [asdict(act) for act in await audit.read(db, steering.target(name))]
        polls = await orders.polls(db)
        surveys = {one.account: asdict(one) for one in await survey_store.progress(db)}
        refused = [asdict(one) for one in await ownership.all_refused(db, account.id)]
        places = [asdict(place) for place in await place_store.counts(db, account.id)]
    shown = {row.marketplace: written(row.defaults) for row in rows}
    (poll,) = [asdict(poll) for poll in polls if poll.account == name]
    return {
        **asdict(account),
        "lane": lane(account),
        "orders": poll,
        "refused_fields": refused,
        "items_at_connect": surveys.get(name),
        "marketplaces": places,
        "defaults": shown,
        "acts": acts,
    }
