"""``baysync doctor``: is all that baysync needs in order? It looks and changes nothing."""

from collections.abc import AsyncIterator
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Annotated

import anyio
import typer

from baysync.account import store as accounts
from baysync.account.model import Account
from baysync.base import clock
from baysync.base.errors import (
    BaysyncError,
    DatabaseError,
    SchemaError,
    SecretError,
    SettingsError,
)
from baysync.cli.terminal.output import print_json, print_text
from baysync.cli.terminal.session import surviving
from baysync.config.settings import load_settings
from baysync.db import migrate
from baysync.db.trouble import unwritable
from baysync.insight import facts_store
from baysync.insight.rules import lights
from baysync.runtime import Runtime, open_runtime

CLOCKS_APART = timedelta(seconds=5)
PARTS = {
    SettingsError: "settings",
    SecretError: "key",
    SchemaError: "schema",
    DatabaseError: "database",
}
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that was looked at; ``fix`` is "" where it is well."""

    check: str
    ok: bool
    message: str
    fix: str = ""


def doctor(*, as_json: Json = False) -> None:
    """Check what baysync needs, one line each with a fix; end with 1 if something is wrong.

    Nothing is changed: a database that does not run is not started.
    """
    checks = anyio.run(_checks)
    if as_json:
        print_json([asdict(check) for check in checks])
    for check in checks if not as_json else ():
        state = "ok    " if check.ok else "WRONG "
        print_text(f"{state} {check.check}: {check.message}\n")
        print_text(f"       fix: {check.fix}\n" if check.fix else "")
    raise typer.Exit(0 if all(check.ok for check in checks) else 1)


async def _checks() -> list[Check]:
    """Return all checks; one that keeps baysync from working is the last."""
    checks: list[Check] = []
    try:
        async for check in _looked():
            checks.append(check)  # noqa: PERF401 -- what was found before an error is kept
    except BaysyncError as error:
        name = next((name for kind, name in PARTS.items() if isinstance(error, kind)), "start")
        checks.append(Check(check=name, ok=False, message=error.message, fix=error.fix))
    return checks


async def _looked() -> AsyncIterator[Check]:
    settings = load_settings()
    yield Check(check="settings", ok=True, message=f"read, home {settings.home}")
    async with surviving(), open_runtime(settings, looks=True) as runtime:
        yield Check(
            check="database and key",
            ok=True,
            message=f"{runtime.database.words}, key {runtime.keyring.kid}",
        )
        yield Check(check="schema", ok=True, message=f"revision {migrate.newest()}")
        for check in await _accounts(runtime):
            yield check
        for check in await _lights(runtime):
            yield check


def _clock(apart: timedelta) -> Check:
    is_near = apart < CLOCKS_APART
    words = f"{apart.total_seconds():.1f} s from that of PostgreSQL"
    fix = "" if is_near else "let both machines follow the network's time: timedatectl set-ntp true"
    return Check(check="clock", ok=is_near, message=words, fix=fix)


async def _accounts(runtime: Runtime) -> list[Check]:
    async with runtime.db() as db:
        connected = [one for one in await accounts.read_all(db) if one.state == "connected"]
    return [await _account(runtime, one) for one in connected] or [
        Check(check="accounts", ok=True, message="none yet")
    ]


async def _account(runtime: Runtime, account: Account) -> Check:
    try:
        await runtime.sessions.of(account.id)  # its secrets can be decrypted
    except BaysyncError as error:
        message = f"{account.name}: {error.message}"
        return Check(check="account", ok=False, message=message, fix=error.fix)
    return Check(check="account", ok=True, message=f"{account.name}: its secrets can be read")


async def _lights(runtime: Runtime) -> list[Check]:
    async with runtime.db() as db:
        lacks = await unwritable(db)
        before = clock.now()
        facts = await facts_store.facts(db)
    full = [Check(check="disk", ok=False, message=lacks.words, fix=lacks.fix)] if lacks else []
    wrong = full + [
        Check(check=str(light.cause), ok=False, message=light.message, fix=light.fix)
        for light in lights(facts)
    ]
    well = Check(check="lights", ok=True, message="nothing is lit")
    return [_clock(abs(facts.now - before)), *(wrong or [well])]
