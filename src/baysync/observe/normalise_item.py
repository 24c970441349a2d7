"""Read what eBay shows of a listing as a projection, masked to the fields we own.

Shapes: Inventory API 1.18 ``InventoryItemWithSkuLocaleGroupid`` and ``OfferResponseWithListingId``.
Fields that are not named here are eBay's or somebody else's and are passed over.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import TypeVar

import msgspec
from msgspec import Struct

from baysync.base.errors import NotNormalisable
from baysync.projection import model, spelling
from baysync.projection.model import Content, Lifecycle, Offer, Price, Projection

OVER = frozenset({"ENDED", "EBAY_ENDED"})
T = TypeVar("T")


class _Shape(Struct, kw_only=True, rename="camel"):
    """Part of an answer: names as eBay spells them, every field may be missing."""


class _Quantity(_Shape):
    quantity: int | None = None


class _Availability(_Shape):
    ship_to_location_availability: _Quantity | None = None


class _Dimensions(_Shape):
    height: Decimal | None = None
    length: Decimal | None = None
    unit: str | None = None
    width: Decimal | None = None


class _Weight(_Shape):
    unit: str | None = None
    value: Decimal | None = None


class _Package(_Shape):
    dimensions: _Dimensions | None = None
    weight: _Weight | None = None


class _Product(_Shape):
    aspects: dict[str, tuple[str, ...]] | None = None
    brand: str | None = None
    ean: tuple[str, ...] | None = None
    image_urls: tuple[str, ...] | None = None
    isbn: tuple[str, ...] | None = None
    mpn: str | None = None
    subtitle: str | None = None
    title: str | None = None
    upc: tuple[str, ...] | None = None


class _Item(_Shape):
    availability: _Availability | None = None
    condition: str | None = None
    condition_description: str | None = None
    package_weight_and_size: _Package | None = None
    product: _Product | None = None


class _Amount(_Shape):
    currency: str
    value: Decimal


class _Pricing(_Shape):
    price: _Amount | None = None


class _Policies(_Shape):
    fulfillment_policy_id: str | None = None
    payment_policy_id: str | None = None
    return_policy_id: str | None = None


class _Contact(_Shape):
    address_line1: str | None = None
    address_line2: str | None = None
    city: str | None = None
    company_name: str | None = None
    country: str | None = None
    email: str | None = None
    phone: str | None = None
    postal_code: str | None = None
    state_or_province: str | None = None
    types: tuple[str, ...] | None = None


class _Regulatory(_Shape):
    manufacturer: _Contact | None = None
    responsible_persons: tuple[_Contact, ...] | None = None


class _Tax(_Shape):
    apply_tax: bool | None = None
    third_party_tax_category: str | None = None
    vat_percentage: Decimal | None = None


class _Listing(_Shape):
    listing_id: str | None = None
    listing_status: str | None = None


class _Offer(_Shape):
    available_quantity: int | None = None
    category_id: str | None = None
    listing: _Listing | None = None
    listing_description: str | None = None
    listing_policies: _Policies | None = None
    merchant_location_key: str | None = None
    pricing_summary: _Pricing | None = None
    regulatory: _Regulatory | None = None
    status: str | None = None
    store_category_names: tuple[str, ...] | None = None
    tax: _Tax | None = None


def normalise(
    item: Mapping[str, object], offer: Mapping[str, object] | None, *, ever_live: bool = False
) -> Projection:
    """Return what eBay shows, as a projection that can be compared with a desired one.

    ``item`` and ``offer`` are eBay's JSON as decoded. Without an offer only the content is there.
    ``ever_live`` tells an offer that is over from one that was never published: eBay need not.

    Raises:
        NotNormalisable: a field has another type than eBay documents; the message says which.
    """
    read = _read(dict(item), _Item, "inventory item")
    content = _content(read, read.product or _Product())
    if offer is None:
        return Projection(content=content)
    shown = _read(dict(offer), _Offer, "offer")
    return Projection(
        content=content,
        lifecycle=_lifecycle(shown, ever_live=ever_live),
        offer=_offer(shown),
        price=_price(shown),
        quantity=_quantity(read, shown),
    )


def _read(document: dict[str, object], shape: type[T], name: str) -> T:
    try:
        return msgspec.convert(document, shape)
    except msgspec.ValidationError as error:
        raise NotNormalisable(
            f"eBay's {name} is not of the documented shape: {error}.",
            fix="nothing to do: the listing is sent whole again.",
        ) from error


def _content(item: _Item, product: _Product) -> Content:
    specifics = spelling.aspects(product.aspects or {})
    package = item.package_weight_and_size or _Package()
    return Content(
        aspects=specifics,
        brand=spelling.identity(product.brand, specifics, spelling.BRAND),
        condition=item.condition,
        condition_note=spelling.optional(item.condition_description),
        gtins=spelling.numbers(
            (*(product.ean or ()), *(product.isbn or ()), *(product.upc or ())), specifics
        ),
        images=spelling.distinct(product.image_urls or ()),
        mpn=spelling.identity(product.mpn, specifics, spelling.MPN),
        size=_size(package.dimensions),
        subtitle=spelling.optional(product.subtitle),
        title=spelling.text(product.title or ""),
        weight=_weight(package.weight),
    )


def _weight(shown: _Weight | None) -> model.Weight | None:
    """Return the weight, or None for the empty one that eBay may add."""
    if shown is None or shown.unit is None or not shown.value:
        return None
    return model.Weight(unit=shown.unit, value=_decimal(shown.value))


def _size(shown: _Dimensions | None) -> model.Size | None:
    """Return the size, or None for the empty one that eBay may add."""
    if shown is None or shown.unit is None:
        return None
    if not shown.height or not shown.length or not shown.width:
        return None
    return model.Size(
        height=_decimal(shown.height),
        length=_decimal(shown.length),
        unit=shown.unit,
        width=_decimal(shown.width),
    )


def _decimal(value: Decimal) -> str:
    if not value.is_finite():
        raise NotNormalisable(
            f"eBay shows {value} where a number should be.",
            fix="nothing to do: the listing is sent whole again.",
        )
    return spelling.decimal(value)


def _offer(shown: _Offer) -> Offer:
    policies = shown.listing_policies or _Policies()
    return Offer(
        category=shown.category_id,
        description=spelling.text(shown.listing_description or ""),
        fulfillment_policy=policies.fulfillment_policy_id,
        location=shown.merchant_location_key,
        payment_policy=policies.payment_policy_id,
        regulatory=_regulatory(shown.regulatory),
        return_policy=policies.return_policy_id,
        store_categories=spelling.distinct(shown.store_category_names or ()),
        tax=_tax(shown.tax),
    )


def _tax(shown: _Tax | None) -> model.Tax | None:
    if shown is None:
        return None
    percentage = shown.vat_percentage
    return spelling.said(
        model.Tax(
            apply=shown.apply_tax,
            category=spelling.optional(shown.third_party_tax_category),
            vat_percentage=None if percentage is None else _decimal(percentage),
        )
    )


def _regulatory(shown: _Regulatory | None) -> model.Regulatory | None:
    if shown is None:
        return None
    return spelling.said(
        model.Regulatory(
            manufacturer=_contact(shown.manufacturer),
            responsible=tuple(filter(None, map(_contact, shown.responsible_persons or ()))),
        )
    )


def _contact(shown: _Contact | None) -> model.Contact | None:
    if shown is None:
        return None
    return spelling.said(
        model.Contact(
            city=spelling.optional(shown.city),
            company=spelling.optional(shown.company_name),
            country=spelling.optional(shown.country),
            email=spelling.optional(shown.email),
            line1=spelling.optional(shown.address_line1),
            line2=spelling.optional(shown.address_line2),
            phone=spelling.optional(shown.phone),
            postal_code=spelling.optional(shown.postal_code),
            region=spelling.optional(shown.state_or_province),
            roles=spelling.unordered(shown.types or ()),
        )
    )


def _price(shown: _Offer) -> Price | None:
    amount = shown.pricing_summary and shown.pricing_summary.price
    return Price(currency=amount.currency, value=_decimal(amount.value)) if amount else None


def _quantity(item: _Item, offer: _Offer) -> int | None:
    """Return what buyers can buy: the lower of item and offer, as eBay reckons it."""
    stock = item.availability and item.availability.ship_to_location_availability
    there = [stock.quantity if stock else None, offer.available_quantity]
    return min((quantity for quantity in there if quantity is not None), default=None)


def _lifecycle(offer: _Offer, *, ever_live: bool) -> Lifecycle | None:
    """Return live for what may be live: the status of the offer counts, then the listing's.

    A listing without stock is live, a status we do not know is taken for live, and a listing id
    alone is no sign of life: an offer that is over may still carry it.
    """
    listed = offer.listing or _Listing()
    if offer.status == "UNPUBLISHED":
        return Lifecycle.ENDED if ever_live or listed.listing_id else None
    return Lifecycle.ENDED if listed.listing_status in OVER else Lifecycle.LIVE
