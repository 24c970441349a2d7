"""SQL of the survey of an account: which items and groups eBay held when it was connected."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from psycopg.rows import class_row

from baysync.db.connection import Db

LEASE = timedelta(minutes=3)
FIRST_RETRY, LONGEST_RETRY = timedelta(minutes=1), timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """How far the items of an account are read.

    ``pages`` and ``items`` count those of this pass, ``total`` is eBay's number of all items, and
    ``moved`` says whether it changed meanwhile. ``next_page`` None is the first page.
    """

    account_id: int
    begun_at: datetime
    passes: int = 0
    pages: int = 0
    items: int = 0
    total: int | None = None
    moved: bool = False
    next_page: str | None = None
    is_done: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """A survey as people see it; ``items`` are read so far, of ``total`` as eBay says."""

    account: str
    items: int
    total: int | None
    done_at: datetime | None
    error: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Surveyed:
    """The names that eBay held at connect; ``is_done`` False: any other may be held too."""

    is_done: bool
    items: frozenset[str]
    groups: frozenset[str]

    def may_hold_item(self, sku: str) -> bool:
        """Return whether eBay may hold an item of this SKU that no body of ours made."""
        return not self.is_done or sku.casefold() in self.items

    def may_hold_group(self, key: str) -> bool:
        """Return whether eBay may hold a group of this key that no body of ours made."""
        return not self.is_done or key.casefold() in self.groups


async def begin(db: Db, account_id: int) -> None:
    """Let the items of an account be read from the first page, and forget those read before."""
    await db.execute("DELETE FROM surveyed_document WHERE account_id = %s", (account_id,))
    await db.execute("DELETE FROM item_survey WHERE account_id = %s", (account_id,))
    await db.execute("INSERT INTO item_survey (account_id) VALUES (%s)", (account_id,))


async def is_due(db: Db) -> bool:
    """Return whether any account has items left to read, now."""
    cursor = await db.execute(
        "SELECT EXISTS (SELECT FROM item_survey WHERE done_at IS NULL AND due_at <= now())"
    )
    return bool((await cursor.fetchall())[0][0])


async def take(db: Db, account_id: int) -> Survey | None:
    """Return the survey to go on with, for one reader at a time; None where none is due."""
    cursor = db.cursor(row_factory=class_row(Survey))
    await cursor.execute(
        """
        UPDATE item_survey SET due_at = clock_timestamp() + %s::interval
        WHERE account_id = %s AND done_at IS NULL AND due_at <= clock_timestamp()
        RETURNING account_id, begun_at, passes, pages, items, total, moved, next_page
        """,
        (LEASE, account_id),
    )
    return await cursor.fetchone()


async def keep(
    db: Db, before: Survey, now: Survey, *, items: Iterable[str], groups: Iterable[str]
) -> bool:
    """Keep the names on a page, and how far it goes; False where another reader went on."""
    async with db.transaction():
        cursor = await db.execute(
            """
            UPDATE item_survey
            SET passes = %(passes)s, pages = %(pages)s, items = %(items)s, total = %(total)s,
                moved = %(moved)s, next_page = %(next_page)s, failures = 0, error = NULL,
                due_at = clock_timestamp() + %(lease)s::interval,
                done_at = CASE WHEN %(is_done)s THEN clock_timestamp() END
            WHERE account_id = %(account)s AND begun_at = %(begun_at)s
                AND passes = %(old_passes)s AND pages = %(old_pages)s
            """,
            {
                "account": before.account_id,
                "begun_at": before.begun_at,
                "old_passes": before.passes,
                "old_pages": before.pages,
                "passes": now.passes,
                "pages": now.pages,
                "items": now.items,
                "total": now.total,
                "moved": now.moved,
                "next_page": now.next_page,
                "is_done": now.is_done,
                "lease": LEASE,
            },
        )
        if cursor.rowcount == 0:
            return False
        for kind, names in (("item", items), ("group", groups)):
            await db.execute(
                """
                INSERT INTO surveyed_document (account_id, kind, name)
                SELECT %s, %s, name FROM unnest(%s::text[]) AS page (name) ORDER BY name
                ON CONFLICT DO NOTHING
                """,
                (before.account_id, kind, [name.casefold() for name in names]),
            )
    return True


async def give_back(db: Db, survey: Survey, error: str | None) -> None:
    """Let others read on: now, or where ``error`` says why a page could not be read, later."""
    await db.execute(
        """
        UPDATE item_survey
        SET error = %(error)s, failures = CASE WHEN %(error)s::text IS NULL THEN failures
                ELSE least(failures + 1, 30) END,
            due_at = clock_timestamp() + CASE WHEN %(error)s::text IS NULL THEN interval '0'
                ELSE least(%(longest)s::interval, %(first)s::interval * power(2, failures)) END
        WHERE account_id = %(account)s AND begun_at = %(begun_at)s AND done_at IS NULL
        """,
        {
            "account": survey.account_id,
            "begun_at": survey.begun_at,
            "error": error,
            "first": FIRST_RETRY,
            "longest": LONGEST_RETRY,
        },
    )


async def surveyed(
    db: Db, account_id: int, *, items: Iterable[str], groups: Iterable[str]
) -> Surveyed:
    """Return which of these SKUs and group keys eBay held when the account was connected."""
    cursor = await db.execute(
        """
        SELECT NOT EXISTS (SELECT FROM item_survey
                WHERE account_id = %(account)s AND done_at IS NULL),
            ARRAY(SELECT name FROM surveyed_document WHERE account_id = %(account)s
                AND kind = 'item' AND name = ANY(%(items)b::text[])),
            ARRAY(SELECT name FROM surveyed_document WHERE account_id = %(account)s
                AND kind = 'group' AND name = ANY(%(groups)b::text[]))
        """,
        {
            "account": account_id,
            "items": [name.casefold() for name in items],
            "groups": [name.casefold() for name in groups],
        },
    )
    ((is_done, skus, keys),) = await cursor.fetchall()
    return Surveyed(is_done=is_done, items=frozenset(skus), groups=frozenset(keys))


async def progress(db: Db) -> list[Progress]:
    """Return how far the items of each account are read, oldest account first."""
    cursor = db.cursor(row_factory=class_row(Progress))
    await cursor.execute(
        """
        SELECT a.name AS account, s.items, s.total, s.done_at, s.error
        FROM item_survey s JOIN account a ON a.id = s.account_id
        WHERE a.state = 'connected' ORDER BY a.id
        """
    )
    return await cursor.fetchall()
