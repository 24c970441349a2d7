"""SQL of attempts and calls: written before the call, completed after it."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import timedelta
from uuid import UUID

from psycopg.rows import class_row, scalar_row
from psycopg.types.json import Jsonb

from baysync.db.connection import Db
from baysync.ebay.model import Operation

END = (Operation.WITHDRAW_OFFER, Operation.WITHDRAW_GROUP, Operation.DELETE_OFFER)

# One statement, since every call to eBay waits for it: lease and call row in one commit.
BEGIN_CALL = """
    WITH mine AS (
        SELECT id FROM ebay_change_queue
        WHERE claim_id = %(claim_id)s AND status = 'processing'
        ORDER BY ebay_listing_id FOR NO KEY UPDATE
    ), held AS (
        UPDATE ebay_change_queue q SET lease_until = clock_timestamp() + %(lease)s::interval
        FROM mine WHERE q.id = mine.id
        RETURNING q.id
    ), begun AS (
        INSERT INTO ebay_call_log (account_id, claim_id, correlation_id, ebay_listing_ids,
            operation, method, path, request)
        SELECT %(account_id)s::bigint, %(claim_id)s, %(correlation_id)s,
            %(ebay_listing_ids)b::bigint[], %(operation)s, %(method)s, %(path)s,
            %(request)b::bytea
        WHERE %(changes)b::bigint[] <@ ARRAY(SELECT id FROM held)
        RETURNING id
    )
    SELECT (SELECT id FROM begun) AS call_id, ARRAY(SELECT id FROM held) AS held
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAttempt:
    """One try of one change, about to begin."""

    queue_id: int
    ebay_listing_id: int
    account_id: int
    attempt: int
    intent: str
    sent_hash: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptEnd:
    """How one try ended; ``errors`` and ``warnings`` as eBay said them, redacted."""

    queue_id: int
    outcome: str
    verdict: str | None
    errors: list[dict[str, object]]
    warnings: list[dict[str, object]]
    steps: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCall:
    """One HTTP call, about to be sent; ``request`` is redacted JSON, zstd."""

    account_id: int
    ebay_listing_ids: Sequence[int]
    operation: str
    method: str
    path: str
    request: bytes | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """An open call, None where nothing may be sent, and the changes that its claim still holds."""

    call_id: int | None
    held: Sequence[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class CallEnd:
    """What came back of one call; ``response`` is redacted text, zstd."""

    id: int
    status: int | None
    failure: str | None
    verdict: str
    response: bytes | None
    rlogid: str | None
    elapsed_ms: int


async def begin_attempts(
    db: Db, rows: Sequence[NewAttempt], *, claim_id: UUID, correlation_id: str
) -> None:
    """Write one open attempt for each change of a claim."""
    await db.execute(
        """
        INSERT INTO ebay_sync_log (queue_id, ebay_listing_id, account_id, claim_id,
            correlation_id, attempt, intent, sent_hash)
        SELECT r.queue_id, r.ebay_listing_id, r.account_id, %(claim_id)s, %(correlation_id)s,
            r.attempt, r.intent, decode(r.sent_hash, 'hex')
        FROM jsonb_to_recordset(%(rows)s) AS r (queue_id bigint, ebay_listing_id bigint,
            account_id bigint, attempt int, intent text, sent_hash text)
        """,
        {
            "claim_id": claim_id,
            "correlation_id": correlation_id,
            "rows": Jsonb(_members(rows)),
        },
    )


def _members(rows: Sequence[NewAttempt] | Sequence[AttemptEnd]) -> list[dict[str, object]]:
    """Return rows as objects; ``asdict`` would copy all that they hold."""
    names = [each.name for each in fields(rows[0])] if rows else []
    return [{name: getattr(row, name) for name in names} for row in rows]


async def end_attempts(db: Db, rows: Sequence[AttemptEnd], *, claim_id: UUID) -> None:
    """Complete the attempts of a claim."""
    await db.execute(
        """
        UPDATE ebay_sync_log AS l
        SET outcome = r.outcome, verdict = r.verdict, errors = r.errors, warnings = r.warnings,
            steps = r.steps, finished_at = clock_timestamp(),
            duration_ms = extract(epoch FROM clock_timestamp() - l.created_at) * 1000
        FROM jsonb_to_recordset(%(rows)s) AS r (queue_id bigint, outcome text, verdict text,
            errors jsonb, warnings jsonb, steps jsonb)
        WHERE l.claim_id = %(claim_id)s AND l.queue_id = r.queue_id
        """,
        {"claim_id": claim_id, "rows": Jsonb(_members(rows))},
    )


async def begin_call(
    db: Db,
    call: NewCall,
    changes: Sequence[int],
    *,
    claim_id: UUID,
    correlation_id: str,
    lease: timedelta,
) -> Begun:
    """Let a claim's lease begin anew; where it still holds all ``changes``, write an open call."""
    cursor = db.cursor(row_factory=class_row(Begun))
    await cursor.execute(
        BEGIN_CALL,
        {
            "account_id": call.account_id,
            "claim_id": claim_id,
            "lease": lease,
            "changes": list(changes),
            "correlation_id": correlation_id,
            "ebay_listing_ids": list(call.ebay_listing_ids),
            "operation": call.operation,
            "method": call.method,
            "path": call.path,
            "request": call.request,
        },
    )
    return (await cursor.fetchall())[0]


async def end_calls(db: Db, rows: Sequence[CallEnd], *, correlation_id: str) -> None:
    """Complete the calls of a claim that were answered, or not."""
    await db.execute(
        """
        UPDATE ebay_call_log AS l
        SET status = r.status, failure = r.failure, verdict = r.verdict, rlogid = r.rlogid,
            response = r.response, elapsed_ms = r.elapsed_ms, finished_at = clock_timestamp()
        FROM unnest(%(ids)s::bigint[], %(statuses)s::int[], %(failures)s::text[],
            %(verdicts)s::text[], %(rlogids)s::text[], %(responses)b::bytea[],
            %(elapsed)s::int[])
            AS r (id, status, failure, verdict, rlogid, response, elapsed_ms)
        WHERE l.correlation_id = %(correlation_id)s AND l.id = r.id
        """,
        {
            "correlation_id": correlation_id,
            "ids": [row.id for row in rows],
            "statuses": [row.status for row in rows],
            "failures": [row.failure for row in rows],
            "verdicts": [row.verdict for row in rows],
            "rlogids": [row.rlogid for row in rows],
            "responses": [row.response for row in rows],
            "elapsed": [row.elapsed_ms for row in rows],
        },
    )


async def failing(db: Db, ebay_listing_ids: Sequence[int]) -> dict[int, timedelta]:
    """Return how long those that fail have been failing."""
    cursor = await db.execute(
        """
        SELECT id, now() - failing_since FROM ebay_listing
        WHERE id = ANY(%(ids)s) AND failing_since IS NOT NULL
        """,
        {"ids": list(ebay_listing_ids)},
    )
    return dict(await cursor.fetchall())


async def may_have_ended(db: Db, ebay_listing_id: int) -> bool:
    """Return whether a call of ours may have ended a listing since a look last ended its doubt.

    That is one without an answer, or with one that its worker did not settle: it may land late,
    also after we have put the listing live again. A system error says no more than silence.
    """
    cursor = db.cursor(row_factory=scalar_row)
    await cursor.execute(
        """
        SELECT EXISTS (
            SELECT FROM ebay_listing e
            JOIN ebay_sync_log l ON l.ebay_listing_id = e.id
                AND greatest(l.created_at, l.finished_at) > coalesce(e.verified_at, '-infinity')
            JOIN ebay_call_log c ON c.correlation_id = l.correlation_id
                AND e.id = ANY(c.ebay_listing_ids)
            WHERE e.id = %(id)s AND c.operation = ANY(%(end)s::text[])
                AND (coalesce(c.verdict, 'ambiguous') IN ('ambiguous', 'retry')
                    OR l.outcome IN ('started', 'fenced')))
        """,
        {"id": ebay_listing_id, "end": list(END)},
    )
    return bool(await cursor.fetchone())
