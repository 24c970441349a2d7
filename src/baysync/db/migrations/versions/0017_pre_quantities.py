"""No quantity meant 0 and now means "not said": stored listings without one say 0."""

import hashlib
from typing import cast

import msgspec
from alembic import op

revision = "0017"
down_revision = "0016"
BATCH = 200  # a body may have half a megabyte


def upgrade() -> None:
    """Write ``"quantity":0`` where none stands, batch by batch; only entity tags change."""
    connection, after = op.get_bind(), 0
    while rows := connection.exec_driver_sql(
        "SELECT id, body FROM listing WHERE id > %s ORDER BY id LIMIT %s", (after, BATCH)
    ).fetchall():
        bodies = [(row.id, body) for row in rows if (body := filled(row.body)) != row.body]
        connection.exec_driver_sql(
            """
            UPDATE listing SET body = r.body, body_hash = r.body_hash
            FROM unnest(%s::bigint[], %s::bytea[], %s::bytea[]) AS r (id, body, body_hash)
            WHERE listing.id = r.id
            """,
            (
                [at for at, _ in bodies],
                [body for _, body in bodies],
                [hashlib.sha256(body).digest() for _, body in bodies],
            ),
        )
        after = rows[-1].id


def filled(body: bytes) -> bytes:
    """Return the canonical bytes of a listing that says its quantity, and each variant its own."""
    document = msgspec.json.decode(body, type=dict[str, object])
    variants = cast("list[dict[str, object]]", document.get("variants", []))
    for part in (document, *variants):
        part.setdefault("quantity", 0)
    return msgspec.json.encode(document, order="sorted")
