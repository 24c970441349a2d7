"""What a seller sets on a listing with variants survives: on the group, its members, and beside."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from matrix.arena import begin, broken_promises
from mockbay.client import MockServer
from support.live_shop import Document, Shop, document, open_shop
from support.settable import FIELDS, Field, together
from support.survival import TERMS, Leaves, Lost, everything, lost, replaced, told

OF_THE_LISTING = {
    "offer.secondaryCategoryId": "102",
    "offer.storeCategoryNames": ["/Site"],
    "offer.quantityLimitPerBuyer": 3,
    "offer.charity.charityId": "1234",
    "offer.tax.vatPercentage": 19.5,
    "offer.regulatory.repairScore": 7.5,
    "offer.listingPolicies.takeBackPolicyId": "91",
}
OF_THE_OFFER = {"offer.lotSize": 2, "offer.pricingSummary.pricingVisibility": "PRE_CHECKOUT"}
SAID = {"title", "description", "imageUrls", "variantSKUs", "variesBy.specifications"}
OWN = [("group", field) for field in FIELDS["group"] if field.path not in SAID] + [
    (kind, field)
    for kind, path in (
        ("item", "product.epid"), ("item", "product.videoIds"), ("item", "conditionDescription"),
        ("item", "product.aspects.Collar (style, etc.)"), ("offer", "quantityLimitPerBuyer"),
        ("item", "availability.shipToLocationAvailability.availabilityDistributions"),
        ("offer", "listingPolicies.bestOfferTerms.bestOfferEnabled"),
        ("offer", "listingPolicies.shippingCostOverrides"), ("offer", "regulatory.repairScore"),
        ("offer", "pricingSummary.originalRetailPrice.value"), ("offer", "charity.charityId"),
    )
    for field in FIELDS[kind] if field.path == path
]  # fmt: skip


def member(sku: str, size: str, **fields: object) -> Document:
    """Return a variant as a shop says it."""
    usual: Document = {"options": {"Size": size}, "quantity": 5, "price": "10.00"}
    return {"sku": f"{sku}-{size}", **usual, **fields}


def shirt(n: int) -> Document:
    """Return a listing with two variants."""
    sku = f"TEE-{n:02}"
    variants = [member(sku, size) for size in ("S", "M")]
    said = document(sku, condition="USED_VERY_GOOD", variants=variants)
    return {name: value for name, value in said.items() if name not in {"price", "quantity"}}


class Edit(NamedTuple):
    """What the shop changes of a listing, or of one variant; what the leaves are then."""

    says: Document
    ours: Document
    variant: bool = False


STOCK = "item.availability.shipToLocationAvailability.quantity"
EDITS = {
    "title": Edit({"title": "Another"}, {"group.title": "Another", "item.product.title": None}),
    "description": Edit({"description": "<p>Cool.</p>"}, {
        "group.description": "<p>Cool.</p>", "offer.listingDescription": None,
        "item.product.description": None,
    }),
    "aspects": Edit({"aspects": {"Finish": ["Matt"]}}, {
        "group.aspects.Finish": None, "item.product.aspects.Finish": ["Matt"],
    }),
    "category": Edit({"category": "103", "condition": "PRE_OWNED_FAIR"}, {
        "offer.categoryId": "103", "item.condition": "PRE_OWNED_FAIR",
    }),
    "price": Edit({"price": "9.00"}, {"offer.pricingSummary.price.value": "9.00"}, variant=True),
    "stock": Edit({"quantity": 1}, {STOCK: 1, "offer.availableQuantity": 1}, variant=True),
}  # fmt: skip


@pytest.fixture
async def shop(database: str, mockbay: MockServer, tmp_path: Path) -> AsyncIterator[Shop]:
    async with open_shop(database, mockbay, tmp_path) as opened:
        yield opened


async def live(shop: Shop, count: int = 1) -> list[Document]:
    """Begin anew with so many listings with variants on sale."""
    await begin(shop, {"revision_cap": None})
    rows = [shirt(n) for n in range(count)]
    await shop.put(*rows)
    await shop.drain()
    return rows


async def edit(shop: Shop, *rows: Document) -> tuple[dict[str, Leaves], dict[str, Leaves]]:
    """Send listings in; return what eBay showed before and shows after."""
    before = everything(shop.mock)
    await shop.put(*rows)
    await shop.drain()
    assert await broken_promises(shop) == []
    return before, everything(shop.mock)


def seller_sets(shop: Shop, sku: str, leaves: Document) -> None:
    """Set leaves that are named with the kind of their document."""
    for path, value in leaves.items():
        kind, _, leaf = path.partition(".")
        shop.mock.seller_set(sku, {leaf: value}, of=kind)


Case = tuple[list[tuple[str, Field]], str]


async def survive(shop: Shop, cases: list[Case]) -> list[Lost]:
    """Let sellers set fields of the first variants and the shop edit; return what is lost."""
    rows = await live(shop, len(cases))
    for (fields, name), row in zip(cases, rows, strict=True):
        for kind in ("item", "offer", "group"):
            leaves = together(kind, [field for one, field in fields if one == kind])
            if leaves:
                shop.mock.seller_set(f"{row['sku']}-S", leaves, of=kind)
        target = row["variants"][0] if EDITS[name].variant else row
        target |= EDITS[name].says
    calls = len(shop.mock.journal())
    before, after = await edit(shop, *rows)
    whole = replaced(shop.mock, calls)
    wrong: list[Lost] = []
    for (_, name), row in zip(cases, rows, strict=True):
        for size in ("S", "M"):
            sku, edited = f"{row['sku']}-{size}", EDITS[name]
            ours = edited.ours if size == "S" or not edited.variant else {}
            wrong += lost(sku, before[sku], after[sku], ours, whole[sku], grouped=True)
    return wrong


async def test_every_field_of_a_group_and_its_members_survives_every_edit(shop: Shop) -> None:
    cases: list[Case] = [(OWN, name) for name in EDITS]
    cases += [([field], name) for field in OWN for name in ("title", "category")]
    wrong = await survive(shop, cases)
    assert not wrong, told(wrong)


cases_drawn = st.lists(
    st.tuples(
        st.lists(st.sampled_from(OWN), min_size=1, max_size=4, unique_by=lambda one: one[1].path),
        st.sampled_from(sorted(EDITS)),
    ),
    min_size=4,
    max_size=8,
)


@settings(
    max_examples=3, deadline=None, derandomize=True, database=None,
    phases=[Phase.generate], suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
@given(drawn=cases_drawn)
async def test_drawn_fields_of_groups_survive_drawn_edits(shop: Shop, drawn: list[Case]) -> None:
    wrong = await survive(shop, drawn)
    assert not wrong, told(wrong)


async def test_a_variation_that_the_seller_added_stays_while_ours_come_and_go(shop: Shop) -> None:
    [row] = await live(shop)
    own = {"sku": "OWN-XL", "aspects": {"Size": ["XL"]}, "quantity": 2}
    shop.mock.seller_members("TEE-00-S", add=[own])
    before, after = await edit(shop, row | {"title": "Another"})
    assert after["OWN-XL"] == before["OWN-XL"] | {"group.title": "Another"}
    row["variants"] = [member("TEE-00", "S"), member("TEE-00", "L")]
    _, after = await edit(shop, row)
    group = after["TEE-00-S"]
    assert group["group.variantSKUs"] == ["OWN-XL", "TEE-00-L", "TEE-00-M", "TEE-00-S"]
    assert group["group.axes.Size"] == ["L", "M", "S", "XL"]
    assert after["TEE-00-M"][STOCK] == 0, "ours stays with nothing to sell until the group ends"
    assert after["OWN-XL"][STOCK] == before["OWN-XL"][STOCK]


async def test_a_new_variant_takes_from_a_sibling_what_belongs_to_the_listing(shop: Shop) -> None:
    [row] = await live(shop)
    seller_sets(shop, "TEE-00-M", OF_THE_LISTING | OF_THE_OFFER)
    row["variants"].append(member("TEE-00", "L"))
    _, after = await edit(shop, row)
    new = after["TEE-00-L"]
    assert {path: new.get(path) for path in OF_THE_LISTING} == OF_THE_LISTING
    assert new.keys() & OF_THE_OFFER.keys() == set()
    assert not any(path.startswith(TERMS) for path in new)
