"""A document of an older program becomes what today's makes of the same listing."""

from msgspec.structs import replace

from baysync.listing.model import Contact, Listing, Regulatory, Variant
from baysync.projection.build import build
from baysync.projection.model import Group, Projection
from baysync.projection.upgrade import CURRENT
from support.shop import DEFAULTS, LAMP

NUMBERED = replace(
    LAMP,
    aspects={"EAN": ("4006381333931",)},
    gtins=(),
    regulatory=Regulatory(responsible=(Contact(company="Agent", country="FR"),)),
)
VARIED = replace(
    NUMBERED,
    variants=(
        Variant(sku="A", options={"Size": "S"}, gtins=("96385074",)),
        Variant(sku="B", options={"Size": "M"}),
    ),
)


def today(listing: Listing) -> Projection:
    found = build(listing, DEFAULTS, "EBAY_GB")
    assert found.projection is not None, found.blocks
    return found.projection


def as_of_version_one(document: Projection) -> Projection:
    """Return a document without the numbers and roles that version 2 fills in."""
    content, offer = document.content, document.offer
    assert content
    assert offer
    assert offer.regulatory
    group = content.group and replace(content.group, variants=bare(content.group))
    people = tuple(replace(person, roles=()) for person in offer.regulatory.responsible)
    regulatory = replace(offer.regulatory, responsible=people)
    return replace(
        document,
        content=replace(content, gtins=(), group=group),
        offer=replace(offer, regulatory=regulatory),
    )


def bare(group: Group) -> dict[str, object]:
    return {
        key: replace(each, gtins=()) if key == "B" else each for key, each in group.variants.items()
    }


def test_numbers_among_the_specifics_and_roles_are_filled_in() -> None:
    for listing in (NUMBERED, VARIED):
        document = today(listing)
        old = as_of_version_one(document)
        assert old != document
        assert CURRENT.upgrade(old, since=1) == document


def test_what_says_neither_stays_as_it_is() -> None:
    for document in (today(LAMP), Projection()):
        assert CURRENT.upgrade(document, since=1) == document
