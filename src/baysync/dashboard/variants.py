"""The variants of a listing: how buyers know them, and what each costs on either side. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from baysync.insight.listing.model import SoldItem
from baysync.listing.shown import scaled
from baysync.projection.group import OPTION_JOIN, group_of, labels
from baysync.projection.model import Group, Price, Projection


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What one side says of a variant; None where it says nothing."""

    price: str | None = None
    quantity: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VariantRow:
    """One variant by its key, the shop's SKU, with its terms on eBay and as they are wanted."""

    key: str
    label: str
    ebay_sku: str
    sold: int
    published: Terms
    desired: Terms

    @property
    def differs(self) -> bool:
        """Whether eBay shows other terms than are wanted."""
        return self.published != self.desired


def variants(
    published: Projection | None, desired: Projection | None, items: Iterable[SoldItem]
) -> list[VariantRow]:
    """Return the variants in the order in which buyers choose; none for a single listing."""
    by_key = {item.variant_key: item for item in items}
    return [
        VariantRow(
            key=key,
            label=label,
            ebay_sku=by_key[key].ebay_sku,
            sold=by_key[key].units_sold,
            published=_terms(published, key),
            desired=_terms(desired, key),
        )
        for key, label in labels(published, desired).items()
    ]


def axes(*documents: Projection | None) -> str:
    """Return in what the variants differ, as labels join it: ``Color · Size``."""
    found = next(filter(None, map(group_of, documents)), Group())
    return OPTION_JOIN.join(axis.name for axis in found.axes)


def title(*documents: Projection | None) -> str:
    """Return the title under which a listing is shown; empty where no document has content."""
    contents = (document.content for document in documents if document)
    return next((content.title for content in contents if content), "")


def currency(*documents: Projection | None) -> str:
    """Return the currency in which a listing is priced; empty where no document has a price."""
    prices = (document.price for document in documents if document)
    return next((price.currency for price in prices if price), "")


def _terms(document: Projection | None, key: str) -> Terms:
    if document is None or key not in _keys(document):
        return Terms()
    price = document.price or Price(currency="", value="")
    value = price.variants.get(key)
    return Terms(
        price=None if value is None else scaled(value, price.currency),
        quantity=document.quantities.get(key),
    )


def _keys(document: Projection) -> Iterable[str]:
    group = group_of(document)
    return group.variants if group else ()
