"""Access tokens of eBay's, given out and renewed: each once, however many processes ask.

Tokens and credentials never appear in a repr, an exception or an ``Answer``.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from urllib.parse import quote, urlencode

from baysync.base import clock
from baysync.ebay.edge.transport import Transport
from baysync.ebay.model import Answer, Call, Family, Operation, Verdict
from baysync.ebay.redact import redact, redact_text
from baysync.ebay.tokens import (
    SCOPE,
    SCOPES,
    Application,
    Granted,
    StoredTokens,
    TokenStore,
    granted_in,
    refusal,
)
from baysync.ebay.verdict import judge

TOKEN_PATH = "/identity/v1/oauth2/token"  # noqa: S105 - an address
FRESH = 120.0  # seconds a token must still live to be used


@dataclass(slots=True)
class _Cached:
    access: str = field(default="", repr=False)
    until: float = 0.0


class OAuth:
    """Gives out access tokens: the sellers' and the application's own."""

    def __init__(
        self,
        transport: Transport,
        application: Application,
        store: TokenStore,
        *,
        monotonic: Callable[[], float] = clock.monotonic,
    ) -> None:
        self._transport = transport
        self._application = application
        self._store = store
        self._monotonic = monotonic
        self._cache: dict[int | None, _Cached] = {}
        self._locks: defaultdict[int | None, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._granted: dict[int | None, str] = {}

    def consent_url(self, state: str, *, locale: str | None = None) -> str:
        """Return the page where the seller agrees; ``state`` must come back unchanged.

        ``state`` is drawn by the caller from 256 random bits, kept for 10 minutes, used once.
        """
        query = {
            "client_id": self._application.client_id,
            "redirect_uri": self._application.ru_name,
            "response_type": "code",
            "scope": " ".join(SCOPES),
            "state": state,
            "prompt": "login",
            **({"locale": locale} if locale else {}),
        }
        return f"{self._transport.hosts.auth}/oauth2/authorize?{urlencode(query, quote_via=quote)}"

    async def exchange(self, code: str) -> Granted:
        """Turn the code of the consent, decoded once, into the seller's tokens.

        Raises:
            AccessRefused: eBay did not take the code; it lives 5 minutes and works once.
        """
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._application.ru_name,
        }
        granted = await self._ask(Operation.EXCHANGE_CODE, form)
        if isinstance(granted, Granted) and granted.refresh:
            return granted
        raise refusal(granted)

    async def seller_access(self, account_id: int, *, refused: str = "") -> str | Answer:
        """Return an access token of the account, renewed if need be, or why there is none.

        ``refused`` is a token eBay just answered 401 to: it is not given out again.
        """
        async with self._locks[account_id]:
            return self._remembered(account_id, refused) or await self._renewed(account_id, refused)

    async def application_access(self, *, refused: str = "") -> str | Answer:
        """Return the application's own token (eBay grants 1,000 a day), or why there is none."""
        async with self._locks[None]:
            known = self._remembered(None, refused)
            if known:
                return known
            form = {"grant_type": "client_credentials", "scope": SCOPE}
            granted = await self._ask(Operation.APPLICATION_ACCESS, form)
            if isinstance(granted, Granted):
                self._granted[None] = granted.access
                return self._remember(None, granted.access, granted.expires_in)
            return granted

    def granted(self, access: str) -> bool:
        """Return whether the token endpoint gave ``access`` to this very process."""
        return bool(access) and access in self._granted.values()

    def _remembered(self, whose: int | None, refused: str) -> str:
        cached = self._cache.get(whose, _Cached())
        usable = cached.until - FRESH > self._monotonic() and cached.access != refused
        return cached.access if usable else ""

    def _remember(self, whose: int | None, access: str, expires_in: float) -> str:
        self._cache[whose] = _Cached(access, self._monotonic() + expires_in)
        return access

    async def _renewed(self, account_id: int, refused: str) -> str | Answer:
        stored = await self._store.read(account_id)
        if access := self._usable(account_id, stored, refused):
            return access
        async with self._store.exclusively(account_id):
            stored = await self._store.read(account_id)  # another process may have been first
            if access := self._usable(account_id, stored, refused):
                return access
            if stored is None or not stored.refresh:
                granted: Granted | Answer = _never_connected()
            else:
                form = {"grant_type": "refresh_token", "refresh_token": stored.refresh}
                granted = await self._ask(Operation.REFRESH_ACCESS, form)
            if isinstance(granted, Answer):
                if judge(granted) is Verdict.REAUTH:
                    await self._store.lost(account_id)
                return granted
            await self._store.write(account_id, granted)
        self._granted[account_id] = granted.access
        return self._remember(account_id, granted.access, granted.expires_in)

    def _usable(self, account_id: int, stored: StoredTokens | None, refused: str) -> str:
        """Return the stored access token if it is good for a while yet, else ''."""
        if stored is None or stored.access in ("", refused) or stored.expires_in <= FRESH:
            return ""
        return self._remember(account_id, stored.access, stored.expires_in)

    async def _ask(self, op: Operation, form: dict[str, str]) -> Granted | Answer:
        answer = await self._transport.send_form(
            _call(op),
            form,
            client_id=self._application.client_id,
            client_secret=self._application.client_secret,
        )
        if judge(answer) is Verdict.DONE:
            return granted_in(answer)
        return replace(answer, body=redact(answer.body), text=redact_text(answer.text))


def _call(op: Operation) -> Call:
    return Call(op=op, method="POST", path=TOKEN_PATH, family=Family.OAUTH, idempotent=False)


def _never_connected() -> Answer:
    return Answer(call=_call(Operation.REFRESH_ACCESS), status=400, body={"error": "invalid_grant"})
