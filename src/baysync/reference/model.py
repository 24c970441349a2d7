"""What eBay asks on one marketplace, as far as it is known: None is ignorance, never a no."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from msgspec import Struct

SUGGESTED = 5  # values kept of an aspect that takes any value


class ReferenceKind(StrEnum):
    """What a row of the cache is about; its key is a category id, ``NAMES``, or empty."""

    TREE = "tree"
    CATEGORY = "category"
    POLICIES = "policies"
    LOCATIONS = "locations"


TTL = {
    ReferenceKind.TREE: timedelta(days=1),
    ReferenceKind.CATEGORY: timedelta(days=7),
    ReferenceKind.POLICIES: timedelta(hours=1),
    ReferenceKind.LOCATIONS: timedelta(hours=1),
}
NAMES = "names"  # key of the names of all categories of a tree, for the person who looks for one
NAMES_TTL = timedelta(days=36_500)  # they are read anew when the tree has another version
RETRY = timedelta(minutes=10)  # after eBay gave no answer that can be used
PATIENCE = timedelta(minutes=10)  # how long a listing waits for an answer that nobody fetches
PLACE = ""  # in ``Rules.awaited``: the seller's policies and locations there


class Tree(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The category tree of the marketplace; a new version makes every category doubtful."""

    tree_id: str
    version: str


class Aspect(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a category asks of one aspect; ``values`` are all only where ``only_listed``."""

    name: str
    longest: int | None = None
    many: bool = False
    only_listed: bool = False
    required: bool = False
    values: tuple[str, ...] = ()
    varies: bool = False


class Category(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a category asks; ``conditions`` are eBay's numbers, None where it does not say.

    ``manufacturer``: who made the product must be named, and somebody in the European Union.
    """

    aspects: tuple[Aspect, ...] = ()
    conditions: tuple[str, ...] | None = None
    exists: bool = True
    leaf: bool = True
    manufacturer: bool = False
    variations: bool | None = None


class Named(Struct, frozen=True, array_like=True):
    """One category of a tree: ``parent`` is the id of the one above it, empty at the top."""

    id: str
    name: str
    parent: str
    leaf: bool


class Names(Struct, frozen=True, kw_only=True):
    """The names of all categories of one version of a marketplace's tree."""

    version: str
    categories: tuple[Named, ...]


class SellerPolicies(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The ids of the business policies that the seller has on the marketplace.

    ``names`` are the seller's names for them: by kind (a field's name here), then by id.
    """

    fulfillment: tuple[str, ...] = ()
    names: dict[str, dict[str, str]] = {}
    payment: tuple[str, ...] = ()
    return_: tuple[str, ...] = ()


class Location(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Whether offers can be published from one of the seller's locations."""

    complete: bool = True
    enabled: bool = True


class Gone(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What eBay showed once and shows no more: ids of policies, keys of locations."""

    fulfillment: tuple[str, ...] = ()
    locations: tuple[str, ...] = ()
    payment: tuple[str, ...] = ()
    return_: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Whether anything is gone."""
        return bool(self.fulfillment or self.locations or self.payment or self.return_)


class MarketplaceRules(Struct, frozen=True, kw_only=True):
    """All that is known of a marketplace: what is missing or None blocks nothing.

    ``awaited`` are the categories, and ``PLACE``, that eBay is about to be asked about.
    """

    awaited: frozenset[str] = frozenset()
    categories: dict[str, Category] = {}
    locations: dict[str, Location] | None = None
    policies: SellerPolicies | None = None


UNKNOWN = MarketplaceRules()


class Subject(Struct, frozen=True, kw_only=True):
    """What a listing would say on the marketplace, as far as reference data judges it.

    ``varied`` are the aspects in which its variants differ; ``identifiers`` what it says outside
    its aspects, product numbers and brand, by the names of eBay's aspects in lower case.
    ``contacts`` are the countries of the manufacturer, the first, and of responsible persons;
    None where nobody is named.
    """

    category: str | None
    condition: str | None
    aspects: dict[str, tuple[str, ...]]
    identifiers: frozenset[str]
    language: str
    location: str | None
    policies: SellerPolicies
    contacts: tuple[str | None, ...] = (None,)
    marketplace: str = ""
    varied: dict[str, tuple[str, ...]] = {}


@dataclass(frozen=True, slots=True)
class Finding:
    """Why eBay would refuse a listing, where, and what a person can do."""

    reason: str
    pointer: str
    rule: str
    fix: str


@dataclass(frozen=True, slots=True)
class ReferenceWant:
    """The reference data one listing is judged by."""

    account_id: int
    marketplace: str
    category: str | None
