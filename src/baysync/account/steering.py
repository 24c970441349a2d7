"""What people do to accounts; each in one transaction with its entry in the audit log."""

import msgspec

from baysync.account import connection_store, store, token_store
from baysync.account.model import Defaults
from baysync.base.errors import Refused
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
    """Forget an account's secrets and stop its lane; its listings and history stay.

    Raises:
        NotFound: there is no account of that name.
    """
    async with db.transaction():
        account = await store.read_named(db, name)
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


def target(name: str) -> str:
    """Return how the audit log calls an account."""
    return f"account {name}"
