"""A document with several variants: taken apart into its items, and set beside what eBay shows."""

from collections.abc import Collection, Mapping
from decimal import Decimal

from msgspec.structs import replace

from baysync.projection.model import (
    Axis,
    Built,
    Content,
    Group,
    Lifecycle,
    Price,
    Projection,
    Variant,
)

SINGLE = ""
OPTION_JOIN = " · "
MOST_VARIANTS = 250
MOST_VALUES = 60


def group_of(document: Projection | None) -> Group | None:
    """Return the variants of a document, None for a listing without."""
    return document.content.group if document and document.content else None


def labels(*documents: Projection | None) -> dict[str, str]:
    """Return what buyers choose to get each variant, by key: ``Blue · M``.

    They stand in the order in which buyers choose. Of several documents the last that has a
    variant says how it is called.
    """
    return {
        key: OPTION_JOIN.join(variant.options.get(axis.name, "") for axis in group.axes)
        for group in filter(None, map(group_of, documents))
        for key, variant in sorted(
            group.variants.items(), key=lambda row: _chosen(row[1], group.axes)
        )
    }


def _chosen(variant: Variant, axes: tuple[Axis, ...]) -> list[int]:
    """Return where a variant's values stand on the axes; a value that stands nowhere is last."""
    values = [(axis.values, variant.options.get(axis.name, "")) for axis in axes]
    return [known.index(value) if value in known else len(known) for known, value in values]


def is_live(document: Projection | None, key: str = SINGLE) -> bool:
    """Return whether buyers see the item called ``key``."""
    if document is None or document.lifecycle is not Lifecycle.LIVE:
        return False
    return group_of(document) is None or key in document.quantities


def on_sale(document: Projection | None) -> dict[str, int]:
    """Return the stock that buyers see by variant, under ``SINGLE`` of a listing without."""
    if document is None or document.lifecycle is not Lifecycle.LIVE or document.quantity is None:
        return {}
    return dict(document.quantities) or {SINGLE: document.quantity}


def is_group_live(document: Projection | None) -> bool:
    """Return whether buyers see a listing with variants."""
    live = document is not None and document.lifecycle is Lifecycle.LIVE
    return live and group_of(document) is not None


def members(document: Projection) -> dict[str, Projection]:
    """Return one document for each item: the variants by the shop's SKU, a single under ``""``.

    What only the group says, its description, is in none of them.
    """
    group = group_of(document)
    if group is None:
        return {SINGLE: document}
    return {key: _member(document, key, variant) for key, variant in group.variants.items()}


def _member(document: Projection, key: str, variant: Variant) -> Projection:
    price, shown = document.price, key in document.quantities
    value = price.variants.get(key) if price else None
    return Projection(
        content=_item(document.content or Content(), variant),
        lifecycle=document.lifecycle if shown else None,
        offer=replace(document.offer, description="") if document.offer else None,
        price=Price(currency=price.currency, value=value) if price and value else None,
        quantity=document.quantities.get(key),
    )


def _item(shared: Content, variant: Variant) -> Content:
    options = {name: (value,) for name, value in variant.options.items()}
    return replace(
        shared,
        aspects={**shared.aspects, **options},
        group=None,
        gtins=variant.gtins,
        images=variant.images,
        mpn=variant.mpn,
        weight=variant.weight,
    )


def priced(currency: str, prices: Mapping[str, str]) -> Price | None:
    """Return the price of a group; None when no variant has one."""
    if not prices:
        return None
    return Price(currency=currency, value=min(prices.values(), key=Decimal), variants=dict(prices))


def stocked(document: Projection, quantities: Mapping[str, int]) -> Projection:
    """Return a document whose variants have ``quantities``."""
    total = sum(quantities.values()) if quantities else None
    return replace(document, quantities=dict(quantities), quantity=total)


def beside(built: Built, published: Projection | None) -> Built:
    """Return ``built`` as it can be where buyers see ``published``.

    A variant that the shop no longer names stays with quantity 0, for it may have been sold;
    unless another variant has taken its place. A live listing that gains or loses its variants
    stays as it is built: the plan ends the old one before it makes the new one.
    """
    if published is None or published.lifecycle is not Lifecycle.LIVE:
        return built
    there = group_of(published)
    if there is None or not built.quantities or built.projection is None:
        return built
    return replace(built, projection=_keep(built.projection, published, there))


def _keep(desired: Projection, published: Projection, there: Group) -> Projection:
    content, price = desired.content or Content(), desired.price
    wanted = content.group or Group()
    old = published.price.variants if published.price else {}
    kept = {
        key: variant
        for key, variant in _kept(wanted, there).items()
        if key in published.quantities and key in old
    }
    variants = {**wanted.variants, **kept}
    merged = _axes(wanted, there, kept)
    if price is None or len(variants) > MOST_VARIANTS or _too_many(merged):
        return desired
    prices = {**price.variants, **{key: old[key] for key in kept}}
    shown = replace(
        desired,
        content=replace(content, group=replace(wanted, axes=merged, variants=variants)),
        price=priced(price.currency, prices),
    )
    return stocked(shown, {**desired.quantities, **dict.fromkeys(kept, 0)})


def _kept(wanted: Group, there: Group) -> dict[str, Variant]:
    """Return the variants that are there only, with a place of their own among those wanted."""
    names = [axis.name for axis in wanted.axes]
    taken = {_place(variant, names) for variant in wanted.variants.values()}
    return {
        key: variant
        for key, variant in there.variants.items()
        if key not in wanted.variants
        and variant.options.keys() == set(names)
        and _place(variant, names) not in taken
    }


def _place(variant: Variant, names: list[str]) -> tuple[str, ...]:
    return tuple(variant.options[name].casefold() for name in names)


def _axes(wanted: Group, there: Group, kept: Mapping[str, Variant]) -> tuple[Axis, ...]:
    """Return the axes with the values of kept variants, in the order eBay has if it fits."""
    known = {axis.name: axis.values for axis in there.axes}
    return tuple(
        Axis(
            name=axis.name,
            values=_values(
                axis.values,
                known.get(axis.name, ()),
                {each.options[axis.name] for each in kept.values()},
            ),
        )
        for axis in wanted.axes
    )


def _values(
    wanted: tuple[str, ...], there: tuple[str, ...], kept: Collection[str]
) -> tuple[str, ...]:
    stay = tuple(value for value in there if value in kept or value in wanted)
    if tuple(value for value in stay if value in wanted) == wanted:
        return stay
    return tuple(dict.fromkeys((*wanted, *sorted(kept))))


def _too_many(axes: tuple[Axis, ...]) -> bool:
    return any(len(axis.values) > MOST_VALUES for axis in axes)
