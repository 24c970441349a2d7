"""SQL of accounts, their lanes and their defaults."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

import msgspec
from psycopg.rows import dict_row

from baysync.account.model import Account, Defaults, PauseKind
from baysync.base.errors import NotFound
from baysync.db.connection import Db

READ = """
    SELECT id, name, environment, ebay_user_id, username, client_id, ru_name, base_urls, state,
        CASE WHEN paused_until = 'infinity' THEN timestamptz '9999-12-31 00:00:00+00'
            ELSE paused_until END AS paused_until,
        paused_reason, paused_kind, coalesce(paused_until > now(), false) AS waits,
        lane_failures, price_quantity_rows
    FROM account
    WHERE id = %(id)s OR name = %(name)s
"""
READ_ALL = """
    SELECT id, name, environment, ebay_user_id, username, client_id, ru_name, base_urls, state,
        CASE WHEN paused_until = 'infinity' THEN timestamptz '9999-12-31 00:00:00+00'
            ELSE paused_until END AS paused_until,
        paused_reason, paused_kind, coalesce(paused_until > now(), false) AS waits,
        lane_failures, price_quantity_rows
    FROM account
    ORDER BY id
"""
# A failure counts once per pause: many calls that fail in the same outage are one failure.
SLOW = """
    UPDATE account
    SET lane_failures = least(lane_failures + 1, 30),
        paused_until = clock_timestamp()
            + least(%(cap)s::interval,
                %(base)s::interval * power(2, least(lane_failures + 1, 30))) * %(factor)s::float8,
        paused_kind = 'outage', paused_reason = 'outage'
    WHERE id = %(id)s AND coalesce(paused_until, '-infinity') <= clock_timestamp()
"""


# A pause of the kinds that baysync ends by itself: after it one change is tried. The kind stays
# until eBay has answered, so that nobody takes the time between two tries for a good one.
HOLD = """
    UPDATE account
    SET paused_until = clock_timestamp() + least(%(longest)s::interval,
            %(first)s::interval * power(2, pause_failures)),
        pause_failures = least(pause_failures + 1, 30),
        paused_kind = %(kind)s, paused_reason = %(kind)s,
        paused_at = coalesce(paused_at, clock_timestamp())
    WHERE id = %(id)s
        AND (coalesce(paused_until, '-infinity') <= clock_timestamp() OR paused_kind = 'outage')
"""
FIRST_RETRY, LONGEST_RETRY = timedelta(minutes=1), timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredDefaults:
    """The defaults of one account on one marketplace, with the version that If-Match names."""

    account_id: int
    marketplace: str
    version: int
    defaults: Defaults


async def read(db: Db, account_id: int) -> Account:
    """Return one account.

    Raises:
        NotFound: there is none with that id.
    """
    return await _one(db, {"id": account_id, "name": None}, str(account_id))


async def read_named(db: Db, name: str) -> Account:
    """Return the account called ``name``.

    Raises:
        NotFound: there is none of that name.
    """
    return await _one(db, {"id": None, "name": name}, name)


async def read_all(db: Db) -> list[Account]:
    """Return every account, oldest first, disconnected ones too."""
    cursor = db.cursor(row_factory=dict_row)
    await cursor.execute(READ_ALL)
    return msgspec.convert(await cursor.fetchall(), list[Account])


async def pause(
    db: Db, account_id: int, reason: str, *, kind: PauseKind = PauseKind.PERSON
) -> None:
    """Stop an account's lane until ``resume``; the first reason is kept."""
    await db.execute(
        """
        UPDATE account
        SET paused_until = 'infinity', paused_kind = %s, paused_reason = %s,
            paused_at = coalesce(paused_at, clock_timestamp())
        WHERE id = %s AND paused_until IS DISTINCT FROM 'infinity'
        """,
        (kind, reason, account_id),
    )


async def hold(db: Db, account_id: int, kind: PauseKind) -> None:
    """Stop an account's lane for want of access; it is tried again by itself.

    The pauses last one minute, then twice as long each, at most an hour. A pause that stands,
    a person's too, is left as it is.
    """
    await db.execute(
        HOLD, {"id": account_id, "kind": kind, "first": FIRST_RETRY, "longest": LONGEST_RETRY}
    )


async def regained(db: Db, account_id: int) -> None:
    """End a pause for want of access: eBay has granted a token again."""
    cursor = await db.execute(
        """
        UPDATE account
        SET paused_until = NULL, paused_kind = NULL, paused_reason = NULL, pause_failures = 0
        WHERE id = %s AND paused_kind = 'reauth'
        """,
        (account_id,),
    )
    if cursor.rowcount:
        await forgive_pause(db, account_id)


async def resume(db: Db, account_id: int) -> bool:
    """Let an account's lane run again now; False for a disconnected account."""
    await forgive_pause(db, account_id)
    cursor = await db.execute(
        """
        UPDATE account
        SET paused_until = NULL, paused_kind = NULL, paused_reason = NULL,
            lane_failures = 0, pause_failures = 0
        WHERE id = %s AND state = 'connected'
        """,
        (account_id,),
    )
    return cursor.rowcount == 1


async def forgive_pause(db: Db, account_id: int) -> None:
    """Do not count the time of a pause that ends now as time its changes have been failing."""
    await db.execute(
        """
        WITH was AS (
            SELECT id, clock_timestamp() - paused_at AS pause FROM account
            WHERE id = %s AND paused_at IS NOT NULL FOR NO KEY UPDATE
        ), failing AS (
            SELECT e.id, was.pause FROM ebay_listing e JOIN was ON e.account_id = was.id
            WHERE e.failing_since IS NOT NULL ORDER BY e.id FOR NO KEY UPDATE OF e
        ), moved AS (
            UPDATE ebay_listing e SET failing_since = e.failing_since + failing.pause
            FROM failing WHERE e.id = failing.id
        )
        UPDATE account SET paused_at = NULL FROM was WHERE account.id = was.id
        """,
        (account_id,),
    )


async def slow(db: Db, account_id: int, *, base: timedelta, cap: timedelta, jitter: float) -> None:
    """Count a failure that says nothing about an item and hold the lane for a while.

    The pause is ``min(cap, base * 2^k)``, half of it fixed and half by ``jitter`` in [0, 1), where
    k counts such failures in a row. A lane that is paused already is left as it is.
    """
    await db.execute(SLOW, {"id": account_id, "base": base, "cap": cap, "factor": 0.5 + jitter / 2})


async def answered(db: Db, account_id: int) -> None:
    """Note that eBay answered about an item: the lane goes at full speed again.

    A pause that baysync made itself is over. To the second only: a busy account's row is not to
    be held for each batch.
    """
    cursor = await db.execute(
        """
        UPDATE account AS a
        SET lane_failures = 0, pause_failures = 0, answered_at = clock_timestamp(),
            paused_until = CASE WHEN own THEN NULL ELSE a.paused_until END,
            paused_kind = CASE WHEN own THEN NULL ELSE a.paused_kind END,
            paused_reason = CASE WHEN own THEN NULL ELSE a.paused_reason END
        FROM (
            SELECT id, coalesce(paused_kind IN ('reauth', 'config', 'outage'), false) AS own
            FROM account WHERE id = %s FOR NO KEY UPDATE
        ) AS was
        WHERE a.id = was.id AND (a.lane_failures > 0 OR a.pause_failures > 0
            OR a.answered_at < now() - interval '1 s')
        RETURNING own AND a.paused_at IS NOT NULL
        """,
        (account_id,),
    )
    if any(was_held for (was_held,) in await cursor.fetchall()):
        await forgive_pause(db, account_id)


async def limit_price_quantity(db: Db, account_id: int, rows: int) -> None:
    """Remember how many SKUs eBay takes in one price and quantity call of this account."""
    await db.execute(
        "UPDATE account SET price_quantity_rows = %s WHERE id = %s", (rows, account_id)
    )


async def defaults(db: Db, pairs: Iterable[tuple[int, str]]) -> dict[tuple[int, str], Defaults]:
    """Return the defaults of (account id, marketplace) pairs; a pair without any is left out."""
    wanted = sorted(set(pairs))
    cursor = await db.execute(
        """
        SELECT d.account_id, d.marketplace, d.body
        FROM unnest(%s::bigint[], %s::text[]) AS asked (account_id, marketplace)
        JOIN account_default AS d USING (account_id, marketplace)
        """,
        ([account for account, _ in wanted], [marketplace for _, marketplace in wanted]),
    )
    return {
        (account, marketplace): _decode(body)
        for account, marketplace, body in await cursor.fetchall()
    }


async def read_defaults(db: Db, account_id: int) -> list[StoredDefaults]:
    """Return the defaults of one account, by marketplace."""
    cursor = await db.execute(
        """
        SELECT marketplace, version, body FROM account_default
        WHERE account_id = %s ORDER BY marketplace
        """,
        (account_id,),
    )
    return [
        StoredDefaults(
            account_id=account_id, marketplace=name, version=version, defaults=_decode(body)
        )
        for name, version, body in await cursor.fetchall()
    ]


async def enrolled(db: Db) -> list[tuple[int, str]]:
    """Return (account id, marketplace) of all connected accounts that have defaults there."""
    cursor = await db.execute(
        """
        SELECT d.account_id, d.marketplace
        FROM account_default AS d JOIN account AS a ON a.id = d.account_id
        WHERE a.state = 'connected'
        ORDER BY d.account_id, d.marketplace
        """
    )
    return await cursor.fetchall()


async def put_defaults(db: Db, account_id: int, marketplace: str, value: Defaults) -> bool:
    """Set the defaults of one marketplace; say whether that changed anything.

    The first version goes beyond what listings were projected with when the account last sold
    there, so that they are projected again.
    """
    cursor = await db.execute(
        """
        INSERT INTO account_default AS d (account_id, marketplace, body, version)
        VALUES (%(account)s, %(place)s, %(body)b, 1 + coalesce((
            SELECT max(e.inputs_version) FROM ebay_listing e
            WHERE e.account_id = %(account)s AND e.marketplace = %(place)s), 0))
        ON CONFLICT (account_id, marketplace) DO UPDATE
        SET body = excluded.body, version = d.version + 1, changed_at = now()
        WHERE d.body <> excluded.body
        """,
        {
            "account": account_id,
            "place": marketplace,
            "body": msgspec.json.encode(value, order="sorted"),
        },
    )
    return cursor.rowcount == 1


async def _one(db: Db, key: Mapping[str, int | str | None], shown: str) -> Account:
    cursor = db.cursor(row_factory=dict_row)
    await cursor.execute(READ, key)
    found = msgspec.convert(await cursor.fetchall(), list[Account])
    if not found:
        raise NotFound(f"There is no account {shown}.", fix="see `baysync accounts list`.")
    return found[0]


def _decode(body: bytes) -> Defaults:
    return msgspec.json.decode(body, type=Defaults)
