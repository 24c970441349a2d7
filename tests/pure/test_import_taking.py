"""Drafts as a person wants them taken: as whole listings, or with their empty cells clearing."""

import pytest

from baysync.base.errors import Refused
from baysync.cli.listings.import_guard import Empty, Taking, as_asked
from baysync.listing.draft import Draft, Op


def taking(*, replace: bool = False, empty: Empty = Empty.KEEP) -> Taking:
    return Taking(replace=replace, empty=empty, yes=False, dry_run=False)


def test_empty_cells_clear_the_fields_they_stand_for() -> None:
    draft = Draft(
        line=1,
        op=Op.MERGE,
        document={
            "sku": "A",
            "title": "Lamp",
            "aspects": {"Fit": ["Slim"]},
            "variants": [{"sku": "M", "price": "3"}, {"sku": "L"}],
        },
        empty=("/title", "/brand", "/aspects/A~1B", "/aspects/Fit", "/variants/1/price"),
    )
    (cleared,) = as_asked([draft], taking(empty=Empty.CLEAR))
    assert cleared.document == {
        "sku": "A",
        "title": "Lamp",
        "brand": None,
        "aspects": {"A/B": None, "Fit": ["Slim"]},
        "variants": [{"sku": "M", "price": "3"}, {"sku": "L", "price": None}],
    }
    assert cleared.empty == ()
    assert list(as_asked([draft], taking())) == [draft]


def test_only_what_merges_becomes_a_whole_listing() -> None:
    merge = Draft(line=1, op=Op.MERGE, document={"sku": "A"}, variants_whole=True)
    patch = Draft(line=2, op=Op.PATCH, document={"sku": "A"})
    whole, left = as_asked([merge, patch], taking(replace=True))
    assert (whole.op, whole.variants_whole, left) == (Op.PUT, False, patch)
    row = Draft(line=3, op=Op.PATCH, document={"sku": "A"}, tabular=True)
    with pytest.raises(Refused, match="whole listings"):
        list(as_asked([row], taking(replace=True)))
