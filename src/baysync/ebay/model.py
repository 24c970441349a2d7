"""The nouns of the remote edge: what is asked of eBay, what came back, and what it means.

Calls and answers are data: a builder makes a ``Call``, the transport turns it into an ``Answer``,
``verdict`` says what the answer means. Nothing here does I/O.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

DEFAULT_MARKETPLACE = "EBAY_US"


class Family(StrEnum):
    """The API families: each has its own daily quota, so its own rate bucket, and its own host."""

    INVENTORY = "inventory"
    ACCOUNT = "account"
    FULFILLMENT = "fulfillment"
    TAXONOMY = "taxonomy"
    METADATA = "metadata"
    IDENTITY = "identity"
    ANALYTICS = "analytics"
    OAUTH = "oauth"


class Operation(StrEnum):
    """Every call baysync can make; the value is eBay's operation id (OAuth's three are ours)."""

    EXCHANGE_CODE = "exchangeCode"
    REFRESH_ACCESS = "refreshAccess"
    APPLICATION_ACCESS = "applicationAccess"
    GET_INVENTORY_ITEM = "getInventoryItem"
    GET_INVENTORY_ITEMS = "getInventoryItems"
    PUT_INVENTORY_ITEM = "createOrReplaceInventoryItem"
    DELETE_INVENTORY_ITEM = "deleteInventoryItem"
    BULK_PUT_INVENTORY_ITEM = "bulkCreateOrReplaceInventoryItem"
    BULK_GET_INVENTORY_ITEM = "bulkGetInventoryItem"
    BULK_UPDATE_PRICE_QUANTITY = "bulkUpdatePriceQuantity"
    BULK_MIGRATE_LISTING = "bulkMigrateListing"
    GET_GROUP = "getInventoryItemGroup"
    PUT_GROUP = "createOrReplaceInventoryItemGroup"
    DELETE_GROUP = "deleteInventoryItemGroup"
    GET_OFFER = "getOffer"
    GET_OFFERS = "getOffers"
    CREATE_OFFER = "createOffer"
    UPDATE_OFFER = "updateOffer"
    DELETE_OFFER = "deleteOffer"
    PUBLISH_OFFER = "publishOffer"
    WITHDRAW_OFFER = "withdrawOffer"
    BULK_CREATE_OFFER = "bulkCreateOffer"
    BULK_PUBLISH_OFFER = "bulkPublishOffer"
    PUBLISH_GROUP = "publishOfferByInventoryItemGroup"
    WITHDRAW_GROUP = "withdrawOfferByInventoryItemGroup"
    GET_LOCATION = "getInventoryLocation"
    GET_LOCATIONS = "getInventoryLocations"
    CREATE_LOCATION = "createInventoryLocation"
    GET_FULFILLMENT_POLICIES = "getFulfillmentPolicies"
    GET_PAYMENT_POLICIES = "getPaymentPolicies"
    GET_RETURN_POLICIES = "getReturnPolicies"
    GET_PRIVILEGES = "getPrivileges"
    GET_PROGRAMS = "getOptedInPrograms"
    OPT_IN = "optInToProgram"
    GET_USER = "getUser"
    GET_ORDER = "getOrder"
    GET_ORDERS = "getOrders"
    GET_CATEGORY_TREE_ID = "getDefaultCategoryTreeId"
    GET_CATEGORY_SUBTREE = "getCategorySubtree"
    GET_CATEGORY_TREE = "getCategoryTree"
    GET_CATEGORY_SUGGESTIONS = "getCategorySuggestions"
    GET_ITEM_ASPECTS = "getItemAspectsForCategory"
    GET_CONDITION_POLICIES = "getItemConditionPolicies"
    GET_REGULATORY_POLICIES = "getRegulatoryPolicies"
    GET_LISTING_STRUCTURE_POLICIES = "getListingStructurePolicies"
    GET_RATE_LIMITS = "getRateLimits"
    GET_USER_RATE_LIMITS = "getUserRateLimits"


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request to eBay, complete except for host, token and common headers.

    Attributes:
        op: the endpoint.
        method: GET, PUT, POST or DELETE.
        path: path from the root of the host, percent-encoded, with its query.
        family: API family; chooses host and rate bucket.
        body: what is sent as JSON; None sends no body.
        keys: SKU, offer id or group key of each row of a bulk call, in order; one for a single.
        marketplace: eBay's name of the marketplace, sent as a header.
        language: ``Content-Language`` (``de-DE``) where the call stores text; eBay keeps it as
            state, so it is always the language of the text in the body.
        idempotent: True where sending the same again does no harm.
        application: True where eBay wants the application's token, not the seller's.
    """

    op: Operation
    method: str
    path: str
    family: Family
    body: object = field(default=None, repr=False)
    keys: tuple[str, ...] = ()
    marketplace: str = DEFAULT_MARKETPLACE
    language: str | None = None
    idempotent: bool = True
    application: bool = False

    @property
    def reads(self) -> bool:
        """Whether it only asks: where eBay stays silent, nothing has happened."""
        return self.method == "GET" or self.op is Operation.BULK_GET_INVENTORY_ITEM


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One error or warning of eBay's envelope; absent fields are empty, the id 0.

    ``category`` is upper case whatever eBay sent; ``message`` may be in any language, and is ''
    where eBay can speak of buyers. No field holds more than ``envelope.cleaned`` leaves.
    """

    error_id: int = 0
    message: str = ""
    category: str = ""
    domain: str = ""
    parameters: tuple[tuple[str, str], ...] = ()

    def parameter(self, name: str) -> str | None:
        """Return the value of the first parameter called ``name``, or None."""
        return next((value for key, value in self.parameters if key == name), None)


class Failure(StrEnum):
    """Why there is no usable answer.

    ``not_connected``, ``refused_by_guard`` and ``no_access``: nothing was sent. ``timeout``,
    ``reset``: eBay may have acted. ``bad_body``: it answered in something other than JSON.
    """

    NOT_CONNECTED = "not_connected"
    REFUSED_BY_GUARD = "refused_by_guard"
    NO_ACCESS = "no_access"
    TIMEOUT = "timeout"
    RESET = "reset"
    BAD_BODY = "bad_body"


UNSENT = frozenset({Failure.NOT_CONNECTED, Failure.REFUSED_BY_GUARD, Failure.NO_ACCESS})


class Verdict(StrEnum):
    """What an answer means for the change it was about (docs/reference/errors.md)."""

    DONE = "done"
    RETRY = "retry"
    AMBIGUOUS = "ambiguous"
    THROTTLED = "throttled"
    REAUTH = "reauth"
    CONFIG = "config"
    CONFLICT = "conflict"
    GONE = "gone"
    REJECTED = "rejected"
    HELD = "held"
    CAPPED = "capped"
    UNRECOGNISED = "unrecognised"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came of a call.

    Attributes:
        call: the call this answers.
        status: HTTP status; None when no response arrived.
        body: the parsed JSON, None when empty or unreadable.
        text: start of the raw body, redacted, for the call log.
        headers: lower-case names; only those of ``transport.KEPT``.
        problems: eBay's errors. For a bulk call these concern the call as a whole.
        warnings: eBay's warnings, kept and shown.
        failure: why there is no usable answer, or None.
        cause: with ``no_access``, the token endpoint's own answer.
        retry_after: seconds eBay asked us to wait, within [0, 3600].
        elapsed_ms: from sending to the last byte.
    """

    call: Call
    status: int | None = None
    body: object = field(default=None, repr=False)
    text: str = field(default="", repr=False)
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()
    failure: Failure | None = None
    cause: "Answer | None" = None
    retry_after: float | None = None
    elapsed_ms: int = 0

    @property
    def sent(self) -> bool:
        """True unless it is certain that eBay never saw the request."""
        return self.failure not in UNSENT


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemAnswer:
    """What eBay said about one row of a call.

    Attributes:
        key: the entry of ``Call.keys`` this is about.
        verdict: what it means.
        status: the row's own status, or the call's for a single; None when unanswered.
        problems: errors about this row.
        warnings: warnings about this row.
        data: the row as eBay sent it; empty when it sent none.
    """

    key: str
    verdict: Verdict
    status: int | None = None
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()
    data: Mapping[str, object] = field(default_factory=dict[str, object], repr=False)
