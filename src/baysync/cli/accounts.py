"""``baysync accounts``: the sellers, their defaults and their lanes."""

import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from baysync.account import steering, store
from baysync.account.model import Account, Environment
from baysync.account.rules import decoded, edited
from baysync.account.service import Asked
from baysync.base.errors import Refused
from baysync.cli import connecting
from baysync.cli.connecting import Way
from baysync.cli.output import Row, note, print_json, print_rows
from baysync.cli.person import actor
from baysync.cli.session import run
from baysync.db import audit
from baysync.ebay.oauth import Application
from baysync.orders import store as orders
from baysync.runtime import Runtime

app = typer.Typer(no_args_is_help=True, help="eBay sellers, their defaults and their lanes.")

Name = Annotated[str, typer.Argument(help="The account's name.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
COLUMNS = ("name", "environment", "seller", "state", "lane", "marketplaces")


@app.command()
def connect(  # noqa: PLR0913 - each is one option of the command line
    *,
    env: Annotated[Environment, typer.Option(help="Which eBay.")],
    client_id: Annotated[str, typer.Option(help="The keyset's client id.")],
    ru_name: Annotated[str, typer.Option(help="The keyset's RuName.")],
    client_secret: Annotated[
        str, typer.Option(envvar="EBAY_CLIENT_SECRET", help="The keyset's client secret.")
    ] = "",
    client_secret_file: Annotated[Path | None, typer.Option(help="… or a file with it.")] = None,
    base_url: Annotated[str, typer.Option(help="With --env mock: where it listens.")] = "",
    name: Annotated[str | None, typer.Option(help="The account's name here.")] = None,
    marketplace: Annotated[
        list[str] | None, typer.Option(help="Where to sell; repeatable.")
    ] = None,
    port: Annotated[int, typer.Option(help="Where the browser comes back to.")] = 8078,
    paste: Annotated[bool, typer.Option(help="Paste the address instead.")] = False,
    browser: Annotated[bool, typer.Option(help="Open the consent page.")] = True,
    renew: Annotated[bool, typer.Option(help="New tokens for a connected seller.")] = False,
    as_json: Json = False,
) -> None:
    """Connect a seller through eBay's consent page."""
    secret = _secret(client_secret, client_secret_file)
    asked = Asked(
        environment=env,
        application=Application(client_id, secret, ru_name),
        by=actor(),
        mock_url=base_url,
        name=name,
        renew=renew,
    )
    way = Way(port=port, paste=paste, browser=browser)
    done = run(lambda runtime: connecting.connect(runtime, asked, way, marketplace or []))
    note(f"Connected {done['account']} (seller {done['seller']}).")
    if env is Environment.PRODUCTION and not done["again"]:
        note(f"It is paused until you say so: baysync accounts resume {done['account']}")
    note(f"Next: baysync accounts defaults {done['account']}")
    if as_json:
        print_json(done)


@app.command("list")
def list_(*, as_json: Json = False) -> None:
    """List the accounts."""
    print_rows(run(_rows), COLUMNS, as_json=as_json)


@app.command()
def show(name: Name) -> None:
    """Show one account, without its secrets, as JSON."""
    print_json(run(lambda runtime: _show(runtime, name)))


@app.command()
def defaults(
    name: Name,
    *,
    marketplace: Annotated[str, typer.Option(help="Which marketplace.")] = "",
    file: Annotated[
        Path | None, typer.Option(help="Replace them by a JSON file, - for stdin.")
    ] = None,
    setting: Annotated[
        list[str] | None,
        typer.Option("--set", help="Change one: policies.payment=123, category=11450; repeatable."),
    ] = None,
) -> None:
    """Show or change what an account says for listings that do not say it themselves."""
    changes = dict(_pair(text) for text in setting or [])
    whole = None if file is None else _read(file)
    print_json(run(lambda runtime: _defaults(runtime, name, marketplace, whole, changes)))


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


@app.command()
def disconnect(
    name: Name, *, yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False
) -> None:
    """Forget an account's tokens and stop its lane; listings and history stay."""
    if not yes and (not sys.stdin.isatty() or typer.prompt(f"Type {name} to confirm") != name):
        raise Refused(f"{name} was not disconnected.", fix="type its name, or give --yes.")

    async def work(runtime: Runtime) -> None:
        async with runtime.db() as db:
            await steering.disconnect(db, name, by=actor())

    run(work)
    note(f"Disconnected {name}; withdraw the consent on eBay's site too.")


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
                "marketplaces": " ".join(
                    row.marketplace for row in await store.read_defaults(db, account.id)
                ),
            }
            for account in accounts
        ]


def lane(account: Account) -> str:
    """Return in a few words whether an account's changes are sent."""
    if account.paused_for_good:
        return f"paused: {account.paused_reason}"
    if account.lacks_access:
        return f"paused: {account.paused_reason}, tried again {account.paused_until:%F %T} UTC"
    if account.lane_failures:
        return f"slow: {account.lane_failures} failures, next try {account.paused_until}"
    return "running"


async def _show(runtime: Runtime, name: str) -> dict[str, object]:
    async with runtime.db() as db:
        account = await store.read_named(db, name)
        rows = await store.read_defaults(db, account.id)
        acts = [asdict(act) for act in await audit.read(db, steering.target(name))]
        polls = await orders.polls(db)
    shown = {row.marketplace: msgspec.to_builtins(row.defaults) for row in rows}
    (poll,) = [asdict(poll) for poll in polls if poll.account == name]
    return {
        **asdict(account),
        "lane": lane(account),
        "orders": poll,
        "defaults": shown,
        "acts": acts,
    }


async def _defaults(
    runtime: Runtime, name: str, marketplace: str, whole: bytes | None, changes: dict[str, str]
) -> object:
    async with runtime.db() as db, db.transaction():
        account = await store.read_named(db, name)
        present = {r.marketplace: r.defaults for r in await store.read_defaults(db, account.id)}
        if whole is None and not changes:
            return msgspec.to_builtins(present)
        where = marketplace or _only(name, list(present))
        base = present.get(where) if whole is None else decoded(whole)
        value = edited(base, changes)
        await steering.set_defaults(db, name, where, value, by=actor())
    await connecting.enrol(runtime, account.id)
    return {where: msgspec.to_builtins(value)}


def _only(name: str, marketplaces: list[str]) -> str:
    if len(marketplaces) != 1:
        raise Refused(
            f"{name} sells on {len(marketplaces)} marketplaces.", fix="say which: --marketplace."
        )
    return marketplaces[0]


def _pair(text: str) -> tuple[str, str]:
    path, equals, value = text.partition("=")
    if not equals or not path:
        raise Refused(f"--set {text}: no value.", fix="--set category=11450")
    return path, value


def _read(file: Path) -> bytes:
    try:
        return sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    except OSError as error:
        raise Refused(f"{file}: {error.strerror}.", fix="name a JSON file, or -.") from error


def _secret(given: str, file: Path | None) -> str:
    secret = _read(file).decode().strip() if file else given
    if not secret:
        raise Refused(
            "The client secret is missing.",
            fix="--client-secret-file FILE, or EBAY_CLIENT_SECRET in the environment.",
        )
    return secret
