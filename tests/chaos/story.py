"""What happened to listings that ended wrong: attempts and calls of ours, and what eBay saw."""

import json
import sys
from collections.abc import Iterable
from typing import cast

from support.live_shop import Document, Shop, body_of

ATTEMPTS = """
    SELECT l.created_at, l.claim_id, l.intent, l.outcome, l.steps, l.errors
    FROM ebay_sync_log l JOIN ebay_listing e ON e.id = l.ebay_listing_id
    JOIN listing s ON s.id = e.listing_id WHERE s.sku = %s ORDER BY l.id
"""
CALLS = """
    SELECT c.created_at, c.claim_id, c.operation, c.status, c.failure, c.verdict
    FROM ebay_call_log c JOIN ebay_listing e ON e.id = ANY(c.ebay_listing_ids)
    JOIN listing s ON s.id = e.listing_id WHERE s.sku = %s ORDER BY c.id
"""
STATE = """
    SELECT e.account_id, s.status, e.lifecycle_state, e.blocked_reason, e.verify_at,
        e.wanted_limit, e.desired_hash IS NOT DISTINCT FROM e.published_hash AS in_step
    FROM ebay_listing e JOIN listing s ON s.id = e.listing_id WHERE s.sku = %s ORDER BY e.id
"""
SHOWN = 3  # listings


async def tell(shop: Shop, violations: Iterable[str]) -> None:
    """Write to standard error what became of the first listings that ``violations`` name."""
    words = " ".join(violations).replace(":", " ").split()
    skus = list(dict.fromkeys(word for word in words if word.startswith("SKU-")))
    for sku in skus[:SHOWN]:
        _say(f"== {sku}")
        async with shop.runtime.db() as db:
            for query in (STATE, ATTEMPTS, CALLS):
                for row in await (await db.execute(query.encode(), (sku,))).fetchall():
                    _say("  ", *row)
        sellers = shop.mock.state()["accounts"].values()
        offers = {
            number
            for seller in sellers
            for number, offer in seller["offers"].items()
            if offer["sku"] == sku
        }
        for call in shop.calls():
            if _is_about(call, {sku} | offers):
                _say("  ", call["seq"], call["at"], call["op"], call["status"], call["outcome"])
                _say("    ", json.dumps(_rows(call, {sku} | offers)))


def _is_about(call: Document, names: set[str]) -> bool:
    text = f"{call['path']} {call['query']} {call['body']}"
    return any(name in text for name in names)


def _rows(call: Document, names: set[str]) -> object:
    """Return what a call says of ``names``: of a bulk call its rows about them."""
    body = cast("Document", body_of(call)) if call["body"] else Document()
    rows: list[Document] = body.get("requests", [])
    return [row for row in rows if names & {str(value) for value in row.values()}] or body


def _say(*words: object) -> None:
    sys.stderr.write(" ".join(map(str, words)) + "\n")
