"""A database drawn by chance: listings in every state, in several places, with dead letters."""

from random import Random

from baysync.db.connection import Db
from support import engine

MARKETPLACES = ("EBAY_US", "EBAY_DE", "EBAY_GB")
REASONS = (None, None, None, "title_too_long", "checking_rules", "out_of_stock", "paused")


async def fill(db: Db, seed: int, *, listings: int = 60) -> None:
    """Store ``listings``, each sold in no place or in some, in states drawn from ``seed``."""
    random = Random(seed)  # noqa: S311 -- it draws states, no secrets
    accounts = [await engine.account(db, name) for name in ("harbour", "lighthouse", "pier")]
    await db.execute("UPDATE account SET state = 'disconnected' WHERE name = 'pier'")
    for number in range(listings):
        cursor = await db.execute(
            """
            INSERT INTO listing (sku, projected_version, body, body_hash, status, title, source)
            VALUES (%(sku)s, %(projected)s, ''::bytea, sha256(%(sku)s::text::bytea), %(status)s,
                'A lamp', 'test')
            RETURNING id
            """,
            {
                "sku": f"LAMP-{seed}-{number:03}",
                "projected": random.randint(0, 1),
                "status": random.choice(("active", "active", "draft", "ended")),
            },
        )
        listing_id = (await cursor.fetchall())[0][0]
        places = [(account, name) for account in accounts for name in MARKETPLACES]
        for account, marketplace in random.sample(places, random.choice((0, 1, 1, 2, 4))):
            await _place(db, random, listing_id, account, marketplace)


async def _place(db: Db, random: Random, listing_id: int, account: int, marketplace: str) -> None:
    reason = random.choice(REASONS)
    changes = random.choice(((), ("pending",), ("processing",), ("done", "pending")))
    cursor = await db.execute(
        """
        INSERT INTO ebay_listing (listing_id, account_id, marketplace, lifecycle_state,
            blocked_reason, blocked_scope, verify_at)
        VALUES (%(listing)s, %(account)s, %(marketplace)s, %(state)s, %(reason)s, %(scope)s,
            CASE WHEN %(doubt)s THEN now() END)
        RETURNING id
        """,
        {
            "listing": listing_id,
            "account": account,
            "marketplace": marketplace,
            "state": random.choice(("new", "live", "live", "ended", "removed")),
            "reason": reason,
            "scope": reason and random.choice(("content", "all")),
            "doubt": bool(changes) and random.random() < 0.3,
        },
    )
    ebay_listing_id = (await cursor.fetchall())[0][0]
    for status in changes:
        await _change(db, ebay_listing_id, account, status)
    for _ in range(random.choice((0, 0, 1, 2))):
        queue_id = await _change(db, ebay_listing_id, account, "dead")
        await db.execute(
            """
            INSERT INTO ebay_failed_event (queue_id, ebay_listing_id, account_id, payload_hash,
                verdict, attempts, resolved_at, resolution)
            VALUES (%(queue)s, %(place)s, %(account)s, sha256(%(queue)s::text::bytea), 'rejected',
                1, CASE WHEN %(closed)s THEN now() END,
                CASE WHEN %(closed)s THEN 'discarded' END)
            """,
            {
                "queue": queue_id,
                "place": ebay_listing_id,
                "account": account,
                "closed": random.random() < 0.3,
            },
        )


async def _change(db: Db, ebay_listing_id: int, account: int, status: str) -> int:
    cursor = await db.execute(
        """
        INSERT INTO ebay_change_queue (ebay_listing_id, account_id, intent, status, claim_id,
            lease_until, finished_at)
        VALUES (%(place)s, %(account)s, 'update', %(status)s,
            CASE WHEN %(status)s = 'processing' THEN gen_random_uuid() END,
            CASE WHEN %(status)s = 'processing' THEN now() END,
            CASE WHEN %(status)s IN ('done', 'dead') THEN now() END)
        RETURNING id
        """,
        {"place": ebay_listing_id, "account": account, "status": status},
    )
    return (await cursor.fetchall())[0][0]
