"""A change as claimed and its target, for tests of pure decisions."""

from datetime import timedelta

from baysync.ebay_listing.model import Target
from baysync.queue.model import Claimed

TARGET = Target(
    id=1,
    listing_id=1,
    account_id=1,
    marketplace="EBAY_US",
    sku="L1",
    desired_hash=b"d" * 32,
    desired_blob=None,
    published_hash=None,
    published_blob=None,
    lifecycle_state="new",
    external_item_id=None,
    group_key=None,
    blocked_scope=None,
    wanted_limit=None,
    verify_at=None,
    verify_due=False,
    learnt_ago=None,
    revisions_used=0,
    day_ends_in=timedelta(hours=9),
)
CLAIMED = Claimed(
    id=7,
    ebay_listing_id=1,
    account_id=1,
    intent="create",
    urgency=0,
    attempts=1,
    crashes=0,
    waited=timedelta(),
    lane_answered=False,
)
