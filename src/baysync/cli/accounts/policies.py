"""``baysync accounts policies``: what eBay no longer shows of what listings use."""

from dataclasses import asdict
from typing import Annotated

import typer

from baysync.account import steering, store
from baysync.base.wording import counted
from baysync.cli.accounts import connecting
from baysync.cli.terminal.output import note, print_rows
from baysync.cli.terminal.person import actor, agree
from baysync.cli.terminal.session import run
from baysync.reference import withheld, withheld_store
from baysync.reference.withheld_store import Withheld
from baysync.runtime import Runtime

COLUMNS = ("marketplace", "gone", "listings", "since")


def policies(
    name: Annotated[str, typer.Argument(help="The account's name.")],
    *,
    agreed: Annotated[
        bool, typer.Option("--agree", help="They are gone: block the listings that use them.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Show the policies and locations that eBay shows no more though listings use them."""
    account_id, lists = run(lambda runtime: _waiting(runtime, name))
    rows = [asdict(withheld.missing(one)) for one in lists]
    shown = rows if as_json else [{**row, "gone": "; ".join(row["gone"])} for row in rows]
    print_rows(shown, COLUMNS, as_json=as_json)
    if not lists:
        note(f"eBay shows what the listings of {name} use.")
    elif not agreed:
        note(f"None is blocked yet. If they are gone: baysync accounts policies {name} --agree")
    else:
        listings = counted(sum(one.listings for one in lists), "listing")
        agree(f"block {listings} of {name} until they name others", yes=yes)
        run(lambda runtime: _agree(runtime, name, account_id, lists))
        note("Done. What is blocked, and why: baysync listings blocked")


async def _waiting(runtime: Runtime, name: str) -> tuple[int, list[Withheld]]:
    async with runtime.db() as db:
        account = await store.read_named(db, name)
        return account.id, await withheld_store.read(db, account.id)


async def _agree(runtime: Runtime, name: str, account_id: int, lists: list[Withheld]) -> None:
    async with runtime.db() as db:
        target = steering.target(name)
        await withheld.agree(db, account_id, lists, by=actor(), target=target)
    await connecting.enrol(runtime, account_id, listings=sum(one.listings for one in lists))
