"""SQL of erasing an account: all that names it or its seller, in every table.

Written here whoever owns the table: to forget is one act. A table that is new joins in or is kept
for a reason; ``tests/flow/test_account_erasure.py`` finds those that are neither.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from psycopg.rows import class_row

from baysync.account.model import Account
from baysync.db.connection import Db


@dataclass(frozen=True, slots=True, kw_only=True)
class Holdings:
    """How much there is of an account.

    ``in_flight`` and ``in_doubt`` are changes on their way, and eBay listings that nobody knows
    the state of; ``live`` are those that buyers find.
    """

    listings: int
    live: int
    in_flight: int
    in_doubt: int
    dead_letters: int
    snapshots: int
    order_lines: int
    log_entries: int
    acts: int


async def holdings(db: Db, account: Account) -> Holdings:
    """Return how much there is of an account."""
    cursor = db.cursor(row_factory=class_row(Holdings))
    await cursor.execute(
        """
        SELECT count(*) AS listings, count(*) FILTER (WHERE lifecycle_state = 'live') AS live,
            (SELECT count(*) FROM ebay_change_queue
             WHERE account_id = %(id)s AND status = 'processing') AS in_flight,
            count(*) FILTER (WHERE verify_at IS NOT NULL) AS in_doubt,
            (SELECT count(*) FROM ebay_failed_event WHERE account_id = %(id)s) AS dead_letters,
            (SELECT count(*) FROM ebay_listing_snapshot s JOIN ebay_listing o
                ON o.id = s.ebay_listing_id WHERE o.account_id = %(id)s) AS snapshots,
            (SELECT count(*) FROM ebay_order_line WHERE account_id = %(id)s) AS order_lines,
            (SELECT count(*) FROM ebay_call_log WHERE account_id = %(id)s)
                + (SELECT count(*) FROM ebay_sync_log WHERE account_id = %(id)s) AS log_entries,
            (SELECT count(*) FROM audit_log WHERE target = 'account ' || %(name)s) AS acts
        FROM ebay_listing WHERE account_id = %(id)s
        """,
        {"id": account.id, "name": account.name},
    )
    (row,) = await cursor.fetchall()
    return row


async def take_time(db: Db) -> None:
    """Let the statements of this transaction take minutes, but wait for no lock of others for long.

    A seller of 100,000 listings has millions of rows, which go in a few statements.
    """
    await db.execute(
        """
        SELECT set_config('statement_timeout', '30min', true),
            set_config('lock_timeout', '5s', true)
        """
    )


async def lock(db: Db, account_id: int) -> None:
    """Lock the account's eBay listings, then the account: nobody adds to it or sends for it."""
    await db.execute(
        "SELECT id FROM ebay_listing WHERE account_id = %s ORDER BY id FOR UPDATE", (account_id,)
    )
    await db.execute("SELECT id FROM account WHERE id = %s FOR UPDATE", (account_id,))


async def wipe(db: Db, account: Account) -> None:
    """Delete every row of an account, and its name and its seller's wherever else they stand."""
    names = {account.name, account.ebay_user_id, account.username, account.client_id} - {""}
    arguments = {"id": account.id, "name": account.name, "words": _pattern(names)}
    await forget_buckets(db, account)
    await _forget_work(db, arguments)
    await db.execute(
        """
        DELETE FROM audit_log WHERE target = 'account ' || %(name)s
            OR jsonb_path_exists(detail, 'strict $.** ? (@ == $word)',
                jsonb_build_object('word', %(name)s::text))
        """,
        arguments,
    )
    await db.execute(
        """
        UPDATE audit_log SET reason = regexp_replace(reason, %(words)s, '(erased)', 'g')
        WHERE reason ~ %(words)s
        """,
        arguments,
    )
    await db.execute(
        "UPDATE job_schedule SET last_error = NULL WHERE last_error ~ %(words)s", arguments
    )
    await db.execute("DELETE FROM account WHERE id = %(id)s", arguments)


async def _forget_work(db: Db, key: Mapping[str, object]) -> None:
    """Delete what was done for an account, what refers to something before it.

    What the account's own row cascades to goes with that: tokens, cached reference data, the poll.
    """
    await db.execute("DELETE FROM ebay_call_log WHERE account_id = %(id)s", key)
    await db.execute("DELETE FROM ebay_sync_log WHERE account_id = %(id)s", key)
    await db.execute("DELETE FROM ebay_failed_event WHERE account_id = %(id)s", key)
    await db.execute("DELETE FROM ebay_change_queue WHERE account_id = %(id)s", key)
    await db.execute("DELETE FROM ebay_order_line WHERE account_id = %(id)s", key)
    await db.execute("DELETE FROM ebay_item WHERE account_id = %(id)s", key)
    await db.execute(
        """
        DELETE FROM ebay_listing_snapshot s USING ebay_listing e
        WHERE s.ebay_listing_id = e.id AND e.account_id = %(id)s
        """,
        key,
    )
    await db.execute("DELETE FROM ebay_listing WHERE account_id = %(id)s", key)
    await db.execute("DELETE FROM account_default WHERE account_id = %(id)s", key)


async def forget_buckets(db: Db, account: Account) -> None:
    """Delete the rate buckets of the account's application, unless another account uses it."""
    if account.client_id:
        await db.execute(
            """
            DELETE FROM rate_bucket WHERE split_part(key, '/', 2) = %(client)s AND NOT EXISTS (
                SELECT FROM account WHERE client_id = %(client)s AND id <> %(id)s)
            """,
            {"client": account.client_id, "id": account.id},
        )


def counted(held: Holdings) -> Mapping[str, int]:
    """Return the counts of ``held`` by name, as the audit log and a program's answer say them."""
    return asdict(held)


def _pattern(names: set[str]) -> str:
    """Return a regular expression of PostgreSQL that finds any of ``names`` as a whole word."""
    quoted = ("".join(c if c.isalnum() else f"\\{c}" for c in name) for name in sorted(names))
    return rf"(?<![\w-])(?:{'|'.join(quoted)})(?![\w-])"
