"""What an account says for one listing: its category's rule over its type's over all. Pure.

A listing's own word goes before all of this, and its word for one marketplace before that.
"""

from collections.abc import Mapping
from typing import TypeVar

from msgspec.structs import replace

from baysync.account.model import Defaults, Policies, Rule
from baysync.listing.model import Listing

V = TypeVar("V")


def for_listing(listing: Listing, defaults: Defaults, own_category: str | None) -> Defaults:
    """Return ``defaults`` as they are for ``listing``, with the rules that concern it laid over.

    ``own_category`` is what the listing says itself for the marketplace. The result has no rules.
    """
    flat = replace(defaults, category_rules={}, type_rules={})
    by_type = _first(defaults.type_rules, listing)
    typed = flat if by_type is None else _laid(flat, by_type)
    category = own_category or mapped(listing, typed)
    by_category = defaults.category_rules.get(category or "")
    return typed if by_category is None else _laid(typed, by_category)


def mapped(listing: Listing, defaults: Defaults) -> str | None:
    """Return the category of the type, else of a known tag or wider type, else the account's."""
    return _first(defaults.categories, listing) or defaults.category


def caseless(base: Mapping[str, V], over: Mapping[str, V]) -> dict[str, V]:
    """Return ``base`` with ``over`` laid on it; names that differ in capitals only are one."""
    folded = {name.casefold() for name in over}
    return {**{name: base[name] for name in base if name.casefold() not in folded}, **over}


def _first(known: Mapping[str, V], listing: Listing) -> V | None:
    """Return what ``known`` has for the listing's type, else its first tag or wider type known."""
    folded = {name.casefold(): value for name, value in known.items()}
    words = (listing.shop_type or "", *listing.tags, *listing.shop_types)
    return next((folded[word.casefold()] for word in words if word.casefold() in folded), None)


def _laid(defaults: Defaults, rule: Rule) -> Defaults:
    policies = rule.policies
    return replace(
        defaults,
        aspects=caseless(defaults.aspects, rule.aspects),
        categories={} if rule.category else defaults.categories,
        category=rule.category or defaults.category,
        condition=rule.condition or defaults.condition,
        location=rule.location or defaults.location,
        policies=Policies(
            fulfillment=policies.fulfillment or defaults.policies.fulfillment,
            payment=policies.payment or defaults.policies.payment,
            return_=policies.return_ or defaults.policies.return_,
        ),
        words=caseless(defaults.words, rule.words),
    )
