"""Every account's way to eBay in this process, made when it is first needed."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias

from baysync.account import store
from baysync.account.bucket_store import BucketStore
from baysync.account.model import Account, Environment
from baysync.account.token_store import PostgresTokenStore, read_secrets
from baysync.base.errors import AccessRefused
from baysync.config.settings import Settings
from baysync.ebay.edge.oauth import OAuth
from baysync.ebay.edge.session import Session
from baysync.ebay.edge.transport import Transport
from baysync.ebay.environment import Hosts, hosts
from baysync.ebay.tokens import Application

Made: TypeAlias = tuple[Account, Application, Session]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sessions:
    """Makes and keeps the sessions.

    Attributes:
        reach: makes the HTTP edge of one environment; one pool of connections serves them all.
        tokens: where the accounts' secrets are.
        settings: the rate and the margin before a deadline.
        jitter: draws a number in [0, 1).
    """

    reach: Callable[[Environment, Hosts], Transport]
    tokens: PostgresTokenStore
    settings: Settings
    jitter: Callable[[], float] = random.random
    _made: dict[int, Made] = field(default_factory=dict[int, Made], repr=False)

    async def of(self, account_id: int) -> Session:
        """Return the session of an account, made anew if its keys have changed.

        Raises:
            NotFound: there is no such account.
            AccessRefused: it is disconnected.
            SecretError: its secrets were encrypted with another key.
        """
        async with self.tokens.pool.connection() as db:
            account = await store.read(db, account_id)
            secrets = await read_secrets(db, self.tokens.keyring, account_id, ("client_secret",))
        if "client_secret" not in secrets:
            raise AccessRefused(
                f"The account {account.name} is not connected.",
                fix=f"baysync accounts connect --env {account.environment}",
            )
        application = Application(account.client_id, secrets["client_secret"][0], account.ru_name)
        known = self._made.get(account_id)
        if known is None or known[1] != application or known[0].base_urls != account.base_urls:
            known = (account, application, self._session(account, application))
            self._made[account_id] = known
        return known[2]

    def transport(self, environment: Environment, mock_url: str = "") -> Transport:
        """Return a way to one environment that belongs to no account yet."""
        return self.reach(environment, hosts(environment, mock_url=mock_url))

    def _session(self, account: Account, application: Application) -> Session:
        transport = self.transport(account.environment, account.base_urls.get("mock", ""))
        return Session(
            account_id=account.id,
            transport=transport,
            oauth=OAuth(transport, application, self.tokens),
            limiter=BucketStore(
                pool=self.tokens.pool,
                application=f"{account.environment}/{application.client_id}",
                rate=self.settings.rate,
            ),
            jitter=self.jitter,
            margin=self.settings.margin.total_seconds(),
        )
