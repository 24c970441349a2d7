"""What cannot stand beside what: fields of one document that contradict each other. Pure.

Where eBay's word is known the answer is fixed; elsewhere a switch of that name gives it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import NamedTuple, cast

from mockbay.answers import Document, describe, part
from mockbay.marketplaces import MARKETPLACES
from mockbay.names import names
from mockbay.rules import CODES, listed
from mockbay.switches import Switches

Way = tuple[str, ...]
UNUSED = frozenset(names("NEW LIKE_NEW NEW_OTHER NEW_WITH_DEFECTS"))
"""Conditions that take no note."""
GRADED = frozenset(names("LIKE_NEW USED_VERY_GOOD"))
"""Conditions that take descriptors: those of graded and ungraded cards."""
REMOVED, REMOVED_FOR_CONDITION, WARNED = 25401, 25030, 25402
TERMS = ("listingPolicies", "bestOfferTerms")
AMOUNTS: Mapping[Way, int] = {
    (*TERMS, "autoAcceptPrice"): 25024,
    (*TERMS, "autoDeclinePrice"): 25024,
    ("pricingSummary", "originalRetailPrice"): 25003,
    ("pricingSummary", "minimumAdvertisedPrice"): 25003,
    ("extendedProducerResponsibility", "ecoParticipationFee"): 25016,
}
"""Amounts beside the price, and which error a wrong one is."""
COSTS = ("shippingCost", "additionalShippingCost", "surcharge")


class Clash(NamedTuple):
    """A leaf that cannot stay as it is; without a switch eBay's refusal is known."""

    switch: str
    error_id: int
    way: Way
    why: str


@dataclass(slots=True)
class Verdict:
    """What comes of clashes: refusals, or warnings and the leaves to take out."""

    refused: list[Document] = field(default_factory=list[Document])
    warnings: list[Document] = field(default_factory=list[Document])
    dropped: list[Way] = field(default_factory=list[Way])


def judged(clashes: Iterator[Clash], switches: Switches) -> Verdict:
    """Return what eBay answers to clashes under these switches."""
    verdict = Verdict()
    for clash in clashes:
        answer = getattr(switches, clash.switch) if clash.switch else "refused"
        named = {"fieldName": clash.way[-1]}
        if answer == "refused":
            verdict.refused.append(describe(clash.error_id, clash.why, named))
        elif answer == "dropped":
            removed = REMOVED_FOR_CONDITION if clash.switch == "condition_extras" else REMOVED
            verdict.warnings.append(describe(removed, clash.why, named))
            verdict.dropped.append(clash.way)
        else:
            verdict.warnings.append(describe(WARNED, clash.why, named))
    return verdict


def without(document: Document, ways: list[Way]) -> Document:
    """Return a document without some of its leaves, and without the objects that empties."""
    for way in ways:
        document = _without(document, way)
    return document


def _without(document: Document, way: Way) -> Document:
    name, rest = way[0], way[1:]
    inner = _without(part(document, name), rest) if rest else {}
    kept = {n: v for n, v in document.items() if n != name}
    return kept | {name: inner} if inner else kept


def item_clashes(document: Document, product: Document | None) -> Iterator[Clash]:
    """Yield the clashes of an item; ``product`` is what the catalogue has under its ePID."""
    condition = document.get("condition")
    if document.get("conditionDescription") and condition in UNUSED:
        yield Clash("condition_extras", 25021, ("conditionDescription",),
                    f"conditionDescription: {condition} takes none.")  # fmt: skip
    if document.get("conditionDescriptors") and condition not in GRADED:
        yield Clash("condition_extras", 25021, ("conditionDescriptors",),
                    f"conditionDescriptors: {condition} takes none.")  # fmt: skip
    said = identity(document)
    other = [name for name, value in (product or {}).items() if said.get(name, value) != value]
    if other:
        yield Clash("other_product", 25503, ("product", "epid"),
                    f"epid: the product has another {', '.join(other)}.")  # fmt: skip


def identity(document: Document) -> Document:
    """Return what an item says of its product: brand, part number, product codes."""
    product = part(document, "product")
    return {name: product[name] for name in ("brand", "mpn", *CODES) if product.get(name)}


def offer_clashes(
    marketplace: str, terms: Document, price: tuple[str, str] | None, overridden: str | None
) -> Iterator[Clash]:
    """Yield the clashes of an offer; shipping costs were overridden for policy ``overridden``."""
    yield from price_clashes(marketplace, terms, price)
    policy = part(terms, "listingPolicies").get("fulfillmentPolicyId")
    if overridden not in {None, policy}:
        yield Clash("shipping_overrides", 25007, ("listingPolicies", "shippingCostOverrides"),
                    f"shippingCostOverrides: they are those of policy {overridden}.")  # fmt: skip
    if terms.get("categoryId") and terms.get("secondaryCategoryId") == terms["categoryId"]:
        yield Clash("second_category", 25005, ("secondaryCategoryId",),
                    "secondaryCategoryId: it is the first category.")  # fmt: skip
    tax = part(terms, "tax")
    if tax.get("thirdPartyTaxCategory") and tax.get("applyTax") is not True:
        yield Clash("tax_category", 25011, ("tax", "thirdPartyTaxCategory"),
                    "thirdPartyTaxCategory: no tax is applied.")  # fmt: skip


def price_clashes(
    marketplace: str, terms: Document, price: tuple[str, str] | None
) -> Iterator[Clash]:
    """Yield each amount that does not go with a price."""
    yield from _amounts(marketplace, terms, price)
    yield from _best_offers(terms, price)
    yield from _compared(terms, price)


def group_clash(terms: Document) -> Iterator[Clash]:
    """Yield the best offers of a variation: there are none."""
    if part(terms, *TERMS):
        yield Clash("", 25013, TERMS, "bestOfferTerms: variations cannot take best offers.")


def _amounts(marketplace: str, terms: Document, price: tuple[str, str] | None) -> Iterator[Clash]:
    currency = price[1] if price else MARKETPLACES[marketplace].currency
    for way, error_id in AMOUNTS.items():
        unit = part(terms, *way).get("currency", currency)
        if unit != currency:
            yield _stray(way, error_id, unit)
    for costs in listed(part(terms, "listingPolicies"), "shippingCostOverrides"):
        cost = cast("Document", costs)
        units = {part(cost, name).get("currency", currency) for name in COSTS}
        if units != {currency}:
            unit = min(units - {currency})
            yield _stray(("listingPolicies", "shippingCostOverrides"), 25007, unit)
            return


def _stray(way: Way, error_id: int, unit: str) -> Clash:
    return Clash("other_currency", error_id, way, f"{way[-1]}: {unit} is not the price's currency.")


def _best_offers(terms: Document, price: tuple[str, str] | None) -> Iterator[Clash]:
    for name in ("autoAcceptPrice", "autoDeclinePrice"):
        amount = _number(part(terms, *TERMS, name))
        if amount is not None and price and amount >= Decimal(price[0]):
            yield Clash("best_offer_amounts", 25024, (*TERMS, name),
                        f"{name}: {amount} must be below the price.")  # fmt: skip


def _compared(terms: Document, price: tuple[str, str] | None) -> Iterator[Clash]:
    for name in ("originalRetailPrice", "minimumAdvertisedPrice"):
        amount = _number(part(terms, "pricingSummary", name))
        if amount is not None and price and amount <= Decimal(price[0]):
            yield Clash("compared_prices", 25003, ("pricingSummary", name),
                        f"{name}: {amount} must be above the price.")  # fmt: skip


def _number(amount: Document) -> Decimal | None:
    try:
        return Decimal(amount["value"]) if amount.get("value") else None
    except InvalidOperation:
        return None
