"""Read what eBay shows of a listing with variants: its group, and each of its items.

Shape: Inventory API 1.18 ``InventoryItemGroup``; items and offers are read by ``remote``.
"""

from collections.abc import Mapping

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from baysync.base.errors import NotNormalisable
from baysync.projection import spelling
from baysync.projection.group import priced, stocked
from baysync.projection.model import Axis, Content, Group, Lifecycle, Offer, Projection, Variant


class _Shape(Struct, kw_only=True, rename="camel"):
    """Part of an answer: names as eBay spells them, every field may be missing."""


class _Specification(_Shape):
    name: str = ""
    values: tuple[str, ...] = ()


class _Varies(_Shape):
    aspects_image_varies_by: tuple[str, ...] | None = None
    specifications: tuple[_Specification, ...] | None = None


class _Group(_Shape):
    aspects: dict[str, tuple[str, ...]] | None = None
    description: str | None = None
    image_urls: tuple[str, ...] | None = None
    subtitle: str | None = None
    title: str | None = None
    varies_by: _Varies | None = None


def normalise_group(
    group: Mapping[str, object], items: Mapping[str, Projection], held: Group | None = None
) -> Projection:
    """Return what eBay shows of a group as a projection; ``items`` as ``normalise`` read them.

    What its items should share but do not is left out: it differs from what is wanted then, and
    is sent again. Axes and values stand in the order in which they are ``held``, if they are the
    same ones: eBay does not say that it keeps an order, so another one is no difference.

    Raises:
        NotNormalisable: a field has another type than eBay documents.
    """
    shown = _decoded(group)
    states = {each.lifecycle for each in items.values()}
    lifecycle = next((s for s in (Lifecycle.LIVE, Lifecycle.ENDED) if s in states), None)
    prices = {key: each.price for key, each in items.items() if each.price}
    document = Projection(
        content=_content(shown, items, held or Group()),
        lifecycle=lifecycle,
        offer=replace(_offer(items), description=spelling.text(shown.description or "")),
        price=priced(
            next((each.currency for each in prices.values()), ""),
            {key: each.value for key, each in prices.items()},
        ),
    )
    seen = {
        key: each.quantity or 0
        for key, each in items.items()
        if lifecycle is not None and each.lifecycle is lifecycle
    }
    return stocked(document, seen)


def worded(document: Projection, group: Mapping[str, object]) -> Projection:
    """Return ``document`` with the words and pictures that eBay shows of its group instead.

    Raises:
        NotNormalisable: a field has another type than eBay documents.
    """
    shown = _decoded(group)
    return replace(
        document,
        content=replace(
            document.content or Content(),
            aspects=spelling.aspects(shown.aspects or {}),
            images=spelling.distinct(shown.image_urls or ()),
            subtitle=spelling.optional(shown.subtitle),
            title=spelling.text(shown.title or ""),
        ),
        offer=replace(
            document.offer or Offer(), description=spelling.text(shown.description or "")
        ),
    )


def with_variant(document: Projection, key: str, item: Projection) -> Projection:
    """Return ``document`` with what ``item``, read anew, says of the variant ``key`` alone."""
    content = document.content or Content()
    group = content.group or Group()
    if key not in group.variants:
        return document
    said = _variant(item.content or Content(), [axis.name for axis in group.axes])
    variants = {**group.variants, key: said}
    return replace(document, content=replace(content, group=replace(group, variants=variants)))


def _decoded(group: Mapping[str, object]) -> _Group:
    try:
        return msgspec.convert(dict(group), _Group)
    except msgspec.ValidationError as error:
        raise NotNormalisable(
            f"eBay's inventory item group is not of the documented shape: {error}.",
            fix="nothing to do: the listing is sent whole again.",
        ) from error


def _content(shown: _Group, items: Mapping[str, Projection], held: Group) -> Content:
    varies = shown.varies_by or _Varies()
    axes = _axes(varies.specifications or (), held)
    names = [axis.name for axis in axes]
    contents = {key: each.content or Content() for key, each in items.items()}
    shared = [_shared(content, names) for content in contents.values()]
    first = next(iter(shared), Content())
    said = (
        spelling.text(shown.title or ""),
        spelling.optional(shown.subtitle),
        spelling.aspects(shown.aspects or {}),
    )
    same = all(each == first for each in shared)
    same = same and said == (first.title, first.subtitle, first.aspects)
    group = Group(
        axes=axes,
        pictured=_as_held(spelling.distinct(varies.aspects_image_varies_by or ()), held.pictured),
        variants={key: _variant(content, names) for key, content in contents.items()},
    )
    whole = first if same else Content()
    return replace(whole, group=group, images=spelling.distinct(shown.image_urls or ()))


def _axes(shown: tuple[_Specification, ...], held: Group) -> tuple[Axis, ...]:
    values = {spelling.text(each.name): spelling.distinct(each.values) for each in shown}
    known = {axis.name: axis.values for axis in held.axes}
    return tuple(
        Axis(name=name, values=_as_held(values[name], known.get(name, ())))
        for name in _as_held(tuple(values), tuple(known))
    )


def _as_held(shown: tuple[str, ...], held: tuple[str, ...]) -> tuple[str, ...]:
    return held if sorted(shown) == sorted(held) else shown


def _offer(items: Mapping[str, Projection]) -> Offer:
    offers = [each.offer for each in items.values() if each.offer]
    return offers[0] if offers and all(each == offers[0] for each in offers) else Offer()


def _shared(content: Content, names: list[str]) -> Content:
    """Return what an item says as all items of its group should."""
    rest = {name: words for name, words in content.aspects.items() if name not in names}
    return replace(content, aspects=rest, gtins=(), images=(), mpn=None, weight=None)


def _variant(content: Content, names: list[str]) -> Variant:
    return Variant(
        gtins=content.gtins,
        images=content.images,
        mpn=content.mpn,
        options={name: next(iter(content.aspects.get(name, ())), "") for name in names},
        weight=content.weight,
    )
