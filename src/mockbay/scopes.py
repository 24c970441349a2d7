"""The OAuth scopes that eBay documents; asking for another one is ``invalid_scope``."""

from mockbay.names import names

BASE = "https://api.ebay.com/oauth/"
APPLICATION = f"{BASE}api_scope"
"""The basic scope; an application's token has it unless others are asked for."""

SCOPES = frozenset(
    {APPLICATION, "https://api.ebay.com/oauth/scope/sell.edelivery"}
    | {
        f"{APPLICATION}/{name}"
        for name in names(
            "buy.browse buy.deal buy.guest.order buy.item.bulk buy.item.feed buy.marketing "
            "buy.marketplace.insights buy.offer.auction buy.order buy.order.readonly "
            "buy.product.feed buy.proxy.guest.order buy.shopping.cart "
            "commerce.catalog.readonly commerce.feedback commerce.feedback.readonly "
            "commerce.identity.address.readonly commerce.identity.email.readonly "
            "commerce.identity.name.readonly commerce.identity.phone.readonly "
            "commerce.identity.readonly commerce.identity.status.readonly commerce.message "
            "commerce.notification.subscription commerce.notification.subscription.readonly "
            "commerce.shipping commerce.vero metadata.insights "
            "sell.account sell.account.readonly sell.analytics.readonly sell.edelivery "
            "sell.finances sell.fulfillment sell.fulfillment.readonly sell.inventory "
            "sell.inventory.mapping sell.inventory.readonly sell.item sell.item.draft "
            "sell.logistics sell.marketing sell.marketing.readonly "
            "sell.marketplace.insights.readonly sell.payment.dispute sell.reputation "
            "sell.reputation.readonly sell.stores sell.stores.readonly"
        )
    }
)
