"""The shop's side: one listing as the shop says it, variants inside."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final, Literal, TypeAlias

from msgspec import Struct

UNTRACKED: Final = "untracked"
Quantity: TypeAlias = int | Literal["untracked"]


class ListingStatus(StrEnum):
    """What the shop wants to happen with a listing."""

    DRAFT = "draft"
    ACTIVE = "active"
    ENDED = "ended"
    ARCHIVED = "archived"


class Severity(StrEnum):
    """What a problem does: ``refuse`` keeps the listing out, ``block`` only keeps it off eBay.

    ``warn`` does neither: the listing is taken as it is, and somebody should look at it.
    """

    REFUSE = "refuse"
    BLOCK = "block"
    WARN = "warn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What is wrong with one field of a listing.

    Attributes:
        pointer: where, as RFC 6901 JSON pointer into the listing; ``""`` is the whole of it.
        rule: the rule's name, stable, in snake_case.
        message: what is wrong.
        fix: what to do about it.
        severity: whether the listing is refused, stored and blocked, or stored with a warning.
    """

    pointer: str
    rule: str
    message: str
    fix: str
    severity: Severity = Severity.REFUSE


class Weight(Struct, frozen=True, kw_only=True):
    """The weight of the packed item; ``unit`` is one of eBay's ``WeightUnitOfMeasureEnum``."""

    unit: str
    value: Decimal


class Size(Struct, frozen=True, kw_only=True):
    """The size of the parcel; ``unit`` is one of eBay's ``LengthUnitOfMeasureEnum``."""

    height: Decimal
    length: Decimal
    unit: str
    width: Decimal


class Tax(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How the sale is taxed; ``vat_percentage`` in percent."""

    apply: bool | None = None
    category: str | None = None
    vat_percentage: Decimal | None = None


class Contact(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A manufacturer or responsible person whom product safety rules want named."""

    city: str | None = None
    company: str | None = None
    country: str | None = None
    email: str | None = None
    line1: str | None = None
    line2: str | None = None
    phone: str | None = None
    postal_code: str | None = None
    region: str | None = None
    roles: tuple[str, ...] = ()


class Regulatory(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Regulatory contacts of the product."""

    manufacturer: Contact | None = None
    responsible: tuple[Contact, ...] = ()


class Variant(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One of several forms of a listing: ``options`` maps each axis (Size) to a value (M).

    A variant without a ``quantity`` shares that of the listing with the others that have none.
    The rest is as in ``Listing``.
    """

    options: dict[str, str]
    sku: str
    backorders: bool = False
    gtins: tuple[str, ...] = ()
    images: tuple[str, ...] = ()
    mpn: str | None = None
    price: Decimal | None = None
    quantity: Quantity | None = None
    sale_from: str | None = None
    sale_price: Decimal | None = None
    sale_until: str | None = None
    weight: Weight | None = None


class PolicyChoice(
    Struct, frozen=True, kw_only=True, omit_defaults=True, rename={"return_": "return"}
):
    """Business policies that a listing names itself, by eBay's ids or by the seller's names.

    One left out is that of the account. A document says ``return``, Python ``return_``.
    """

    fulfillment: str | None = None
    payment: str | None = None
    return_: str | None = None


class VariantOverride(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What differs of one variant on one marketplace; a field left out is as the variant says."""

    price: Decimal | None = None
    quantity: int | None = None


class Override(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What differs on one marketplace; a field left out is as the listing says.

    ``variants`` is by SKU of the variant. ``currency`` is that of the prices that are given here;
    without any, of the listing's own.
    """

    aspects: dict[str, tuple[str, ...]] | None = None
    category: str | None = None
    condition: str | None = None
    condition_note: str | None = None
    currency: str | None = None
    description: str | None = None
    policies: PolicyChoice | None = None
    price: Decimal | None = None
    quantity: int | None = None
    subtitle: str | None = None
    title: str | None = None
    variants: dict[str, VariantOverride] | None = None


class Listing(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the shop says it wants to sell; only ``sku`` must be there to be stored.

    Money is a ``Decimal`` in major units. ``images`` are HTTPS URLs, the first is the main one.
    ``category`` is an eBay leaf category id; ``shop_type`` and ``tags`` are the shop's own
    words, which the account's category map translates; ``shop_types`` are wider ones, nearest
    first, that it takes where it knows neither. ``marketplaces`` empty means those of
    the account. ``condition`` is one of eBay's ``ConditionEnum``. ``options`` are the names of
    what ``variants`` differ in, in the order in which buyers choose; empty: by name.

    ``quantity`` is a number, ``untracked`` where the shop does not count it, or None where the
    shop does not say it. ``backorders``: it is sold with nothing in stock too. ``sale_price``
    counts from ``sale_from`` to ``sale_until``, ISO 8601 dates or times.
    """

    sku: str
    aspects: dict[str, tuple[str, ...]] = {}
    backorders: bool = False
    brand: str | None = None
    category: str | None = None
    condition: str | None = None
    condition_note: str | None = None
    currency: str | None = None
    description: str = ""
    gtins: tuple[str, ...] = ()
    images: tuple[str, ...] = ()
    location: str | None = None
    marketplaces: tuple[str, ...] = ()
    mpn: str | None = None
    options: tuple[str, ...] = ()
    overrides: dict[str, Override] = {}
    policies: PolicyChoice | None = None
    price: Decimal | None = None
    quantity: Quantity | None = None
    regulatory: Regulatory | None = None
    sale_from: str | None = None
    sale_price: Decimal | None = None
    sale_until: str | None = None
    shop_type: str | None = None
    shop_types: tuple[str, ...] = ()
    size: Size | None = None
    status: ListingStatus = ListingStatus.ACTIVE
    store_categories: tuple[str, ...] = ()
    subtitle: str | None = None
    tags: tuple[str, ...] = ()
    tax: Tax | None = None
    title: str = ""
    variants: tuple[Variant, ...] = ()
    weight: Weight | None = None
