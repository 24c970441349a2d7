"""What a session is made of, kept in memory: the tokens and the rate buckets of one account."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, fields
from datetime import datetime

from baysync.ebay.edge.oauth import OAuth
from baysync.ebay.edge.session import Session
from baysync.ebay.edge.transport import Transport, open_http
from baysync.ebay.environment import Environment, hosts
from baysync.ebay.tokens import Application, Granted, StoredTokens
from support.scripted import Reply, Scripted, scripted

ACCOUNT = 7
KEYSET = Application("client", "CANARY-secret", "RuName")


@dataclass
class Tokens:
    """A token store of one account."""

    stored: StoredTokens | None = field(default_factory=lambda: StoredTokens(refresh="R"))
    renewals: int = 0
    losses: int = 0
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def read(self, account_id: int) -> StoredTokens | None:
        return self.stored if account_id == ACCOUNT else None

    async def write(self, account_id: int, granted: Granted) -> None:
        assert (account_id, self.lock.locked()) == (ACCOUNT, True)
        kept = granted.refresh or (self.stored.refresh if self.stored else "")
        self.stored = StoredTokens(
            refresh=kept, access=granted.access, expires_in=granted.expires_in
        )
        self.renewals += 1

    async def lost(self, account_id: int) -> None:
        assert (account_id, self.lock.locked()) == (ACCOUNT, True)
        self.losses += 1

    @asynccontextmanager
    async def exclusively(self, account_id: int) -> AsyncGenerator[None]:
        assert account_id == ACCOUNT
        async with self.lock:
            yield


@dataclass
class Buckets:
    """A limiter that answers what it is told and remembers what it was asked."""

    waits: list[float] = field(default_factory=list[float])
    taken: list[tuple[str, float]] = field(default_factory=list[tuple[str, float]])
    blocked: list[tuple[str, float]] = field(default_factory=list[tuple[str, float]])

    answered: list[int] = field(default_factory=list[int])

    async def take(
        self, family: str, *, tokens: int = 1, floor: float = 0.0, answered: int = 0
    ) -> float:
        assert tokens == 1
        self.taken.append((family, floor))
        self.answered.append(answered)
        return self.waits.pop(0) if self.waits else 0.0

    async def block(self, family: str, seconds: float) -> None:
        self.blocked.append((family, seconds))

    async def learn(
        self, family: str, *, limit: int, remaining: int, reset_at: datetime | None
    ) -> None:
        raise AssertionError(f"nobody tells sessions of {family}: {limit} {remaining} {reset_at}")


@dataclass
class Account:
    """A session, and all that stands behind it."""

    transport: Transport
    oauth: OAuth
    session: Session
    tokens: Tokens
    buckets: Buckets


@asynccontextmanager
async def account_at(
    url: str, tokens: Tokens, *, keyset: Application = KEYSET, limit: float = 20.0
) -> AsyncGenerator[Account]:
    """Give an account a session with the server at ``url``."""
    async with open_http() as http:
        real = "sandbox.ebay.com" in url
        environment = Environment.SANDBOX if real else Environment.MOCK
        where = hosts(environment, mock_url="" if real else url)
        transport = Transport(http, environment=environment, hosts=where, timeout=limit)
        buckets = Buckets()
        oauth = OAuth(transport, keyset, tokens)
        session = Session(
            account_id=ACCOUNT,
            transport=transport,
            oauth=oauth,
            limiter=buckets,
            jitter=lambda: 0.5,
            margin=0.1,
        )
        yield Account(transport, oauth, session, tokens, buckets)


@dataclass
class World(Account):
    """An account and the scripted server it speaks to."""

    server: Scripted


@asynccontextmanager
async def world(replies: Sequence[Reply], tokens: Tokens | None = None) -> AsyncGenerator[World]:
    """Run a session of an account against a server with these replies."""
    async with (
        scripted(replies) as server,
        account_at(server.url, tokens or Tokens(), limit=0.5) as account,
    ):
        yield World(**{f.name: getattr(account, f.name) for f in fields(account)}, server=server)
