"""``GET /api/listings/{sku}/versions``: what a listing was."""

from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter

from baysync.api.deps import Db
from baysync.api.openapi import answers
from baysync.listing import body
from baysync.listing.history import diff
from baysync.listing.history.model import Document, Version
from baysync.listing.sku import SkuSegment
from baysync.undo.service import history_of

router = APIRouter(prefix="/api/listings", tags=["listings"])


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptVersion:
    """One accepted version of a listing.

    ``kind`` is the entrance. ``changed`` are JSON pointers of what differs from the version
    before, variants by SKU; it is null where that one is not kept.
    """

    version: int
    accepted_at: datetime
    kind: str
    actor: str
    import_id: int | None
    changed: list[str] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptVersions:
    """The kept versions of a listing, the newest first."""

    sku: str
    items: list[KeptVersion]


@router.get("/{sku}/versions", responses=answers(404))
async def versions(sku: SkuSegment, db: Db) -> KeptVersions:
    """Return the kept versions of a listing, the newest first: at most 50, for 90 days."""
    _, kept = await history_of(db, sku)
    documents: list[Document] = [body.document(one.body) for one in kept]
    before: list[Document | None] = [{} if kept[0].version == 1 else None, *documents[:-1]]
    items = [
        _item(one, earlier, now) for one, earlier, now in zip(kept, before, documents, strict=True)
    ]
    return KeptVersions(sku=sku, items=items[::-1])


def _item(version: Version, before: Document | None, after: Document) -> KeptVersion:
    differences = None if before is None else diff.changes(before, after)
    return KeptVersion(
        version=version.version,
        accepted_at=version.accepted_at,
        kind=version.kind,
        actor=version.actor,
        import_id=version.import_id,
        changed=None if differences is None else [diff.pointer(path) for path in differences],
    )
