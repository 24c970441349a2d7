"""One call of every kind that baysync can make."""

from datetime import UTC, datetime

from baysync.ebay import (
    accounts,
    analytics,
    fulfillment,
    identity,
    inventory,
    metadata,
    offers,
    taxonomy,
)

US = "EBAY_US"
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
OFFER = {"sku": "A", "marketplaceId": US, "format": "FIXED_PRICE"}

EVERY = {
    call.op: call
    for call in (
        inventory.put_inventory_item("A", "en_US", {}, marketplace=US),
        inventory.bulk_create_or_replace_inventory_item([("A", "en_US", {})]),
        inventory.bulk_get_inventory_item(["A"]),
        inventory.bulk_update_price_quantity([{"sku": "A"}]),
        inventory.bulk_migrate_listing(["110"]),
        inventory.get_inventory_item("A"),
        inventory.get_inventory_items(),
        inventory.delete_inventory_item("A"),
        inventory.get_inventory_item_group("G"),
        inventory.put_inventory_item_group("G", "en_US", {}, marketplace=US),
        inventory.delete_inventory_item_group("G"),
        inventory.get_location("L"),
        inventory.get_locations(),
        inventory.create_location("L", {}),
        offers.get_offer("1"),
        offers.get_offers("A", marketplace=US),
        offers.create_offer(OFFER),
        offers.bulk_create_offer([OFFER]),
        offers.update_offer("1", {}, marketplace=US),
        offers.delete_offer("1"),
        offers.publish_offer("1"),
        offers.bulk_publish_offer(["1"]),
        offers.withdraw_offer("1"),
        offers.publish_group("G", marketplace=US),
        offers.withdraw_group("G", marketplace=US),
        *(accounts.get_policies(kind, marketplace=US) for kind in accounts.PolicyKind),
        accounts.get_privileges(),
        accounts.get_opted_in_programs(),
        accounts.opt_in_to_business_policies(),
        identity.get_user(),
        taxonomy.get_default_tree_id(US),
        taxonomy.get_category_tree("0", marketplace=US),
        taxonomy.get_category_subtree("0", "1", marketplace=US),
        taxonomy.get_suggestions("0", "lamp", marketplace=US),
        taxonomy.get_item_aspects("0", "1", marketplace=US),
        metadata.get_conditions(US, ["1"]),
        metadata.get_variations(US, ["1"]),
        metadata.get_regulatory(US, ["1"]),
        fulfillment.get_orders(fulfillment.Dated.MODIFIED, NOON, NOON),
        fulfillment.get_order("1"),
        analytics.get_rate_limits(),
        analytics.get_user_rate_limits(),
    )
}
