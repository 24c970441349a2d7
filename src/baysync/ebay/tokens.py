"""Consent and tokens, as eBay gives them: the keyset, what was granted, the code that came back.

Source: eBay's OAuth guide and RFC 6749. A seller's refresh token lasts about 18 months, is not
replaced on renewal, and dies early when the seller changes the password or withdraws consent.
"""

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from hmac import compare_digest
from typing import Protocol
from urllib.parse import parse_qs, urlsplit

from baysync.base.errors import AccessRefused
from baysync.ebay import wire
from baysync.ebay.model import Answer, Verdict
from baysync.ebay.verdict import judge

SCOPE = "https://api.ebay.com/oauth/api_scope"
SCOPES = (
    f"{SCOPE}/sell.inventory",
    f"{SCOPE}/sell.account",
    f"{SCOPE}/sell.fulfillment.readonly",
    f"{SCOPE}/commerce.identity.readonly",
)
SHORTEST, LONGEST = 0, 86_400
LONGEST_CODE = 1024


@dataclass(frozen=True, slots=True)
class Application:
    """The keyset of the application at eBay, for one environment. ``ru_name`` is its redirect."""

    client_id: str
    client_secret: str = field(repr=False)
    ru_name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Granted:
    """Tokens as eBay gave them; lifetimes in seconds from now.

    ``refresh`` is None on a renewal: eBay keeps the old one, and so must whoever stores this.
    """

    access: str = field(repr=False)
    expires_in: int
    refresh: str | None = field(default=None, repr=False)
    refresh_expires_in: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredTokens:
    """Tokens as the store has them; ``expires_in`` is what is left by the store's clock."""

    refresh: str = field(repr=False)
    access: str = field(default="", repr=False)
    expires_in: float = 0.0


class TokenStore(Protocol):
    """Where the tokens of the accounts live, shared by all processes."""

    async def read(self, account_id: int) -> StoredTokens | None:
        """Return the tokens of an account; None when it was never connected."""
        ...

    async def write(self, account_id: int, granted: Granted) -> None:
        """Store what eBay granted; a refresh token of None leaves the stored one as it is."""
        ...

    async def lost(self, account_id: int) -> None:
        """Note that eBay takes the refresh token no more: only new consent helps."""
        ...

    def exclusively(self, account_id: int) -> AbstractAsyncContextManager[None]:
        """Hold the right to renew an account's token, against all processes."""
        ...


def code_from(callback: str, *, state: str) -> str:
    """Return the code out of the address eBay sent the seller back to, decoded once.

    Raises:
        AccessRefused: the seller declined, the state is not ours, or the code is missing or
            longer than any of eBay's.
    """
    query = parse_qs(urlsplit(callback).query)
    codes, states = query.get("code", []), query.get("state", [])
    if len(states) != 1 or not compare_digest(states[0].encode(), state.encode()):
        raise AccessRefused(
            "The address does not belong to the consent that was asked for.",
            fix="start again and use the address of this very attempt.",
        )
    if len(codes) != 1 or not 0 < len(codes[0]) <= LONGEST_CODE:
        raise AccessRefused(
            "eBay sent no code: the seller declined, or the address is cut off.",
            fix="start again, agree on eBay's page, and copy the whole address.",
        )
    return codes[0]


def granted_in(answer: Answer) -> Granted:
    """Return the tokens in an answer of eBay's; lifetimes in seconds from now, bounded to a day."""
    body = wire.mapping(answer.body)
    lifetime = wire.number(body.get("expires_in")) or SHORTEST
    return Granted(
        access=wire.text(body.get("access_token")),
        expires_in=min(LONGEST, max(SHORTEST, lifetime)),
        refresh=wire.text(body.get("refresh_token")) or None,
        refresh_expires_in=wire.number(body.get("refresh_token_expires_in")),
    )


_FIXES = {
    Verdict.REAUTH: "start again: a code lives five minutes and works once.",
    Verdict.CONFIG: "check client id, client secret, RuName and environment of the keyset.",
    Verdict.THROTTLED: "wait a while; eBay limits such requests per day.",
}


def refusal(answer: Answer | Granted) -> AccessRefused:
    """Return the error for an answer without the tokens that were wanted."""
    if isinstance(answer, Granted):
        return AccessRefused("eBay gave no refresh token.", fix="start the consent again.")
    named = wire.text(wire.mapping(answer.body).get("error")) or answer.failure or "no reason"
    fix = _FIXES.get(judge(answer), "try again when eBay can be reached.")
    return AccessRefused(f"eBay gave no token ({answer.status}, {named}).", fix=fix)
