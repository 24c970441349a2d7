"""What people do to accounts; each in one transaction with its entry in the audit log."""

import msgspec

from baysync.account import connection_store, erasure_store, store, token_store
from baysync.account.erasure_store import Holdings
from baysync.account.model import Account, Defaults, PauseKind
from baysync.base.errors import Conflict, Refused
from baysync.base.wording import counted
from baysync.db import audit
from baysync.db.connection import Db


async def pause(db: Db, name: str, *, by: str, reason: str) -> None:
    """Stop an account's lane until ``resume``; the first reason is kept.

    Raises:
        NotFound: there is no account of that name.
    """
    async with db.transaction():
        await store.pause(db, (await store.read_named(db, name)).id, reason)
        await audit.record(db, "account.pause", [target(name)], by=by, reason=reason)


async def resume(db: Db, name: str, *, by: str) -> None:
    """Let an account's lane run again, now.

    Raises:
        NotFound: there is no account of that name.
        Refused: it is disconnected.
    """
    async with db.transaction():
        if not await store.resume(db, (await store.read_named(db, name)).id):
            raise Refused(f"{name} is disconnected.", fix="baysync accounts connect --help")
        await audit.record(db, "account.resume", [target(name)], by=by)


async def disconnect(db: Db, name: str, *, by: str) -> None:
    """Forget an account's tokens, secrets and client id, and stop its lane; all else stays.

    Raises:
        NotFound: there is no account of that name.
    """
    async with db.transaction():
        account = await store.read_named(db, name)
        await erasure_store.forget_buckets(db, account)
        await connection_store.disconnect(db, account.id)
        await token_store.forget(db, account.id)
        await audit.record(db, "account.disconnect", [target(name)], by=by)


async def set_defaults(db: Db, name: str, marketplace: str, value: Defaults, *, by: str) -> bool:
    """Set an account's defaults on one marketplace; say whether that changed anything.

    Raises:
        NotFound: there is no account of that name.
    """
    async with db.transaction():
        account = await store.read_named(db, name)
        where = (account.id, marketplace)
        before = (await store.defaults(db, [where])).get(where)
        if not await store.put_defaults(db, *where, value):
            return False
        detail = {
            "marketplace": marketplace,
            "before": msgspec.to_builtins(before),
            "after": msgspec.to_builtins(value),
        }
        await audit.record(db, "account.defaults", [target(name)], by=by, detail=detail)
    return True


async def erase(db: Db, name: str, *, by: str, abandon_doubt: bool = False) -> Holdings:
    """Delete all that names an account or its seller; return how much that was.

    With ``abandon_doubt`` also where nobody knows what eBay made of changes. What is on eBay stays
    there. The entry in the audit log names neither.

    Raises:
        NotFound: there is no account of that name.
        Conflict: a change is in flight or in doubt; nothing is deleted.
    """
    async with db.transaction():
        account = await store.read_named(db, name)
        await erasure_store.take_time(db)
        await erasure_store.lock(db, account.id)
        held = await erasure_store.holdings(db, account)
        refuse_in_flight(account, held, abandon_doubt=abandon_doubt)
        await erasure_store.wipe(db, account)
        detail = {"environment": account.environment, **erasure_store.counted(held)}
        await audit.record(db, "account.erase", [f"account #{account.id}"], by=by, detail=detail)
    return held


def refuse_in_flight(account: Account, held: Holdings, *, abandon_doubt: bool) -> None:
    """Return if nothing of an account is on its way to eBay, or in doubt there and wanted known.

    Raises:
        Conflict: something is; the fix says how it ends.
    """
    if held.in_flight:
        raise Conflict(
            f"{counted(held.in_flight, 'change is', 'changes are')} on the way to eBay for "
            f"{account.name}.",
            fix=f"`baysync accounts pause {account.name}`, wait until `baysync queue list --status "
            f"processing --account {account.name}` is empty, and run it again.",
        )
    if held.in_doubt and not abandon_doubt:
        raise Conflict(
            f"Nobody knows yet what eBay made of {counted(held.in_doubt, 'change')} of "
            f"{account.name}.",
            fix=f"let them be read back: `{_read_back(account)}`, wait until `baysync status` "
            "shows 0 in doubt, and run it again. If the seller never consents again: "
            f"`baysync accounts erase {account.name} --abandon-doubt`.",
        )


def _read_back(account: Account) -> str:
    if account.state != "connected":
        return f"baysync accounts connect --env {account.environment} --name {account.name} …"
    if account.paused_kind is PauseKind.REAUTH:
        return f"baysync accounts connect --renew {account.name}"
    return f"baysync accounts resume {account.name}"


def target(name: str) -> str:
    """Return how the audit log calls an account."""
    return f"account {name}"
