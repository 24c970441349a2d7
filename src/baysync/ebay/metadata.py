"""The Metadata API: what a category permits on a marketplace. Pure.

Source: sell/metadata/v1. It takes the application's token. The filter's braces must be
percent-encoded: unescaped, eBay answers as if there were no filter.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from baysync.ebay import wire
from baysync.ebay.calls import get, segment, with_query
from baysync.ebay.model import Answer, Call, Family, Operation

ROOT = "/sell/metadata/v1/marketplace"
CATEGORIES = 50  # of one call; eBay ignores the rest
MANUFACTURER = "MANUFACTURER_CONTACT"  # the regulatory detail that names who made the product
REQUIRED = "REQUIRED"

# The numbers this API uses for the words of an inventory item.
CONDITION_IDS = {
    "NEW": "1000",
    "NEW_OTHER": "1500",
    "NEW_WITH_DEFECTS": "1750",
    "CERTIFIED_REFURBISHED": "2000",
    "EXCELLENT_REFURBISHED": "2010",
    "VERY_GOOD_REFURBISHED": "2020",
    "GOOD_REFURBISHED": "2030",
    "SELLER_REFURBISHED": "2500",
    "LIKE_NEW": "2750",
    "PRE_OWNED_EXCELLENT": "2990",
    "USED_EXCELLENT": "3000",
    "PRE_OWNED_FAIR": "3010",
    "USED_VERY_GOOD": "4000",
    "USED_GOOD": "5000",
    "USED_ACCEPTABLE": "6000",
    "FOR_PARTS_OR_NOT_WORKING": "7000",
}


@dataclass(frozen=True, slots=True)
class Conditions:
    """The conditions of a category: whether one must be given, and eBay's numbers of them."""

    required: bool
    ids: tuple[str, ...]

    def permit(self, condition: str) -> bool:
        """Return whether an item's ``condition`` (``USED_GOOD``) may be listed there."""
        return CONDITION_IDS.get(condition) in self.ids


def get_conditions(marketplace: str, category_ids: Sequence[str]) -> Call:
    """Ask which conditions up to 50 categories permit."""
    return _policies(
        Operation.GET_CONDITION_POLICIES, "get_item_condition_policies", marketplace, category_ids
    )


def get_variations(marketplace: str, category_ids: Sequence[str]) -> Call:
    """Ask which of up to 50 categories permit variations."""
    return _policies(
        Operation.GET_LISTING_STRUCTURE_POLICIES,
        "get_listing_structure_policies",
        marketplace,
        category_ids,
    )


def get_regulatory(marketplace: str, category_ids: Sequence[str]) -> Call:
    """Ask which regulatory details up to 50 categories want."""
    return _policies(
        Operation.GET_REGULATORY_POLICIES, "get_regulatory_policies", marketplace, category_ids
    )


def conditions_in(answer: Answer) -> dict[str, Conditions]:
    """Return the conditions of each category; one eBay said nothing about is absent."""
    return {
        category: Conditions(
            row.get("itemConditionRequired") is True,
            tuple(
                wire.text(condition.get("conditionId"))
                for condition in wire.rows(row.get("itemConditions"))
            ),
        )
        for category, row in _by_category(answer, "itemConditionPolicies").items()
    }


def variations_in(answer: Answer) -> dict[str, bool]:
    """Return for each category whether it permits variations."""
    found = _by_category(answer, "listingStructurePolicies")
    return {category: row.get("variationsSupported") is True for category, row in found.items()}


def regulatory_in(answer: Answer) -> dict[str, dict[str, str]]:
    """Return for each category the regulatory details and their usage (``REQUIRED`` ...)."""
    return {
        category: {
            wire.text(detail.get("name")): wire.text(detail.get("usage"))
            for detail in wire.rows(row.get("supportedAttributes"))
        }
        for category, row in _by_category(answer, "regulatoryPolicies").items()
    }


def _by_category(answer: Answer, name: str) -> dict[str, Mapping[str, object]]:
    rows = wire.rows(wire.mapping(answer.body).get(name))
    return {wire.text(row.get("categoryId")): row for row in rows}


def _policies(op: Operation, name: str, marketplace: str, category_ids: Sequence[str]) -> Call:
    if not 1 <= len(category_ids) <= CATEGORIES:
        raise ValueError(f"1 to {CATEGORIES} categories in a call, not {len(category_ids)}")
    path = f"{ROOT}/{segment(marketplace)}/{name}"
    path = with_query(path, filter=f"categoryIds:{{{'|'.join(category_ids)}}}")
    return get(
        op,
        path,
        Family.METADATA,
        keys=tuple(category_ids),
        marketplace=marketplace,
        application=True,
    )
