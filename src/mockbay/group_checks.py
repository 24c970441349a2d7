"""What a group must look like, and what its variations need to go live. Pure."""

from collections.abc import Iterator

from mockbay.answers import Document, describe, part
from mockbay.rules import DESCRIPTION, image_problems, text_problems
from mockbay.state import Offer, Seller, World
from mockbay.switches import Switches

KEY_LENGTH = 50
MEMBER_IMAGES = 12
LENGTHS = {"title": 80, "subtitle": 55, "description": DESCRIPTION}
Problems = Iterator[Document]


def shape_problems(key: str, document: Document, switches: Switches) -> Problems:
    """Yield what is wrong with the body of a group."""
    if not 0 < len(key) <= KEY_LENGTH:
        yield describe(25709, "inventoryItemGroupKey", {"fieldName": "inventoryItemGroupKey"})
    for name, longest in LENGTHS.items():
        yield from text_problems(document, name, longest)
    yield from image_problems(document.get("imageUrls") or [])
    skus: list[str] = document.get("variantSKUs") or []
    most = switches.variation_limit
    if not 0 < len(skus) <= most or len(set(skus)) < len(skus):
        yield describe(25013, f"variantSKUs: 1 to {most}, each once.")
    yield from _axes(document, switches)


def _axes(document: Document, switches: Switches) -> Problems:
    axes = specifications(document)
    most, values = switches.axis_limit, switches.axis_values_limit
    if not axes:
        yield describe(25013, "variesBy.specifications is missing.", {"fieldName": "variesBy"})
    elif len(axes) > most or any(len(named) > values for named in axes.values()):
        yield describe(25013, f"At most {most} axes with {values} values each.")
    pictured: list[str] = part(document, "variesBy").get("aspectsImageVariesBy") or []
    for name in pictured:
        if name not in axes:
            yield describe(25013, f"aspectsImageVariesBy: {name} is no axis.", {"aspectName": name})


def specifications(document: Document) -> dict[str, list[str]]:
    """Return the axes of a group with their values."""
    listed: list[Document] = part(document, "variesBy").get("specifications") or []
    return {axis["name"]: axis.get("values") or [] for axis in listed if axis.get("name")}


def publish_problems(
    world: World, seller: Seller, group: Document, offers: list[Offer]
) -> list[Document]:
    """Return what keeps a whole group from going live."""
    documents = [offer.document for offer in offers]
    categories = {str(document.get("categoryId")) for document in documents}
    if len(categories) > 1:
        return [describe(25005, f"The members name {len(categories)} categories.")]
    found = list(_category(world, categories.pop(), group))
    if any(part(document, "listingPolicies").get("bestOfferTerms") for document in documents):
        found.append(describe(25013, "Variations cannot take best offers."))
    return [*found, *_variations(seller, group, offers)]


def _category(world: World, category_id: str, group: Document) -> Problems:
    category = world.category(category_id)
    if category is None or not category.leaf:
        yield describe(25005, f"{category_id!r} is no leaf category.", {"categoryId": category_id})
        return
    if not category.variations:
        yield describe(25013, f"{category.name} permits no variations.")
    fixed = {aspect.name for aspect in category.aspects if not aspect.varies}
    for name in specifications(group):
        if name in fixed:
            yield describe(25013, f"{name} cannot vary in {category.name}.", {"aspectName": name})


def _variations(seller: Seller, group: Document, offers: list[Offer]) -> Problems:
    axes, seen = specifications(group), set[tuple[str, ...]]()
    for offer in offers:
        product = part(seller.items[offer.sku].document, "product")
        aspects: dict[str, list[str]] = part(product, "aspects")
        point = tuple((aspects.get(name) or [""])[0] for name in axes)
        for (name, values), value in zip(axes.items(), point, strict=True):
            if value not in values:
                yield describe(25013, f"{offer.sku}: {name} is {value!r}.", {"aspectName": name})
        if point in seen:
            yield describe(25013, f"{offer.sku} is the same variation as another.")
        seen.add(point)
        if len(product.get("imageUrls") or []) > MEMBER_IMAGES:
            yield describe(25014, f"{offer.sku}: a variation has at most {MEMBER_IMAGES}.")
