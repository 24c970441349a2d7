"""SQL of cached reference data: what is wanted, what is due, what eBay said."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from psycopg.rows import class_row

from baysync.db.connection import Db
from baysync.reference.model import PATIENCE, ReferenceKind, ReferenceWant


@dataclass(frozen=True, slots=True, kw_only=True)
class CacheRow:
    """One body of the cache; None while eBay has not been asked. ``awaited``: it is about to be.

    ``withheld`` is the body that eBay shows now, which would block ``withheld_listings``.
    """

    account_id: int
    marketplace: str
    kind: str
    key: str
    body: bytes | None
    awaited: bool = False
    withheld: bytes | None = None
    withheld_listings: int | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """One thing to ask eBay for."""

    kind: ReferenceKind
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CachedBody:
    """A body of the cache, and when eBay said it."""

    body: bytes
    fetched_at: datetime


async def kept(db: Db, row: CacheRow) -> CachedBody | None:
    """Return what the cache has under the key of ``row``; None while eBay has not said it."""
    cursor = db.cursor(row_factory=class_row(CachedBody))
    await cursor.execute(
        """
        SELECT body, fetched_at FROM ebay_policy_cache
        WHERE account_id = %s AND marketplace = %s AND kind = %s AND key = %s
            AND body IS NOT NULL
        """,
        (row.account_id, row.marketplace, row.kind, row.key),
    )
    return await cursor.fetchone()


async def read(db: Db, wants: Sequence[ReferenceWant]) -> list[CacheRow]:
    """Return what the cache has for ``wants``: their categories and all else of their places."""
    cursor = db.cursor(row_factory=class_row(CacheRow))
    await cursor.execute(
        """
        SELECT DISTINCT c.account_id, c.marketplace, c.kind, c.key, c.body,
            c.body IS NULL AND c.expires_at <= now()
                AND c.expires_at > now() - %(patience)s::interval AS awaited
        FROM unnest(%(accounts)b::bigint[], %(places)b::text[], %(keys)b::text[])
            AS w(account_id, marketplace, key)
        JOIN ebay_policy_cache c ON c.account_id = w.account_id
            AND c.marketplace = w.marketplace
            AND (c.kind IN ('policies', 'locations') OR (c.kind = 'category' AND c.key = w.key))
        """,
        {**_arguments(wants), "patience": PATIENCE},
    )
    return await cursor.fetchall()


async def want(db: Db, wants: Sequence[ReferenceWant]) -> None:
    """Have eBay asked about what the cache does not know, in the order of the key.

    That is the category, if any, and the place: its tree, the seller's policies and locations.
    """
    await db.execute(
        """
        INSERT INTO ebay_policy_cache (account_id, marketplace, kind, key)
        SELECT DISTINCT w.account_id, w.marketplace, k.kind, k.key
        FROM unnest(%(accounts)b::bigint[], %(places)b::text[], %(keys)b::text[])
            AS w(account_id, marketplace, key)
        CROSS JOIN LATERAL (VALUES
            ('category', w.key), ('locations', ''), ('policies', ''), ('tree', '')
        ) AS k(kind, key)
        WHERE k.key IS NOT NULL
        ORDER BY 1, 2, 3, 4
        ON CONFLICT DO NOTHING
        """,
        _arguments(wants),
    )


async def is_due(db: Db, marketplaces: Collection[str]) -> bool:
    """Return whether there is anything to ask eBay for, by an account that can ask."""
    cursor = await db.execute(
        """
        SELECT EXISTS (
            SELECT FROM account a
            JOIN account_default d ON d.account_id = a.id
            JOIN ebay_policy_cache c
                ON c.account_id = d.account_id AND c.marketplace = d.marketplace
            WHERE a.state = 'connected'
                AND NOT coalesce(a.paused_until > now()
                    AND a.paused_kind IN ('reauth', 'config'), false)
                AND c.marketplace = ANY(%b::text[]) AND c.expires_at <= now())
        """,
        (list(marketplaces),),
    )
    return bool((await cursor.fetchall())[0][0])


async def due(db: Db, account_id: int, marketplace: str, *, limit: int) -> list[Due]:
    """Return what to ask eBay for now, the longest expired first."""
    cursor = await db.execute(
        """
        SELECT kind, key FROM ebay_policy_cache
        WHERE account_id = %(account)s AND marketplace = %(place)s AND expires_at <= now()
        ORDER BY kind = 'category', expires_at, key LIMIT %(limit)s
        """,
        {"account": account_id, "place": marketplace, "limit": limit},
    )
    return [Due(ReferenceKind(kind), key) for kind, key in await cursor.fetchall()]


async def body(db: Db, account_id: int, marketplace: str, kind: ReferenceKind) -> bytes | None:
    """Return the body of a place's tree, policies or locations."""
    cursor = await db.execute(
        """
        SELECT body FROM ebay_policy_cache
        WHERE account_id = %(account)s AND marketplace = %(place)s AND kind = %(kind)s AND key = ''
        """,
        {"account": account_id, "place": marketplace, "kind": kind},
    )
    row = await cursor.fetchone()
    return row[0] if row else None


async def put(db: Db, row: CacheRow, *, ttl: timedelta) -> bool:
    """Keep what eBay said for ``ttl``; return whether it is something new."""
    cursor = await db.execute(
        """
        INSERT INTO ebay_policy_cache AS c
            (account_id, marketplace, kind, key, body, version, fetched_at, expires_at,
             withheld, withheld_listings, withheld_at)
        VALUES (%(account)s, %(place)s, %(kind)s, %(key)s, %(body)b, 1, now(),
            now() + %(ttl)s::interval, %(withheld)b, %(listings)s,
            CASE WHEN %(withheld)b::bytea IS NOT NULL THEN now() END)
        ON CONFLICT (account_id, marketplace, kind, key) DO UPDATE
        SET body = excluded.body, fetched_at = excluded.fetched_at,
            expires_at = excluded.expires_at, doubted_at = NULL,
            withheld = excluded.withheld, withheld_listings = excluded.withheld_listings,
            withheld_at = CASE WHEN excluded.withheld IS NOT NULL
                THEN coalesce(c.withheld_at, excluded.withheld_at) END,
            version = c.version + (c.body IS DISTINCT FROM excluded.body)::int
        RETURNING version, (SELECT before.version FROM ebay_policy_cache before
            WHERE before.account_id = c.account_id AND before.marketplace = c.marketplace
                AND before.kind = c.kind AND before.key = c.key)
        """,
        {
            "account": row.account_id,
            "place": row.marketplace,
            "kind": row.kind,
            "key": row.key,
            "body": row.body,
            "withheld": row.withheld,
            "listings": row.withheld_listings,
            "ttl": ttl,
        },
    )
    ((now, before),) = await cursor.fetchall()
    return now != before


async def doubt(db: Db, row: CacheRow, *, wait: timedelta) -> bool:
    """Note that a list came back shorter; return whether it is to be read again after ``wait``.

    It is not where the first such answer is at least ``wait`` old.
    """
    cursor = await db.execute(
        """
        UPDATE ebay_policy_cache
        SET doubted_at = coalesce(doubted_at, now()), expires_at = now() + %(wait)s::interval
        WHERE account_id = %(account)s AND marketplace = %(place)s AND kind = %(kind)s
            AND key = %(key)s
            AND coalesce(doubted_at > now() - %(wait)s::interval, true)
        """,
        {
            "account": row.account_id,
            "place": row.marketplace,
            "kind": row.kind,
            "key": row.key,
            "wait": wait,
        },
    )
    return cursor.rowcount > 0


async def postpone(db: Db, row: CacheRow, *, by: timedelta) -> None:
    """Ask again in a while: eBay gave no answer that can be used, what is known stays."""
    await db.execute(
        """
        UPDATE ebay_policy_cache SET expires_at = now() + %(by)s::interval
        WHERE account_id = %(account)s AND marketplace = %(place)s AND kind = %(kind)s
            AND key = %(key)s
        """,
        {
            "account": row.account_id,
            "place": row.marketplace,
            "kind": row.kind,
            "key": row.key,
            "by": by,
        },
    )


async def postpone_others(db: Db, account_ids: Sequence[int], *, by: timedelta) -> None:
    """Ask in a while about what is due of accounts that are not among these: they cannot ask."""
    await db.execute(
        """
        UPDATE ebay_policy_cache SET expires_at = now() + %s::interval
        WHERE account_id <> ALL(%s::bigint[]) AND expires_at <= now()
        """,
        (by, list(account_ids)),
    )


async def expire_categories(db: Db, account_id: int, marketplace: str) -> None:
    """Ask again about every category of a place: its tree has a new version."""
    await db.execute(
        """
        UPDATE ebay_policy_cache SET expires_at = now()
        WHERE account_id = %s AND marketplace = %s AND kind = 'category'
        """,
        (account_id, marketplace),
    )


async def count_change(db: Db, account_id: int, marketplace: str) -> None:
    """Make what was projected for a place stale: its reference data changed."""
    await db.execute(
        """
        UPDATE account_default SET reference_version = reference_version + 1
        WHERE account_id = %s AND marketplace = %s
        """,
        (account_id, marketplace),
    )


def _arguments(wants: Sequence[ReferenceWant]) -> dict[str, object]:
    return {
        "accounts": [w.account_id for w in wants],
        "places": [w.marketplace for w in wants],
        "keys": [w.category for w in wants],
    }
