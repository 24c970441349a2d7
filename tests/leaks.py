"""What no test may leave in a table or see shown: tokens, secrets and buyers of mockbay's.

Each run draws its own: a canary stands in all that is secret (a switch of mockbay's), the key and
the password of the database have it too. What a mock without it gives is known by its form.
"""

import base64
import os
import re
import secrets

from psycopg import Connection, sql

from baysync.base.packing import unpack
from mockbay.buyers import canary_phone

DRAWN = "TEST_CANARY"  # the workers of xdist inherit it
CANARY = os.environ.setdefault(DRAWN, secrets.token_hex(6))
KEY = base64.b64encode(base64.b64decode(f"{CANARY}{'Drawn+in/tests' * 3}"[:43] + "=")).decode()


def in_base64(text: bytes, after: int) -> str:
    """Return how base64 spells a text behind so many bytes, without what neighbours change."""
    spelled = base64.b64encode(bytes(after) + text + bytes(2)).decode()
    return spelled[-(-8 * after // 6) : 8 * (after + len(text)) // 6]


SPELLED = (
    CANARY,
    canary_phone(CANARY)[5:],
    CANARY.encode().hex(),  # as text in a column of bytes
    base64.b64decode(KEY).hex(),
    *(in_base64(CANARY.encode(), after) for after in range(3)),
)
SECRET = re.compile(
    "|".join(SPELLED) + r"|v\^1\.1#i\^1|v%5E1\.1%23i|SBX-[0-9a-f]{12}-[0-9a-f]{4}-|buyer-one"
)
CALLS = 500  # the newest that a test made
TABLES = """
    SELECT relname FROM pg_class
    WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND pg_relation_size(oid) > 0
"""
PACKED = """
    SELECT operation, packed FROM ebay_call_log
    CROSS JOIN LATERAL (VALUES (request), (response)) AS body (packed)
    WHERE packed IS NOT NULL ORDER BY id DESC LIMIT %s
"""


def shown(text: str) -> str:
    """Return what a page, a route or a command shows; no secret may stand in it."""
    secret = SECRET.search(text)
    assert secret is None, f"{secret and secret[0]} is shown"
    return text


def leaks(connection: Connection) -> list[tuple[str, str]]:
    """Return where a secret stands in the clear, and what: in any column, or packed in a call.

    Databases whose program never called eBay hold none.
    """
    calls = connection.execute(PACKED, (CALLS,)).fetchall()
    if not calls:
        return []
    found = [
        (f"a call of {operation}", secret[0])
        for operation, packed in calls
        if (secret := SECRET.search(unpack(packed).decode("utf-8", "replace")))
    ]
    for (name,) in connection.execute(TABLES).fetchall():
        rows = connection.execute(
            sql.SQL("SELECT to_jsonb(t)::text FROM {} t WHERE to_jsonb(t)::text ~ %s").format(
                sql.Identifier(name)
            ),
            (SECRET.pattern,),
        ).fetchall()
        found += [(name, secret[0]) for (row,) in rows if (secret := SECRET.search(row))]
    return found
