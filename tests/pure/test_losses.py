"""What a listing loses: filled fields that become empty, and variants that go."""

from dataclasses import replace

import pytest

from baysync.listing.catalogue import Catalogue
from baysync.listing.draft import Draft, Op
from baysync.listing.judge import judge
from baysync.listing.losses import Loss, lost, of_batch

S = {"sku": "S", "options": {"Size": "S"}, "price": "9"}
L = {"sku": "L", "options": {"Size": "L"}, "price": "9"}
TEE = {
    "sku": "TEE",
    "title": "Tee",
    "tags": ["a"],
    "aspects": {"Fit": ["Slim"], "Colour": ["Red"]},
    "overrides": {"EBAY_DE": {"price": "8"}},
    "quantity": 4,
    "variants": [S, L],
}


@pytest.mark.parametrize(
    ("becomes", "fields", "variants"),
    [
        ({}, (), ()),
        ({"title": "Shirt", "quantity": 0, "subtitle": "new"}, (), ()),
        ({"title": None}, ("title",), ()),
        ({"tags": [], "quantity": None}, ("quantity", "tags"), ()),
        ({"aspects": {"Fit": ["Slim"]}}, ("aspect Colour",), ()),
        ({"overrides": {}}, ("price on EBAY_DE",), ()),
        ({"variants": [L, S]}, (), ()),
        ({"variants": [{**S, "price": None}, {**L, "price": ""}]}, ("price of variants",), ()),
        ({"variants": [S]}, ("variants",), ("L",)),
        ({"variants": [S, {**L, "sku": "LARGE"}]}, (), ()),
        ({"variants": None}, ("variants",), ("S", "L")),
    ],
)
def test_what_was_filled_and_is_empty_is_lost(
    becomes: dict[str, object], fields: tuple[str, ...], variants: tuple[str, ...]
) -> None:
    after = {name: value for name, value in (TEE | becomes).items() if value is not None}
    assert lost(TEE, after) == Loss(fields=fields, variants=variants)


def known() -> Catalogue:
    """A shop with the listing A under the id 7."""
    entry = judge(Draft(line=1, document={"sku": "A", "title": "a", "mpn": "1"}), Catalogue()).entry
    assert entry
    return Catalogue([replace(entry, id=7, version=1, row_sku="A")])


def test_a_batch_loses_what_is_gone_at_its_end() -> None:
    whole = Draft(line=1, document={"sku": "A", "mpn": "1"})
    named = Draft(line=2, document={"sku": "A", "title": "b"}, op=Op.PATCH)
    emptied = Draft(line=3, document={"sku": "A", "mpn": None}, op=Op.PATCH)
    new = Draft(line=4, document={"sku": "B", "title": "b"})
    shop = known()
    assert of_batch([judge(whole, shop)]) == {7: Loss(fields=("title",))}
    shop = known()
    batch = [judge(draft, shop) for draft in (whole, named, emptied, new)]
    assert of_batch(batch) == {7: Loss(fields=("mpn",))}
    same = known()
    assert of_batch([judge(replace(named, document={"sku": "A", "title": "a"}), same)]) == {}
