"""Connect sellers, and find out what their defaults could be."""

from dataclasses import dataclass

from baysync.account import connection_store, steering, store, survey_store, token_store
from baysync.account.connection_store import Namesake, NewAccount
from baysync.account.model import Environment, PauseKind
from baysync.account.rules import SellerOffers, refuse_foreign_keys
from baysync.account.token_store import PostgresTokenStore
from baysync.base import clock
from baysync.base.errors import AccessRefused, Conflict, Refused
from baysync.db import audit
from baysync.ebay import accounts as account_api
from baysync.ebay import identity, inventory, wire
from baysync.ebay.accounts import PolicyKind
from baysync.ebay.edge.oauth import OAuth
from baysync.ebay.edge.session import Session
from baysync.ebay.edge.transport import Transport
from baysync.ebay.identity import Seller
from baysync.ebay.model import Answer, Call, Verdict
from baysync.ebay.tokens import Application
from baysync.ebay.verdict import judge

DEADLINE_SECONDS = 120.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentRequest:
    """Who wants a seller's consent, and under which name the account is to be kept.

    ``name`` None takes the seller's own; ``by`` is who asks, as the audit log names them.
    """

    environment: Environment
    application: Application
    by: str
    mock_url: str = ""
    name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Connected:
    """An account that may be used now."""

    id: int
    name: str
    seller: Seller
    again: bool


def oauth_of(asked: ConsentRequest, transport: Transport, tokens: PostgresTokenStore) -> OAuth:
    """Return the consent flow of a keyset.

    Raises:
        Refused: the keys are those of another environment.
    """
    application = asked.application
    refuse_foreign_keys(asked.environment, application.client_id, application.client_secret)
    return OAuth(transport, application, tokens)


async def connect(
    tokens: PostgresTokenStore, transport: Transport, asked: ConsentRequest, code: str
) -> Connected:
    """Exchange the code of a consent, ask eBay who gave it, and keep the account's secrets.

    A new account of the real eBay begins paused. What eBay holds for it is to be read (``survey``).

    Raises:
        Refused: the keys are those of another environment, or the name is another seller's.
        Conflict: this seller is connected already.
        AccessRefused: eBay took the code or the token for no good.
    """
    granted = await oauth_of(asked, transport, tokens).exchange(code)
    seller = await consenting(transport, granted.access)
    new = _new_account(asked, seller)
    async with tokens.pool.connection() as db, db.transaction():
        found = await connection_store.namesakes(db, new.environment, new.ebay_user_id, new.name)
        known = _known(found, new)
        if known:
            await store.forgive_pause(db, known.id)
            await connection_store.reconnect(db, known.id, new)
        account_id = known.id if known else await connection_store.insert(db, new)
        if known is None and new.environment is Environment.PRODUCTION:
            await store.pause(
                db, account_id, "new", kind=PauseKind.NEW
            )  # a person says when real buyers see it
        await token_store.write_granted(db, tokens.keyring, account_id, granted)
        secret = {"client_secret": (asked.application.client_secret, None)}
        await token_store.write_secrets(db, tokens.keyring, account_id, secret)
        await survey_store.begin(db, account_id)
        name = known.name if known else new.name
        detail = {"environment": new.environment, "again": known is not None}
        await audit.record(
            db, "account.connect", [steering.target(name)], by=asked.by, detail=detail
        )
    return Connected(id=account_id, name=name, seller=seller, again=known is not None)


async def discover(session: Session, marketplace: str) -> SellerOffers:
    """Ask eBay for the policies and locations a seller has on one marketplace.

    Raises:
        AccessRefused: eBay did not answer.
    """
    ids: dict[PolicyKind, tuple[str, ...]] = {}
    for kind in PolicyKind:
        answer = await _ask(session, account_api.get_policies(kind, marketplace=marketplace))
        ids[kind] = tuple(policy.policy_id for policy in account_api.policies_in(kind, answer))
    answer = await _ask(session, inventory.get_locations())
    rows = wire.rows(wire.mapping(answer.body).get("locations"))
    keys = [wire.text(row.get("merchantLocationKey")) for row in rows]
    return SellerOffers(
        fulfillment=ids[PolicyKind.FULFILLMENT],
        payment=ids[PolicyKind.PAYMENT],
        returns=ids[PolicyKind.RETURN],
        locations=tuple(key for key in keys if key),
    )


async def _ask(session: Session, call: Call) -> Answer:
    answer = await session.send(call, deadline=clock.monotonic() + DEADLINE_SECONDS)
    if judge(answer) is not Verdict.DONE:
        raise AccessRefused(
            f"eBay did not answer {call.op}: {_words(answer)}.",
            fix="try again, or set by hand what `baysync accounts defaults NAME` does not show.",
        )
    return answer


async def consenting(transport: Transport, access: str) -> Seller:
    """Return the eBay user to whom an access token belongs.

    Raises:
        AccessRefused: eBay does not say.
    """
    answer = await transport.send(identity.get_user(), token=access)
    seller = identity.seller_in(answer)
    if judge(answer) is not Verdict.DONE or seller is None:
        raise AccessRefused(
            f"eBay does not say who the seller is: {_words(answer)}.",
            fix="start again; the application needs the scope commerce.identity.readonly.",
        )
    return seller


def _words(answer: Answer) -> str:
    problem = next(iter(answer.problems), None)
    said = problem and f"error {problem.error_id}"
    return str(said or answer.failure or f"status {answer.status}")


def _new_account(asked: ConsentRequest, seller: Seller) -> NewAccount:
    return NewAccount(
        name=asked.name or seller.username or seller.user_id,
        environment=asked.environment,
        ebay_user_id=seller.user_id,
        username=seller.username,
        client_id=asked.application.client_id,
        ru_name=asked.application.ru_name,
        base_urls={"mock": asked.mock_url} if asked.mock_url else {},
    )


def _known(found: list[Namesake], new: NewAccount) -> Namesake | None:
    """Return the account that this seller had before and may have again."""
    for other in found:
        if other.ebay_user_id != new.ebay_user_id:
            raise Refused(
                f"The name {new.name} is that of another account.", fix="choose one with --name."
            )
        lost = other.state == "disconnected" or other.paused_kind == PauseKind.REAUTH
        if not lost:
            raise Conflict(
                f"The seller {new.username or new.ebay_user_id} is connected already, as "
                f"{other.name}: two accounts of one seller would undo each other's work.",
                fix=f"use {other.name}; new tokens: baysync accounts connect --renew {other.name}",
            )
    return next((o for o in found if o.ebay_user_id == new.ebay_user_id), None)
