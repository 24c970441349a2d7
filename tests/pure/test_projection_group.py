"""Listings with variants as documents: built, taken apart, kept beside what eBay shows."""

from decimal import Decimal
from typing import Any, cast

import pytest
from msgspec.structs import replace

from baysync.base.errors import NotNormalisable
from baysync.listing import body
from baysync.listing.model import Listing, Variant
from baysync.observe.normalise_group import normalise_group, with_variant, worded
from baysync.projection import canonical, payload
from baysync.projection.build import build
from baysync.projection.diff import DiffOp, Edit, apply, diff, section, variant
from baysync.projection.follow import Limit, follow
from baysync.projection.group import (
    beside,
    is_group_live,
    is_live,
    labels,
    members,
    priced,
)
from baysync.projection.model import Axis, Built, Content, Group, Lifecycle, Projection, Section
from support.shop import DEFAULTS, LAMP

GB = "EBAY_GB"
PICTURE = "https://shop.example/{}.jpg"


LIVE = Projection(content=Content(group=Group()), lifecycle=Lifecycle.LIVE)


def one(sku: str, size: str = "", **fields: object) -> Variant:
    options = {"Size": size or sku}
    plain = Variant(sku=sku, options=options, price=Decimal(10), quantity=2)
    return replace(plain, **fields)


def shirt(*variants: Variant, **fields: object) -> Listing:
    return replace(LAMP, variants=variants, **fields)


def built(*variants: Variant, **fields: object) -> Projection:
    found = build(shirt(*variants, **fields), DEFAULTS, GB, published=LIVE).projection
    assert found is not None
    return found


def group_in(document: Projection | None) -> Group:
    assert document is not None
    assert document.content is not None
    assert document.content.group is not None
    return document.content.group


def shown(document: Projection, published: Projection) -> Projection:
    found = beside(Built(projection=document, quantities={**document.quantities}), published)
    assert found.projection is not None
    return found.projection


OLD = (
    one("1", options={"Size": "S", "Colour": "red"}),
    one("2", options={"Size": "M", "Colour": "blue"}),
)
OLD_DIGEST = "a9045ef6a0a57d825e7b3a8fa6c8519ae7811922decb64e982497ea81efbeda6"
SML = built(one("S"), one("M"), one("L"))


def test_price_and_quantity_are_those_of_each_variant_and_of_all() -> None:
    found = built(one("S"), one("M", price=None, quantity=5))
    assert found.price is not None
    assert (found.price.value, found.price.variants) == ("10", {"S": "10", "M": "34.9"})
    assert (found.quantities, found.quantity) == ({"S": 2, "M": 5}, 7)
    assert priced("GBP", {}) is None


def test_an_axis_takes_the_place_of_a_specific_of_its_name() -> None:
    found = built(one("S"), one("M"), aspects={"size": ("S", "M"), "Colour": ("Red",)})
    assert found.content is not None
    assert found.content.aspects == {"Brand": ("Lumo",), "Colour": ("Red",)}
    assert members(found)["S"].content is not None
    assert group_in(found).axes == (Axis(name="Size", values=("S", "M")),)


def test_images_belong_to_the_axis_that_explains_them() -> None:
    def dress(sku: str, size: str, colour: str, *pictures: str) -> Variant:
        return Variant(sku=sku, options={"Size": size, "Colour": colour}, images=pictures)

    red, blue = PICTURE.format("red"), PICTURE.format("blue")
    found = built(
        dress("1", "S", "red", red), dress("2", "M", "red"), dress("3", "S", "blue", blue)
    )
    assert group_in(found).pictured == ("Colour",)
    assert [each.images for each in group_in(found).variants.values()] == [(red,), (red,), (blue,)]
    mixed = built(
        dress("1", "S", "red", red), dress("2", "M", "red", blue), dress("3", "S", "blue", blue)
    )
    assert group_in(mixed).pictured == ("Size", "Colour")
    assert group_in(SML).pictured == ()
    alone = built(dress("1", "S", "red", red), images=())
    assert alone.content is not None
    assert alone.content.images == (red,)


def test_every_item_says_what_all_share_and_its_own() -> None:
    small = members(SML)["S"]
    assert small.content is not None
    assert small.offer is not None
    assert small.price is not None
    assert small.content.aspects["Size"] == ("S",)
    assert (small.content.group, small.offer.description) == (None, "")
    assert (small.price.value, small.quantity, small.lifecycle) == ("10", 2, Lifecycle.LIVE)
    part = replace(SML, offer=None, price=None, quantities={})
    bare = members(part)["S"]
    assert (bare.offer, bare.price, bare.lifecycle) == (None, None, None)


def test_buyers_see_an_item_that_has_a_quantity_in_a_live_listing() -> None:
    assert is_live(SML, "S")
    assert not is_live(SML, "XL")
    assert not is_live(replace(SML, lifecycle=None), "S")
    assert not is_live(None)
    assert is_group_live(SML)
    assert not is_group_live(replace(SML, lifecycle=Lifecycle.ENDED))
    assert not is_group_live(build(LAMP, DEFAULTS, GB).projection)
    assert not is_group_live(None)


def test_differences_are_told_by_variant() -> None:
    other = built(one("S"), one("M", quantity=1, mpn="m"), one("L"))
    found = diff(SML, other)
    assert found["/quantities/M"] == Edit(op=DiffOp.REPLACE, before=2, after=1)
    assert found["/content/group/variants/M/mpn"].after == "m"
    assert section("/quantities/M") is Section.QUANTITY
    assert apply(found, SML) == other


def test_a_pointer_leads_to_a_variant_that_buyers_know_by_its_options() -> None:
    odd = Variant(sku="a/b", options={"Size": "M", "Colour": "red"}, quantity=0)
    found = built(replace(odd, sku="z", options={"Size": "S", "Colour": "red"}), odd)
    assert list(labels(found).items()) == [("z", "S · red"), ("a/b", "M · red")]
    told = diff(found, built(odd))
    assert {variant(pointer) for pointer in told} == {"z", None}
    assert variant("/price/variants/a~1b") == "a/b"
    assert labels(None, found, SML)["M"] == "M"
    strange = replace(group_in(SML), axes=(Axis(name="Size", values=("L",)),))
    assert next(iter(labels(replace(SML, content=Content(group=strange))))) == "L"


def test_a_variant_taken_away_stays_with_nothing_to_sell() -> None:
    found = shown(built(one("M"), one("L")), SML)
    assert found.quantities == {"S": 0, "M": 2, "L": 2}
    assert group_in(found).axes == group_in(SML).axes
    assert shown(built(one("M"), one("L")), found) == found
    turned = shown(built(one("L"), one("M")), SML)
    assert group_in(turned).axes[0].values == ("L", "M", "S")


def test_a_variant_whose_place_is_taken_leaves() -> None:
    found = shown(built(one("S2", "s"), one("M"), one("L")), SML)
    assert found.quantities == {"S2": 2, "M": 2, "L": 2}
    coloured = Variant(sku="X", options={"Size": "S", "Colour": "red"}, quantity=0)
    assert shown(built(coloured), SML).quantities == {"X": 0}


def test_nothing_is_kept_beyond_what_ebay_takes() -> None:
    many = built(*[one(f"v{n}") for n in range(60)])
    assert shown(many, SML) == many


def test_a_live_listing_that_gains_or_loses_its_variants_is_built_as_it_shall_be() -> None:
    single = build(LAMP, DEFAULTS, GB)
    assert single.projection is not None
    grouped = Built(projection=SML, quantities={**SML.quantities}, quantity=6)
    assert beside(grouped, single.projection) == grouped
    assert beside(single, SML) == single
    over = replace(SML, lifecycle=Lifecycle.ENDED)
    assert beside(single, over) == single
    assert beside(single, None) == single
    assert beside(single, single.projection) == single
    blocked = Built(projection=None, quantities={"S": 1}, quantity=1)
    assert beside(blocked, SML) == blocked


def test_stock_of_variants_only_goes_down_while_content_is_blocked() -> None:
    found = follow(Limit(quantity=9, quantities={"S": 9, "M": 1}), SML)
    assert found is not None
    assert found.quantities == {"S": 2, "M": 1, "L": 0}
    spread = follow(Limit(quantity=3), SML)
    assert spread is not None
    assert (spread.quantities, spread.quantity) == ({"S": 2, "M": 1, "L": 0}, 3)


def seen(document: Projection) -> Projection:
    """Read back the very bodies that ``document`` makes."""
    body = payload.group(document, {key: key for key in members(document)})
    return normalise_group(body, members(document))


def test_what_was_sent_is_read_back_as_it_was() -> None:
    assert seen(SML) == SML


def test_what_items_do_not_share_is_left_out_and_an_offer_may_be_missing() -> None:
    items = members(SML)
    odd = replace(items["S"], content=replace(items["S"].content or Content(), title="Odd"))
    body = payload.group(SML, {key: key for key in items})
    found = normalise_group(body, {**items, "S": odd})
    assert found.content is not None
    assert (found.content.title, found.content.aspects) == ("", {})
    other = replace(items["S"], offer=None, price=None, quantity=None, lifecycle=None)
    found = normalise_group(body, {**items, "S": other})
    assert found.quantities == {"M": 2, "L": 2}
    assert normalise_group({}, {}).lifecycle is None


SIZE_FIRST = built(*OLD, options=("Size", "Colour"))


def test_axes_stand_in_the_order_of_the_shop_and_by_name_without_one() -> None:
    assert [axis.name for axis in group_in(SIZE_FIRST).axes] == ["Size", "Colour"]
    by_name = body.decode(body.encode(shirt(*OLD)))
    found = build(by_name, DEFAULTS, GB).projection
    assert [axis.name for axis in group_in(found).axes] == ["Colour", "Size"]
    assert found is not None
    assert canonical.digest(found).hex() == OLD_DIGEST, "stored before there was an order"


def test_another_order_of_axes_and_values_on_ebay_is_no_difference() -> None:
    sent = payload.group(SIZE_FIRST, {key: key for key in members(SIZE_FIRST)})
    varies = cast("dict[str, Any]", sent["variesBy"])
    turned = [
        each | {"values": each["values"][::-1]} for each in reversed(varies["specifications"])
    ]
    other = sent | {"variesBy": varies | {"specifications": turned}}
    items, held = members(SIZE_FIRST), group_in(SIZE_FIRST)
    assert normalise_group(other, items, held) == SIZE_FIRST
    assert normalise_group(other, items) != SIZE_FIRST
    more = sent | {"variesBy": {"specifications": [*turned, {"name": "Cut", "values": ["slim"]}]}}
    axes = group_in(normalise_group(more, items, held)).axes
    assert [axis.name for axis in axes] == ["Colour", "Size", "Cut"]


def test_a_group_of_another_shape_is_not_read() -> None:
    with pytest.raises(NotNormalisable):
        normalise_group({"title": ["no", "text"]}, {})


def test_the_words_of_a_group_stand_in_its_document_as_ebay_shows_them() -> None:
    shown = worded(
        SML, {"title": "Theirs", "description": "<p>D</p>", "imageUrls": ["https://a/b"]}
    )
    assert shown.content
    assert (shown.content.title, shown.content.images) == ("Theirs", ("https://a/b",))
    assert shown.offer
    assert shown.offer.description == "<p>D</p>"
    assert (shown.quantities, shown.price) == (SML.quantities, SML.price)


def test_a_member_read_anew_changes_its_own_variant_alone() -> None:
    assert SML.content
    assert SML.content.group
    key, *others = SML.content.group.variants
    size = SML.content.group.axes[0].name
    read = Projection(content=Content(aspects={size: ("S",)}, mpn="theirs"))
    shown = with_variant(SML, key, read)
    assert shown.content
    assert shown.content.group
    assert shown.content.group.variants[key].mpn == "theirs"
    assert [shown.content.group.variants[other] for other in others] == [
        SML.content.group.variants[other] for other in others
    ]
    assert with_variant(SML, "none of its", read) == SML
