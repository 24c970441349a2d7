"""The account API: business policies, privileges, programs."""

from functools import partial

from mockbay.answers import Document, Reply, refuse
from mockbay.call import Call, Operation
from mockbay.marketplaces import MARKETPLACES

BASE = "/sell/account/v1"
API = "sell.account"
PROGRAM = "SELLING_POLICY_MANAGEMENT"
KINDS = ("fulfillment", "payment", "return")
LIST_NAMES = {
    "fulfillment": "fulfillmentPolicies",
    "payment": "paymentPolicies",
    "return": "returnPolicies",
}


def policies(kind: str, call: Call) -> Reply:
    """Return all policies of one kind for a marketplace, in one page."""
    found = _of_marketplace(kind, call)
    body: Document = {"total": len(found), "limit": 0, "offset": 0, "href": call.path}
    return Reply(200, body | {LIST_NAMES[kind]: found})


def _of_marketplace(kind: str, call: Call) -> list[Document]:
    marketplace = call.query.get("marketplace_id")
    if not marketplace:
        raise refuse(20401, "marketplace_id", parameters={"fieldName": "marketplace_id"})
    if marketplace not in MARKETPLACES:
        raise refuse(20402, marketplace, parameters={"fieldName": "marketplace_id"})
    check_opted_in(call)
    listed = call.seller.policies[kind].values()
    return [policy for policy in listed if policy["marketplaceId"] == marketplace]


def check_opted_in(call: Call) -> None:
    """Permit policies to those who take part in them.

    Raises:
        Refusal: 20403, the seller did not opt in.
    """
    if PROGRAM not in call.seller.programs:
        raise refuse(20403, "Opt in to business policies first.")


def policy(kind: str, call: Call) -> Reply:
    """Return one policy by its id."""
    return Reply(200, find(kind, call))


def find(kind: str, call: Call) -> Document:
    """Return the policy that the path names.

    Raises:
        Refusal: 20403, the seller did not opt in; 404 with 20404, there is none.
    """
    check_opted_in(call)
    found = call.seller.policies[kind].get(call.params["id"])
    if found is None:
        raise refuse(20404, call.params["id"], parameters={"fieldName": f"{kind}PolicyId"})
    return found


def policy_by_name(kind: str, call: Call) -> Reply:
    """Return one policy of a marketplace by its name."""
    for found in _of_marketplace(kind, call):
        if found["name"] == call.query.get("name"):
            return Reply(200, found)
    raise refuse(20404, call.query.get("name", ""), parameters={"fieldName": "name"})


def privileges(call: Call) -> Reply:
    """Return whether the seller is registered, and how much may be on sale."""
    limit = call.world.switches.selling_limit
    body: Document = {"sellerRegistrationCompleted": True}
    if limit is not None:
        amount = {"currency": "USD", "value": f"{limit * 100}.00"}
        body["sellingLimit"] = {"quantity": limit, "amount": amount}
    return Reply(200, body)


def programs(call: Call) -> Reply:
    """Return the programs that the seller takes part in."""
    listed = [{"programType": name} for name in sorted(call.seller.programs)]
    return Reply(200, {"programs": listed})


def opt_in(call: Call) -> Reply:
    """Take part in a program, at once."""
    call.seller.programs.add(_program(call))
    return Reply(200, {})


def opt_out(call: Call) -> Reply:
    """Leave a program."""
    call.seller.programs.discard(_program(call))
    return Reply(200, {})


def _program(call: Call) -> str:
    name = call.document.get("programType")
    if name not in {PROGRAM, "OUT_OF_STOCK_CONTROL"}:
        raise refuse(20402, str(name), parameters={"fieldName": "programType"})
    return str(name)


def _operations(kind: str) -> list[Operation]:
    title = kind.title()
    path = f"{BASE}/{kind}_policy"
    return [
        Operation(f"get{title}Policies", "GET", path, partial(policies, kind), api=API),
        Operation(f"get{title}Policy", "GET", f"{path}/{{id}}", partial(policy, kind), api=API),
        Operation(f"get{title}PolicyByName", "GET", f"{path}/get_by_policy_name",
                  partial(policy_by_name, kind), api=API),
    ]  # fmt: skip


OPERATIONS = [
    *(operation for kind in KINDS for operation in _operations(kind)),
    Operation("getPrivileges", "GET", f"{BASE}/privilege", privileges, api=API),
    Operation("getOptedInPrograms", "GET", f"{BASE}/program/get_opted_in_programs", programs,
              api=API),
    Operation("optInToProgram", "POST", f"{BASE}/program/opt_in", opt_in, api=API),
    Operation("optOutOfProgram", "POST", f"{BASE}/program/opt_out", opt_out, api=API),
]  # fmt: skip
