"""What no test may leave in a table or see shown: tokens, secrets and buyers of mockbay's.

Each run draws its own: a canary stands in all that is secret (a switch of mockbay's), the key and
the password of the database have it too. What a mock without it gives is known by its form.
"""

import base64
import os
import re
import secrets
from collections.abc import Iterator, Sequence

from psycopg import Connection, sql
from zstandard import FRAME_HEADER

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
FRAMES = 500  # the newest of a column
CALLED = "SELECT 1 FROM ebay_call_log LIMIT 1"
TABLES = """
    SELECT relname, ARRAY(
        SELECT attname::text FROM pg_attribute
        WHERE attrelid = c.oid AND atttypid = 'bytea'::regtype AND NOT attisdropped)
    FROM pg_class c
    WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND pg_relation_size(oid) > 0
"""
PLAIN = "SELECT to_jsonb(t)::text FROM {table} t"  # searched here: faster than there
PACKED = """
    SELECT {column} FROM {table}
    WHERE substr({column}, 1, 4) = %(header)s AND {whole}
    ORDER BY ctid DESC LIMIT %(most)s
"""
WHOLE = {"listing_version": sql.SQL("form <> 'patch'")}  # opens with the version after it alone


def shown(text: str) -> str:
    """Return what a page, a route or a command shows; no secret may stand in it."""
    secret = SECRET.search(text)
    assert secret is None, f"{secret and secret[0]} is shown"
    return text


def leaks(connection: Connection) -> list[tuple[str, str]]:
    """Return where a secret stands in the clear, and what: in any column, or packed in one.

    Databases whose program never called eBay hold none.
    """
    if not connection.execute(CALLED).fetchall():
        return []
    return [
        (name, secret[0])
        for name, columns in connection.execute(TABLES).fetchall()
        for text in _texts(connection, name, columns)
        if (secret := SECRET.search(text))
    ]


def _texts(connection: Connection, name: str, columns: Sequence[str]) -> Iterator[str]:
    """Yield the rows of a table as text, and what is packed in its columns."""
    table = sql.Identifier(name)
    rows = connection.execute(sql.SQL(PLAIN).format(table=table))
    yield from (row for (row,) in rows.fetchall())
    for column in map(sql.Identifier, columns):
        whole = WHOLE.get(name, sql.SQL("true"))
        frames = connection.execute(
            sql.SQL(PACKED).format(table=table, column=column, whole=whole),
            {"header": FRAME_HEADER, "most": FRAMES},
        )
        yield from (unpack(frame).decode("utf-8", "replace") for (frame,) in frames.fetchall())
