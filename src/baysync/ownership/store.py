"""SQL of ``ebay_document``: the leaves that are ours, and what the seller set beside them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from uuid import UUID

import msgspec
from psycopg.rows import class_row

from baysync.base.packing import opened, pack, unpack
from baysync.db.connection import Db
from baysync.ownership.documents import Document, Kind, Stored
from baysync.ownership.leaves import from_pointers, pointers
from baysync.ownership.model import Json, Leaves, Path
from baysync.snapshot.model import SourceEvent

REFUSED_FOR = timedelta(days=30)  # then eBay is asked again: it may take the leaf by now
PUBLISHED = (SourceEvent.PUBLISH_SUCCESS, SourceEvent.LIFECYCLE_CHANGE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unowned:
    """An eBay listing that an older program published: nobody wrote down whose its leaves are.

    ``items`` are eBay's names of its items by variant key; ``sent`` is the packed document of the
    newest snapshot that a publish made.
    """

    id: int
    desired_blob: bytes | None
    published_blob: bytes | None
    sent: bytes | None
    items: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A leaf, as a JSON pointer, that an account's bodies of a ``kind`` leave out since."""

    kind: str
    leaf: str
    seen_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveDocument:
    """A document of a live listing: what the seller set on it, None where it was never read."""

    listing_id: int
    sku: str
    marketplace: str
    kind: Kind
    is_of_group: bool
    carried: Json | None


async def read(db: Db, ids: Sequence[int]) -> dict[int, dict[Document, Stored]]:
    """Return what is stored of the documents of ``ids``, by eBay listing."""
    cursor = await db.execute(
        """
        SELECT ebay_listing_id, kind, variant_key, owned, carried, rebuild
        FROM ebay_document WHERE ebay_listing_id = ANY(%(ids)b::bigint[])
        """,
        {"ids": list(ids)},
    )
    documents: dict[int, dict[Document, Stored]] = {id_: {} for id_ in ids}
    for id_, kind, key, owned, carried, rebuild in await cursor.fetchall():
        documents[id_][Document(Kind(kind), key)] = Stored(
            owned=from_pointers(owned), carried=_unpacked(carried), rebuild=_unpacked(rebuild)
        )
    return documents


async def live_documents(db: Db, listing_ids: Sequence[int]) -> list[LiveDocument]:
    """Return the documents of what is live of these listings, in the order of the listings."""
    cursor = await db.execute(
        """
        SELECT e.listing_id, l.sku, e.marketplace, d.kind, d.variant_key, d.carried
        FROM ebay_listing e JOIN listing l ON l.id = e.listing_id
        JOIN ebay_document d ON d.ebay_listing_id = e.id
        WHERE e.listing_id = ANY(%(ids)b::bigint[]) AND e.lifecycle_state = 'live'
        ORDER BY e.listing_id, e.id, d.kind, d.variant_key
        """,
        {"ids": list(listing_ids)},
    )
    return [
        LiveDocument(
            listing_id=id_,
            sku=sku,
            marketplace=marketplace,
            kind=Kind(kind),
            is_of_group=kind == Kind.GROUP or key != "",
            carried=_unpacked(carried),
        )
        for id_, sku, marketplace, kind, key, carried in await cursor.fetchall()
    ]


async def begin(
    db: Db, rows: Sequence[tuple[int, Document, Leaves]], *, claim_id: UUID | None
) -> None:
    """Own leaves beside those owned before: of what ``claim_id`` holds; None: under the locks."""
    await db.execute(
        """
        INSERT INTO ebay_document AS d (ebay_listing_id, kind, variant_key, owned)
        SELECT r.id, r.kind, r.key, r.owned::jsonb
        FROM unnest(%(ids)b::bigint[], %(kinds)b::text[], %(keys)b::text[], %(owned)b::text[])
            AS r(id, kind, key, owned)
        WHERE %(claim_id)s::uuid IS NULL OR EXISTS (
            SELECT FROM ebay_change_queue q WHERE q.ebay_listing_id = r.id
                AND q.claim_id = %(claim_id)s AND q.status = 'processing')
        ORDER BY r.id, r.kind, r.key
        ON CONFLICT (ebay_listing_id, kind, variant_key) DO UPDATE
        SET owned = (SELECT jsonb_agg(DISTINCT leaf) FROM
            jsonb_array_elements(d.owned || excluded.owned) leaf)
        """,
        {
            "ids": [row[0] for row in rows],
            "kinds": [row[1].kind for row in rows],
            "keys": [row[1].key for row in rows],
            "owned": [_json(row[2]) for row in rows],
            "claim_id": claim_id,
        },
    )


async def write(db: Db, rows: Sequence[tuple[int, Document, Stored]]) -> None:
    """Store documents as they are known after an attempt; the caller holds the locks."""
    await db.execute(
        """
        INSERT INTO ebay_document (ebay_listing_id, kind, variant_key, owned, carried, rebuild)
        SELECT r.id, r.kind, r.key, r.owned::jsonb, r.carried, r.rebuild
        FROM unnest(%(ids)b::bigint[], %(kinds)b::text[], %(keys)b::text[], %(owned)b::text[],
            %(carried)b::bytea[], %(rebuild)b::bytea[])
            AS r(id, kind, key, owned, carried, rebuild)
        ON CONFLICT (ebay_listing_id, kind, variant_key) DO UPDATE
        SET owned = excluded.owned, carried = excluded.carried, rebuild = excluded.rebuild
        """,
        {
            "ids": [row[0] for row in rows],
            "kinds": [row[1].kind for row in rows],
            "keys": [row[1].key for row in rows],
            "owned": [_json(row[2].owned) for row in rows],
            "carried": [_packed(row[2].carried) for row in rows],
            "rebuild": [_packed(row[2].rebuild) for row in rows],
        },
    )


async def refused(db: Db, account_id: int) -> dict[Kind, Leaves]:
    """Return the leaves that eBay takes in no document of a kind from an account, by kind."""
    cursor = await db.execute(
        """
        SELECT kind, array_agg(leaf) FROM refused_leaf
        WHERE account_id = %s AND seen_at > now() - %s::interval GROUP BY kind
        """,
        (account_id, REFUSED_FOR),
    )
    return {Kind(kind): from_pointers(leaves) for kind, leaves in await cursor.fetchall()}


async def refuse(db: Db, account_id: int, leaves: Iterable[tuple[Kind, Path]]) -> None:
    """Remember leaves of an account that eBay refused and took a body without."""
    rows = sorted((kind, *pointers([leaf])) for kind, leaf in leaves)
    await db.execute(
        """
        INSERT INTO refused_leaf (account_id, kind, leaf)
        SELECT %s, r.kind, r.leaf FROM unnest(%s::text[], %s::text[]) AS r (kind, leaf)
        ORDER BY r.kind, r.leaf
        ON CONFLICT (account_id, kind, leaf) DO UPDATE SET seen_at = now()
        """,
        (account_id, [kind for kind, _ in rows], [leaf for _, leaf in rows]),
    )


async def all_refused(db: Db, account_id: int) -> list[Refused]:
    """Return what ``refused`` knows, as people see it."""
    cursor = db.cursor(row_factory=class_row(Refused))
    await cursor.execute(
        """
        SELECT kind, leaf, seen_at FROM refused_leaf
        WHERE account_id = %s AND seen_at > now() - %s::interval ORDER BY kind, leaf
        """,
        (account_id, REFUSED_FOR),
    )
    return await cursor.fetchall()


async def note(db: Db, rows: Sequence[tuple[int, Document, Stored]]) -> None:
    """Store what was read of documents and what is to be made anew, not whose they are."""
    await db.execute(
        """
        UPDATE ebay_document d SET carried = r.carried, rebuild = r.rebuild
        FROM unnest(%(ids)b::bigint[], %(kinds)b::text[], %(keys)b::text[], %(carried)b::bytea[],
            %(rebuild)b::bytea[]) AS r(id, kind, key, carried, rebuild)
        WHERE d.ebay_listing_id = r.id AND d.kind = r.kind AND d.variant_key = r.key
        """,
        {
            "ids": [row[0] for row in rows],
            "kinds": [row[1].kind for row in rows],
            "keys": [row[1].key for row in rows],
            "carried": [_packed(row[2].carried) for row in rows],
            "rebuild": [_packed(row[2].rebuild) for row in rows],
        },
    )


async def unowned(db: Db, ids: Sequence[int]) -> list[Unowned]:
    """Return those of ``ids`` that an older program published; the caller holds the locks."""
    cursor = await db.execute(
        """
        SELECT e.id, e.desired_blob, e.published_blob, (
                SELECT b.body FROM ebay_listing_snapshot s
                JOIN ebay_listing_snapshot b ON b.id = coalesce(s.dedup_of_snapshot_id, s.id)
                WHERE s.ebay_listing_id = e.id AND s.source_event = ANY(%(events)s::text[])
                ORDER BY s.seq DESC LIMIT 1),
            (SELECT jsonb_object_agg(i.variant_key, i.ebay_sku) FROM ebay_item i
             WHERE i.ebay_listing_id = e.id AND (e.verify_at IS NOT NULL OR i.offer_id IS NOT NULL
                OR i.item_hash IS NOT NULL OR i.quantity IS NOT NULL))
        FROM ebay_listing e
        WHERE e.id = ANY(%(ids)b::bigint[])
            AND NOT EXISTS (SELECT FROM ebay_document d WHERE d.ebay_listing_id = e.id)
        ORDER BY e.id
        """,
        {"ids": list(ids), "events": list(PUBLISHED)},
    )
    return [
        Unowned(
            id=row[0],
            desired_blob=row[1] and opened(row[1]),
            published_blob=row[2] and opened(row[2]),
            sent=row[3],
            items=row[4],
        )
        for row in await cursor.fetchall()
        if row[4]
    ]


@lru_cache(maxsize=1_024)  # stored as an attempt begins, and again as it ends
def _json(owned: Leaves) -> str:
    return msgspec.json.encode(pointers(owned)).decode()


def _packed(document: Json | None) -> bytes | None:
    return None if document is None else pack(msgspec.json.encode(document))


def _unpacked(packed: bytes | None) -> Json | None:
    return None if packed is None else msgspec.json.decode(unpack(packed), type=dict[str, object])
