"""``baysync accounts disconnect`` and ``erase``: stop with a seller, or forget one entirely."""

import sys
from dataclasses import asdict
from typing import Annotated

import typer

from baysync.account import erasure_store, steering, store
from baysync.account.erasure_store import Holdings
from baysync.account.model import Account
from baysync.base.errors import Refused
from baysync.base.wording import counted
from baysync.cli.terminal.output import note, print_json
from baysync.cli.terminal.person import actor
from baysync.cli.terminal.session import run
from baysync.runtime import Runtime

Name = Annotated[str, typer.Argument(help="The account's name.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def disconnect(name: Name, *, yes: Yes = False, as_json: Json = False) -> None:
    """Forget an account's tokens, secrets and client id; its listings and history stay."""
    _, holdings = run(lambda runtime: _holdings(runtime, name))
    stays = counted(
        holdings.live,
        "listing stays live on eBay and is no longer kept in step",
        "listings stay live on eBay and are no longer kept in step",
    )
    _type_name(name, f"Disconnect {name}: {stays}.", "disconnected", yes=yes)

    async def work(runtime: Runtime) -> None:
        async with runtime.db() as db:
            await steering.disconnect(db, name, by=actor())

    run(work)
    note(f"Disconnected {name}: {stays}. Withdraw the consent on eBay's site too.")
    note(f"To come back: baysync accounts connect --name {name}")
    note(f"To forget all about it: baysync accounts erase {name}")
    if as_json:
        print_json({"account": name, "live": holdings.live, "listings": holdings.listings})


def erase(
    name: Name,
    *,
    abandon_doubt: Annotated[
        bool,
        typer.Option(
            "--abandon-doubt", help="Erase although nobody knows what eBay made of some changes."
        ),
    ] = False,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Delete every row that names an account or its seller; what is on eBay stays there."""
    account, holdings = run(lambda runtime: _holdings(runtime, name))
    steering.refuse_in_flight(account, holdings, abandon_doubt=abandon_doubt)
    question = (
        f"Erase {name} (seller {account.username or account.ebay_user_id}): {_words(holdings)}."
    )
    if holdings.in_doubt:
        question += (
            f" What eBay made of {counted(holdings.in_doubt, 'change')} will never be known: look "
            "on eBay's site for listings that you did not expect."
        )
    _type_name(name, question, "erased", yes=yes)

    async def work(runtime: Runtime) -> Holdings:
        async with runtime.db() as db:
            return await steering.erase(db, name, by=actor(), abandon_doubt=abandon_doubt)

    done = run(work)
    note(f"Erased {name}: {_words(done)}. Withdraw the consent on eBay's site too.")
    if as_json:
        print_json({"account": name, **asdict(done)})


async def _holdings(runtime: Runtime, name: str) -> tuple[Account, Holdings]:
    async with runtime.db() as db:
        account = await store.read_named(db, name)
        return account, await erasure_store.holdings(db, account)


def _words(holdings: Holdings) -> str:
    counts = (
        counted(holdings.snapshots, "snapshot"),
        counted(holdings.order_lines, "order line"),
        counted(holdings.dead_letters, "dead letter"),
        counted(holdings.log_entries, "log entry", "log entries"),
        counted(holdings.acts, "act of people", "acts of people"),
    )
    listings = counted(holdings.listings, "eBay listing")
    return f"{listings} ({holdings.live:,} live on eBay, where that stays), {', '.join(counts)}"


def _type_name(name: str, question: str, done: str, *, yes: bool) -> None:
    if yes:
        return
    if sys.stdin.isatty():
        note(question)
    if not sys.stdin.isatty() or typer.prompt(f"Type {name} to confirm") != name:
        raise Refused(
            f"{name} was not {done}. {question}", fix="type its name at a terminal, or give --yes."
        )
