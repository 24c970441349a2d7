"""The account API writes: business policies are created, replaced and deleted.

Which fields, words and error ids there are is eBay's specification (account API, v1). That a policy
in use is not deleted is known from integrators; its error id is not, and 20402 our choice.
"""

from collections.abc import Iterable, Iterator
from functools import partial

from mockbay.account import API, BASE, KINDS, check_opted_in, find
from mockbay.answers import Document, Refusal, Reply, describe, part, refuse
from mockbay.call import Call, Operation
from mockbay.listings import live_listing
from mockbay.marketplaces import MARKETPLACES
from mockbay.names import names
from mockbay.rules import listed, unreadable
from mockbay.shapes import SHAPES, known

LENGTHS = {"name": 64, "description": 250}
REQUIRED = {
    "fulfillment": names("name marketplaceId categoryTypes"),
    "payment": names("name marketplaceId categoryTypes"),
    "return": names("name marketplaceId categoryTypes returnsAccepted"),
}
ALL_BUT_MOTORS = "ALL_EXCLUDING_MOTORS_VEHICLES"
OFFLINE = names(
    "CASH_IN_PERSON CASH_ON_DELIVERY CASH_ON_PICKUP CASHIER_CHECK LOAN_CHECK MONEY_ORDER "
    "PERSONAL_CHECK OTHER"
)
"""Ways to pay that a policy may name; eBay drops the others silently: it manages them itself."""
ONLINE = names(
    "CREDIT_CARD ESCROW INTEGRATED_MERCHANT_CREDIT_CARD PAISA_PAY PAISA_PAY_ESCROW "
    "PAISA_PAY_ESCROW_EMI PAYPAL"
)
WORDS = {
    "marketplaceId": tuple(MARKETPLACES),
    "refundMethod": names("MONEY_BACK MERCHANDISE_CREDIT"),
    "returnMethod": names("REPLACEMENT EXCHANGE"),
    "returnShippingCostPayer": names("BUYER SELLER"),
}
INNER_WORDS = {
    ("categoryTypes", "name"): names(f"{ALL_BUT_MOTORS} MOTORS_VEHICLES"),
    ("paymentMethods", "paymentMethodType"): OFFLINE + ONLINE,
    ("shippingOptions", "costType"): names("CALCULATED FLAT_RATE NOT_SPECIFIED"),
    ("shippingOptions", "optionType"): names("DOMESTIC INTERNATIONAL"),
}
DEFAULTS: dict[str, Document] = {
    "fulfillment": {
        "freightShipping": False, "globalShipping": False, "localPickup": False,
        "pickupDropOff": False, "shippingOptions": [],
        "shipToLocations": {"regionExcluded": [], "regionIncluded": []},
    },
    "payment": {"immediatePay": False, "paymentMethods": []},
    "return": {"refundMethod": "MONEY_BACK"},
}  # fmt: skip
UNREAD = {"extendedHolidayReturnsOffered", "restockingFeePercentage"}
Problems = Iterator[Document]


def create(kind: str, call: Call) -> Reply:
    """Create a policy under a name that its marketplace has not yet."""
    check_opted_in(call)
    _check(kind, call, own_id=None)
    policy_id = str(
        6_900_000_000_000 + call.world.seed % 1000 * 1_000_000 + call.world.count("policy")
    )
    stored = _stored(kind, call.document, policy_id)
    call.seller.policies[kind][policy_id] = stored
    place = {"location": f"{BASE}/{kind}_policy/{policy_id}"}
    return Reply(201, stored | {"warnings": []}, place)


def update(kind: str, call: Call) -> Reply:
    """Replace a policy whole; its marketplace stays."""
    before = find(kind, call)
    policy_id = call.params["id"]
    _check(kind, call, own_id=policy_id)
    if call.document["marketplaceId"] != before["marketplaceId"]:
        raise _invalid("marketplaceId", f"It stays {before['marketplaceId']}.")
    stored = _stored(kind, call.document, policy_id)
    call.seller.policies[kind][policy_id] = stored
    return Reply(200, stored | {"warnings": []})


def delete(kind: str, call: Call) -> Reply:
    """Delete a policy that is no default and that nothing live uses."""
    policy = find(kind, call)
    policy_id = call.params["id"]
    if any(one.get("default") for one in policy["categoryTypes"]):
        raise refuse(20409, policy["name"], parameters={"policyId": policy_id})
    if used := _used(kind, call, policy_id):
        raise refuse(
            20402, f"The policy is in use by live listing {used}.",
            parameters={"fieldName": f"{kind}PolicyId", "listingId": used},
        )  # fmt: skip
    del call.seller.policies[kind][policy_id]
    return Reply(204)


def _used(kind: str, call: Call, policy_id: str) -> str | None:
    for offer in call.seller.offers.values():
        listing = live_listing(call.seller, offer)
        chosen = part(offer.document, "listingPolicies") if listing else {}
        if listing and chosen.get(f"{kind}PolicyId") == policy_id:
            return listing.listing_id
    return None


def _check(kind: str, call: Call, *, own_id: str | None) -> None:
    document = call.document
    for name in REQUIRED[kind]:
        if document.get(name) in (None, "", []):
            raise refuse(20401, name, parameters={"fieldName": name})
    if wrong := [*_misspelled(document)]:
        raise Refusal(400, wrong)
    for name, longest in LENGTHS.items():
        if len(document.get(name) or "") > longest:
            raise _invalid(name, f"At most {longest} characters.")
    if kind == "return" and (wrong := [*_return_problems(document)]):
        raise Refusal(400, wrong)
    _check_name(kind, call, own_id)


def _check_name(kind: str, call: Call, own_id: str | None) -> None:
    document = call.document
    for policy_id, other in call.seller.policies[kind].items():
        same = all(other[n] == document[n] for n in ("name", "marketplaceId"))
        if same and policy_id != own_id:
            raise refuse(
                20400, "A duplicate: a policy of this name already exists.",
                parameters={"duplicatePolicyId": policy_id},
            )  # fmt: skip


def _misspelled(document: Document) -> Problems:
    """Yield each word that is none of eBay's."""
    for name, words in WORDS.items():
        if document.get(name) is not None and document[name] not in words:
            yield unreadable(name)
    for (name, inner), words in INNER_WORDS.items():
        if not all(_said(one, inner) in {None, *words} for one in listed(document, name)):
            yield unreadable(f"{name}.{inner}")


def _said(one: object, name: str) -> object:
    return part({"": one}, "").get(name)


def _return_problems(document: Document) -> Problems:
    asked = ("returnPeriod", "returnShippingCostPayer") if document["returnsAccepted"] else ()
    for name in asked:
        if not document.get(name):
            yield describe(20406, f"{name} is missing.", {"fieldName": name})
    if any(_said(one, "name") != ALL_BUT_MOTORS for one in listed(document, "categoryTypes")):
        yield describe(20406, f"Returns are for {ALL_BUT_MOTORS}.", {"fieldName": "categoryTypes"})


def _invalid(name: str, why: str) -> Refusal:
    return refuse(20400, f"{name}: {why}", parameters={"fieldName": name})


def _stored(kind: str, document: Document, policy_id: str) -> Document:
    kept = part({"": known(document, SHAPES[f"create{kind.title()}Policy"])}, "")
    stored = DEFAULTS[kind] | {n: value for n, value in kept.items() if n not in UNREAD}
    stored["categoryTypes"] = [
        {"name": _said(one, "name"), "default": False} for one in listed(kept, "categoryTypes")
    ]
    if kind == "payment":
        stored["paymentMethods"] = [*_offline(listed(stored, "paymentMethods"))]
    return stored | {f"{kind}PolicyId": policy_id}


def _offline(methods: Iterable[object]) -> Iterator[object]:
    return (one for one in methods if _said(one, "paymentMethodType") in OFFLINE)


def _operations(kind: str) -> list[Operation]:
    title, path = kind.title(), f"{BASE}/{kind}_policy"
    return [
        Operation(f"create{title}Policy", "POST", path, partial(create, kind), api=API),
        Operation(f"update{title}Policy", "PUT", f"{path}/{{id}}", partial(update, kind), api=API),
        Operation(
            f"delete{title}Policy", "DELETE", f"{path}/{{id}}", partial(delete, kind), api=API
        ),
    ]


OPERATIONS = [operation for kind in KINDS for operation in _operations(kind)]
