"""Every call of eBay's contract that the mock answers."""

from mockbay import (
    account,
    feed,
    groups,
    identity,
    inventory,
    inventory_bulk,
    locations,
    media,
    migrate,
    notifications,
    oauth,
    offers,
    offers_bulk,
    orders,
    policies,
    refunds,
    shipping,
    taxonomy_api,
)

OPERATIONS = [
    *oauth.OPERATIONS,
    *inventory.OPERATIONS,
    *inventory_bulk.OPERATIONS,
    *offers.OPERATIONS,
    *offers_bulk.OPERATIONS,
    *locations.OPERATIONS,
    *account.OPERATIONS,
    *policies.OPERATIONS,
    *groups.OPERATIONS,
    *identity.OPERATIONS,
    *feed.OPERATIONS,
    *media.OPERATIONS,
    *migrate.OPERATIONS,
    *notifications.OPERATIONS,
    *orders.OPERATIONS,
    *shipping.OPERATIONS,
    *refunds.OPERATIONS,
    *taxonomy_api.OPERATIONS,
]
NAMES = frozenset(operation.op for operation in OPERATIONS)
"""What eBay calls them."""
