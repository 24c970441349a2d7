"""Move time: times in the database go back, the clock of mockbay goes forward."""

from datetime import UTC, timedelta, tzinfo
from typing import TypeVar

from msgspec.structs import replace
from psycopg import sql

from baysync.base.packing import opened
from baysync.config.store import moment
from baysync.db.connection import Db
from baysync.listing import body, sale
from baysync.listing.model import Listing, Variant
from mockbay.client import MockServer

Part = TypeVar("Part", Listing, Variant)
TIMES = {
    "account": ["paused_until", "last_claimed_at", "answered_at", "paused_at"],
    "ebay_auth_token": ["expires_at"],
    "rate_bucket": ["updated_at", "blocked_until", "daily_reset_at"],
    "ebay_exposure": ["since", "found_at", "taken_back_at"],
    "ebay_listing": [
        *("failing_since", "published_at", "recheck_at", "revisions_until"),
        *("verified_at", "verify_at", "waiting_since"),
    ],
    "ebay_sync_log": ["created_at", "finished_at"],
    "ebay_change_queue": ["first_enqueued_at", "run_at", "not_before", "lease_until", "failed_at"],
    "ebay_policy_cache": ["doubted_at", "fetched_at", "expires_at", "withheld_at"],
    "item_survey": ["due_at"],
    "listing": ["reproject_at", "unprojected_since"],
    "refused_leaf": ["seen_at"],
    "job_schedule": ["last_started_at", "last_finished_at", "lease_until"],
}

# Changes that ended wait for nothing, and there are ever more of them.
WAITING = {"ebay_change_queue": sql.SQL(" WHERE status NOT IN ('done', 'cancelled')")}


async def advance(db: Db, mock: MockServer | None, by: timedelta) -> None:
    """Let ``by`` pass for all that waits in the database and, where given, for the mock."""
    await db.execute(ADVANCE, {"by": by})
    await _advance_sales(db, by)
    if mock is not None:
        mock.advance(by.total_seconds())


async def _advance_sales(db: Db, by: timedelta) -> None:
    """Move the dates of sale prices, which stand in the listings themselves."""
    cursor = await db.execute("SELECT id, body FROM listing")
    zone = (await moment(db)).tzinfo or UTC
    for at, packed in await cursor.fetchall():
        stored = opened(packed)
        if b'"sale_' not in stored:
            continue
        listing = body.decode(stored)
        variants = tuple(_earlier(each, by, zone) for each in listing.variants)
        moved = body.encode(_earlier(replace(listing, variants=variants), by, zone))
        await db.execute(
            "UPDATE listing SET body = %s, body_hash = %s WHERE id = %s",
            (moved, body.digest(moved), at),
        )


def _earlier(part: Part, by: timedelta, zone: tzinfo) -> Part:
    begin, end = sale.begin(part, zone), sale.end(part, zone)
    return replace(
        part,
        sale_from=begin and (begin - by).isoformat(),
        sale_until=end and (end - by).isoformat(),
    )


def _moved(table: str, columns: list[str]) -> sql.Composed:
    """Return what moves the times of one table, as a part of one statement about all."""
    changes = [sql.SQL("{0} = {0} - %(by)s").format(sql.Identifier(name)) for name in columns]
    name = sql.Identifier(table)
    rows = WAITING.get(table, sql.SQL(""))
    return sql.SQL("{0} AS (UPDATE {0} SET {1}{2})").format(name, sql.SQL(", ").join(changes), rows)


ADVANCE = sql.SQL("WITH {} SELECT").format(
    sql.SQL(", ").join(_moved(table, columns) for table, columns in TIMES.items())
)
