"""Ask eBay for reference data and read what it says; None is no usable answer."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TypeAlias

from baysync.ebay import accounts, calls, inventory, metadata, taxonomy, wire
from baysync.ebay.accounts import PolicyKind
from baysync.ebay.metadata import Conditions
from baysync.ebay.model import Answer, Call, Verdict
from baysync.ebay.verdict import judge
from baysync.reference.model import SUGGESTED, Aspect, Category, Location, SellerPolicies, Tree

Send: TypeAlias = Callable[[Call], Awaitable[Answer]]
UNKNOWN_CATEGORY = 62005
NOT_A_LEAF = 62009
MOST_PAGES = 50
FIELDS = {
    PolicyKind.FULFILLMENT: "fulfillment",
    PolicyKind.PAYMENT: "payment",
    PolicyKind.RETURN: "return_",
}
SAID = {Verdict.DONE, Verdict.REJECTED, Verdict.GONE}  # some marketplaces have no such answer


async def tree(send: Send, marketplace: str) -> Tree | None:
    """Return the category tree of a marketplace."""
    found = taxonomy.tree_in(await send(taxonomy.get_default_tree_id(marketplace)))
    return found and Tree(tree_id=found.tree_id, version=found.version)


async def policies(send: Send, marketplace: str) -> SellerPolicies | None:
    """Return the seller's business policies; None unless all three kinds are known."""
    ids = dict[PolicyKind, tuple[str, ...]]()
    names = dict[str, dict[str, str]]()
    for kind in PolicyKind:
        answer = await send(accounts.get_policies(kind, marketplace=marketplace))
        if judge(answer) is not Verdict.DONE:
            return None
        listed = sorted(accounts.policies_in(kind, answer), key=lambda policy: policy.policy_id)
        ids[kind] = tuple(policy.policy_id for policy in listed)
        if called := {policy.policy_id: policy.name for policy in listed if policy.name}:
            names[FIELDS[kind]] = called
    return SellerPolicies(
        fulfillment=ids[PolicyKind.FULFILLMENT],
        names=names,
        payment=ids[PolicyKind.PAYMENT],
        return_=ids[PolicyKind.RETURN],
    )


async def locations(send: Send, _marketplace: str) -> dict[str, Location] | None:
    """Return the seller's inventory locations by key; None unless all pages could be read."""
    found = dict[str, Location]()
    call: Call | None = inventory.get_locations()
    for _ in range(MOST_PAGES):
        answer = await send(call)
        if judge(answer) is not Verdict.DONE:
            return None
        for row in wire.rows(wire.mapping(answer.body).get("locations")):
            found[wire.text(row.get("merchantLocationKey"))] = location(row)
        call = calls.following(answer)
        if call is None:
            return found
    return None


def location(row: Mapping[str, object]) -> Location:
    """Read a location: eBay publishes from a country with a postal code, or city and state."""
    address = wire.mapping(wire.mapping(row.get("location")).get("address"))
    placed = address.get("postalCode") or (address.get("city") and address.get("stateOrProvince"))
    return Location(
        complete=bool(address.get("country") and placed),
        enabled=row.get("merchantLocationStatus") != "DISABLED",
    )


async def categories(
    send: Send, marketplace: str, tree_id: str | None, keys: Sequence[str]
) -> dict[str, Category]:
    """Return what is known about up to 50 categories; one that eBay gave no answer on is absent."""
    if tree_id is None:
        return {}
    answers = [
        await send(ask(marketplace, keys))
        for ask in (metadata.get_conditions, metadata.get_variations, metadata.get_regulatory)
    ]
    if any(judge(answer) not in SAID for answer in answers):
        return {}
    conditions = metadata.conditions_in(answers[0])
    variations = metadata.variations_in(answers[1])
    details = metadata.regulatory_in(answers[2])
    found = dict[str, Category]()
    for key in keys:
        asked = await send(taxonomy.get_item_aspects(tree_id, key, marketplace=marketplace))
        wants = details.get(key, {}).get(metadata.MANUFACTURER) == metadata.REQUIRED
        known = category(
            asked, conditions.get(key), variations=variations.get(key), manufacturer=wants
        )
        if known is not None:
            found[key] = known
    return found


def category(
    answer: Answer,
    conditions: Conditions | None,
    *,
    variations: bool | None = None,
    manufacturer: bool = False,
) -> Category | None:
    """Read a category from the answer about its aspects; None if it is no answer about it."""
    ids = {problem.error_id for problem in answer.problems}
    if UNKNOWN_CATEGORY in ids:
        return Category(exists=False)
    if NOT_A_LEAF in ids:
        return Category(leaf=False)
    if judge(answer) is not Verdict.DONE:
        return None
    return Category(
        aspects=tuple(map(_aspect, taxonomy.aspects_in(answer))),
        conditions=tuple(sorted(conditions.ids)) if conditions and conditions.ids else None,
        manufacturer=manufacturer,
        variations=variations,
    )


def _aspect(found: taxonomy.CategoryAspect) -> Aspect:
    values = found.values if found.only_listed else found.values[:SUGGESTED]
    return Aspect(
        name=found.name,
        longest=found.longest,
        many=found.many,
        only_listed=found.only_listed,
        required=found.required,
        values=values,
        varies=found.varies,
    )
