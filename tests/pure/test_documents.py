"""The documents of one listing in one attempt: what is read, sent and stored."""

import pytest
from msgspec.structs import replace

from baysync.ownership.carrying import named_in
from baysync.ownership.documents import THE_GROUP, Document, Documents, Kind, Stored, is_known
from baysync.ownership.fields import KNOWN
from baysync.ownership.leaves import Said, said_by
from baysync.ownership.model import NO_LEAVES, Json, Path
from baysync.ownership.rules import of_the_listing
from baysync.ownership.upgrade import masked, owned_since
from baysync.projection.model import (
    Axis,
    Content,
    Group,
    Offer,
    Price,
    Projection,
    Tax,
    Variant,
)
from support.carried import OURS, settable
from support.projections import LAMP

ITEM, OFFER = Document(Kind.ITEM), Document(Kind.OFFER)
SKUS = {"": "LAMP"}
TERMS = ("listingPolicies", "bestOfferTerms")
SHIRT = Projection(
    content=Content(
        group=Group(
            axes=(Axis(name="Size", values=("S", "M")),),
            variants={"s": Variant(options={"Size": "S"}), "m": Variant(options={"Size": "M"})},
        ),
        title="Shirt",
    ),
    price=Price(currency="EUR", value="5", variants={"s": "5", "m": "6"}),
)


def test_what_was_never_written_is_written_unread() -> None:
    documents = Documents()
    grown = documents.begin(said_by(LAMP, SKUS))
    assert grown.keys() == {ITEM, OFFER}
    assert not documents.is_written(ITEM)
    assert documents.begin(said_by(LAMP, SKUS)) == {}
    documents.confirm(ITEM, OURS["item"])
    assert documents.is_written(ITEM)


def test_what_another_program_may_have_made_is_read_though_it_was_never_written() -> None:
    documents = Documents(foreign=frozenset({ITEM}))
    documents.begin(said_by(LAMP, SKUS))
    assert (documents.is_written(ITEM), documents.is_written(OFFER)) == (True, False)
    documents.see(ITEM, {"product": {"subtitle": "with a shade"}})
    assert documents.body(ITEM, {"product": {"title": "Lamp"}}) == {
        "product": {"title": "Lamp", "subtitle": "with a shade"}
    }
    documents.forget(ITEM)
    assert not documents.is_written(ITEM), "eBay has it no more"


def test_what_was_written_before_is_read_and_owns_more_only_where_it_says_more() -> None:
    owned = said_by(LAMP, SKUS).items[""]
    documents = Documents(stored={ITEM: Stored(owned=owned)}, owned={ITEM: owned})
    assert documents.begin(Said(items={"": owned})) == {}
    assert documents.is_written(ITEM)
    more = owned | {("product", "subtitle")}
    assert documents.begin(Said(items={"": more}, group=frozenset({("title",)}))) == {
        ITEM: more,
        THE_GROUP: frozenset({("title",)}),
    }
    documents.forget(ITEM)
    assert not documents.is_written(ITEM)


def test_a_body_carries_from_what_was_shown_until_it_is_confirmed() -> None:
    ours = OURS["offer"]
    documents = Documents()
    assert documents.mask(OFFER, ours) == ours
    documents.see(OFFER, ours)
    assert documents.carried == {}, "of what is not owned nobody knows what is the seller's"
    documents.confirm(OFFER, ours)
    assert documents.body(OFFER, ours) == ours
    assert not documents.is_there(OFFER, ours)
    documents.see(OFFER, ours | {"lotSize": 2, "secondaryCategoryId": "100"})
    assert documents.body(OFFER, ours) == ours | {"lotSize": 2}
    assert [drop.field for drop in documents.dropped[OFFER]] == ["secondaryCategoryId"]
    assert documents.is_there(OFFER, ours | {"lotSize": 2, "secondaryCategoryId": "100"})
    assert documents.mask(OFFER, ours | {"lotSize": 2}) == ours


def test_the_first_read_is_a_baseline_and_another_one_is_news() -> None:
    ours = OURS["item"]
    documents = Documents()
    documents.confirm(ITEM, ours)
    documents.see(ITEM, ours | {"locale": "de_DE"})
    assert not documents.is_other
    first = documents.changed
    assert first[ITEM].carried == {}
    later = Documents(stored=first, owned={ITEM: first[ITEM].owned})
    assert later.changed == {}
    later.see(ITEM, ours | {"conditionDescription": "a scratch"})
    assert later.is_other
    assert later.seen[ITEM].carried == {"conditionDescription": "a scratch"}
    assert later.sellers == {"item": {"conditionDescription": "a scratch"}}
    assert later.changed[ITEM].carried == {"conditionDescription": "a scratch"}


def test_a_document_that_is_made_anew_carries_from_what_it_was() -> None:
    ours = OURS["offer"]
    documents = Documents()
    assert not documents.rebuild(OFFER)
    documents.confirm(OFFER, ours)
    documents.see(OFFER, ours | {"lotSize": 2})
    assert documents.rebuild(OFFER)
    assert documents.changed[OFFER].rebuild == ours | {"lotSize": 2}
    documents.forget(OFFER)
    assert documents.body(OFFER, ours)["lotSize"] == 2
    documents.confirm(OFFER, ours)
    assert documents.changed[OFFER].rebuild is None


def test_an_upgrade_owns_what_is_wanted_and_what_was_sent_last() -> None:
    sent = replace(LAMP, content=replace(LAMP.content or Content(), subtitle="was sent"))
    owned = owned_since(LAMP, sent, SKUS)
    assert ("product", "subtitle") in owned[ITEM]
    assert ("product", "subtitle") not in owned_since(LAMP, None, SKUS)[ITEM]
    assert owned_since(None, None, SKUS) == {ITEM: NO_LEAVES, OFFER: NO_LEAVES}
    group = owned_since(SHIRT, None, {"s": "S", "m": "M"})
    assert ("variantSKUs", "S") in group[THE_GROUP]


def test_an_upgrade_masks_what_was_read_back() -> None:
    owned = owned_since(LAMP, None, SKUS)
    assert masked(LAMP, owned) == LAMP
    assert masked(Projection(), owned) == Projection()
    read = replace(
        LAMP,
        content=replace(LAMP.content or Content(), subtitle="the seller's"),
        offer=replace(LAMP.offer or Offer(), tax=Tax(apply=True), store_categories=("/A",)),
    )
    assert masked(read, owned) == LAMP
    shared = replace(SHIRT.content or Content(), subtitle="the seller's")
    of_group = owned_since(SHIRT, None, {"s": "S", "m": "M"})
    assert masked(replace(SHIRT, content=shared), of_group) == SHIRT


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["Invalid autoAcceptPrice."], {(*TERMS, "autoAcceptPrice")}),
        (["25003", "bestOfferTerms"], {TERMS}),
        (["Invalid value: title"], set[Path]()),
        (["Der Artikel kann nicht eingestellt werden."], set[Path]()),
        (["lotSize", "bestOfferEnabled"], {("lotSize",), (*TERMS, "bestOfferEnabled")}),
        (["lotSizes"], set[Path]()),
    ],
)
def test_a_refusal_names_fields_by_the_last_part_of_their_path(
    words: list[str], named: set[Path]
) -> None:
    carried = [
        (*TERMS, "autoAcceptPrice", "value"),
        (*TERMS, "bestOfferEnabled"),
        ("lotSize",),
    ]
    ours = [("pricingSummary", "price", "value"), ("listingPolicies", "returnPolicyId")]
    assert named_in(words, carried, ours) == named


def test_what_a_refusal_names_is_left_out_once_and_the_second_is_the_shops() -> None:
    ours = OURS["offer"]
    documents = Documents()
    documents.confirm(OFFER, ours)
    assert not documents.refuse(OFFER, ["lotSize"], ours), "nothing was carried"
    documents.see(OFFER, ours | {"lotSize": 2, "quantityLimitPerBuyer": 3})
    documents.body(OFFER, ours)
    assert not documents.refuse(OFFER, ["categoryId"], ours)
    assert documents.refuse(OFFER, ["lotSize"], ours)
    assert documents.body(OFFER, ours) == ours | {"quantityLimitPerBuyer": 3}
    assert not documents.refuse(OFFER, ["quantityLimitPerBuyer"], ours)


def test_a_refusal_that_names_nothing_takes_out_what_no_file_of_ebays_knows() -> None:
    ours = OURS["offer"]
    documents = Documents()
    documents.confirm(OFFER, ours)
    documents.see(OFFER, ours | {"lotSize": 2, "madeUp": {"a": 1}})
    assert documents.body(OFFER, ours)["madeUp"] == {"a": 1}
    assert documents.refuse(OFFER, ["No."], ours)
    assert documents.body(OFFER, ours) == ours | {"lotSize": 2}
    assert documents.learnt == {}, "eBay may refuse the other body too"
    documents.confirm(OFFER, ours)
    assert documents.learnt == {Kind.OFFER: {("madeUp", "a")}}


def test_what_an_account_cannot_send_is_left_out_at_once_unless_ebays_files_know_it_now() -> None:
    ours = OURS["offer"]
    leaves = frozenset({("madeUp", "a"), ("lotSize",)})
    documents = Documents(refused={Kind.OFFER: leaves})
    documents.confirm(OFFER, ours)
    documents.see(OFFER, ours | {"lotSize": 2, "madeUp": {"a": 1, "b": 2}})
    assert documents.body(OFFER, ours) == ours | {"lotSize": 2, "madeUp": {"b": 2}}
    assert [drop.field for drop in documents.dropped[OFFER]] == ["madeUp.a"]


@pytest.mark.parametrize(("kind", "field"), list(settable()))
def test_our_list_of_ebays_fields_knows_each_that_a_seller_can_set(kind: str, field: str) -> None:
    path = tuple(field.split("."))
    assert is_known(Kind(kind), path) or any(each[: len(path)] == path for each in KNOWN[kind])
    assert not is_known(Kind(kind), ("madeUp", field))
    assert not is_known(Kind(kind), ("product", "madeUp"))
    assert not is_known(Kind(kind), (*field.split("."), "madeUp")) or "spects" in field


def test_what_is_new_within_an_object_that_is_known_is_left_out_where_ebay_refuses_it() -> None:
    ours = OURS["offer"]
    tax = {"applyTax": True, "madeUp": "x"}
    documents = Documents()
    documents.confirm(OFFER, ours)
    documents.see(OFFER, ours | {"tax": tax})
    documents.body(OFFER, ours)
    assert documents.refuse(OFFER, ["Invalid data."], ours)
    assert documents.body(OFFER, ours) == ours | {"tax": {"applyTax": True}}


def test_of_an_offer_belongs_to_the_listing_all_but_price_stock_and_best_offers() -> None:
    sellers: Json = {
        "listingPolicies": {"bestOfferTerms": {"bestOfferEnabled": True}, "takeBackPolicyId": "t"},
        "lotSize": 2,
        "pricingSummary": {"originalRetailPrice": {"currency": "EUR", "value": "9"}},
        "secondaryCategoryId": "200",
    }
    assert of_the_listing(sellers) == {
        "listingPolicies": {"takeBackPolicyId": "t"},
        "secondaryCategoryId": "200",
    }
    assert of_the_listing({"charity": {"charityId": "7"}}) == {"charity": {"charityId": "7"}}
