"""An example of each request, and what each parameter of an address means.

A shop that has ``LAMP-1`` in two places, ``CUP-1`` in one, a dead letter and a change that waits
answers all of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

PARAMETERS: Mapping[str, str] = {
    "a": "The number of the earlier snapshot; left out, that before `b`.",
    "account": "The name of an account.",
    "b": "The number of the later snapshot; left out, the newest.",
    "cursor": "`next_cursor` of the page before.",
    "dead_queue_cursor": "`next_cursor` of `deadQueue`.",
    "error_id": "The id of an error of eBay's.",
    "failed_events_cursor": "`next_cursor` of `failedEvents`.",
    "format": "What the answer is written as; `Accept` says the same.",
    "id": "The number that a list names.",
    "if-match": "Only if the entity tag of the listing is one of these.",
    "if-none-match": "Only if it is none of these; with PUT, `*`: only where nothing is.",
    "intent": "What the change does.",
    "limit": "How many at most.",
    "marketplace": "eBay's name of a marketplace.",
    "name": "The name of a job.",
    "outcome": "How an attempt ended.",
    "reason": "Why, for the audit log.",
    "seq": "The number of a snapshot of the listing.",
    "since": "The first moment that counts, with its offset from UTC.",
    "sku": "A SKU of the shop, of a listing or a variant; percent-encoded in a path.",
    "status": "Only what stands so.",
    "until": "The first moment that counts no more, with its offset from UTC.",
    "verdict": "What eBay's answer meant.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """Values of parameters by name, and a body; None sends none."""

    parameters: Mapping[str, object] = field(default_factory=dict[str, object])
    body: object = None


NEW: Mapping[str, object] = {
    "sku": "VASE-1",
    "title": "Blue vase, 20 cm",
    "description": "<p>Hand-blown glass.</p>",
    "price": "24.90",
    "currency": "USD",
    "quantity": 3,
    "images": ["https://example.com/vase.jpg"],
}
CUP = Example(parameters={"sku": "CUP-1"})
LINES = '{"sku": "LAMP-1", "hash": "v7"}\n{"op": "patch", "sku": "LAMP-1", "quantity": 5}\n'
ADMIN, EBAY, LISTINGS = "/api/admin/ebay", "/api/ebay/listings", "/api/listings"
EXAMPLES: Mapping[str, Example] = {
    f"GET {LISTINGS}": Example(parameters={"limit": 50, "status": "active"}),
    f"POST {LISTINGS}": Example(body=NEW),
    f"POST {LISTINGS}/bulk": Example(body=LINES),
    f"GET {LISTINGS}/{{sku}}": CUP,
    f"PUT {LISTINGS}/{{sku}}": Example(parameters={"sku": "VASE-1"}, body=NEW),
    f"PATCH {LISTINGS}/{{sku}}": Example(parameters={"sku": "CUP-1"}, body={"quantity": 2}),
    f"DELETE {LISTINGS}/{{sku}}": CUP,
    f"GET {LISTINGS}/{{sku}}/versions": CUP,
    "POST /api/stock": Example(body={"items": [{"sku": "CUP-1", "quantity": 2}]}),
    f"GET {EBAY}/{{sku}}": Example(parameters={"sku": "LAMP-1"}),
    f"POST {EBAY}/{{sku}}/dry-run": Example(
        parameters={"sku": "LAMP-1", "account": "shop", "marketplace": "EBAY_US"}
    ),
    f"GET {EBAY}/{{sku}}/snapshots": Example(
        parameters={"sku": "LAMP-1", "account": "shop", "marketplace": "EBAY_US"}
    ),
    f"POST {EBAY}/{{sku}}/snapshots": CUP,
    f"GET {EBAY}/{{sku}}/snapshots/{{seq}}": Example(parameters={"sku": "CUP-1", "seq": 1}),
    f"GET {EBAY}/{{sku}}/diff": Example(parameters={"sku": "CUP-1", "a": 1, "b": 2}),
    "GET /api/ebay/snapshots/{id}": Example(parameters={"id": 1}),
    "GET /api/ebay/orders": Example(parameters={"sku": "CUP-1"}),
    "GET /api/ebay/metrics": Example(),
    "GET /metrics": Example(),
    "GET /api/health": Example(),
    "GET /api/ready": Example(),
    f"GET {ADMIN}/accounts": Example(),
    f"GET {ADMIN}/jobs": Example(),
    f"POST {ADMIN}/jobs/{{name}}/run": Example(parameters={"name": "quota.sync"}),
    f"GET {ADMIN}/queue": Example(parameters={"account": "shop", "status": ["pending"]}),
    f"POST {ADMIN}/queue/{{id}}/retry": Example(parameters={"id": 9}),
    f"GET {ADMIN}/queue/dead-letter": Example(parameters={"verdict": "rejected"}),
    f"POST {ADMIN}/queue/dead-letter/retry": Example(
        body={"filter": {"error_id": 25007}, "reason": "policy corrected"}
    ),
    f"POST {ADMIN}/failed-events/{{id}}/replay": Example(
        parameters={"id": 1, "reason": "policy corrected"}
    ),
    f"GET {ADMIN}/sync-logs": Example(
        parameters={"outcome": "rejected", "since": "2026-01-01T00:00:00Z", "format": "json"}
    ),
}
