"""The bodies of eBay's calls, made from projections.

Shapes: Inventory API 1.18 ``InventoryItem``, ``EbayOfferDetailsWithKeys`` and
``PriceQuantity``. Item and offer bodies replace what is there whole, so both are always
complete; an offer always names its quantity, so that an item body cannot raise what buyers see.
"""

import html
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import TypeAlias

from baysync.ebay.identifiers import KINDS, kind
from baysync.projection.model import (
    Contact,
    Content,
    Group,
    Offer,
    Price,
    Projection,
    Regulatory,
    Tax,
)

Body: TypeAlias = dict[str, object]
LONGEST_ITEM_DESCRIPTION = 4_000
ENOUGH = 8_000  # characters of HTML
MARGIN = 64  # no entity is as long: what one at the cut may become
FORMAT = "FIXED_PRICE"
_BLOCK_END = re.compile(r"<(?:br|/p|/div|/li|/h[1-6]|/tr)\b[^>]*>", re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")
_SPACES = re.compile(r"[\t\r\f\v][ \t\r\f\v]*|[ ][ \t\r\f\v]+")  # not a space alone: it stays


def item(content: Content, *, description: str, quantity: int) -> Body:
    """Return the whole inventory item; ``description`` is the offer's HTML, cut to plain text."""
    return _present(
        {
            "availability": {"shipToLocationAvailability": {"quantity": quantity}},
            "condition": content.condition,
            "conditionDescription": content.condition_note,
            "packageWeightAndSize": _package(content),
            "product": _present(
                {
                    "aspects": {name: list(words) for name, words in content.aspects.items()},
                    "brand": content.brand,
                    "description": plain_text(description),
                    "imageUrls": list(content.images),
                    "mpn": content.mpn,
                    "subtitle": content.subtitle,
                    "title": content.title,
                    **_gtins(content.gtins),
                }
            ),
        }
    )


@lru_cache(maxsize=128)  # a claim makes the bodies of its listings several times
def plain_text(description: str) -> str:
    """Return HTML as text of at most 4,000 characters, cut between words."""
    head = _head(description)
    text = text_of(head)
    if len(text) <= LONGEST_ITEM_DESCRIPTION + MARGIN and head != description:
        text = text_of(description)
    if len(text) <= LONGEST_ITEM_DESCRIPTION:
        return text
    head = text[: LONGEST_ITEM_DESCRIPTION - 1]
    return (head.rsplit(None, 1)[0] if " " in head else head) + "…"


def text_of(markup: str) -> str:
    """Return all of HTML as text: a line for each block, and no tags."""
    text = html.unescape(_TAG.sub("", _BLOCK_END.sub("\n", markup)))
    lines = (line.strip() for line in _SPACES.sub(" ", text).split("\n"))
    return "\n".join(line for line in lines if line)


def _head(description: str) -> str:
    """Return the beginning of HTML that is enough as a rule, cut before a tag."""
    if len(description) <= ENOUGH:
        return description
    head = description[: max(0, description.rfind("<", 0, ENOUGH))]
    return head if head.rfind("<") < head.rfind(">") else description


def offer(offer: Offer, *, sku: str, marketplace: str, price: Price, quantity: int) -> Body:
    """Return the whole offer as it is created."""
    keys: Body = {"sku": sku, "marketplaceId": marketplace, "format": FORMAT}
    return keys | offer_update(offer, price=price, quantity=quantity)


def offer_update(offer: Offer, *, price: Price, quantity: int) -> Body:
    """Return the whole offer as it is replaced: without the three keys that never change."""
    policies = _present(
        {
            "fulfillmentPolicyId": offer.fulfillment_policy,
            "paymentPolicyId": offer.payment_policy,
            "returnPolicyId": offer.return_policy,
        }
    )
    return _present(
        {
            "availableQuantity": quantity,
            "categoryId": offer.category,
            "includeCatalogProductDetails": False,
            "listingDescription": offer.description,
            "listingDuration": "GTC",
            "listingPolicies": policies,
            "merchantLocationKey": offer.location,
            "pricingSummary": {"price": money(price)},
            "regulatory": _regulatory(offer.regulatory),
            "storeCategoryNames": list(offer.store_categories),
            "tax": _tax(offer.tax),
        }
    )


def price_quantity(sku: str, offer_id: str, *, price: Price | None, quantity: int | None) -> Body:
    """Return one row of a price and quantity call; None leaves that part as it is."""
    in_offer = _present(
        {
            "availableQuantity": quantity,
            "offerId": offer_id,
            "price": money(price) if price else None,
        }
    )
    row: Body = {"sku": sku, "offers": [in_offer]}
    if quantity is not None:
        row["shipToLocationAvailability"] = {"quantity": quantity}
    return row


def money(price: Price) -> Body:
    """Return an amount as eBay spells it: the value is a string."""
    return {"currency": price.currency, "value": price.value}


def bodies(desired: Projection, *, sku: str, marketplace: str, quantity: int) -> tuple[Body, Body]:
    """Return item and offer of a complete projection, with the quantity they shall carry."""
    content, details = desired.content or Content(), desired.offer or Offer()
    price = desired.price or Price(currency="", value="0")
    return (
        item(content, description=details.description, quantity=quantity),
        offer(details, sku=sku, marketplace=marketplace, price=price, quantity=quantity),
    )


def group(document: Projection, skus: Mapping[str, str]) -> Body:
    """Return the whole inventory item group; ``skus`` are eBay's names of its variants."""
    content = document.content or Content()
    variants = content.group or Group()
    return _present(
        {
            "aspects": {name: list(words) for name, words in content.aspects.items()},
            "description": document.offer.description if document.offer else "",
            "imageUrls": list(content.images),
            "subtitle": content.subtitle,
            "title": content.title,
            "variantSKUs": [skus[key] for key in sorted(variants.variants)],
            "variesBy": _present(
                {
                    "aspectsImageVariesBy": list(variants.pictured),
                    "specifications": [
                        {"name": axis.name, "values": list(axis.values)} for axis in variants.axes
                    ],
                }
            ),
        }
    )


def _gtins(gtins: tuple[str, ...]) -> Body:
    return {field: [one for one in gtins if kind(one) == field] for field in KINDS}


def _package(content: Content) -> Body:
    size, weight = content.size, content.weight
    return _present(
        {
            "dimensions": size
            and {
                "height": number(size.height),
                "length": number(size.length),
                "unit": size.unit,
                "width": number(size.width),
            },
            "weight": weight and {"unit": weight.unit, "value": number(weight.value)},
        }
    )


def number(text: str) -> int | float:
    """Return a decimal string as the JSON number that eBay wants for sizes and weights."""
    return float(text) if "." in text else int(text)


def _tax(tax: Tax | None) -> Body:
    if tax is None:
        return {}
    return _present(
        {
            "applyTax": tax.apply,
            "thirdPartyTaxCategory": tax.category,
            "vatPercentage": None if tax.vat_percentage is None else number(tax.vat_percentage),
        }
    )


def _regulatory(regulatory: Regulatory | None) -> Body:
    if regulatory is None:
        return {}
    maker = regulatory.manufacturer
    return _present(
        {
            "manufacturer": _contact(maker) if maker else None,
            "responsiblePersons": [
                {**_contact(person), "types": list(person.roles)}
                for person in regulatory.responsible
            ],
        }
    )


def _contact(contact: Contact) -> Body:
    return _present(
        {
            "addressLine1": contact.line1,
            "addressLine2": contact.line2,
            "city": contact.city,
            "companyName": contact.company,
            "country": contact.country,
            "email": contact.email,
            "phone": contact.phone,
            "postalCode": contact.postal_code,
            "stateOrProvince": contact.region,
        }
    )


def _present(fields: Body) -> Body:
    """Leave out what is empty; 0 and False say something and stay."""
    return {name: value for name, value in fields.items() if value not in (None, "", [], {})}
