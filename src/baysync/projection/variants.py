"""Make the group of a listing with several variants out of its document as a single one."""

from collections.abc import Mapping
from decimal import Decimal

from msgspec.structs import replace

from baysync.ebay.identifiers import is_none
from baysync.listing import model as shop
from baysync.listing import options
from baysync.listing.model import Listing
from baysync.projection import model, spelling
from baysync.projection.group import priced, stocked
from baysync.projection.model import Axis, Content, Group, Projection, Variant

MOST_IMAGES = 24
MOST_ITEM_IMAGES = 12


def grouped(resolved: Listing, single: Projection, quantities: Mapping[str, int]) -> Projection:
    """Return the document of ``resolved``, which has variants; ``single`` is what all share.

    ``quantities`` are those of the variants by SKU.

    An item specific that is called like an axis gives way to the axis: each variant has its own.
    """
    content = single.content or Content()
    names = [spelling.text(name) for name in options.names(resolved)]
    folded = {name.casefold() for name in names}
    shared = {
        name: words for name, words in content.aspects.items() if name.casefold() not in folded
    }
    variants = {each.sku: _variant(each, resolved, content) for each in resolved.variants}
    pictures = content.images or _all_images(variants)
    pictured = _pictured(names, variants)
    group = Group(
        axes=_axes(names, variants),
        pictured=pictured,
        variants=_with_images(variants, pictured, pictures),
    )
    prices = {each.sku: _price(each, resolved) for each in resolved.variants}
    shown = replace(
        single,
        content=replace(
            content, aspects=shared, group=group, gtins=(), images=pictures, mpn=None, weight=None
        ),
        price=priced(resolved.currency or "", prices),
    )
    return stocked(shown, quantities)


def numberless(listing: Listing) -> tuple[str, ...]:
    """Return what a listing says for variants without product numbers: that there are none.

    A number of the listing is none of theirs: each number is of one variant.
    """
    return tuple(filter(is_none, listing.gtins))


def weight(weight: shop.Weight | None) -> model.Weight | None:
    """Return a weight as eBay wants it; one of nothing is none."""
    if weight is None or not weight.value:
        return None
    return model.Weight(unit=weight.unit, value=spelling.decimal(weight.value))


def _axes(names: list[str], variants: Mapping[str, Variant]) -> tuple[Axis, ...]:
    return tuple(
        Axis(
            name=name,
            values=tuple(dict.fromkeys(each.options[name] for each in variants.values())),
        )
        for name in names
    )


def _variant(variant: shop.Variant, resolved: Listing, content: Content) -> Variant:
    chosen = {spelling.text(name): spelling.text(value) for name, value in variant.options.items()}
    specifics = {**content.aspects, **{name: (value,) for name, value in chosen.items()}}
    return Variant(
        gtins=spelling.numbers(variant.gtins or numberless(resolved), specifics),
        images=spelling.distinct(variant.images),
        mpn=spelling.identity(variant.mpn or resolved.mpn, specifics, spelling.MPN),
        options=chosen,
        weight=weight(variant.weight or resolved.weight),
    )


def _price(variant: shop.Variant, resolved: Listing) -> str:
    price = resolved.price if variant.price is None else variant.price
    return spelling.decimal(price or Decimal(0))


def _all_images(variants: Mapping[str, Variant]) -> tuple[str, ...]:
    found = spelling.distinct(url for each in variants.values() for url in each.images)
    return found[:MOST_IMAGES]


def _pictured(names: list[str], variants: Mapping[str, Variant]) -> tuple[str, ...]:
    """Return the axis that explains which variant has which images; all, where none does alone."""
    if not any(each.images for each in variants.values()):
        return ()
    return next(((name,) for name in names if _explains(name, variants)), tuple(names))


def _explains(name: str, variants: Mapping[str, Variant]) -> bool:
    pairs = {(each.options[name], each.images) for each in variants.values() if each.images}
    return len({value for value, _ in pairs}) == len(pairs)


def _with_images(
    variants: Mapping[str, Variant], pictured: tuple[str, ...], shared: tuple[str, ...]
) -> dict[str, Variant]:
    """Give a variant without images those of one that looks the same, else the first of all."""

    def look(variant: Variant) -> tuple[str, ...]:
        return tuple(variant.options[name] for name in pictured)

    known = {look(each): each.images for each in variants.values() if each.images}
    return {
        key: replace(each, images=each.images or known.get(look(each), shared[:MOST_ITEM_IMAGES]))
        for key, each in variants.items()
    }
