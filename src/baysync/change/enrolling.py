"""The rows that active listings lack: one for each place where they are to be sold, with items."""

from collections.abc import Sequence

from baysync.account import store as accounts
from baysync.change import rules, store, weigh
from baysync.db.connection import Db
from baysync.ebay_listing import service as ebay_listing_service
from baysync.ebay_listing.model import Enrolment
from baysync.listing.model import ListingStatus
from baysync.listing.store import StoredListing


async def enrol_missing(db: Db, stored: Sequence[StoredListing]) -> None:
    """Make the rows and items that active listings lack; the locks of the listings are held."""
    active = [row for row in stored if row.body.status is ListingStatus.ACTIVE]
    there = {
        (row.listing_id, row.account_id, row.marketplace)
        for row in await store.enrolled(db, [row.id for row in active])
    }
    pairs = await accounts.enrolled(db)
    connected = [
        account.id for account in await accounts.read_all(db) if account.state == "connected"
    ]
    missing = [
        Enrolment(listing_id=row.id, account_id=account, marketplace=marketplace)
        for row in active
        for account, marketplace in sorted(rules.places(row.body.marketplaces, pairs, connected))
        if (row.id, account, marketplace) not in there
    ]
    if missing:
        await ebay_listing_service.enrol(db, missing)
    sold = [each for row in active for each in weigh.sold(row.id, row.body)]
    await ebay_listing_service.name(db, sold)
