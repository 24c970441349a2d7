"""SQL of ``listing``. Rows are locked in the order of their SKU, codepoint by codepoint."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from psycopg.rows import class_row

from baysync.base.packing import opened, pack
from baysync.db.connection import Db
from baysync.db.rows import opened_row
from baysync.listing import body
from baysync.listing.draft import Outcome
from baysync.listing.model import Listing
from baysync.listing.origin import Origin

# Touches a row only where its body differs, and keeps each version it writes; intake runs it in a
# host's own transaction too. ``written`` runs first, because the last SELECT reads it: it takes the
# row locks, and ``first`` and ``kept`` only insert rows of listings that it has locked.
UPSERT = """
    WITH given AS MATERIALIZED (
        SELECT sku, body, body_hash, client_hash, status, title, identity,
            coalesce(string_to_array(variants, chr(1)), '{}') AS variant_skus
        FROM unnest(%(skus)b::text[], %(bodies)b::bytea[], %(hashes)b::bytea[],
                    %(client_hashes)b::bytea[], %(statuses)b::text[], %(titles)b::text[],
                    %(identities)b::text[], %(variants)b::text[])
            AS given (sku, body, body_hash, client_hash, status, title, identity, variants)
    ),
    -- what a row held before versions were kept is its first known version
    first AS (
        INSERT INTO listing_version
            (listing_id, version, form, body, kind, actor, accepted_at)
        SELECT l.id, l.version, CASE WHEN substr(l.body, 1, 4) = '\\x28b52ffd' THEN 'accepted'
            ELSE 'plain' END, l.body, l.source, '', l.updated_at
        FROM given JOIN listing l USING (sku)
        WHERE l.body_hash <> given.body_hash AND NOT EXISTS (
            SELECT FROM listing_version v WHERE v.listing_id = l.id AND v.version = l.version)
        ON CONFLICT DO NOTHING
    ),
    written AS (
        INSERT INTO listing (sku, body, body_hash, client_hash, status, title, source,
            identity, variant_skus)
        SELECT sku, body, body_hash, client_hash, status, title, %(source)s,
            identity, variant_skus FROM given
        ON CONFLICT (sku) DO UPDATE
        SET body = excluded.body, body_hash = excluded.body_hash,
            client_hash = excluded.client_hash, status = excluded.status,
            title = excluded.title, source = excluded.source,
            identity = coalesce(excluded.identity, listing.identity),
            variant_skus = excluded.variant_skus,
            version = listing.version + 1, updated_at = now(),
            unprojected_since = CASE WHEN listing.projected_version < listing.version
                THEN coalesce(listing.unprojected_since, listing.updated_at) ELSE now() END,
            missing_from = CASE
                WHEN listing.status = excluded.status THEN listing.missing_from
                WHEN starts_with(excluded.source, 'missing:')
                THEN coalesce(listing.missing_from, listing.status) END
        WHERE listing.body_hash <> excluded.body_hash
        RETURNING id, sku, version, CASE WHEN xmax = 0 THEN 'created' ELSE 'updated' END AS outcome
    ),
    kept AS (
        INSERT INTO listing_version (listing_id, version, form, body, kind, actor, import_id)
        SELECT w.id, w.version, 'accepted', given.body, %(source)s, %(actor)s, %(import_id)s::bigint
        FROM written w JOIN given USING (sku)
    )
    SELECT id, sku, version, outcome FROM written
"""
SEPARATOR = "\x01"  # no SKU has it: each is printable


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingRow:
    """What is written of one listing; ``identity`` None leaves the one it has."""

    sku: str
    body: bytes
    body_hash: bytes
    client_hash: bytes | None
    status: str
    title: str
    variant_skus: tuple[str, ...] = ()
    identity: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Upserted:
    """What writing one row did: ``created``, ``updated`` or ``unchanged``.

    ``version`` is the one that holds the row, 0 where it has been overtaken since.
    """

    id: int
    sku: str
    version: int
    outcome: Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredListing:
    """A listing with its place in the database; ``version`` grows with each difference."""

    id: int
    sku: str
    version: int
    body: Listing


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredBody:
    """A listing's bytes, opened."""

    id: int
    sku: str
    version: int
    body: bytes
    body_hash: bytes
    source: str
    updated_at: datetime


async def upsert(db: Db, rows: Sequence[ListingRow], *, origin: Origin) -> list[Upserted]:
    """Write at most 1,000 listings, each SKU once; return what each became, by SKU.

    A row is touched only where its body differs: then its version grows, which marks it to be
    projected, its ``client_hash`` becomes the one given, or none, and the version is kept with
    its origin.
    """
    cursor = db.cursor(row_factory=class_row(Upserted))
    await cursor.execute(UPSERT, upsert_arguments(rows, origin=origin))
    written = [_upserted(found) for found in await cursor.fetchall()]
    same = {row.sku for row in rows} - {found.sku for found in written}
    return written + await _unchanged(db, [row for row in rows if row.sku in same])


def upsert_arguments(rows: Sequence[ListingRow], *, origin: Origin) -> dict[str, object]:
    """Return what ``UPSERT`` asks for, in the order of the locks it takes."""
    ordered = sorted(rows, key=lambda row: row.sku)
    return {
        "source": origin.kind,
        "actor": origin.actor,
        "import_id": origin.import_id,
        "skus": [row.sku for row in ordered],
        "bodies": [pack(row.body) for row in ordered],
        "hashes": [row.body_hash for row in ordered],
        "client_hashes": [row.client_hash for row in ordered],
        "statuses": [row.status for row in ordered],
        "titles": [row.title for row in ordered],
        "variants": [SEPARATOR.join(row.variant_skus) or None for row in ordered],
        "identities": [row.identity for row in ordered],
    }


def _upserted(found: Upserted) -> Upserted:
    return replace(found, outcome=Outcome(found.outcome))


async def _unchanged(db: Db, rows: Sequence[ListingRow]) -> list[Upserted]:
    """Return the ids of rows that equal what is stored, and keep the hashes that came with them."""
    if not rows:
        return []
    hashed = [row for row in rows if row.client_hash is not None]
    if hashed:
        await db.execute(
            """
            UPDATE listing SET client_hash = given.client_hash
            FROM unnest(%b::text[], %b::bytea[]) AS given (sku, client_hash)
            WHERE listing.sku = given.sku
              AND listing.client_hash IS DISTINCT FROM given.client_hash
            """,
            ([row.sku for row in hashed], [row.client_hash for row in hashed]),
        )
    await _identify(db, rows)
    cursor = await db.execute(
        """
        SELECT l.id, l.sku, CASE WHEN l.body_hash = given.body_hash THEN l.version ELSE 0 END
        FROM unnest(%b::text[], %b::bytea[]) AS given (sku, body_hash) JOIN listing l USING (sku)
        """,
        ([row.sku for row in rows], [row.body_hash for row in rows]),
    )
    return [
        Upserted(id=at, sku=sku, version=version, outcome=Outcome.UNCHANGED)
        for at, sku, version in await cursor.fetchall()
    ]


async def ids(db: Db, skus: Sequence[str]) -> dict[str, int]:
    """Return the ids of the listings with these SKUs; a SKU that is not stored is left out."""
    cursor = await db.execute("SELECT sku, id FROM listing WHERE sku = ANY(%b)", (list(skus),))
    return dict(await cursor.fetchall())


async def lock(db: Db, listing_ids: Sequence[int]) -> list[int]:
    """Lock listings in the order of their SKU; return the ids that exist."""
    cursor = await db.execute(
        "SELECT id FROM listing WHERE id = ANY(%b) ORDER BY sku FOR NO KEY UPDATE",
        (list(listing_ids),),
    )
    return [row[0] for row in await cursor.fetchall()]


async def lock_marked(db: Db, *, limit: int) -> list[int]:
    """Lock the ``limit`` listings that wait longest to be projected and that nobody else holds."""
    cursor = await db.execute(
        """
        SELECT id FROM listing WHERE projected_version < version
        ORDER BY unprojected_since, id LIMIT %s FOR NO KEY UPDATE SKIP LOCKED
        """,
        (limit,),
    )
    return [row[0] for row in await cursor.fetchall()]


async def mark_projected(db: Db, listing_ids: Sequence[int]) -> None:
    """Record that the stored version of these listings, locked by the caller, is projected."""
    await db.execute(
        """
        UPDATE listing SET projected_version = version, unprojected_since = NULL
        WHERE id = ANY(%b) AND projected_version < version
        """,
        (list(listing_ids),),
    )


async def read(db: Db, listing_ids: Sequence[int]) -> list[StoredListing]:
    """Return listings by id, in the order of their SKU."""
    cursor = await db.execute(
        "SELECT id, sku, version, body FROM listing WHERE id = ANY(%b) ORDER BY sku",
        (list(listing_ids),),
    )
    return [
        StoredListing(id=at, sku=sku, version=version, body=body.decode(opened(stored)))
        for at, sku, version, stored in await cursor.fetchall()
    ]


async def lock_bodies(db: Db, skus: Sequence[str]) -> dict[str, StoredBody]:
    """Lock the listings with these SKUs in their order and return what is stored of them."""
    cursor = db.cursor(row_factory=opened_row(StoredBody, "body"))
    await cursor.execute(
        """
        SELECT id, sku, version, body, body_hash, source, updated_at FROM listing
        WHERE sku = ANY(%b) ORDER BY sku FOR NO KEY UPDATE
        """,
        (list(skus),),
    )
    return {found.sku: found for found in await cursor.fetchall()}


async def _identify(db: Db, rows: Sequence[ListingRow]) -> None:
    """Keep what shops call products whose listings equal what is stored."""
    named = [row for row in rows if row.identity is not None]
    if named:
        await db.execute(
            """
            UPDATE listing SET identity = given.identity
            FROM unnest(%b::text[], %b::text[]) AS given (sku, identity)
            WHERE listing.sku = given.sku
              AND listing.identity IS DISTINCT FROM given.identity
            """,
            ([row.sku for row in named], [row.identity for row in named]),
        )


async def get(db: Db, sku: str) -> StoredBody | None:
    """Return what is stored under a SKU."""
    cursor = db.cursor(row_factory=opened_row(StoredBody, "body"))
    await cursor.execute(
        """
        SELECT id, sku, version, body, body_hash, source, updated_at
        FROM listing WHERE sku = %s
        """,
        (sku,),
    )
    return await cursor.fetchone()


async def unknown(db: Db, pairs: Sequence[tuple[str, bytes]]) -> set[tuple[str, bytes]]:
    """Return the pairs of SKU and client hash that are not as stored: send those listings."""
    cursor = await db.execute(
        """
        SELECT given.sku, given.client_hash
        FROM unnest(%b::text[], %b::bytea[]) AS given (sku, client_hash)
        LEFT JOIN listing ON listing.sku = given.sku
        WHERE listing.client_hash IS DISTINCT FROM given.client_hash
        """,
        ([sku for sku, _ in pairs], [digest for _, digest in pairs]),
    )
    return {(sku, digest) for sku, digest in await cursor.fetchall()}
