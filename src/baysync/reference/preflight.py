"""Judge a listing by what eBay asks on a marketplace, before any call is made. Pure.

What is not known is not judged: a listing is never blocked on ignorance.
"""

from collections.abc import Iterator
from difflib import get_close_matches

from baysync.ebay.metadata import CONDITION_IDS
from baysync.reference import choice
from baysync.reference.aspects import problems as aspect_problems
from baysync.reference.model import Category, Finding, MarketplaceRules, Subject

MOST_NAMED = 8
LONGEST_NAMED = 40  # characters of an id that is none
SUGGESTS = "`baysync listings check SKU` suggests some."
# The European Economic Area, where product safety rules want somebody to answer (ISO 3166).
UNION = frozenset(
    [
        "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE",
        "IS", "IT", "LI", "LT", "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK",
    ]
)  # fmt: skip


def problems(subject: Subject, rules: MarketplaceRules) -> tuple[Finding, ...]:
    """Return everything in ``subject`` that eBay would refuse by ``rules``, all at once."""
    return tuple(_problems(subject, rules))


def _problems(subject: Subject, rules: MarketplaceRules) -> Iterator[Finding]:
    category = rules.categories.get(subject.category or "")
    if category is not None:
        yield from _category(subject, category)
    yield from choice.problems(subject.policies, rules.policies)
    if rules.locations is not None and subject.location:
        yield from _location(subject.location, rules)


def _category(subject: Subject, category: Category) -> Iterator[Finding]:
    where = f"Category {(subject.category or '')[:LONGEST_NAMED]}"
    if not category.exists:
        yield Finding(
            "unknown_category",
            "/category",
            f"{where} is not in this marketplace's tree.",
            f"Choose another; {SUGGESTS}",
        )
    elif not category.leaf:
        yield Finding(
            "category_not_leaf",
            "/category",
            f"{where} has categories below it; eBay lists only in the lowest.",
            f"Choose one below it; {SUGGESTS}",
        )
    else:
        yield from _condition(subject, category)
        yield from _variations(subject, category)
        yield from _contacts(subject, category)
        yield from aspect_problems(subject, category)


def _condition(subject: Subject, category: Category) -> Iterator[Finding]:
    number = CONDITION_IDS.get(subject.condition or "")
    if number is None or not category.conditions or number in category.conditions:
        return
    allowed = [name for name, known in CONDITION_IDS.items() if known in category.conditions]
    yield Finding(
        "condition_not_allowed",
        "/condition",
        f"Category {subject.category} does not take {subject.condition}.",
        f"Use one of {', '.join(allowed)}." if allowed else "Choose another category.",
    )


def _variations(subject: Subject, category: Category) -> Iterator[Finding]:
    if subject.varied and category.variations is False:
        yield Finding(
            "variations_not_allowed",
            "/variants",
            f"Category {subject.category} takes no variations.",
            "Make each variant a listing of its own, or choose another category.",
        )


def _contacts(subject: Subject, category: Category) -> Iterator[Finding]:
    if not category.manufacturer:
        return
    if subject.contacts[0] is None:
        yield Finding(
            "missing_manufacturer",
            "/regulatory/manufacturer",
            f"Category {subject.category} wants the product's manufacturer named.",
            "Give company, address or email, and country.",
        )
    elif _is_in(subject.marketplace) and UNION.isdisjoint(subject.contacts):
        yield Finding(
            "missing_responsible_person",
            "/regulatory/responsible",
            "The manufacturer is not in the European Union, and nobody there is responsible.",
            "Name a responsible person with an address in the European Union.",
        )


def _is_in(marketplace: str) -> bool:
    return marketplace.removeprefix("EBAY_") in UNION


def _location(key: str, rules: MarketplaceRules) -> Iterator[Finding]:
    known = rules.locations or {}
    found = known.get(key)
    if found is None:
        like = get_close_matches(key, known, n=1) or sorted(known)
        yield Finding(
            "unknown_location",
            "/location",
            f"The seller has no location {key}.",
            f"Use {_named(tuple(like))}." if like else "Make an inventory location on eBay.",
        )
    elif not found.enabled:
        yield Finding(
            "location_disabled",
            "/location",
            f"The location {key} is disabled.",
            "Enable it on eBay, or use another.",
        )
    elif not found.complete:
        yield Finding(
            "location_incomplete",
            "/location",
            f"The address of location {key} is not complete.",
            "Give it a country and a postal code, or a country, city and state.",
        )


def _named(ids: tuple[str, ...]) -> str:
    return f"{'one of ' if len(ids) > 1 else ''}{', '.join(ids[:MOST_NAMED])}"
