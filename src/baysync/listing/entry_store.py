"""SQL of the listings that a batch speaks of, by SKU, by a variant's SKU and by identity."""

from collections.abc import Sequence
from typing import Any

from baysync.base.packing import opened
from baysync.db.connection import Db
from baysync.listing.catalogue import Entry

ENTRIES = """
    SELECT id, sku, version, status, identity, variant_skus, body FROM listing
    WHERE sku = ANY(%(skus)b::text[]) OR variant_skus && %(skus)b::text[] COLLATE "C"
        OR identity = ANY(%(identities)b::text[])
    ORDER BY sku
"""
LOCKED_ENTRIES = """
    SELECT id, sku, version, status, identity, variant_skus, body FROM listing
    WHERE sku = ANY(%(skus)b::text[]) OR variant_skus && %(skus)b::text[] COLLATE "C"
        OR identity = ANY(%(identities)b::text[])
    ORDER BY sku FOR NO KEY UPDATE
"""


async def entries(
    db: Db, skus: Sequence[str], identities: Sequence[str], *, lock: bool
) -> list[Entry]:
    """Return the listings that have one of ``skus``, or a variant of it, or an identity."""
    arguments = {"skus": list(skus), "identities": list(identities)}
    if lock:
        cursor = await db.execute(LOCKED_ENTRIES, arguments)
    else:
        cursor = await db.execute(ENTRIES, arguments)
    return [entry_of(row) for row in await cursor.fetchall()]


async def grouped(db: Db, skus: Sequence[str]) -> dict[str, bool]:
    """Return of the listings that have these SKUs whether they have several variants."""
    cursor = await db.execute(
        """
        SELECT sku, cardinality(variant_skus) > 1 FROM listing
        WHERE sku = ANY(%(skus)b::text[])
        """,
        {"skus": list(skus)},
    )
    return dict(await cursor.fetchall())


def entry_of(row: Sequence[Any]) -> Entry:
    """Return what a row of ``ENTRIES`` says."""
    at, sku, version, status, identity, variants, stored = row
    return Entry(
        sku=sku,
        names=frozenset(variants),
        status=status,
        body=opened(stored),
        identity=identity,
        id=at,
        version=version,
        row_sku=sku,
    )


async def lock_versions(
    db: Db, ids: Sequence[int], skus: Sequence[str]
) -> dict[int, tuple[str, int]]:
    """Lock the listings of these ids or SKUs in their order; return SKU and version by id."""
    cursor = await db.execute(
        """
        SELECT id, sku, version FROM listing
        WHERE id = ANY(%(ids)b::bigint[]) OR sku = ANY(%(skus)b::text[])
        ORDER BY sku FOR NO KEY UPDATE
        """,
        {"ids": list(ids), "skus": list(skus)},
    )
    return {at: (sku, version) for at, sku, version in await cursor.fetchall()}


async def rename(db: Db, entries: Sequence[Entry]) -> None:
    """Give stored listings, locked by the caller, the SKUs they are called by now."""
    changes = [each for each in entries if each.row_sku is not None and each.row_sku != each.sku]
    if changes:
        await db.execute(
            """
            UPDATE listing SET sku = given.sku
            FROM unnest(%b::bigint[], %b::text[]) AS given (id, sku)
            WHERE listing.id = given.id
            """,
            ([each.id for each in changes], [each.sku for each in changes]),
        )
