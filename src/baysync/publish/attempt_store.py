"""SQL that reads the sync log: each try of each change; nothing here writes."""

from dataclasses import asdict, dataclass
from datetime import datetime

from psycopg.rows import class_row

from baysync.db.connection import Db


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One try of one change, as the sync log has it; ``errors`` are eBay's words, warnings too."""

    id: int
    at: datetime
    sku: str
    title: str
    account: str
    marketplace: str
    intent: str
    attempt: int
    outcome: str
    verdict: str | None
    errors: list[dict[str, object]]
    steps: list[str]
    duration_ms: int | None
    correlation_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptFilter:
    """Which attempts are meant; what is None does not narrow the choice.

    ``since`` is the first moment that counts, ``until`` the first that does not.
    """

    sku: str | None = None
    account: str | None = None
    marketplace: str | None = None
    intent: str | None = None
    outcome: str | None = None
    verdict: str | None = None
    since: datetime | None = None
    until: datetime | None = None


async def page(
    db: Db, chosen: AttemptFilter, *, before: int | None = None, limit: int
) -> list[Attempt]:
    """Return at most ``limit`` chosen attempts older than the id ``before``, newest first."""
    cursor = db.cursor(row_factory=class_row(Attempt))
    await cursor.execute(
        """
        SELECT s.id, s.created_at AS at, l.sku, l.title, a.name AS account, e.marketplace,
            s.intent, s.attempt, s.outcome, s.verdict,
            coalesce(s.errors, '[]') || coalesce(s.warnings, '[]') AS errors,
            coalesce(s.steps, '[]') AS steps, s.duration_ms, s.correlation_id
        FROM ebay_sync_log s
        JOIN ebay_listing e ON e.id = s.ebay_listing_id
        JOIN listing l ON l.id = e.listing_id
        JOIN account a ON a.id = e.account_id
        WHERE (%(before)s::bigint IS NULL OR s.id < %(before)s::bigint)
            AND (%(sku)s::text IS NULL OR l.sku = %(sku)s)
            AND (%(account)s::text IS NULL OR a.name = %(account)s)
            AND (%(marketplace)s::text IS NULL OR e.marketplace = %(marketplace)s)
            AND (%(intent)s::text IS NULL OR s.intent = %(intent)s)
            AND (%(outcome)s::text IS NULL OR s.outcome = %(outcome)s)
            AND (%(verdict)s::text IS NULL OR s.verdict = %(verdict)s)
            AND (%(since)s::timestamptz IS NULL OR s.created_at >= %(since)s::timestamptz)
            AND (%(until)s::timestamptz IS NULL OR s.created_at < %(until)s::timestamptz)
        ORDER BY s.id DESC LIMIT %(limit)s
        """,
        {**asdict(chosen), "before": before, "limit": limit},
    )
    return await cursor.fetchall()
