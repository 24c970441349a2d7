"""What a seller set survives a replacement of ours, and what cannot is named."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baysync.ownership.carrying import alike, carry, flatten, is_there, leaves_of, mask
from baysync.ownership.leaves import from_pointers, pointers, said_by
from baysync.ownership.model import NO_LEAVES, Json
from baysync.ownership.rules import GROUP, ITEM, OFFER
from baysync.projection.model import Projection
from support.carried import EDITS, OURS, RULES, SETTABLE, field_of, settable, with_field
from support.projections import LAMP

SHOWN_ONLY: dict[str, Json] = {
    "item": {"sku": "A", "locale": "de_DE", "groupIds": ["g"], "inventoryItemGroupKeys": ["g"]},
    "offer": {
        "offerId": "1",
        "sku": "A",
        "marketplaceId": "EBAY_DE",
        "format": "FIXED_PRICE",
        "status": "PUBLISHED",
        "listing": {"listingId": "1"},
    },
    "group": {"inventoryItemGroupKey": "g"},
}


@pytest.mark.parametrize(("kind", "field"), list(settable()))
def test_a_field_that_a_seller_sets_survives_every_edit_of_ours(kind: str, field: str) -> None:
    ours, rules, path = OURS[kind], RULES[kind], tuple(field.split("."))
    value = SETTABLE[kind][field]
    shown = with_field(ours, path, value) | SHOWN_ONLY[kind]
    owned = leaves_of(ours, rules)
    for edited, new in EDITS[kind]:
        desired = with_field(ours, edited, new)
        carried = carry(shown, desired, owned, rules)
        assert field_of(carried.body, path) == value, edited
        assert field_of(carried.kept, path) == value or rules is OFFER
        assert field_of(carried.body, edited) == new
        assert carried.dropped == ()
        assert not SHOWN_ONLY[kind].keys() & carried.body.keys()
        assert carry(carried.body, desired, owned, rules).body == carried.body


@pytest.mark.parametrize(("kind", "field"), list(settable()))
def test_what_a_seller_set_is_no_difference_to_what_is_wanted(kind: str, field: str) -> None:
    ours, rules = OURS[kind], RULES[kind]
    shown = with_field(ours, tuple(field.split(".")), SETTABLE[kind][field])
    assert mask(shown, leaves_of(ours, rules), rules) == ours


def test_a_mask_keeps_what_tells_of_the_state() -> None:
    shown = OURS["offer"] | SHOWN_ONLY["offer"] | {"quantityLimitPerBuyer": 3}
    masked = mask(shown, leaves_of(OURS["offer"], OFFER), OFFER)
    assert masked == OURS["offer"] | SHOWN_ONLY["offer"]


@given(st.data())
def test_any_set_of_sellers_fields_survives_any_run_of_edits(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(sorted(RULES)))
    rules, ours = RULES[kind], OURS[kind]
    fields = data.draw(st.lists(st.sampled_from(sorted(SETTABLE[kind])), unique=True))
    shown = ours
    for field in fields:
        shown = with_field(shown, tuple(field.split(".")), SETTABLE[kind][field])
    owned = leaves_of(ours, rules)
    for path, new in data.draw(st.lists(st.sampled_from(EDITS[kind]), min_size=1)):
        ours = with_field(ours, path, new)
        carried = carry(shown, ours, owned, rules)
        assert carried.dropped == ()
        shown, owned = carried.body, leaves_of(ours, rules)
    for field in fields:
        path = tuple(field.split("."))
        assert field_of(shown, path) == SETTABLE[kind][field]


@pytest.mark.parametrize("kind", sorted(RULES))
def test_what_the_shop_takes_away_goes_and_is_the_sellers_afterwards(kind: str) -> None:
    ours, rules = OURS[kind], RULES[kind]
    for path in flatten(ours, rules):
        if path in rules.constant or path[:-1] in rules.sets or path[:-2] in rules.named:
            continue
        less = with_field(ours, path, None)
        first = carry(ours, less, leaves_of(ours, rules), rules)
        assert path not in flatten(first.body, rules), path
        again = carry(ours, less, leaves_of(less, rules), rules)
        assert path in flatten(again.body, rules) or path[0] == "regulatory", path


def test_switches_that_are_off_and_parcels_of_zero_say_nothing() -> None:
    parcel: Json = {
        "dimensions": {"height": 0, "length": 0, "unit": "INCH", "width": 0},
        "shippingIrregular": False,
        "weight": {"unit": "POUND", "value": 0},
    }
    empty: Json = {"packageWeightAndSize": parcel, "conditionDescriptors": list[Json]()}
    shown = OURS["item"] | empty
    carried = carry(shown, OURS["item"], leaves_of(OURS["item"], ITEM), ITEM)
    assert (carried.body, carried.kept) == (OURS["item"], {})
    assert is_there(carried.body, shown, ITEM)
    assert is_there(OURS["offer"], OURS["offer"] | {"hideBuyerDetails": False}, OFFER)


def test_the_order_of_pictures_says_something() -> None:
    one = with_field(OURS["group"], ("imageUrls",), ["https://a", "https://b"])
    two = with_field(OURS["group"], ("imageUrls",), ["https://b", "https://a"])
    assert not is_there(one, two, GROUP)
    assert alike(["b", "a"], ["a", "b"])
    assert not is_there(one, one | {"subtitle": "s"}, GROUP)


def test_an_item_specific_is_one_whatever_its_capitals_and_a_brand_is_one_leaf() -> None:
    aspects = {"farbe ": ["grün"], "Marke": ["Andere"], "MPN": ["S9"], "Stil": ["Barock"]}
    shown = with_field(OURS["item"], ("product", "aspects"), aspects)
    carried = carry(shown, OURS["item"], leaves_of(OURS["item"], ITEM), ITEM)
    assert field_of(carried.body, ("product", "aspects")) == {"Farbe": ["rot"], "Stil": ["Barock"]}


def test_a_responsible_person_of_ours_keeps_what_the_seller_added_while_we_say_the_same() -> None:
    people = ("regulatory", "responsiblePersons")
    ours = OURS["offer"]
    person = {
        "companyName": "Resp",
        "contactUrl": "https://r.example.com",
        "types": ["EU_RESPONSIBLE_PERSON"],
    }
    shown = with_field(ours, people, [{"companyName": "Else"}, person])
    owned = leaves_of(ours, OFFER)
    assert field_of(carry(shown, ours, owned, OFFER).body, people) == [person]
    other = with_field(ours, people, [{"companyName": "New"}])
    assert field_of(carry(shown, other, owned, OFFER).body, people) == [{"companyName": "New"}]
    assert field_of(mask(with_field(ours, people, [person]), owned, OFFER), people) == field_of(
        ours, people
    )


def test_a_group_keeps_the_member_and_the_values_that_a_seller_added() -> None:
    shown = OURS["group"] | {"variantSKUs": ["A", "B", "SELLER"]}
    specifications = [
        {"name": "Größe", "values": ["M", "L", "XXL"]},
        {"name": "Farbe", "values": ["rot"]},
        "no axis",
    ]
    shown = with_field(shown, ("variesBy", "specifications"), specifications)
    owned = leaves_of(OURS["group"], GROUP)
    less = with_field(OURS["group"], ("variantSKUs",), ["A"])
    less = with_field(less, ("variesBy", "specifications"), [{"name": "Größe", "values": ["M"]}])
    carried = carry(shown, less, owned, GROUP)
    assert carried.body["variantSKUs"] == ["A", "SELLER"]
    assert field_of(carried.body, ("variesBy", "specifications")) == [
        {"name": "Größe", "values": ["M", "XXL"]},
        {"name": "Farbe", "values": ["rot"]},
    ]
    assert mask(shown, owned, GROUP)["variantSKUs"] == ["A", "B"]


def test_what_ebay_refused_is_left_out_and_named() -> None:
    shown = OURS["offer"] | {"quantityLimitPerBuyer": 3, "lotSize": 2}
    carried = carry(shown, OURS["offer"], NO_LEAVES, OFFER, without=[("lotSize",), ("charity",)])
    assert "lotSize" not in carried.body
    assert carried.body["quantityLimitPerBuyer"] == 3
    assert [(drop.field, drop.reason) for drop in carried.dropped] == [
        ("lotSize", "eBay refused it")
    ]


NAMES = st.sampled_from(
    [
        "product",
        "title",
        "aspects",
        "variantSKUs",
        "variesBy",
        "specifications",
        "quantity",
        "availability",
        "pickupAtLocationAvailability",
        "regulatory",
        "responsiblePersons",
    ]
)
anything: st.SearchStrategy[object] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=40)
@given(st.dictionaries(NAMES, anything, max_size=3))
def test_a_document_of_any_shape_is_read_and_carried(shown: Json) -> None:
    for kind, rules in RULES.items():
        owned = leaves_of(OURS[kind], rules)
        carried = carry(shown, OURS[kind], owned, rules)
        assert flatten(OURS[kind], rules).keys() <= flatten(carried.body, rules).keys()
        mask(shown, owned, rules)


def test_leaves_are_stored_as_pointers() -> None:
    leaves = leaves_of(OURS["group"], GROUP) | {("aspects", "a/b~c")}
    assert from_pointers(pointers(leaves)) == leaves
    assert "/variesBy/specifications/Größe/M" in pointers(leaves)


def test_a_document_says_its_items_its_offers_and_its_group() -> None:
    said = said_by(LAMP, {"": "LAMP"})
    assert ("product", "title") in said.items[""]
    assert ("categoryId",) in said.offers[""]
    assert said.group == NO_LEAVES
    assert said_by(None, {}).items == {}
    assert said_by(Projection(), {}).offers == {}
