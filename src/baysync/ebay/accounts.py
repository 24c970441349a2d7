"""Calls of the Account API: business policies, privileges, programmes; and the readers.

Source: sell/account/v1. Policies come unpaged, all of a marketplace at once. Pure.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from baysync.ebay import wire
from baysync.ebay.calls import get, with_query
from baysync.ebay.model import Answer, Call, Family, Operation

ROOT = "/sell/account/v1"
BUSINESS_POLICIES = "SELLING_POLICY_MANAGEMENT"


class PolicyKind(StrEnum):
    """The three business policies every offer names."""

    FULFILLMENT = "fulfillment"
    PAYMENT = "payment"
    RETURN = "return"


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """A business policy; ``document`` is eBay's own JSON of it."""

    kind: PolicyKind
    policy_id: str
    name: str
    marketplace: str
    is_default: bool
    document: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Privileges:
    """What the seller may do; a limit eBay did not tell is None or ''."""

    registered: bool
    limit_quantity: int | None
    limit_amount: str
    limit_currency: str


_LISTS = {
    PolicyKind.FULFILLMENT: (Operation.GET_FULFILLMENT_POLICIES, "fulfillmentPolicies"),
    PolicyKind.PAYMENT: (Operation.GET_PAYMENT_POLICIES, "paymentPolicies"),
    PolicyKind.RETURN: (Operation.GET_RETURN_POLICIES, "returnPolicies"),
}


def get_policies(kind: PolicyKind, *, marketplace: str) -> Call:
    """Read all business policies of one kind on one marketplace."""
    path = with_query(f"{ROOT}/{kind}_policy", marketplace_id=marketplace)
    return get(_LISTS[kind][0], path, Family.ACCOUNT, marketplace=marketplace)


def policies_in(kind: PolicyKind, answer: Answer) -> list[Policy]:
    """Return the policies of an answer to ``get_policies``; one without id is left out."""
    found = wire.rows(wire.mapping(answer.body).get(_LISTS[kind][1]))
    return [policy for row in found if (policy := _policy(kind, row)).policy_id]


def _policy(kind: PolicyKind, row: Mapping[str, object]) -> Policy:
    categories = wire.rows(row.get("categoryTypes"))
    return Policy(
        kind=kind,
        policy_id=wire.text(row.get(f"{kind}PolicyId")),
        name=wire.text(row.get("name")),
        marketplace=wire.text(row.get("marketplaceId")),
        is_default=any(category.get("default") is True for category in categories),
        document=row,
    )


def get_privileges() -> Call:
    """Ask whether the seller is registered and up to what monthly limit."""
    return get(Operation.GET_PRIVILEGES, f"{ROOT}/privilege", Family.ACCOUNT)


def privileges_in(answer: Answer) -> Privileges:
    """Read an answer to ``get_privileges``; the limit may be absent."""
    body = wire.mapping(answer.body)
    limit = wire.mapping(body.get("sellingLimit"))
    amount = wire.mapping(limit.get("amount"))
    return Privileges(
        registered=body.get("sellerRegistrationCompleted") is True,
        limit_quantity=wire.number(limit.get("quantity")),
        limit_amount=wire.text(amount.get("value")),
        limit_currency=wire.text(amount.get("currency")),
    )


def get_opted_in_programs() -> Call:
    """Read the seller programmes, business policies among them, the seller takes part in."""
    return get(Operation.GET_PROGRAMS, f"{ROOT}/program/get_opted_in_programs", Family.ACCOUNT)


def has_business_policies(answer: Answer) -> bool:
    """Return whether an answer to ``get_opted_in_programs`` names business policies."""
    programs = wire.rows(wire.mapping(answer.body).get("programs"))
    return any(program.get("programType") == BUSINESS_POLICIES for program in programs)


def opt_in_to_business_policies() -> Call:
    """Switch business policies on; eBay needs up to a day."""
    return Call(
        op=Operation.OPT_IN,
        method="POST",
        path=f"{ROOT}/program/opt_in",
        family=Family.ACCOUNT,
        body={"programType": BUSINESS_POLICIES},
    )
