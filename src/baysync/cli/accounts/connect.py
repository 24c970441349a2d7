"""``baysync accounts connect``: a seller's consent, for a new account or for new tokens."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, cast

import typer

from baysync.account.model import Environment
from baysync.account.service import ConsentRequest
from baysync.base.errors import Refused
from baysync.cli.accounts import connecting
from baysync.cli.accounts.connecting import Way
from baysync.cli.terminal.output import note, print_json
from baysync.cli.terminal.person import actor
from baysync.cli.terminal.session import run
from baysync.ebay.tokens import Application

SECRET = "EBAY_CLIENT_SECRET"  # noqa: S105 - the name of the variable
VISIBLE = (
    "Other users of this machine can read --client-secret in the list of processes: use "
    f"--client-secret-file, {SECRET} in the environment, or the prompt."
)


def connect(  # noqa: PLR0913 - each is one option of the command line
    *,
    renew: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="New tokens for this account; nothing else changes."),
    ] = None,
    env: Annotated[Environment | None, typer.Option(help="Which eBay.")] = None,
    client_id: Annotated[str | None, typer.Option(help="The keyset's client id.")] = None,
    ru_name: Annotated[str | None, typer.Option(help="The keyset's RuName.")] = None,
    client_secret: Annotated[
        str, typer.Option(help="The keyset's client secret; it shows in the list of processes.")
    ] = "",
    client_secret_file: Annotated[
        Path | None, typer.Option(help=f"A file with the secret; else {SECRET}, else a prompt.")
    ] = None,
    base_url: Annotated[str | None, typer.Option(help="With --env mock: where it listens.")] = None,
    name: Annotated[str | None, typer.Option(help="The account's name here.")] = None,
    marketplace: Annotated[
        list[str] | None, typer.Option(help="Where to sell; repeatable.")
    ] = None,
    port: Annotated[int, typer.Option(help="The port here that the browser comes back to.")] = 8078,
    paste: Annotated[
        bool, typer.Option(help="Paste the address of the last page instead.")
    ] = False,
    browser: Annotated[bool, typer.Option(help="Open the consent page.")] = True,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Connect a seller through eBay's consent page, or renew the tokens of an account."""
    way = Way(port=port, paste=paste, browser=browser)
    if client_secret:
        note(VISIBLE)
    given: dict[str, object] = {"--env": env, "--client-id": client_id, "--ru-name": ru_name}
    given |= {"--base-url": base_url, "--name": name, "--marketplace": marketplace}
    if renew is not None:
        _renew(renew, given, _file(client_secret_file) or client_secret, way, as_json=as_json)
        return
    if env is None or client_id is None or ru_name is None:
        raise _missing(given)
    asked = ConsentRequest(
        environment=env,
        application=Application(client_id, _secret(client_secret, client_secret_file), ru_name),
        by=actor(),
        mock_url=base_url or "",
        name=name,
    )
    done = run(lambda runtime: connecting.connect(runtime, asked, way, marketplace or []))
    _tell(done, env)
    if as_json:
        print_json(done)


def _renew(name: str, given: Mapping[str, object], secret: str, way: Way, *, as_json: bool) -> None:
    if named := [option for option, value in given.items() if value]:
        raise Refused(
            f"--renew takes no {' and no '.join(named)}: it renews the tokens of {name} only.",
            fix=f"baysync accounts connect --renew {name}",
        )
    done = run(lambda runtime: connecting.renew(runtime, name, way, secret=secret, by=actor()))
    note(f"Renewed the tokens of {name} (seller {done['seller']}); nothing else changed.")
    if done["paused"]:
        note(f"It is still paused ({done['paused']}): baysync accounts resume {name}")
    if as_json:
        print_json(done)


def _missing(given: Mapping[str, object]) -> Refused:
    lacking = [name for name in ("--env", "--client-id", "--ru-name") if given[name] is None]
    return Refused(
        f"A new account needs {', '.join(lacking)}.",
        fix="give them; new tokens for an account that exists: "
        "`baysync accounts connect --renew NAME`.",
    )


def _tell(done: Mapping[str, object], env: Environment) -> None:
    name = done["account"]
    note(f"Connected {name} (seller {done['seller']}).")
    _tell_items(cast("Mapping[str, object]", done["items"]))
    for marketplace in cast("list[str]", done["not_added"]):
        note(
            f"{marketplace} is not added: baysync accounts marketplaces {name} --add {marketplace}"
        )
    if env is Environment.PRODUCTION and not done["again"]:
        note(f"It is paused until you say so: baysync accounts resume {name}")
    note(f"Next: baysync accounts defaults {name}")


def _tell_items(items: Mapping[str, object]) -> None:
    if not items["done"]:
        note(
            "The items that eBay holds already are not all read yet: a worker goes on, "
            "`baysync status` shows how far."
        )
    elif items["read"]:
        note(
            f"eBay holds {items['read']:,} items of this seller already. If your shop sells one, "
            "what was set on it stays."
        )


def _secret(given: str, file: Path | None) -> str:
    secret = _file(file) or given or os.environ.get(SECRET, "").strip()
    if not secret and sys.stdin.isatty():
        secret = str(typer.prompt("Client secret", hide_input=True)).strip()
    if not secret:
        raise Refused(
            "The client secret is missing.",
            fix=f"--client-secret-file FILE, or {SECRET} in the environment.",
        )
    return secret


def _file(file: Path | None) -> str:
    return connecting.read_file(file).decode().strip() if file else ""
