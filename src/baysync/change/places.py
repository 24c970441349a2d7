"""Let an account sell on one marketplace more, or on one less; each in one transaction.

What follows for its listings is noticed afterwards (``service.enrol``), also after a crash between.
"""

from collections.abc import Collection

from baysync.account import steering, store
from baysync.account.model import Account, Defaults
from baysync.base.errors import Conflict, Refused
from baysync.base.wording import counted
from baysync.change import place_store
from baysync.db import audit
from baysync.db.connection import Db
from baysync.ebay.marketplace import MARKETPLACES


def refuse_unknown(marketplace: str) -> None:
    """Return if baysync lists on ``marketplace``.

    Raises:
        Refused: it does not; the fix names those there are.
    """
    if marketplace not in MARKETPLACES:
        raise Refused(
            f"{marketplace} is not a marketplace that baysync lists on.",
            fix=f"use one of {', '.join(sorted(MARKETPLACES))}.",
        )


async def to_offer(db: Db, account: Account, marketplace: str) -> list[int]:
    """Return the listings that ``account`` would offer on a marketplace it is to sell on.

    Raises:
        Refused: there is no such marketplace, or the account sells there already.
    """
    refuse_unknown(marketplace)
    if (account.id, marketplace) in await store.defaults(db, [(account.id, marketplace)]):
        raise Refused(
            f"{account.name} sells on {marketplace} already.",
            fix=f"its defaults: baysync accounts defaults {account.name}",
        )
    return await place_store.offered(db, marketplace)


async def to_end(db: Db, account: Account, marketplace: str) -> list[int]:
    """Return the ebay listings that end when ``account`` leaves a marketplace.

    Raises:
        Refused: the account does not sell there.
    """
    if (account.id, marketplace) not in await store.defaults(db, [(account.id, marketplace)]):
        raise Refused(
            f"{account.name} does not sell on {marketplace}.",
            fix=f"see where it sells: baysync accounts marketplaces {account.name}",
        )
    return await place_store.on_sale(db, account.id, marketplace)


async def add(
    db: Db,
    account: Account,
    marketplace: str,
    value: Defaults,
    *,
    by: str,
    agreed: Collection[int] | None,
) -> int:
    """Let an account sell on one marketplace more; return how many listings that offers there.

    ``agreed`` are the listings that a person was told of; None where nobody was asked.

    Raises:
        Refused: there is no such marketplace, or the account sells there already.
        Conflict: more listings would be offered than were agreed to.
    """
    async with db.transaction():
        offers = await to_offer(db, account, marketplace)
        _refuse_more(offers, agreed, f"offered on {marketplace}")
        await store.put_defaults(db, account.id, marketplace, value)
        detail = {"marketplace": marketplace, "listings": len(offers)}
        await audit.record(
            db, "account.marketplace.add", [steering.target(account.name)], by=by, detail=detail
        )
    return len(offers)


async def remove(
    db: Db, account: Account, marketplace: str, *, by: str, agreed: Collection[int] | None
) -> int:
    """Let an account leave a marketplace; return how many ebay listings that ends.

    ``agreed`` are those that a person was told of; None where nobody was asked.

    Raises:
        Refused: the account does not sell there.
        Conflict: more ebay listings would end than were agreed to.
    """
    async with db.transaction():
        ends = await to_end(db, account, marketplace)
        _refuse_more(ends, agreed, f"ended on {marketplace}")
        await place_store.leave(db, account.id, marketplace)
        detail = {"marketplace": marketplace, "listings": len(ends)}
        await audit.record(
            db, "account.marketplace.remove", [steering.target(account.name)], by=by, detail=detail
        )
    return len(ends)


def _refuse_more(ids: list[int], agreed: Collection[int] | None, done: str) -> None:
    if agreed is not None and not set(ids) <= set(agreed):
        raise Conflict(
            f"{counted(len(set(ids) - set(agreed)), 'listing')} more than you agreed to would be "
            f"{done} now.",
            fix="start again: you are told the new number.",
        )
