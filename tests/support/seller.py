"""A shop with an account, for tests against the database: edits go in, outcomes come out."""

from datetime import timedelta
from typing import NamedTuple

from baysync.account import store as accounts
from baysync.account.model import Defaults
from baysync.base.packing import opened
from baysync.change import service
from baysync.change.model import Detected
from baysync.db.connection import Db
from baysync.ebay_listing import store as ebay_listings
from baysync.ebay_listing.document import document
from baysync.ebay_listing.model import Document, Lifecycle, Published
from baysync.intake import put_many
from baysync.listing import store as listings
from baysync.listing.model import Listing
from baysync.projection import canonical
from baysync.projection.model import Lifecycle as Shown
from baysync.projection.model import Projection
from baysync.queue import store as queue
from baysync.queue.model import Debounce
from baysync.snapshot import service as snapshots
from baysync.snapshot.model import NewSnapshot, SourceEvent
from support.engine import account
from support.shop import DEFAULTS, LAMP

SOON = Debounce(window=timedelta(seconds=2), longest=timedelta(seconds=30))
US = "EBAY_US"


class Row(NamedTuple):
    """What a test looks at of one ebay listing."""

    id: int
    marketplace: str
    desired: Projection | None
    published: Projection | None
    state: str
    reason: str | None
    scope: str | None
    intent: str
    urgency: int


class Seller:
    """A shop on one account that sells on EBAY_US with complete defaults."""

    def __init__(self, db: Db, account_id: int) -> None:
        self.db = db
        self.account_id = account_id

    async def edit(self, *edited: Listing) -> Detected:
        """Store listings and notice what changed, in one transaction as intake does."""
        async with self.db.transaction():
            skus = await put_many(self.db, edited)
            ids = await listings.ids(self.db, skus)
            return await service.detect(self.db, list(ids.values()), debounce=SOON)

    async def set_defaults(self, defaults: Defaults, marketplace: str = US) -> None:
        """Change the account's defaults; nothing is projected again by this alone."""
        await accounts.put_defaults(self.db, self.account_id, marketplace, defaults)

    async def publish(self, *ids: int) -> None:
        """Let eBay show what is desired, as a worker's settling transaction records it."""
        async with self.db.transaction():
            await ebay_listings.lock(self.db, ids)
            for target in await ebay_listings.read_targets(self.db, ids):
                await self.show(target.id, _decoded(target.desired_blob))
            await queue.cancel_reverted(self.db, ids)

    async def show(self, ebay_listing_id: int, shown: Projection | None) -> None:
        """Record that eBay shows this, with its snapshot; under the lock."""
        over = shown is not None and shown.lifecycle is Shown.ENDED
        state = Lifecycle.ENDED if over else Lifecycle.LIVE
        stored = document(shown)
        published = Published(id=ebay_listing_id, document=stored, lifecycle=state)
        await ebay_listings.write_published(self.db, [published])
        new = NewSnapshot(
            ebay_listing_id=ebay_listing_id,
            document=stored,
            source_event=SourceEvent.PUBLISH_SUCCESS,
        )
        await snapshots.record(self.db, [new], correlation_id="test")

    async def pretend(
        self,
        ebay_listing_id: int,
        *,
        desired: Projection,
        published: Projection | None = None,
        version: int,
    ) -> None:
        """Rewrite the stored documents as a program of another version would have."""
        wanted, there = document(desired, version=version), document(published, version=version)
        await self.db.execute(
            """
            UPDATE ebay_listing
            SET desired_blob = %s, desired_hash = %s, desired_projection_version = %s,
                published_blob = %s, published_hash = %s, published_projection_version = %s
            WHERE id = %s
            """,
            (*_columns(wanted), *_columns(there), ebay_listing_id),
        )

    async def rows(self) -> list[Row]:
        """Return every ebay listing, by id."""
        cursor = await self.db.execute(
            """
            SELECT id, marketplace, desired_blob, published_blob, lifecycle_state,
                blocked_reason, blocked_scope, wanted_intent, wanted_urgency
            FROM ebay_listing ORDER BY id
            """
        )
        return [
            Row(at, where, _decoded(wanted), _decoded(there), *rest)
            for at, where, wanted, there, *rest in await cursor.fetchall()
        ]

    async def row(self) -> Row:
        """Return the only ebay listing."""
        (row,) = await self.rows()
        return row

    async def changes(self) -> list[tuple[str, str, int]]:
        """Return status, intent and urgency of every change, oldest first."""
        cursor = await self.db.execute(
            "SELECT status, intent, urgency FROM ebay_change_queue ORDER BY id"
        )
        return await cursor.fetchall()

    async def live(self, listing: Listing = LAMP) -> Row:
        """Return the row of a listing that is live on eBay."""
        await self.edit(listing)
        await self.publish((await self.row()).id)
        return await self.row()


async def open_shop(db: Db, name: str = "shop") -> Seller:
    """Connect an account with complete defaults on EBAY_US."""
    seller = Seller(db, await account(db, name))
    await seller.set_defaults(DEFAULTS)
    return seller


def _decoded(blob: bytes | None) -> Projection | None:
    return None if blob is None else canonical.decode(opened(blob))


def _columns(stored: Document | None) -> tuple[bytes | None, bytes | None, int | None]:
    if stored is None:
        return None, None, None
    return stored.blob, stored.hash, stored.projection_version
