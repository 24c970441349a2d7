"""What eBay asks before an offer goes live, and again when a live one is revised. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from mockbay import beside
from mockbay.answers import Document, Refusal, describe, part
from mockbay.marketplaces import MARKETPLACES
from mockbay.rules import CODES, amount_problems, code_problems, listed, responsible
from mockbay.state import Item, Offer, Seller, World
from mockbay.switches import Switches
from mockbay.taxonomy import BRAND, Aspect, Category, named

POLICIES = {
    "fulfillmentPolicyId": ("fulfillment", 25007),
    "paymentPolicyId": ("payment", 25008),
    "returnPolicyId": ("return", 25009),
}
Problems = Iterator[Document]


@dataclass(frozen=True, slots=True)
class Candidate:
    """An offer with its item, ready to be judged; both documents are decoded once."""

    seller: Seller
    switches: Switches
    item: Item
    offer: Offer
    goods: Document
    terms: Document
    category: Category | None
    group: Document | None = None

    @property
    def product(self) -> Document:
        """The product part of the item, never missing."""
        return part(self.goods, "product")


def candidate(world: World, seller: Seller, item: Item, offer: Offer) -> Candidate:
    """Put together what is needed to judge one offer."""
    group = seller.groups.get(item.group) if item.group else None
    goods, terms = item.document, offer.document
    category = world.category(terms.get("categoryId") or "")
    return Candidate(seller, world.switches, item, offer, goods, terms, category, group)


def refusal(found: list[Document]) -> Refusal:
    """Return the refusal for such problems: 404 where the misleading 25713 is among them."""
    misled = any(problem["errorId"] == 25713 for problem in found)  # noqa: PLR2004
    return Refusal(404 if misled else 400, found)


def problems(asked: Candidate) -> list[Document]:
    """Return everything that keeps the offer from going live; of aspects only the first."""
    return [
        *_content(asked), *_language(asked), *_category(asked), *_policies(asked),
        *_location(asked), *_price(asked), *clashes(asked).refused,
    ]  # fmt: skip


def clashes(asked: Candidate) -> beside.Verdict:
    """Judge what of an offer contradicts something else of it."""
    offer = asked.offer
    found = beside.offer_clashes(offer.marketplace, asked.terms, offer.price, offer.overridden)
    if asked.group is not None:
        found = chain(found, beside.group_clash(asked.terms))
    return beside.judged(found, asked.switches)


def _content(asked: Candidate) -> Problems:
    shared = asked.group or {}
    if asked.item.quantity is None:
        yield describe(25004, "The inventory item has no quantity.", {"fieldName": "quantity"})
    if not (shared.get("title") or asked.product.get("title")):
        yield describe(25016, "title is missing.", {"fieldName": "title"})
    described = asked.terms.get("listingDescription") or shared.get("description")
    if not (described or asked.product.get("description")):
        yield describe(25016, "description is missing.", {"fieldName": "description"})
    if not (asked.product.get("imageUrls") or shared.get("imageUrls")):
        yield describe(25014, "At least one picture is needed.", {"fieldName": "imageUrls"})


def _language(asked: Candidate) -> Problems:
    wanted = MARKETPLACES[asked.offer.marketplace].locale
    if asked.item.locale[:2] != wanted[:2]:
        yield describe(
            25604, f"{asked.offer.marketplace} needs text in {wanted}, not {asked.item.locale}.",
            {"locale": asked.item.locale},
        )  # fmt: skip
    elif asked.switches.locale_exact and asked.item.locale != wanted:
        yield describe(25702, f"{asked.item.sku} for {asked.offer.marketplace}.")


def _category(asked: Candidate) -> Problems:
    wanted, category = asked.terms.get("categoryId") or "", asked.category
    if category is None or not category.leaf:
        yield describe(25005, f"{wanted!r} is no leaf category.", {"categoryId": wanted})
        return
    if category.code and not asked.product.get(category.code):
        yield describe(25002, f"{category.code} is missing.", {"fieldName": category.code})
    yield from code_problems(asked.product)
    maker = part(asked.terms, "regulatory", "manufacturer")
    if category.regulated and not maker.get("companyName"):
        yield describe(25111, "", {"fieldName": "companyName"})
    if not all(listed(person, "types") for person in responsible(asked.terms)):
        yield describe(25116, "", {"fieldName": "types"})
    condition = asked.goods.get("condition")
    if condition not in category.conditions:
        yield describe(
            25021, f"{category.name} does not permit {condition}.", {"condition": str(condition)}
        )
    yield from _aspects(asked, category)


def _aspects(asked: Candidate, category: Category) -> Problems:
    given: dict[str, list[str]] = {
        **((asked.group or {}).get("aspects") or {}),
        **(asked.product.get("aspects") or {}),
    }
    locale = MARKETPLACES[asked.offer.marketplace].locale
    if asked.product.get("brand"):
        given.setdefault(named(BRAND, locale).name, [asked.product["brand"]])
    given = {code.upper(): asked.product.get(code) or [] for code in CODES} | given
    spelled = _exactly if asked.switches.exact_aspects else str.casefold
    said = {spelled(name): values for name, values in given.items()}
    for aspect in (named(one, locale) for one in category.aspects):
        values = said.get(spelled(aspect.name)) or []
        if aspect.required and not any(values):
            yield _missing(aspect)
            return
        if any(len(value) > aspect.longest for value in values):
            yield describe(
                25022, f"{aspect.name}: at most {aspect.longest} characters.",
                {"aspectName": aspect.name},
            )  # fmt: skip
        if aspect.only_these and not set(map(spelled, values)) <= set(map(spelled, aspect.values)):
            yield describe(
                25022, f"{aspect.name}: {values} is not on the list.", {"aspectName": aspect.name}
            )


def _exactly(word: str) -> str:
    return word


def _missing(aspect: Aspect) -> Document:
    return describe(
        25002, f"The item specific {aspect.name} is missing.", {"aspectName": aspect.name}
    )


def _policies(asked: Candidate) -> Problems:
    chosen = part(asked.terms, "listingPolicies")
    for name, (kind, missing) in POLICIES.items():
        policy_id = chosen.get(name)
        if not policy_id:
            yield describe(missing, f"{name} is missing.", {"fieldName": name})
        else:
            yield from _policy(asked, kind, str(policy_id))
    numbers = {25766: [chosen.get("takeBackPolicyId") or "0"],
               25767: chosen.get("productCompliancePolicyIds") or []}  # fmt: skip
    for error_id, values in numbers.items():
        for value in values:
            if not value.isdecimal():
                yield describe(error_id, f"Got {value!r}.", {"policyId": value})


def _policy(asked: Candidate, kind: str, policy_id: str) -> Problems:
    policy = asked.seller.policies[kind].get(policy_id)
    if policy is None:
        elsewhere = any(policy_id in others for others in asked.seller.policies.values())
        yield describe(25036 if elsewhere else 25035, policy_id, {"policyId": policy_id})
    elif policy["marketplaceId"] != asked.offer.marketplace:
        yield describe(25713, f"offerId {asked.offer.offer_id}")  # misleading, as eBay's is


def _location(asked: Candidate) -> Problems:
    key = asked.terms.get("merchantLocationKey")
    location = asked.seller.locations.get(key or "")
    if location is None:
        yield describe(25012, f"{key!r} is no location.", {"merchantLocationKey": str(key)})
    elif location.get("merchantLocationStatus") == "DISABLED":
        yield describe(25012, f"{key} is disabled.", {"merchantLocationKey": str(key)})
    elif not _complete(location):
        yield describe(25012, f"{key} needs a country and a postal code, or city and state.")


def _complete(location: Document) -> bool:
    address = part(location, "location", "address")
    place = address.get("postalCode") or (address.get("city") and address.get("stateOrProvince"))
    return bool(address.get("country") and place)


def _price(asked: Candidate) -> Problems:
    if asked.offer.price is None:
        yield describe(25003, "The price is missing.", {"fieldName": "price"})
    else:
        value, currency = asked.offer.price
        amount = {"value": value, "currency": currency}
        yield from amount_problems(amount, MARKETPLACES[asked.offer.marketplace].currency)
    if asked.offer.format == "FIXED_PRICE" and asked.terms.get("listingDuration", "GTC") != "GTC":
        yield describe(25006, "A fixed price listing runs GTC.", {"fieldName": "listingDuration"})
