"""The errors the mock can give by itself, in words of our own; ids and classes are eBay's.

The few words that programs look for in eBay's texts ("already exists") are eBay's too.
"""

from typing import NamedTuple


class Known(NamedTuple):
    """One error id: usual HTTP status, domain, category, and the beginning of its message."""

    status: int
    domain: str
    category: str
    message: str


def _inventory(status: int, message: str, category: str = "REQUEST") -> Known:
    return Known(status, "API_INVENTORY", category, message)


def _account(status: int, message: str) -> Known:
    return Known(status, "API_ACCOUNT", "REQUEST", message)


def _fulfillment(status: int, message: str, category: str = "REQUEST") -> Known:
    return Known(status, "API_FULFILLMENT", category, message)


def _taxonomy(message: str) -> Known:
    return Known(400, "API_TAXONOMY", "REQUEST", message)


def _notification(message: str, status: int = 400) -> Known:
    return Known(status, "API_NOTIFICATION", "REQUEST", message)


GATEWAY = {
    1001: Known(401, "OAuth", "REQUEST", "Invalid access token: unknown or expired."),
    1002: Known(400, "OAuth", "REQUEST", "Missing access token."),
    1003: Known(400, "OAuth", "REQUEST", "The token has the wrong form."),
    1100: Known(403, "ACCESS", "REQUEST", "Access denied: insufficient permissions."),
    2001: Known(429, "ACCESS", "REQUEST", "Too many requests: the limit of this API is used up."),
    2002: Known(404, "ACCESS", "REQUEST", "Resource not found at this address."),
    2003: Known(500, "ACCESS", "APPLICATION", "Internal error of the gateway."),
    2004: Known(400, "ACCESS", "REQUEST", "Invalid request: it cannot be read."),
    3001: Known(400, "ROUTING", "REQUEST", "The request was rejected."),
    3004: Known(500, "ROUTING", "APPLICATION", "Internal error while routing."),
    3005: Known(502, "ROUTING", "APPLICATION", "The service behind the gateway failed."),
}
INVENTORY = {
    25001: _inventory(500, "A system error has occurred.", "APPLICATION"),
    25002: _inventory(400, "A user error has occurred."),
    25003: _inventory(400, "The price is not valid."),
    25004: _inventory(400, "The quantity is not valid."),
    25005: _inventory(400, "The category is not valid."),
    25006: _inventory(400, "A listing option is not valid."),
    25007: _inventory(400, "The fulfillment policy is not valid."),
    25008: _inventory(400, "The payment policy is not valid."),
    25009: _inventory(400, "The return policy is not valid."),
    25011: _inventory(400, "The tax information is not valid."),
    25012: _inventory(400, "The location is not valid."),
    25013: _inventory(400, "The variations are not valid."),
    25014: _inventory(400, "The pictures are not valid."),
    25015: _inventory(400, "A picture URL is not valid."),
    25016: _inventory(400, "A field is not valid."),
    25019: _inventory(400, "The listing cannot be changed."),
    25020: _inventory(400, "The package details are not valid."),
    25021: _inventory(400, "The condition is not valid."),
    25022: _inventory(400, "An aspect is not valid."),
    25024: _inventory(400, "The best offer terms are not valid."),
    25025: _inventory(500, "Concurrent access: another call is changing this.", "APPLICATION"),
    25026: _inventory(400, "Selling limits exceeded."),
    25028: _inventory(200, "A field does not apply and was dropped."),
    25029: _inventory(400, "A field is required in this category."),
    25030: _inventory(200, "A field does not apply to this condition and was dropped."),
    25035: _inventory(400, "The policy is not one of this marketplace."),
    25036: _inventory(400, "The policy is of another type."),
    25096: _inventory(200, "The listing is on hold; a revision may release it."),
    25097: _inventory(400, "The listing is on hold and cannot be revised."),
    25098: _inventory(400, "The listing is on hold; this is not possible."),
    25111: _inventory(400, "The manufacturer is not named."),
    25116: _inventory(400, "A responsible person needs a role."),
    25401: _inventory(200, "Options that do not apply were removed.", "APPLICATION"),
    25402: _inventory(200, "System warning.", "APPLICATION"),
    25501: _inventory(400, "A picture is not valid."),
    25503: _inventory(400, "The product information is not valid."),
    25604: _inventory(400, "The input is not valid."),
    25701: _inventory(400, "These SKUs are not in the system."),
    25702: _inventory(400, "This SKU is not available in the system."),
    25703: _inventory(400, "The SKU is already a member of another group."),
    25704: _inventory(400, "The SKU is already listed as a single listing."),
    25705: _inventory(404, "This inventory item group could not be found."),
    25706: _inventory(400, "The paging values are not valid."),
    25707: _inventory(400, "The SKU must have 1 to 50 permitted characters."),
    25708: _inventory(400, "The SKU is not valid."),
    25709: _inventory(400, "Invalid request."),
    25710: _inventory(404, "The resource was not found."),
    25713: _inventory(404, "This offer is not available."),
    25718: _inventory(400, "The listing cannot be migrated."),
    25721: _inventory(400, "A picture URL must be encoded."),
    25725: _inventory(404, "No offer found."),
    25727: _inventory(400, "Too many inventory items in one request."),
    25728: _inventory(400, "The inventory items of one request should be unique."),
    25729: _inventory(400, "SKU, marketplace and format should be unique together."),
    25730: _inventory(400, "Too many offers in one request."),
    25731: _inventory(400, "The offer ids of one request should be unique."),
    25726: _inventory(404, "The group is not published.", "APPLICATION"),
    25732: _inventory(400, "The SKU belongs to a group; publish the group."),
    25733: _inventory(400, "Every inventory item needs a SKU and a locale."),
    25734: _inventory(400, "The SKUs of one request should be unique."),
    25735: _inventory(400, "SKU, marketplace or format is not valid."),
    25753: _inventory(200, "The start date has passed or the offer is live; it stays as it was."),
    25754: _inventory(400, "An offer id of the request is not valid."),
    25752: _inventory(400, "The start date is not valid."),
    25759: _inventory(400, "The quantity is below what is allocated."),
    25766: _inventory(400, "A take-back policy id must be a number."),
    25767: _inventory(400, "A compliance policy id must be a number."),
    25800: _inventory(400, "A field of the location is not valid."),
    25801: _inventory(400, "A field of the location is missing."),
    25802: _inventory(400, "The input is not valid."),
    25803: _inventory(409, "The location key already exists."),
    25804: _inventory(404, "The location was not found."),
    25805: _inventory(404, "The location was not found."),
}
ACCOUNT = {
    20400: _account(400, "Invalid request."),
    20401: _account(400, "A field is missing."),
    20402: _account(400, "A field is not valid."),
    20403: _account(400, "The seller is not eligible for business policies."),
    20404: _account(404, "The policy was not found."),
    20406: _account(400, "Invalid return option."),
    20409: Known(409, "API_ACCOUNT", "BUSINESS", "The policy is the default of its marketplace."),
    20500: Known(500, "API_ACCOUNT", "APPLICATION", "A system error occurred."),
}
FULFILLMENT = {
    30700: _fulfillment(400, "There is no such filter."),
    30800: _fulfillment(400, "The value of a filter is not valid."),
    30810: _fulfillment(400, "The date is not valid."),
    30820: _fulfillment(400, "The start date is missing."),
    30830: _fulfillment(400, "The dates reach too far back."),
    30840: _fulfillment(400, "The start date is after the end date."),
    30850: _fulfillment(400, "A date is in the future."),
    30900: _fulfillment(400, "Too many order ids."),
    31000: _fulfillment(400, "The offset is not valid."),
    31100: _fulfillment(400, "The limit is not valid."),
    32100: _fulfillment(400, "There is no such order."),
    32110: _fulfillment(400, "There is no such shipping fulfillment."),
    32200: _fulfillment(400, "The order has no such line item."),
    32210: _fulfillment(400, "A line item is there twice."),
    32300: _fulfillment(400, "The tracking number or the carrier is not valid."),
    32500: _fulfillment(400, "The shipped date is not valid."),
    32600: _fulfillment(400, "The input is not valid."),
    32800: _fulfillment(400, "There is no such field group."),
    34902: _fulfillment(400, "The request is empty."),
    34903: _fulfillment(400, "The reason for the refund is missing."),
    34905: _fulfillment(400, "Name either orderLevelRefundAmount or refundItems."),
    34906: _fulfillment(400, "The value of the amount is missing."),
    34907: _fulfillment(400, "The amount is positive, with two decimals at most."),
    34908: _fulfillment(400, "The currency of the amount is missing."),
    34909: _fulfillment(400, "The currency of the amount is not correct."),
    34910: _fulfillment(400, "Name the line: lineItemId or legacyReference."),
    34911: _fulfillment(400, "legacyItemId is missing."),
    34912: _fulfillment(400, "legacyTransactionId is missing."),
    34913: _fulfillment(404, "The order was not found."),
    34914: _fulfillment(400, "The item is not in the order."),
    34915: _fulfillment(400, "The refund exceeds what is left of the order."),
    34917: _fulfillment(400, "The order was already refunded.", "BUSINESS"),
    34921: _fulfillment(400, "The comment is longer than 1000 characters."),
    34924: _fulfillment(409, "The refund exceeds what is left of the item.", "BUSINESS"),
}
TAXONOMY = {
    62002: _taxonomy("The marketplace is missing."),
    62003: _taxonomy("The marketplace is not known."),
    62004: _taxonomy("The category tree is not known."),
    62005: _taxonomy("The category is not in this tree."),
    62006: _taxonomy("The category is missing."),
    62007: _taxonomy("The text to find a category for is missing."),
    62008: _taxonomy("The root of the tree is not asked for here."),
    62009: _taxonomy("The category is not a leaf."),
}
METADATA = {
    46001: Known(400, "API_METADATA", "REQUEST", "The marketplace is not known."),
    46002: Known(400, "API_METADATA", "REQUEST", "The filter is not valid."),
    46004: Known(200, "API_METADATA", "REQUEST", "Only the first 50 categories count."),
}
NOTIFICATION = {
    195001: _notification("The key id is not valid."),
    195002: _notification("The topic is not known.", 404),
    195003: _notification("Set the alert address first."),
    195006: _notification("The status of the subscription is not valid."),
    195007: _notification("The destination is not known."),
    195008: _notification("The schema version is not valid."),
    195009: _notification("The format is not one of the topic."),
    195010: _notification("The protocol is not valid."),
    195011: _notification("This token may not subscribe to this topic.", 403),
    195012: _notification("The subscription already exists.", 409),
    195013: _notification("The subscription does not exist.", 404),
    195015: _notification("The destination of the subscription is not enabled.", 409),
    195016: _notification("The name is not valid."),
    195017: _notification("The endpoint is not valid."),
    195018: _notification("The status of the destination is not valid."),
    195019: _notification("The verification token is not valid."),
    195020: _notification("The endpoint failed the challenge."),
    195021: _notification("A destination exists for this endpoint.", 409),
    195022: _notification("The destination is not known.", 404),
    195024: _notification("The destination is in use by a subscription.", 409),
    195025: _notification("The alert address is not valid."),
    195026: Known(404, "API_NOTIFICATION", "APPLICATION", "Configuration not found."),
    195027: _notification("The topic is not known."),
}
MEDIA = {
    190200: Known(404, "API_MEDIA", "REQUEST", "The picture was not found."),
    190204: Known(400, "API_MEDIA", "REQUEST", "No picture can be fetched from this address."),
}
FEED = {
    160003: Known(404, "API_FEED", "REQUEST", "The task does not exist."),
    160004: Known(400, "API_FEED", "REQUEST", "Name a feed type."),
    160012: Known(400, "API_FEED", "REQUEST", "The limit is not valid."),
    160013: Known(400, "API_FEED", "REQUEST", "The offset is not valid."),
    160014: Known(400, "API_FEED", "REQUEST", "The task has no file yet."),
    160017: Known(400, "API_FEED", "REQUEST", "The feed type is not valid."),
    160018: Known(400, "API_FEED", "REQUEST", "The schema version is not valid."),
    160025: Known(409, "API_FEED", "BUSINESS", "Too many tasks within a day."),
}
ERRORS: dict[int, Known] = {
    **GATEWAY, **INVENTORY, **ACCOUNT, **FULFILLMENT, **TAXONOMY, **METADATA,
    **NOTIFICATION, **MEDIA, **FEED,
}  # fmt: skip
