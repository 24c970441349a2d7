"""A listing becomes the document of a marketplace, or says why it cannot."""

import unicodedata
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from baysync.account.model import Defaults, Policies
from baysync.listing import model as shop
from baysync.listing.model import Contact, Listing, Override, Regulatory, Tax, Variant
from baysync.projection import canonical
from baysync.projection.build import build
from baysync.projection.model import (
    Content,
    Lifecycle,
    Offer,
    Price,
    Projection,
    Size,
    Weight,
)
from support.shop import DEFAULTS, LAMP

GB = "EBAY_GB"


def built(listing: Listing, defaults: Defaults = DEFAULTS, marketplace: str = GB) -> Projection:
    found = build(listing, defaults, marketplace)
    assert found.projection is not None, found.blocks
    assert found.blocks == ()
    return found.projection


def content(listing: Listing, defaults: Defaults = DEFAULTS) -> Content:
    found = built(listing, defaults).content
    assert found is not None
    return found


def offer(listing: Listing, defaults: Defaults = DEFAULTS) -> Offer:
    found = built(listing, defaults).offer
    assert found is not None
    return found


def reasons(listing: Listing, defaults: Defaults | None = DEFAULTS, at: str = GB) -> list[str]:
    found = build(listing, defaults, at)
    assert found.projection is None
    assert all(block.rule and block.fix for block in found.blocks)
    return [block.reason for block in found.blocks]


def test_a_listing_and_its_account_make_one_document() -> None:
    assert built(LAMP) == Projection(
        content=Content(
            aspects={"Brand": ("Lumo",), "Colour": ("Brass",)},
            brand="Lumo",
            condition="NEW",
            images=("https://shop.example/lamp-1.jpg",),
            title="Brass desk lamp",
        ),
        lifecycle=Lifecycle.LIVE,
        offer=Offer(
            category="112581",
            description="<p>A lamp.</p>",
            fulfillment_policy="11",
            location="berlin",
            payment_policy="12",
            return_policy="13",
        ),
        price=Price(currency="GBP", value="34.9"),
        quantity=5,
    )


def test_what_a_listing_says_goes_before_its_account() -> None:
    listing = replace(
        LAMP, aspects={"Colour": ("Red",)}, category="9", condition="USED_GOOD", location="paris"
    )
    defaults = replace(DEFAULTS, aspects={"Colour": ("Any",), "Type": ("Lamp",)})
    found = built(listing, defaults)
    assert found.content is not None
    assert found.offer is not None
    assert found.content.aspects == {"Brand": ("Lumo",), "Colour": ("Red",), "Type": ("Lamp",)}
    assert found.content.condition == "USED_GOOD"
    assert (found.offer.category, found.offer.location) == ("9", "paris")


def test_what_is_said_for_a_marketplace_goes_before_everything() -> None:
    override = Override(price=Decimal(40), quantity=2, title="Messinglampe", category="8")
    listing = replace(LAMP, category="9", overrides={"EBAY_DE": override})
    found = built(listing, marketplace="EBAY_DE")
    assert found.content is not None
    assert found.offer is not None
    assert (found.content.title, found.offer.category) == ("Messinglampe", "8")
    assert (found.price, found.quantity) == (Price(currency="EUR", value="40"), 2)
    assert built(listing).quantity == 5, "the other marketplace is as the listing says"


@pytest.mark.parametrize(
    ("listing", "category"),
    [
        (replace(LAMP, shop_type="LAMPS", tags=("sale",)), "1"),
        (replace(LAMP, shop_type="Other", tags=("new", "Sale")), "2"),
        (replace(LAMP, shop_type="Desk lamps", shop_types=("Home", "Lamps")), "1"),
        (LAMP, "112581"),
    ],
)
def test_the_category_comes_from_type_then_tags_then_wider_types_then_default(
    listing: Listing, category: str
) -> None:
    defaults = replace(DEFAULTS, categories={"Lamps": "1", "sale": "2"})
    assert offer(listing, defaults).category == category


def test_the_brand_stands_among_the_specifics_in_the_language_of_the_site() -> None:
    german = built(LAMP, marketplace="EBAY_DE").content
    assert german is not None
    assert german.aspects["Marke"] == ("Lumo",)
    named = content(replace(LAMP, aspects={"brand": ("Lumo Ltd",)}))
    assert named.aspects == {"brand": ("Lumo Ltd",)}
    assert content(replace(LAMP, brand=None)).aspects == {"Colour": ("Brass",)}


@given(
    st.text(st.characters(categories=["L", "M", "N", "P"]), min_size=1),
    st.decimals(min_value=1, max_value=999, places=2),
)
def test_spelling_does_not_matter(words: str, price: Decimal) -> None:
    title = f"A {words}"[:60]
    composed, decomposed = (unicodedata.normalize(form, title) for form in ("NFC", "NFD"))
    one = replace(LAMP, title=composed, price=price)
    other = replace(LAMP, title=decomposed, price=Decimal(f"{price}0"))
    assert canonical.digest(built(one)) == canonical.digest(built(other))


def test_specifics_and_options_are_said_in_the_words_of_the_marketplace() -> None:
    words = replace(DEFAULTS, words={"colour": "Farbe", "Brass": "Messing", "Size": "Größe"})
    assert content(LAMP, words).aspects == {"Brand": ("Lumo",), "Farbe": ("Messing",)}
    own = replace(LAMP, overrides={GB: Override(aspects={"Colour": ("Brass",)})})
    assert content(own, words).aspects == {"Brand": ("Lumo",), "Colour": ("Brass",)}
    small = Variant(sku="S", options={"Size": "S"}, quantity=1)
    assert content(replace(LAMP, variants=(small,)), words).aspects["Größe"] == ("S",)
    several = replace(LAMP, variants=(small, replace(small, sku="M", options={"SIZE": "M"})))
    group = content(several, words).group
    assert group is not None
    assert [axis.name for axis in group.axes] == ["Größe"]


def test_a_listing_of_one_variant_is_a_single_one() -> None:
    variant = Variant(sku="L-M", options={"Size": "M"}, quantity=3, price=Decimal(9), mpn="m")
    found = built(replace(LAMP, variants=(variant,)))
    assert found.content is not None
    assert found.content.aspects["Size"] == ("M",)
    assert found.content.mpn == "m"
    assert (found.price, found.quantity) == (Price(currency="GBP", value="9"), 3)
    cheaper = replace(variant, price=None)
    assert built(replace(LAMP, variants=(cheaper,))).price == Price(currency="GBP", value="34.9")


def test_the_stock_of_variants_is_known_even_where_they_are_blocked() -> None:
    variants = tuple(Variant(sku=s, options={"Size": s}, quantity=2) for s in "SML")
    listing = replace(LAMP, title="", variants=variants)
    found = build(listing, DEFAULTS, GB)
    assert [block.reason for block in found.blocks] == ["missing_title"]
    assert (found.quantity, found.quantities) == (6, {"S": 2, "M": 2, "L": 2})


def test_parcel_and_identifiers_are_part_of_the_content() -> None:
    listing = replace(
        LAMP,
        gtins=("4006381333931", "036000291452"),
        size=shop.Size(height=Decimal("1.0"), length=Decimal(2), width=Decimal(3), unit="INCH"),
        weight=shop.Weight(unit="KILOGRAM", value=Decimal("1.50")),
    )
    found = content(listing)
    assert found.gtins == ("036000291452", "4006381333931")
    assert found.size == Size(height="1", length="2", unit="INCH", width="3")
    assert found.weight == Weight(unit="KILOGRAM", value="1.5")


def test_a_parcel_of_nothing_is_left_out() -> None:
    zero = Decimal(0)
    listing = replace(
        LAMP,
        size=shop.Size(height=zero, length=zero, width=zero, unit="INCH"),
        weight=shop.Weight(unit="KILOGRAM", value=zero),
    )
    assert (content(listing).size, content(listing).weight) == (None, None)


def test_tax_and_contacts_are_part_of_the_offer() -> None:
    maker = Contact(company="Lumo", city=" Berlin ")
    listing = replace(
        LAMP,
        regulatory=Regulatory(manufacturer=maker, responsible=(Contact(), Contact(email="a@b.c"))),
        tax=Tax(apply=True, vat_percentage=Decimal("19.0")),
    )
    found = offer(listing)
    assert found.regulatory is not None
    assert found.regulatory.manufacturer is not None
    assert found.regulatory.manufacturer.city == "Berlin"
    assert [person.email for person in found.regulatory.responsible] == ["a@b.c"]
    assert found.tax is not None
    assert (found.tax.apply, found.tax.vat_percentage) == (True, "19")


def test_documents_that_say_nothing_are_left_out() -> None:
    found = offer(replace(LAMP, regulatory=Regulatory(manufacturer=Contact()), tax=Tax()))
    assert (found.regulatory, found.tax) == (None, None)
    assert offer(replace(LAMP, regulatory=Regulatory(), tax=Tax(category="x"))).tax is not None


def test_an_account_without_defaults_says_all_that_is_missing_at_once() -> None:
    assert reasons(LAMP, Defaults()) == [
        "missing_category",
        "missing_condition",
        "missing_location",
        "missing_policy",
        "missing_policy",
        "missing_policy",
    ]


def test_one_missing_policy_is_named() -> None:
    defaults = replace(DEFAULTS, policies=Policies(fulfillment="11", payment="12"))
    (block,) = build(LAMP, defaults, GB).blocks
    assert block.reason == "missing_policy"
    assert "return" in block.rule


def test_a_marketplace_without_defaults_or_unknown_blocks_everything() -> None:
    assert reasons(LAMP, None) == ["unknown_marketplace"]
    assert reasons(LAMP, DEFAULTS, "EBAY_MOON") == ["unknown_marketplace"]
    assert build(LAMP, None, GB).quantity == 5


def test_a_price_in_another_currency_blocks() -> None:
    (block,) = build(replace(LAMP, currency="EUR"), DEFAULTS, GB).blocks
    assert (block.reason, block.pointer) == ("wrong_currency", "/currency")
    assert reasons(LAMP, replace(DEFAULTS, currency="USD")) == ["wrong_currency"]


def test_a_pointer_leads_to_what_decided_the_field() -> None:
    long = "x" * 81
    listing = replace(LAMP, images=(), overrides={GB: Override(title=long)})
    assert {block.reason: block.pointer for block in build(listing, DEFAULTS, GB).blocks} == {
        "title_too_long": "/overrides/EBAY_GB/title",
        "missing_image": "/images",
    }


def test_a_listing_without_a_price_is_blocked() -> None:
    assert "missing_price" in reasons(replace(LAMP, price=None))
