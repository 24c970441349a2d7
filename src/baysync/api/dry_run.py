"""The route that says what publishing a listing would send."""

from fastapi import APIRouter

from baysync.api import listing_documents as documents
from baysync.api.deps import Db, Shared
from baysync.api.openapi import answers
from baysync.insight.dry_run import DryRun, Publishing, dry_run_of
from baysync.listing.sku import SkuSegment
from baysync.publish.limits import limits

router = APIRouter(prefix="/api/ebay", tags=["ebay"])


@router.post("/listings/{sku}/dry-run", responses=answers(404, 409))
async def rehearse(
    sku: SkuSegment,
    db: Db,
    shared: Shared,
    account: str | None = None,
    marketplace: str | None = None,
) -> DryRun:
    """Return what publishing a listing now would send, and what is in the way; nothing is sent.

    No call is made and nothing is stored: reads are answered by what eBay confirmed or showed last.
    """
    how = Publishing(
        limits=limits(shared.settings),
        lights=shared.watch.now().lights,
        account=account,
        marketplace=marketplace,
    )
    return await dry_run_of(db, await documents.named(db, sku), how)
