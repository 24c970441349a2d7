"""SQL of the accounts' tokens, encrypted before they leave the process.

Each ciphertext is bound to its table, column, account, environment and kind: moved to another
row it does not decrypt.
"""

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

from anyio import CancelScope

from baysync.account import store as accounts
from baysync.account.model import PauseKind
from baysync.base.secrets import Keyring
from baysync.db.connection import Db
from baysync.db.pool import Pool
from baysync.ebay.tokens import Granted, StoredTokens

LOCK_SPACE = 0x746F6B65  # "toke" in ASCII: our corner of PostgreSQL's advisory locks
READ = """
    SELECT t.kind, t.ciphertext, a.environment,
        coalesce(extract(epoch FROM t.expires_at - clock_timestamp())::float8, 0)
    FROM ebay_auth_token AS t JOIN account AS a ON a.id = t.account_id
    WHERE t.account_id = %(account)s AND t.kind = ANY (%(kinds)s::text[])
"""
WRITE = """
    INSERT INTO ebay_auth_token (account_id, kind, ciphertext, expires_at)
    VALUES (%(account)s, %(kind)s, %(ciphertext)s,
        clock_timestamp() + make_interval(secs => %(lifetime)s::float8))
    ON CONFLICT (account_id, kind) DO UPDATE
    SET ciphertext = excluded.ciphertext, expires_at = excluded.expires_at, changed_at = now()
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class PostgresTokenStore:
    """Where the tokens of all accounts live (``ebay.oauth.TokenStore``)."""

    pool: Pool
    keyring: Keyring

    async def read(self, account_id: int) -> StoredTokens | None:
        """Return the tokens of an account; None when it was never connected.

        Raises:
            SecretError: the key is not the one they were encrypted with.
        """
        async with self.pool.connection() as db:
            found = await read_secrets(db, self.keyring, account_id, ("refresh", "access"))
        if "refresh" not in found:
            return None
        access, expires_in = found.get("access", ("", 0.0))
        return StoredTokens(refresh=found["refresh"][0], access=access, expires_in=expires_in)

    async def write(self, account_id: int, granted: Granted) -> None:
        """Store what eBay granted; a refresh token of None leaves the stored one as it is.

        A pause for want of access is over.
        """
        async with self.pool.connection() as db, db.transaction():
            await accounts.regained(db, account_id)
            await write_granted(db, self.keyring, account_id, granted)

    async def lost(self, account_id: int) -> None:
        """Pause an account whose refresh token eBay takes no more."""
        async with self.pool.connection() as db:
            await accounts.hold(db, account_id, PauseKind.REAUTH)

    @asynccontextmanager
    async def exclusively(self, account_id: int) -> AsyncGenerator[None]:
        """Hold the right to renew an account's token, against all processes.

        The lock is the session's and not a transaction's: none is open while eBay is asked.
        """
        key = {"space": LOCK_SPACE, "account": account_id % 2**31}
        async with self.pool.connection() as db:
            # Whoever holds it waits for eBay, longer than a statement may usually take.
            await db.execute("SELECT set_config('statement_timeout', '60s', false)")
            try:
                await db.execute("SELECT pg_advisory_lock(%(space)s::int, %(account)s::int)", key)
                yield
            finally:
                with CancelScope(shield=True):
                    await db.execute("SELECT pg_advisory_unlock_all()")
                    await db.execute("RESET statement_timeout")


async def write_granted(db: Db, keyring: Keyring, account_id: int, granted: Granted) -> None:
    """Store an access token, and a refresh token if there is one, in the caller's transaction."""
    lifetimes: dict[str, tuple[str, float | None]] = {
        "access": (granted.access, granted.expires_in)
    }
    if granted.refresh is not None:
        lifetimes["refresh"] = (granted.refresh, granted.refresh_expires_in)
    await write_secrets(db, keyring, account_id, lifetimes)


async def write_secrets(
    db: Db, keyring: Keyring, account_id: int, secrets: Mapping[str, tuple[str, float | None]]
) -> None:
    """Store secrets by kind, each with the seconds it lives or None for good."""
    cursor = await db.execute("SELECT environment FROM account WHERE id = %s", (account_id,))
    (row,) = await cursor.fetchall()
    for kind, (secret, lifetime) in sorted(secrets.items()):
        aad = _aad(account_id, str(row[0]), kind)
        await db.execute(
            WRITE,
            {
                "account": account_id,
                "kind": kind,
                "ciphertext": keyring.encrypt(secret.encode(), aad=aad),
                "lifetime": lifetime,
            },
        )


async def read_secrets(
    db: Db, keyring: Keyring, account_id: int, kinds: tuple[str, ...]
) -> dict[str, tuple[str, float]]:
    """Return secrets by kind, each with the seconds it still lives (0 for those without end).

    Raises:
        SecretError: the key is not the one they were encrypted with.
    """
    cursor = await db.execute(READ, {"account": account_id, "kinds": list(kinds)})
    return {
        kind: (
            keyring.decrypt(ciphertext, aad=_aad(account_id, environment, kind)).decode(),
            left,
        )
        for kind, ciphertext, environment, left in await cursor.fetchall()
    }


async def forget(db: Db, account_id: int) -> None:
    """Delete every secret of an account."""
    await db.execute("DELETE FROM ebay_auth_token WHERE account_id = %s", (account_id,))


def _aad(account_id: int, environment: str, kind: str) -> str:
    return f"ebay_auth_token|ciphertext|{account_id}|{environment}|{kind}"
