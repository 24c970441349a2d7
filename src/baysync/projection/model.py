"""The canonical document of an eBay listing: all that a buyer would see or eBay must know.

Fields are declared sorted and defaults are left out, so that a document has one spelling and a
new optional field changes no existing hash. There are no floats: money, weights and sizes are
decimal strings without trailing zeros. Text is NFC. A *desired* document has every section; a
*published* one has the sections that eBay is known to hold.
"""

from enum import StrEnum

from msgspec import Struct

PROJECTION_VERSION = 2


class Section(StrEnum):
    """Part of a projection that one kind of call changes."""

    CONTENT = "content"
    LIFECYCLE = "lifecycle"
    OFFER = "offer"
    PRICE = "price"
    QUANTITY = "quantity"


class Lifecycle(StrEnum):
    """Whether buyers can find the listing."""

    ENDED = "ended"
    LIVE = "live"


class Weight(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A weight as eBay wants it."""

    unit: str
    value: str


class Size(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A parcel's size as eBay wants it."""

    height: str
    length: str
    unit: str
    width: str


class Axis(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What variants differ in (Size), with its values in the order in which buyers choose."""

    name: str
    values: tuple[str, ...] = ()


class Variant(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What one variant says beside what all share; ``options`` has one value for each axis."""

    gtins: tuple[str, ...] = ()
    images: tuple[str, ...] = ()
    mpn: str | None = None
    options: dict[str, str] = {}
    weight: Weight | None = None


class Group(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The variants of a listing by the shop's SKU; ``pictured`` are axes whose values have images.

    A document with a group says its price and quantity for each variant as well.
    """

    axes: tuple[Axis, ...] = ()
    pictured: tuple[str, ...] = ()
    variants: dict[str, Variant] = {}


class Content(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the inventory item says; with a ``group``, what all its items share."""

    aspects: dict[str, tuple[str, ...]] = {}
    brand: str | None = None
    condition: str | None = None
    condition_note: str | None = None
    group: Group | None = None
    gtins: tuple[str, ...] = ()
    images: tuple[str, ...] = ()
    mpn: str | None = None
    size: Size | None = None
    subtitle: str | None = None
    title: str = ""
    weight: Weight | None = None


class Contact(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A person or company that product safety rules want named."""

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


class Tax(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How the sale is taxed."""

    apply: bool | None = None
    category: str | None = None
    vat_percentage: str | None = None


class Offer(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the offer says beside price and quantity."""

    category: str | None = None
    description: str = ""
    fulfillment_policy: str | None = None
    location: str | None = None
    payment_policy: str | None = None
    regulatory: Regulatory | None = None
    return_policy: str | None = None
    store_categories: tuple[str, ...] = ()
    tax: Tax | None = None


class Price(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The price in major units, as a decimal string; of several ``variants`` the lowest."""

    currency: str
    value: str
    variants: dict[str, str] = {}


class Projection(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One eBay listing; a section that is None is not known to be on eBay.

    ``quantities`` are those of the variants that buyers see or saw, ``quantity`` their sum.
    """

    content: Content | None = None
    lifecycle: Lifecycle | None = None
    offer: Offer | None = None
    price: Price | None = None
    quantities: dict[str, int] = {}
    quantity: int | None = None


class Block(Struct, frozen=True, kw_only=True):
    """Why a listing cannot be shown on a marketplace, with the way out.

    ``reason`` is a snake_case word to count by, ``pointer`` leads into the shop's listing
    (RFC 6901), ``rule`` is what eBay or we ask, ``fix`` what a person can do.
    """

    reason: str
    pointer: str
    rule: str
    fix: str


class Built(Struct, frozen=True, kw_only=True):
    """What a listing should look like on one marketplace, or why it cannot.

    ``projection`` is None exactly when there are ``blocks``. ``quantity`` is as it is said in both
    cases, and so are the ``quantities`` of its variants where it has several; None where nobody
    says it.
    """

    projection: Projection | None
    blocks: tuple[Block, ...] = ()
    quantities: dict[str, int | None] = {}
    quantity: int | None = 0
