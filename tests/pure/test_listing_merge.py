"""What a patch does to a listing's variants."""

from collections.abc import Mapping

import pytest

from baysync.listing.merge import Merged, merge_listing

S = {"sku": "A", "options": {"Size": "S"}, "price": "9", "quantity": 1}
L = {"sku": "B", "options": {"Size": "L"}, "price": "12", "quantity": 5}
SHIRT = {"sku": "SHIRT", "title": "Shirt", "variants": [S, L]}


def patch(*variants: object, whole: bool = False, **fields: object) -> Merged:
    return merge_listing(SHIRT, {"variants": list(variants), **fields}, whole=whole)


def rules(merged: Merged) -> list[tuple[str, str]]:
    return [(problem.pointer, problem.rule) for problem in merged.problems]


def variants(merged: Merged) -> object:
    assert not merged.problems
    return merged.document["variants"]


def test_variants_merge_by_sku_and_the_others_stay() -> None:
    merged = patch({"sku": " B", "quantity": 7}, title="New")
    assert merged.document == {**SHIRT, "title": "New", "variants": [S, {**L, "quantity": 7}]}
    assert merged.places == {1: "/variants/0"}


def test_null_takes_a_field_out_of_a_variant_alone() -> None:
    assert variants(patch({"sku": "A", "price": None})) == [
        {"sku": "A", "options": {"Size": "S"}, "quantity": 1},
        L,
    ]


def test_a_listing_that_the_patch_says_no_variants_of_keeps_them() -> None:
    assert merge_listing(SHIRT, {"title": "New"}).document["variants"] == [S, L]
    assert patch().document == SHIRT


def test_remove_takes_one_variant_away() -> None:
    assert variants(patch({"sku": "A", "remove": True})) == [L]
    assert variants(patch({"sku": "A", "remove": False})) == [S, L]


def test_a_variant_that_is_gone_already_is_noted() -> None:
    merged = patch({"sku": "C", "remove": True})
    assert variants(merged) == [S, L]
    assert merged.notes == ("there is no variant C to take away",)


def test_remove_is_a_flag() -> None:
    assert rules(patch({"sku": "A", "remove": "yes"})) == [("/variants/0/remove", "not_a_flag")]


def test_a_new_variant_says_its_options() -> None:
    new = {"sku": "C", "options": {"Size": "M"}}
    assert variants(patch(new)) == [S, L, new]
    assert rules(patch({"sku": "C", "quantity": 1})) == [("/variants/0/options", "missing")]
    assert rules(patch({"sku": "A", "options": {"Size": None}})) == [
        ("/variants/0/options", "missing")
    ]


@pytest.mark.parametrize("size", ["S", " s "])
def test_options_of_another_variant_are_refused(size: str) -> None:
    assert rules(patch({"sku": "C", "options": {"Size": size}})) == [
        ("/variants/0/options", "options_taken")
    ]
    assert rules(patch({"sku": "B", "options": {"Size": size}})) == [
        ("/variants/0/options", "options_taken")
    ]


def test_two_variants_may_swap_their_options_in_one_patch() -> None:
    swap = patch({"sku": "A", "options": {"Size": "L"}}, {"sku": "B", "options": {"Size": "S"}})
    assert variants(swap) == [{**S, "options": {"Size": "L"}}, {**L, "options": {"Size": "S"}}]


def test_a_new_sku_takes_the_place_of_the_variant_that_leaves_with_its_options() -> None:
    target = {**SHIRT, "overrides": {"EBAY_DE": {"variants": {"A": {"price": "8"}}}}}
    changes = [{"sku": "A", "remove": True}, {"sku": "A2", "options": {"size": "S"}, "quantity": 4}]
    merged = merge_listing(target, {"variants": changes})
    heir = {"sku": "A2", "options": {"size": "S"}, "price": "9", "quantity": 4}
    assert variants(merged) == [heir, L]
    assert merged.document["overrides"] == {"EBAY_DE": {"variants": {"A2": {"price": "8"}}}}


def test_what_overrides_say_of_a_variant_leaves_with_it() -> None:
    overrides = {"EBAY_DE": {"title": "Hemd", "variants": {"A": {"price": "8"}}}, "EBAY_US": {}}
    merged = merge_listing(
        {**SHIRT, "overrides": overrides}, {"variants": [{"sku": "A", "remove": True}]}
    )
    assert merged.document["overrides"] == {
        "EBAY_DE": {"title": "Hemd", "variants": {}},
        "EBAY_US": {"variants": {}},
    }


def test_a_patch_that_names_all_variants_takes_the_others_away_and_orders_them() -> None:
    whole = patch({"sku": "C", "options": {"Size": "M"}}, {"sku": "A", "quantity": 3}, whole=True)
    assert variants(whole) == [{"sku": "C", "options": {"Size": "M"}}, {**S, "quantity": 3}]


def test_a_whole_list_may_call_an_option_by_another_name() -> None:
    renamed = patch(
        {"sku": "A", "options": {"Größe": "S"}}, {"sku": "B", "options": {"Größe": "L"}}, whole=True
    )
    assert variants(renamed) == [{**S, "options": {"Größe": "S"}}, {**L, "options": {"Größe": "L"}}]


@pytest.mark.parametrize("entry", ["A", {}, {"quantity": 3}, {"sku": 5}, {"sku": ""}])
def test_a_variant_that_cannot_be_read_is_left_to_the_check(entry: object) -> None:
    merged = patch(entry)
    assert merged.document["variants"] == [S, L, entry]
    assert merged.places == {2: "/variants/0"}


def test_a_variant_stands_once_in_a_patch() -> None:
    assert rules(patch({"sku": "A", "quantity": 1}, {"sku": "A", "quantity": 2})) == [
        ("/variants/0/sku", "variant_sku_twice"),
        ("/variants/1/sku", "variant_sku_twice"),
    ]


@pytest.mark.parametrize("fields", [{"variants": None}, {"variants": "x"}])
def test_variants_that_are_no_list_are_taken_as_they_are(fields: Mapping[str, object]) -> None:
    assert merge_listing(SHIRT, fields).document.get("variants") == fields["variants"]
