"""The fault matrix as data: what goes wrong, on which operations, and what is promised then."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from support.live_shop import Document

ITEMS = "bulkCreateOrReplaceInventoryItem"
GROUP = "createOrReplaceInventoryItemGroup"
OFFERS = "bulkCreateOffer"
UPDATE = "updateOffer"
PRICES = "bulkUpdatePriceQuantity"
PUBLISH = "bulkPublishOffer"
PUBLISH_GROUP = "publishOfferByInventoryItemGroup"
WITHDRAW = "withdrawOffer"
WITHDRAW_GROUP = "withdrawOfferByInventoryItemGroup"
GET_ITEMS = "bulkGetInventoryItem"
GET_OFFERS = "getOffers"
GET_OFFER = "getOffer"
GET_GROUP = "getInventoryItemGroup"
TOKEN = "getToken"  # noqa: S105 -- the name of an operation

WRITES = (ITEMS, GROUP, OFFERS, UPDATE, PRICES, PUBLISH, PUBLISH_GROUP, WITHDRAW, WITHDRAW_GROUP)
READS = (GET_ITEMS, GET_OFFERS, GET_OFFER, GET_GROUP)
CALLS = (*WRITES, *READS)
EVERY = ("*",)
BULK = (ITEMS, OFFERS, PRICES, PUBLISH)
LIVE = (ITEMS, GROUP, UPDATE, PRICES, WITHDRAW, WITHDRAW_GROUP)


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One row of the matrix, and what is promised once it is over.

    Without more words it converges by itself. ``free``: no attempt was spent either. ``person``:
    somebody has resumed, unblocked or replayed what waits for him. ``read_back``: what eBay shows
    was read back, at the next doubt or by a reconcile; until then nobody can know.

    ``group`` is the number in section 7 of the evidence, ``effects`` those of a fault plan; each
    of ``ops`` meets them ``times``; ``more`` are whole rules. ``relief`` are switches that end
    the fault, ``days`` how long it lasts. ``sold`` are units that may be missing from the stock,
    ``gone`` listings that eBay itself has ended.
    """

    name: str
    group: int
    effects: tuple[Document, ...] = ()
    ops: tuple[str, ...] = CALLS
    free: bool = False
    person: bool = False
    read_back: bool = False
    nth: int = 1
    times: int = 1
    switches: Document = field(default_factory=dict[str, object])
    relief: Document = field(default_factory=dict[str, object])
    days: int = 0
    more: tuple[Document, ...] = ()
    sold: Mapping[str, int] = field(default_factory=dict[str, int])
    gone: tuple[str, ...] = ()


def error(status: int, error_id: int | None = None, **more: object) -> Document:
    """Return the effect of an error."""
    return {"kind": "error", "status": status, "error_id": error_id, **more}


def rows(status: int, error_id: int) -> Document:
    """Return the effect of a row that fails, for listings of the story."""
    skus = ["LAMP-1", "SHIRTM"]
    return {"kind": "rows", "skus": skus, "status": status, "error_id": error_id}


def act(action: str, when: str = "before", sku: str = "LAMP-1", **body: object) -> Document:
    """Return the effect of somebody else's act."""
    return {"kind": "act", "action": action, "when": when, "body": {"sku": sku, **body}}


STATUS_AND_BODY = [
    Fault(name="system error", group=1, effects=(error(500, 2003),)),
    Fault(name="backend error", group=1, effects=(error(502, 3005),)),
    Fault(name="unlisted 5xx", group=1, effects=(error(500, 99_999),)),
    Fault(name="unlisted 4xx", group=1, effects=(error(400, 99_998),), person=True),
    Fault(name="refused content", group=1, effects=(error(400, 25016),), person=True),
    Fault(name="bare 404", group=1, effects=(error(404),)),
    Fault(name="gone", group=1, effects=(error(404, 25713),), ops=WRITES),
    Fault(name="forbidden", group=1, effects=(error(403, 1100),), person=True),
    Fault(name="wrong header", group=1, effects=(error(400, 2004, message="header"),),
          person=True),
]  # fmt: skip
TIME_AND_LINE = [
    Fault(name="slow", free=True, group=2,
          effects=({"kind": "latency", "ms": 30_000, "clock": "virtual"},)),
    Fault(name="cut before", group=2, effects=({"kind": "reset", "when": "before"},)),
    Fault(name="cut after", group=2, effects=({"kind": "reset", "when": "after"},)),
    Fault(name="lands late", group=2, effects=({"kind": "late", "ms": 45_000},), ops=WRITES),
    Fault(name="lands late behind a gateway", group=2, ops=WRITES,
          effects=({"kind": "late", "ms": 45_000, "answer": "gateway"},)),
    Fault(name="down for ten minutes", group=2, effects=({"kind": "unavailable"},),
          ops=EVERY, times=40),
]  # fmt: skip
THROTTLED = [
    Fault(
        name="429 with Retry-After",
        free=True,
        group=3,
        effects=({"kind": "throttle", "retry_after": 30},),
    ),
    Fault(name="429 without", free=True, group=3, effects=({"kind": "throttle"},)),
    Fault(
        name="429 by a clock that is ahead",
        group=3,
        free=True,
        effects=({"kind": "throttle", "retry_after": 30}, {"kind": "skew", "ms": 3_600_000}),
    ),
    Fault(
        name="quota of a day",
        group=3,
        free=True,
        ops=(),
        days=2,
        switches={"quota": 30, "retry_after": 1_800},
    ),
    Fault(
        name="burst window",
        free=True,
        group=3,
        ops=(),
        switches={"burst_calls": 10, "burst_ms": 60_000},
    ),
    Fault(
        name="burst of 429",
        free=True,
        group=3,
        times=12,
        effects=({"kind": "throttle", "retry_after": 5},),
        ops=EVERY,
    ),
]
ANSWERS = [
    Fault(name="25001", group=4, effects=(error(500, 25001),)),
    Fault(name="25025", group=4, effects=(error(500, 25025),), ops=WRITES),
    Fault(name="page before", group=4, effects=({"kind": "html", "when": "before"},)),
    Fault(name="page after", group=4, effects=({"kind": "html", "status": 503, "when": "after"},)),
    Fault(name="truncated", group=4, effects=({"kind": "truncate"},)),
    Fault(name="200 without a body", group=4, effects=({"kind": "empty"},)),
    Fault(name="204 for 200", group=4, effects=({"kind": "empty", "status": 204},)),
    Fault(name="411", group=4, effects=({"kind": "html", "status": 411, "when": "before"},),
          person=True),
]  # fmt: skip
ROWS = [
    Fault(name="row refused", group=5, effects=(rows(400, 25016),), ops=BULK, person=True),
    Fault(name="row failed", group=5, effects=(rows(500, 25001),), ops=(*BULK, GET_ITEMS)),
    Fault(name="row failed under 200", group=5, effects=(rows(500, 25001),),
          ops=(*BULK, GET_ITEMS), switches={"mixed_rows": 200}),
    Fault(name="row failed under 400", group=5, effects=(rows(500, 25001),),
          ops=(*BULK, GET_ITEMS), switches={"mixed_rows": 400}),
    Fault(name="rows shuffled", free=True, group=5, effects=({"kind": "shuffle_rows"},),
          ops=(*BULK, GET_ITEMS)),
    Fault(name="row missing", group=5, effects=({"kind": "drop_rows"},), ops=(*BULK, GET_ITEMS)),
]  # fmt: skip
TOKENS = [
    Fault(name="token ends", free=True, group=6, effects=({"kind": "expire_token"},)),
    Fault(name="401 once", free=True, group=6, effects=({"kind": "unauthorized"},)),
    Fault(name="revoked", group=6, effects=({"kind": "revoke"},), person=True),
    Fault(name="invalid grant", group=6, effects=({"kind": "invalid_grant"},), ops=(TOKEN,),
          person=True),
    Fault(name="token 429", free=True, group=6, effects=({"kind": "throttle", "retry_after": 20},),
          ops=(TOKEN,)),
    Fault(name="token 503", group=6, effects=({"kind": "unavailable"},), ops=(TOKEN,), times=3),
    Fault(name="token page", group=6, effects=({"kind": "html"},), ops=(TOKEN,)),
    Fault(name="token cut", group=6, effects=({"kind": "reset", "when": "after"},), ops=(TOKEN,)),
    Fault(name="token truncated", group=6, effects=({"kind": "truncate"},), ops=(TOKEN,)),
]  # fmt: skip
LATE_TRUTH = [
    Fault(name="reads lag", group=7, effects=({"kind": "lag", "reads": 6},),
          ops=(UPDATE, PRICES, PUBLISH, PUBLISH_GROUP, WITHDRAW, WITHDRAW_GROUP)),
    Fault(name="reads lag behind what is made", group=7, ops=(ITEMS, GROUP, OFFERS),
          effects=({"kind": "lag", "reads": 6},)),
    Fault(name="reads lag behind a lost reply", group=7, ops=WRITES,
          effects=({"kind": "lag", "reads": 3}, {"kind": "reset", "when": "after"})),
    Fault(name="reads lag a minute behind a lost reply", group=7, ops=WRITES,
          effects=({"kind": "lag", "reads": 99, "ms": 60_000}, {"kind": "reset", "when": "after"})),
    Fault(name="stale read", group=7, effects=({"kind": "stale"},), ops=READS, times=3),
    Fault(name="container late", group=7, ops=(GET_OFFERS, GET_OFFER),
          effects=({"kind": "patch", "remove": ["offers.listing", "listing"]},)),
]  # fmt: skip
NOT_DONE = [
    Fault(name="ignored", group=8, effects=({"kind": "ignore"},), read_back=True, person=True,
          ops=tuple(op for op in WRITES if op != UPDATE)),
    Fault(name="offer ignored", group=8, effects=({"kind": "ignore"},), ops=(UPDATE,),
          read_back=True),
    Fault(name="field dropped with a warning", group=8, read_back=True, ops=(ITEMS, GROUP, UPDATE),
          effects=({"kind": "drop_fields", "fields": ["subtitle", "product.subtitle",
                                                      "storeCategoryNames"]},)),
    Fault(name="catalogue overwrites", group=8, free=True, ops=(*WRITES,), times=0,
          effects=({"kind": "catalogue", "product": {"title": "As others say"}},)),
]  # fmt: skip
WHEN_LIVE = (GET_OFFER, UPDATE, PRICES, WITHDRAW, WITHDRAW_GROUP)


def others(sku: str, when: str) -> list[Fault]:
    """Return what others may do to a live SKU, just before or after a call of ours."""

    def row(action: str, **body: object) -> Fault:
        name = " ".join(map(str, (action, *body.values(), sku, when)))
        return Fault(name=name, group=9, effects=(act(action, when, sku, **body),), ops=WHEN_LIVE)

    return [
        replace(row("buy", quantity=1), sold={sku: len(WHEN_LIVE)}),
        replace(row("seller-edit", title="Mine", price="1.00", quantity=50), read_back=True),
        replace(row("end-listing"), person=True, read_back=True),
        replace(
            row("end-listing", by="ebay"),
            person=True,
            read_back=True,
            ops=WHEN_LIVE[:-1],
            gone=(sku.removesuffix("S"),),  # with a variant its whole group
        ),
        replace(row("delete-item"), person=True, read_back=True),
        replace(row("hold"), person=True, ops=(GET_OFFER, UPDATE, PRICES)),
    ]


OTHERS = [*others("LAMP2", "before"), *others("SHIRTS", "after")]
OTHERS_DEEPER = [*others("LAMP2", "after"), *others("SHIRTS", "before")]


def patch(remove: tuple[str, ...] = (), **changes: object) -> Document:
    """Return the effect of an answer of another shape; ``__`` stands for a dot."""
    named = {name.replace("__", "."): value for name, value in changes.items()}
    return {"kind": "patch", "remove": list(remove), "set": named}


DRIFT = [
    Fault(name="unknown status", group=10, ops=(GET_OFFERS, GET_OFFER), read_back=True,
          effects=(patch(offers__status="RESTING", status="RESTING"),)),
    Fault(name="unknown listing status", group=10, ops=(GET_OFFERS, GET_OFFER),
          effects=(patch(offers__listing__listingStatus="RESTING"),)),
    Fault(name="more fields", group=10, free=True, effects=(patch(news={"a": [1]}),)),
    Fault(name="more fields in rows", group=10, free=True, ops=(*BULK, GET_ITEMS),
          effects=(patch(responses__news={"a": [1]}, responses__warnings=None),)),
    Fault(name="more fields in offers", group=10, free=True, ops=(GET_OFFERS,), nth=2,
          effects=(patch(offers__news={"a": [1]}, offers__tax=None),)),
    Fault(name="nulls", group=10, free=True, effects=(patch(warnings=None),)),
    Fault(name="numbers as texts", group=10,
          effects=(patch(offers__availableQuantity="5", responses__statusCode="200"),)),
    Fault(name="texts as numbers", group=10, ops=(GET_OFFERS, OFFERS, PUBLISH, PUBLISH_GROUP),
          effects=(patch(offers__pricingSummary__price__value=12.5),)),
    Fault(name="items of another type", group=10, ops=(GET_ITEMS,),
          effects=(patch(responses__inventoryItem__product=[1]),)),
    Fault(name="nothing optional", group=10, ops=(GET_OFFERS, GET_OFFER, GET_ITEMS), effects=(
        patch(("offers.listing.soldQuantity", "offers.listing.listingStatus", "offers.tax",
               "total", "size", "href", "responses.inventoryItem.locale")),)),
    Fault(name="offers are no list", group=10, ops=(GET_OFFERS,), effects=(patch(offers={}),)),
    Fault(name="responses are no list", group=10, ops=(*BULK, GET_ITEMS),
          effects=(patch(responses="none"),)),
    Fault(name="words of another country", group=10, effects=(error(500, 25001),),
          switches={"error_dialect": "odd"}),
]  # fmt: skip
CAPS = [
    Fault(name="revision cap", group=11, ops=(), person=True, days=1,
          switches={"revision_cap": 3}, relief={"revision_cap": 250}),
    Fault(name="revision cap in other words", group=11, ops=(), person=True, days=1,
          switches={"revision_cap": 3, "revision_error_id": 25002}, relief={"revision_cap": 250}),
    Fault(name="selling limit", group=11, ops=(), person=True,
          switches={"selling_limit": 12}, relief={"selling_limit": None}),
]  # fmt: skip
CLOCKS = [
    Fault(name=f"clock of eBay {name}", group=13, free=True, effects=(effect,))
    for name, effect in (
        ("behind", {"kind": "skew", "ms": -7_200_000}),
        ("ahead", {"kind": "skew", "ms": 7_200_000}),
        ("jumps ahead", {"kind": "latency", "ms": 10_800_000, "clock": "virtual"}),
    )
]
GROUPS = [
    *STATUS_AND_BODY, *TIME_AND_LINE, *THROTTLED, *ANSWERS, *ROWS, *TOKENS, *LATE_TRUTH,
    *NOT_DONE, *OTHERS, *DRIFT, *CAPS, *CLOCKS,
]  # fmt: skip
DEEPER = [*GROUPS, *OTHERS_DEEPER]
