"""What eBay asks on a marketplace is judged before any call, and ignorance blocks nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from baysync.ebay.marketplace import MARKETPLACES
from baysync.listing.model import Contact, Override, PolicyChoice, Regulatory, Variant
from baysync.projection import spelling
from baysync.projection.build import build
from baysync.projection.reference import subject
from baysync.projection.resolve import category
from baysync.reference.model import (
    UNKNOWN,
    Aspect,
    Category,
    Finding,
    Location,
    MarketplaceRules,
    SellerPolicies,
    Subject,
)
from baysync.reference.preflight import problems
from support.shop import DEFAULTS, LAMP

US = "EBAY_US"
MINE = SellerPolicies(fulfillment=("11",), payment=("12",), return_=("13",))
CHOSEN = PolicyChoice(fulfillment="11", payment="12", return_="13")
GOODS = Subject(
    category="101",
    condition="NEW",
    aspects={"Brand": ("Lumo",), "Colour": ("Brass",)},
    identifiers=frozenset(),
    language="en-US",
    location="berlin",
    policies=MINE,
)


def judged(asked: Category, goods: Subject = GOODS) -> list[Finding]:
    return list(problems(goods, MarketplaceRules(categories={"101": asked})))


def the(asked: Category, goods: Subject = GOODS) -> Finding:
    (found,) = judged(asked, goods)
    assert found.rule
    assert found.fix
    return found


def asking(**fields: object) -> Category:
    name = str(fields.pop("name", "Colour"))
    return Category(aspects=(replace(Aspect(name=name), **fields),))


@given(st.text(), st.text(), st.dictionaries(st.text(), st.tuples(st.text())))
def test_ignorance_blocks_nothing(
    at: str, condition: str, aspects: dict[str, tuple[str, ...]]
) -> None:
    goods = replace(GOODS, category=at, condition=condition, aspects=aspects)
    assert problems(goods, UNKNOWN) == ()
    assert problems(replace(goods, category=None), UNKNOWN) == ()
    assert not judged(Category(), replace(goods, category="101"))


@pytest.mark.parametrize(
    ("asked", "reason"),
    [(Category(exists=False), "unknown_category"), (Category(leaf=False), "category_not_leaf")],
)
def test_goods_are_listed_in_leaf_categories_only(asked: Category, reason: str) -> None:
    found = the(asked)
    assert (found.reason, found.pointer) == (reason, "/category")
    assert "101" in found.rule


def test_a_condition_must_be_one_of_the_categorys() -> None:
    found = the(Category(conditions=("1500", "3000")))
    assert (found.reason, found.pointer) == ("condition_not_allowed", "/condition")
    assert found.fix == "Use one of NEW_OTHER, USED_EXCELLENT."
    assert the(Category(conditions=("4711",))).fix == "Choose another category."
    assert not judged(Category(conditions=("1000",)))
    strange = replace(GOODS, condition="SHINY")
    assert not judged(Category(conditions=("1500",)), strange), "listing rules judge the word"


def test_a_required_aspect_must_be_there_whatever_its_case() -> None:
    found = the(asking(name="Type/Kind", required=True, values=("Desk", "Floor")))
    assert (found.reason, found.pointer) == ("missing_aspect", "/aspects/Type~1Kind")
    assert found.fix == "Add Type/Kind: one of Desk, Floor."
    many = the(asking(name="Size", required=True, values=tuple("abcdefghij")))
    assert many.fix.endswith("g, h ….")
    assert the(asking(name="Size", required=True)).fix == "Add Size."
    assert not judged(asking(name="COLOUR", required=True))
    assert not judged(asking(name="Size"))
    empty = replace(GOODS, aspects={"Colour": ("",)})
    assert the(asking(required=True), empty).reason == "missing_aspect"


def test_a_product_number_is_asked_for_with_what_to_say_where_there_is_none() -> None:
    asked = asking(name="EAN", required=True)
    found = the(asked)
    assert (found.reason, found.pointer) == ("missing_identifier", "/aspects/EAN")
    assert '"Does not apply"' in found.fix
    assert '"Nicht zutreffend"' in the(asked, replace(GOODS, language="de-DE")).fix
    assert not judged(asked, replace(GOODS, identifiers=frozenset({"ean"})))
    said = {"EAN": ("Does not apply",)}
    assert not judged(asked, replace(GOODS, aspects=said))


@pytest.mark.parametrize(
    ("shared", "second", "answered"),
    [
        (("4006381333931",), (), False),
        (("4006381333931",), ("96385074",), True),
        (("Does not apply",), (), True),
        ((), (), False),
    ],
)
def test_each_variant_has_a_product_number_or_the_listing_says_there_are_none(
    shared: tuple[str, ...], second: tuple[str, ...], *, answered: bool
) -> None:
    first = Variant(sku="A", options={"Size": "S"}, gtins=("036000291452",), mpn="1")
    variants = (first, Variant(sku="B", options={"Size": "M"}, gtins=second))
    listing = replace(LAMP, gtins=shared, mpn=None, variants=variants)
    known = subject(listing, MARKETPLACES[US]).identifiers
    assert ("ean" in known, "mpn" in known) == (answered, False)
    document = build(listing, DEFAULTS, "EBAY_GB").projection
    assert document
    assert document.content
    assert document.content.group
    told = document.content.group.variants["B"].gtins
    assert told == (second or tuple(n for n in shared if n == "Does not apply"))


def test_a_value_must_be_listed_where_only_listed_ones_count() -> None:
    found = the(asking(only_listed=True, values=("Bras", "Steel")))
    assert (found.reason, found.pointer) == ("aspect_value_not_allowed", "/aspects/Colour")
    assert found.fix == "Did you mean Bras?"
    assert the(asking(only_listed=True, values=("Blue",))).fix == "Use Colour: one of Blue."
    assert not judged(asking(only_listed=True, values=("BRASS",)))
    assert not judged(asking(only_listed=True)), "a list that did not come along forbids nothing"
    assert not judged(asking(values=("Blue",)))


def test_an_aspect_takes_one_value_unless_it_takes_many() -> None:
    two = replace(GOODS, aspects={"Colour": ("Brass", "Black")})
    found = the(asking(), two)
    assert (found.reason, found.pointer) == ("aspect_takes_one_value", "/aspects/Colour")
    assert "Brass, Black" in found.fix
    assert not judged(asking(many=True), two)


def test_a_value_is_no_longer_than_the_category_takes() -> None:
    found = the(asking(longest=4))
    assert (found.reason, found.pointer) == ("aspect_value_too_long", "/aspects/Colour/0")
    assert "4 characters" in found.rule
    assert not judged(asking(longest=5))


def test_variants_differ_only_where_the_category_lets_them() -> None:
    sizes = replace(GOODS, varied={"Size": ("Small", "Large")})
    assert not judged(asking(name="Size", required=True, varies=True), sizes)
    found = the(asking(name="Size"), sizes)
    assert (found.reason, found.pointer) == ("aspect_cannot_vary", "/variants")
    long = the(asking(name="Size", varies=True, longest=2, values=("x",)), replace(
        sizes, varied={"Size": ("S", "Large")}
    ))  # fmt: skip
    assert (long.reason, long.pointer) == ("aspect_value_too_long", "/aspects/Size")
    none = the(Category(variations=False), sizes)
    assert (none.reason, none.pointer) == ("variations_not_allowed", "/variants")
    assert not judged(Category(variations=True), sizes)
    assert not judged(Category(variations=False))


def test_a_manufacturer_is_named_where_the_category_wants_one_and_somebody_is_in_the_union() -> (
    None
):
    wanted = Category(manufacturer=True)
    found = the(wanted)
    assert (found.reason, found.pointer) == ("missing_manufacturer", "/regulatory/manufacturer")
    far = replace(GOODS, contacts=("CN", "US"), marketplace="EBAY_DE")
    found = the(wanted, far)
    at = ("missing_responsible_person", "/regulatory/responsible")
    assert (found.reason, found.pointer) == at
    assert not judged(wanted, replace(far, contacts=("CN", "DE")))
    assert not judged(wanted, replace(far, contacts=("FR",)))
    assert not judged(wanted, replace(far, marketplace=US))
    assert not judged(Category())


def test_contacts_are_judged_by_their_countries() -> None:
    def countries(named: Regulatory | None) -> tuple[str | None, ...]:
        listing = replace(LAMP, regulatory=named)
        return subject(listing, MARKETPLACES[US]).contacts

    maker, anybody = Contact(company="Lumo", country="cn "), Contact(company="Lumo EU")
    assert countries(None) == (None,)
    assert countries(Regulatory(responsible=(anybody,))) == (None, "")
    assert countries(Regulatory(manufacturer=maker)) == ("CN",)
    assert countries(Regulatory(manufacturer=Contact(email="a@b.example"))) == (None,)


def test_policies_must_be_the_sellers_own_on_the_marketplace() -> None:
    known = replace(MINE, payment=("21", "22"), return_=(), names={"payment": {"21": "Card"}})
    payment, returns = problems(GOODS, MarketplaceRules(policies=known))
    assert (payment.reason, payment.pointer) == ("unknown_policy", "/policies/payment")
    assert payment.fix.endswith("--set policies.payment=…`, one of 21 (Card), 22.")
    assert returns.fix == "Make a return policy for this marketplace on eBay."
    assert problems(GOODS, MarketplaceRules(policies=MINE)) == ()
    assert (
        problems(replace(GOODS, policies=SellerPolicies()), MarketplaceRules(policies=known)) == ()
    )


@pytest.mark.parametrize(
    ("locations", "reason", "fix"),
    [
        ({"Berlin-2": Location(), "x": Location()}, "unknown_location", "Use Berlin-2."),
        ({"a": Location(), "b": Location()}, "unknown_location", "Use one of a, b."),
        ({}, "unknown_location", "Make an inventory location on eBay."),
        ({"berlin": Location(enabled=False)}, "location_disabled", "Enable it on eBay"),
        ({"berlin": Location(complete=False)}, "location_incomplete", "Give it a country"),
    ],
)
def test_a_location_must_be_there_enabled_and_complete(
    locations: dict[str, Location], reason: str, fix: str
) -> None:
    (found,) = problems(GOODS, MarketplaceRules(locations=locations))
    assert (found.reason, found.pointer) == (reason, "/location")
    assert found.fix.startswith(fix)


def test_a_good_location_or_none_is_no_finding() -> None:
    assert problems(GOODS, MarketplaceRules(locations={"berlin": Location()})) == ()
    assert problems(replace(GOODS, location=None), MarketplaceRules(locations={})) == ()


def test_a_listing_is_judged_as_its_marketplace_shows_it() -> None:
    small = Variant(sku="S", options={"Size": "S"}, gtins=("4006381333931",), mpn="M-0")
    large = Variant(sku="L", options={"Size": "L"}, gtins=("96385074",), mpn="M-1")
    several = replace(LAMP, category="101", policies=CHOSEN, variants=(small, large))
    found = subject(several, MARKETPLACES["EBAY_DE"])
    assert found.varied == {"Size": ("S", "L")}
    numbers = {"ean", "upc", "isbn", "gtin", "mpn"}
    assert found.identifiers == numbers | spelling.BRAND, "a brand is one in every language"
    assert (found.language, found.policies) == ("de-DE", MINE)
    plain = subject(
        replace(LAMP, policies=PolicyChoice(fulfillment="11", return_="13")), MARKETPLACES[US]
    )
    assert (plain.identifiers, plain.policies.payment) == (spelling.BRAND, ())
    nameless = subject(replace(LAMP, brand=None), MARKETPLACES[US])
    assert nameless.identifiers == frozenset()


def test_the_category_is_known_before_anything_else_is() -> None:
    assert category(LAMP, DEFAULTS, US) == "112581"
    assert category(replace(LAMP, overrides={US: Override(category="9")}), DEFAULTS, US) == "9"
    assert category(LAMP, replace(DEFAULTS, category=None), US) is None


def test_a_finding_blocks_the_listing_and_points_to_what_decided() -> None:
    known = MarketplaceRules(categories={"112581": Category(conditions=("3000",))})
    assert build(LAMP, DEFAULTS, US).blocks == ()
    (block,) = build(LAMP, DEFAULTS, US, known).blocks
    assert (block.reason, block.pointer) == ("condition_not_allowed", "/condition")
    said = replace(LAMP, overrides={US: Override(condition="NEW_OTHER")})
    (block,) = build(said, DEFAULTS, US, known).blocks
    assert block.pointer == "/overrides/EBAY_US/condition"
    assert build(replace(LAMP, condition="USED_EXCELLENT"), DEFAULTS, US, known).blocks == ()
