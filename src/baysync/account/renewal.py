"""New tokens for an account that is there already: nothing else about it changes."""

from dataclasses import dataclass

from baysync.account import connection_store, service, steering, store, token_store
from baysync.account.model import Account
from baysync.account.token_store import PostgresTokenStore
from baysync.base.errors import Conflict, Refused
from baysync.db import audit
from baysync.ebay.edge.oauth import OAuth
from baysync.ebay.edge.transport import Transport
from baysync.ebay.identity import Seller
from baysync.ebay.tokens import Application

CONNECTED = "connected"


@dataclass(frozen=True, slots=True, kw_only=True)
class Renewable:
    """An account and the keyset its seller consented to."""

    account: Account
    application: Application


async def read(tokens: PostgresTokenStore, name: str, *, secret: str = "") -> Renewable:
    """Return an account with its stored keyset; ``secret`` stands for the stored one if given.

    Raises:
        NotFound: there is no account of that name.
        Refused: it is disconnected, and its keyset is forgotten.
        SecretError: its secret was encrypted with another key.
    """
    async with tokens.pool.connection() as db:
        account = await store.read_named(db, name)
        kept = await token_store.read_secrets(db, tokens.keyring, account.id, ("client_secret",))
    stored = kept.get("client_secret", ("", 0.0))[0]
    if account.state != CONNECTED or not (account.client_id and stored):
        raise _forgotten(account)
    application = Application(account.client_id, secret or stored, account.ru_name)
    return Renewable(account=account, application=application)


async def renew(
    tokens: PostgresTokenStore, transport: Transport, one: Renewable, code: str, *, by: str
) -> Seller:
    """Exchange the code of a new consent and keep its tokens; return who consented.

    A pause for want of access ends; any other stays, as do marketplaces and defaults.

    Raises:
        Conflict: another eBay user consented; nothing is kept.
        Refused: the account was disconnected meanwhile.
        AccessRefused: eBay took the code or the token for no good.
    """
    account, application = one.account, one.application
    granted = await OAuth(transport, application, tokens).exchange(code)
    seller = await service.consenting(transport, granted.access)
    if seller.user_id != account.ebay_user_id:
        raise Conflict(
            f"The consent came from {seller.username or seller.user_id}, but {account.name} is "
            f"{account.username or account.ebay_user_id}: nothing was changed.",
            fix=f"sign in to eBay as {account.username or account.ebay_user_id} and run it again; "
            "another seller is an account of its own: baysync accounts connect",
        )
    async with tokens.pool.connection() as db, db.transaction():
        if not await connection_store.hold_connected(db, account.id):
            raise _forgotten(account)
        await token_store.write_granted(db, tokens.keyring, account.id, granted)
        secret = {"client_secret": (application.client_secret, None)}
        await token_store.write_secrets(db, tokens.keyring, account.id, secret)
        await store.regained(db, account.id)
        await audit.record(db, "account.renew", [steering.target(account.name)], by=by)
    return seller


def _forgotten(account: Account) -> Refused:
    return Refused(
        f"{account.name} is disconnected: its keys are forgotten, and there is nothing to renew.",
        fix=f"baysync accounts connect --env {account.environment} --name {account.name} "
        "--client-id … --ru-name …",
    )
