"""SQL of coming and going: sellers who consent, come back, or leave."""

from dataclasses import dataclass

import msgspec

from baysync.account.model import Environment
from baysync.db.connection import Db


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAccount:
    """What is known of a seller once eBay has said who it is.

    ``base_urls`` is empty where eBay's own hosts are meant, else ``{"mock": address}``.
    """

    name: str
    environment: Environment
    ebay_user_id: str
    username: str
    client_id: str
    ru_name: str
    base_urls: dict[str, str]


@dataclass(frozen=True, slots=True)
class Namesake:
    """An account that has the seller or the name that a new one asks for."""

    id: int
    name: str
    ebay_user_id: str
    state: str
    paused_kind: str | None


async def namesakes(db: Db, environment: Environment, user_id: str, name: str) -> list[Namesake]:
    """Return the accounts of this seller in this environment, or of this name in any; locked."""
    cursor = await db.execute(
        """
        SELECT id, name, CASE WHEN environment = %(environment)s THEN ebay_user_id ELSE '' END,
            state, paused_kind
        FROM account
        WHERE (environment = %(environment)s AND ebay_user_id = %(user)s) OR name = %(name)s
        ORDER BY id FOR UPDATE
        """,
        {"environment": environment, "user": user_id, "name": name},
    )
    return [Namesake(*row) for row in await cursor.fetchall()]


async def insert(db: Db, new: NewAccount) -> int:
    """Add an account; return its id. The caller has looked for namesakes before."""
    cursor = await db.execute(
        """
        INSERT INTO account
            (name, environment, ebay_user_id, username, client_id, ru_name, base_urls)
        VALUES (%s, %s, %s, %s, %s, %s, %s::jsonb)
        RETURNING id
        """,
        (
            new.name,
            new.environment,
            new.ebay_user_id,
            new.username,
            new.client_id,
            new.ru_name,
            msgspec.json.encode(new.base_urls).decode(),
        ),
    )
    (row,) = await cursor.fetchall()
    return int(row[0])


async def reconnect(db: Db, account_id: int, new: NewAccount) -> None:
    """Give a seller who consented again the application it consented to, and end the pause."""
    await db.execute(
        """
        UPDATE account
        SET username = %s, client_id = %s, ru_name = %s, base_urls = %s::jsonb,
            state = 'connected', paused_until = NULL, paused_kind = NULL, paused_reason = NULL,
            lane_failures = 0, pause_failures = 0
        WHERE id = %s
        """,
        (
            new.username,
            new.client_id,
            new.ru_name,
            msgspec.json.encode(new.base_urls).decode(),
            account_id,
        ),
    )


async def disconnect(db: Db, account_id: int) -> None:
    """Mark an account as disconnected, stop its lane, forget its application; all else stays."""
    await db.execute(
        """
        UPDATE account
        SET state = 'disconnected', client_id = '', paused_until = 'infinity',
            paused_kind = 'disconnected', paused_reason = 'disconnected',
            paused_at = clock_timestamp()
        WHERE id = %s
        """,
        (account_id,),
    )


async def hold_connected(db: Db, account_id: int) -> bool:
    """Lock an account against others who change it; say whether it is connected."""
    cursor = await db.execute(
        "SELECT state = 'connected' FROM account WHERE id = %s FOR NO KEY UPDATE", (account_id,)
    )
    return any(row[0] for row in await cursor.fetchall())


async def any_production(db: Db) -> bool:
    """Say whether any connected account sells on the real eBay."""
    cursor = await db.execute(
        """
        SELECT count(*) FROM account WHERE environment = 'production' AND state = 'connected'
        """
    )
    (row,) = await cursor.fetchall()
    return bool(row[0])
