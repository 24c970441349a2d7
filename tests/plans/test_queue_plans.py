"""What the queue's statements really visit on full tables: indexes, and few rows."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from uuid import UUID

import pytest
from psycopg import AsyncConnection

from baysync.db.connection import Db
from baysync.ebay_listing import mark_store
from baysync.ebay_listing import store as ebay_listing_store
from baysync.insight import facts_store
from baysync.insight.listing import timeline_store
from baysync.insight.queue import store as queues
from baysync.listing import store as listing_store
from baysync.queue import change_store, store
from baysync.queue.model import Finish, Selection, Status
from support import engine

pytestmark = pytest.mark.breaks_invariants  # rows by the thousand, without their histories

ROWS = 20_000
CLAIM_ID = UUID(int=7)
FEW = list(range(1, 101))
FILL = """
    INSERT INTO account (name, environment, ebay_user_id, client_id)
    SELECT 'shop' || n, 'mock', n, 'client' FROM generate_series(1, 20) n;
    INSERT INTO listing (sku, projected_version, body, body_hash, status, title, source)
    SELECT 'sku' || n, 1, '', sha256(''), 'active', 'A lamp', 'test'
    FROM generate_series(1, 20000) n;
    UPDATE listing SET version = 2 WHERE id % 5 = 0;
    INSERT INTO ebay_listing (listing_id, account_id, marketplace, desired_hash,
        blocked_reason, blocked_scope, recheck_at)
    SELECT n, 1 + n % 20, 'EBAY_US', sha256(n::text::bytea),
        CASE WHEN n % 500 = 0 THEN 'held' END, CASE WHEN n % 500 = 0 THEN 'all' END,
        CASE WHEN n % 500 = 0 THEN now() END
    FROM generate_series(1, 20000) n;
    INSERT INTO ebay_item (ebay_listing_id, account_id, ebay_sku)
    SELECT id, account_id, 'sku' || id FROM ebay_listing;
    INSERT INTO ebay_change_queue (ebay_listing_id, account_id, intent, status, finished_at)
    SELECT 1 + n % 20000, 1 + (1 + n % 20000) % 20, 'update',
        CASE WHEN n % 4 = 0 THEN 'dead' ELSE 'done' END, now()
    FROM generate_series(1, 40000) n;
    INSERT INTO ebay_failed_event
        (queue_id, ebay_listing_id, account_id, payload_hash, verdict, attempts,
         resolved_at, resolution)
    SELECT id, ebay_listing_id, account_id, sha256(id::text::bytea), 'rejected', 1,
        CASE WHEN id % 400 > 0 THEN now() END, CASE WHEN id % 400 > 0 THEN 'replayed' END
    FROM ebay_change_queue WHERE status = 'dead';
    INSERT INTO ebay_change_queue
        (ebay_listing_id, account_id, intent, attempts, urgency, run_at, status, claim_id,
         lease_until)
    SELECT id, account_id, 'update', 1, id % 5, now() - interval '1 s' * (id % 600),
        CASE WHEN id % 100 = 0 THEN 'processing' ELSE 'pending' END,
        CASE WHEN id % 100 = 0 THEN '00000000-0000-0000-0000-000000000007'::uuid END,
        CASE WHEN id % 100 = 0 THEN now() + interval '1 s' * (id - 1000) END
    FROM ebay_listing;
    ANALYZE;
"""


@dataclass(frozen=True)
class Visit:
    """One function, and how many rows of each table it may touch; others are not watched."""

    call: Callable[[Db], Awaitable[object]]
    limits: dict[str, int]


QUEUE, LISTINGS, LETTERS = "ebay_change_queue", "ebay_listing", "ebay_failed_event"
STORED = "listing"
VISITS = {
    "claim": Visit(
        lambda db: store.claim(db, claim_id=UUID(int=8), lease=engine.LEASE, batches=1),
        {QUEUE: 300},
    ),
    "ensure": Visit(
        lambda db: store.ensure(db, FEW, debounce=engine.AT_ONCE),
        {QUEUE: 400, LISTINGS: 200, LETTERS: 200},
    ),
    "revert": Visit(
        lambda db: store.cancel_reverted(db, FEW), {QUEUE: 400, LISTINGS: 200, LETTERS: 200}
    ),
    "begin call": Visit(lambda db: engine.begin_call(db, CLAIM_ID, FEW), {QUEUE: 800}),
    "finish": Visit(
        lambda db: store.finish(
            db, CLAIM_ID, [Finish(id=i, status=Status.DONE, outcome="done") for i in FEW]
        ),
        {QUEUE: 300},
    ),
    "expired": Visit(lambda db: store.expired(db, 5), {QUEUE: 20}),
    "reap": Visit(lambda db: store.reap(db, FEW), {QUEUE: 400}),
    "hurry": Visit(lambda db: change_store.hurry(db, FEW), {QUEUE: 300}),
    "dead page": Visit(lambda db: queues.letters(db, Selection(), limit=20), {LETTERS: 200}),
    "dead count": Visit(queues.open_letters, {LETTERS: 200}),
    "recheck": Visit(lambda db: mark_store.mark_due(db, 20), {LISTINGS: 60}),
    "oldest edit": Visit(
        lambda db: db.execute(facts_store.TOTALS, {"alive": facts_store.ALIVE}), {STORED: 5}
    ),
    "marked": Visit(lambda db: listing_store.lock_marked(db, limit=100), {STORED: 200}),
    "targets": Visit(lambda db: ebay_listing_store.read_targets(db, FEW), {LISTINGS: 150}),
    "why": Visit(
        lambda db: timeline_store.timeline(db, "sku7", limit=50), {QUEUE: 10, LISTINGS: 10}
    ),
}
VISITED = """
    SELECT relname, seq_scan, seq_tup_read + idx_tup_fetch
    FROM pg_stat_xact_user_tables WHERE relname = ANY(%s)
"""


@pytest.fixture
async def full(database: str) -> AsyncIterator[Db]:
    """A database with 20,000 active changes and 40,000 old ones."""
    async with await AsyncConnection.connect(database, autocommit=True) as db:
        await db.execute(FILL)
        yield db


@pytest.mark.parametrize("mode", ["force_custom_plan", "force_generic_plan"])
async def test_statements_visit_few_rows_by_index(full: Db, mode: str) -> None:
    full.prepare_threshold = 0  # what a busy worker ends up with
    await full.execute("SELECT set_config('plan_cache_mode', %s, false)", (mode,))
    wrong = {
        name: seen for name, visit in VISITS.items() if (seen := await excess(full, visit)) != {}
    }
    assert wrong == {}, "table: (sequential scans, rows visited)"


async def excess(db: Db, visit: Visit) -> dict[str, tuple[int, int]]:
    """Return what one call did to tables beyond what it may; nothing it does stays."""
    async with db.transaction(force_rollback=True):
        before = await visited(db)
        await visit.call(db)
        after = await visited(db)
    seen = {
        table: (after[table][0] - before[table][0], after[table][1] - before[table][1])
        for table in visit.limits
    }
    return {name: n for name, n in seen.items() if n[0] > 0 or n[1] > visit.limits[name]}


async def visited(db: Db) -> dict[str, tuple[int, int]]:
    """Map tables to their sequential scans and the rows read so far, by scan or by index."""
    cursor = await db.execute(VISITED, ([QUEUE, LISTINGS, LETTERS, STORED],))
    return {table: (scans, rows) for table, scans, rows in await cursor.fetchall()}
