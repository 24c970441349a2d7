"""Make the document of a listing on a marketplace, or say why there can be none."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from msgspec.structs import replace

from baysync.account.model import Defaults
from baysync.ebay.marketplace import MARKETPLACES
from baysync.listing import model as shop
from baysync.listing.model import Listing, PolicyChoice
from baysync.projection import blocks, model, spelling, variants
from baysync.projection.group import SINGLE, is_group_live, on_sale
from baysync.projection.model import Built, Content, Lifecycle, Offer, Price, Projection
from baysync.projection.resolve import resolve, stocks
from baysync.projection.stocking import Stocked
from baysync.projection.terms import DAWN
from baysync.reference import choice
from baysync.reference.model import UNKNOWN, MarketplaceRules

ROLE = "EU_RESPONSIBLE_PERSON"


def build(
    listing: Listing,
    defaults: Defaults | None,
    marketplace: str,
    rules: MarketplaceRules = UNKNOWN,
    *,
    published: Projection | None = None,
    now: datetime = DAWN,
) -> Built:
    """Return what ``listing`` should look like on ``marketplace``.

    Several variants make a group; so does one where eBay shows a group already (``published``).

    ``defaults`` are the account's for that marketplace, None when it has none; ``rules`` what
    eBay asks there, as far as it is known. All blocks are found at once. Whether the
    listing is wanted there at all is not asked here.

    Prices are those that count at ``now``. What the shop says no quantity of keeps the one that
    buyers see; without one it is blocked.
    """
    known, grouped, held = defaults or Defaults(), is_group_live(published), on_sale(published)
    offered = stocks(listing, known, marketplace, grouped=grouped)
    nothing = _unbuilt(offered)
    if found := blocks.of_place(defaults, marketplace):
        return replace(nothing, blocks=found)
    resolved = resolve(listing, known, marketplace, grouped=grouped, now=now)
    resolved = replace(resolved, policies=_identified(resolved.policies, rules))
    found = (
        *blocks.of_listing(resolved, listing, MARKETPLACES[marketplace], rules),
        *blocks.of_sale(listing, now),
        *blocks.of_stock(listing, offered, held),
    )
    if found:
        return replace(nothing, blocks=found)
    quantities = {
        key: held[key] if stock.value is None else stock.value for key, stock in offered.items()
    }
    single = _projection(resolved, sum(quantities.values()))
    shown = variants.grouped(resolved, single, quantities) if resolved.variants else single
    return replace(nothing, projection=shown)


def _unbuilt(offered: Mapping[str, Stocked]) -> Built:
    """Return what is known before there is a document: quantities as they are said."""
    said = {key: stock.value for key, stock in offered.items()}
    known = [quantity for quantity in said.values() if quantity is not None]
    return Built(
        projection=None,
        quantities={} if SINGLE in said else said,
        quantity=sum(known) if len(known) == len(said) else None,
    )


def _identified(chosen: PolicyChoice | None, rules: MarketplaceRules) -> PolicyChoice:
    """Return the policies as ids where it is clear which are meant."""
    words = {name: getattr(chosen, name, None) for name in PolicyChoice.__struct_fields__}
    return PolicyChoice(
        **{
            name: word and choice.identified(name, word, rules.policies)
            for name, word in words.items()
        }
    )


def _projection(resolved: Listing, stock: int) -> Projection:
    return Projection(
        content=_content(resolved),
        lifecycle=Lifecycle.LIVE,
        offer=_offer(resolved),
        price=Price(
            currency=resolved.currency or "", value=spelling.decimal(resolved.price or Decimal(0))
        ),
        quantity=stock,
    )


def _content(resolved: Listing) -> Content:
    specifics = resolved.aspects
    return Content(
        aspects=specifics,
        brand=spelling.identity(resolved.brand, specifics, spelling.BRAND),
        condition=resolved.condition,
        condition_note=spelling.optional(resolved.condition_note),
        gtins=spelling.numbers(resolved.gtins, specifics),
        images=spelling.distinct(resolved.images),
        mpn=spelling.identity(resolved.mpn, specifics, spelling.MPN),
        size=_size(resolved.size),
        subtitle=spelling.optional(resolved.subtitle),
        title=spelling.text(resolved.title),
        weight=variants.weight(resolved.weight),
    )


def _size(size: shop.Size | None) -> model.Size | None:
    if size is None or not (size.height and size.length and size.width):
        return None
    return model.Size(
        height=spelling.decimal(size.height),
        length=spelling.decimal(size.length),
        unit=size.unit,
        width=spelling.decimal(size.width),
    )


def _offer(resolved: Listing) -> Offer:
    policies = resolved.policies or PolicyChoice()
    return Offer(
        category=resolved.category,
        description=spelling.text(resolved.description),
        fulfillment_policy=policies.fulfillment,
        location=resolved.location,
        payment_policy=policies.payment,
        regulatory=_regulatory(resolved.regulatory),
        return_policy=policies.return_,
        store_categories=spelling.distinct(resolved.store_categories),
        tax=_tax(resolved.tax),
    )


def _tax(tax: shop.Tax | None) -> model.Tax | None:
    if tax is None:
        return None
    percentage = tax.vat_percentage
    return spelling.said(
        model.Tax(
            apply=tax.apply,
            category=spelling.optional(tax.category),
            vat_percentage=None if percentage is None else spelling.decimal(percentage),
        )
    )


def _regulatory(regulatory: shop.Regulatory | None) -> model.Regulatory | None:
    if regulatory is None:
        return None
    return spelling.said(
        model.Regulatory(
            manufacturer=_contact(regulatory.manufacturer),
            responsible=tuple(filter(None, map(_person, regulatory.responsible))),
        )
    )


def _person(person: shop.Contact) -> model.Contact | None:
    """Return a responsible person, whose role eBay wants said; there is but one."""
    contact = _contact(person)
    return contact and replace(contact, roles=contact.roles or (ROLE,))


def _contact(contact: shop.Contact | None) -> model.Contact | None:
    if contact is None:
        return None
    return spelling.said(
        model.Contact(
            city=spelling.optional(contact.city),
            company=spelling.optional(contact.company),
            country=spelling.optional(contact.country),
            email=spelling.optional(contact.email),
            line1=spelling.optional(contact.line1),
            line2=spelling.optional(contact.line2),
            phone=spelling.optional(contact.phone),
            postal_code=spelling.optional(contact.postal_code),
            region=spelling.optional(contact.region),
            roles=spelling.unordered(contact.roles),
        )
    )
