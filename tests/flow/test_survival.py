"""What a seller sets on eBay survives what the shop edits: sets of fields and edits are drawn."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import cycle
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from matrix.arena import begin, broken_promises
from mockbay.client import MockServer
from support.live_shop import Document, Shop, document, open_shop
from support.settable import FIELDS, Field, together
from support.survival import (
    MAKER,
    SAID_OF_MAKER,
    Lost,
    everything,
    lost,
    replaced,
    told,
)

PACK = 4
QUANTITY = "item.availability.shipToLocationAvailability.quantity"


class Edit(NamedTuple):
    """What the shop changes, and the leaves that are its own from then on; None: not looked at."""

    says: Document
    ours: Document


def item(**leaves: object) -> Document:
    """Return leaves of an item's product."""
    return {f"item.product.{name}": value for name, value in leaves.items()}


EDITS = {
    "title": Edit({"title": "Another"}, item(title="Another")),
    "subtitle": Edit({"subtitle": "Ours"}, item(subtitle="Ours")),
    "aspects": Edit({"aspects": {"Finish": ["Matt"]}}, {"item.product.aspects.Finish": ["Matt"]}),
    "images": Edit(
        {"images": ["https://img.example.com/n.jpg"]},
        item(imageUrls=["https://img.example.com/n.jpg"]),
    ),
    "brand": Edit({"brand": "Nova"}, item(brand="Nova") | {"item.product.aspects.Brand": ["Nova"]}),
    "mpn": Edit({"mpn": "OURS-1"}, item(mpn="OURS-1")),
    "number": Edit({"gtins": ["96385074"]}, item(ean=["96385074"], upc=None, isbn=None)),
    "condition": Edit({"condition": "USED_GOOD"}, {"item.condition": "USED_GOOD"}),
    "note": Edit(
        {"condition_note": "Worn.", "condition": "USED_GOOD"},
        {"item.condition": "USED_GOOD", "item.conditionDescription": "Worn."},
    ),
    "description": Edit(
        {"description": "<p>Cool.</p>"},
        {"offer.listingDescription": "<p>Cool.</p>", "item.product.description": None},
    ),
    "category": Edit(
        {"category": "102", "condition": "USED_GOOD"},
        {"offer.categoryId": "102", "item.condition": "USED_GOOD"},
    ),
    "store categories": Edit(
        {"store_categories": ["/Ours"]}, {"offer.storeCategoryNames": ["/Ours"]}
    ),
    "tax": Edit(
        {"tax": {"apply": True, "vat_percentage": "7"}},
        {"offer.tax.applyTax": True, "offer.tax.vatPercentage": 7},
    ),
    "price up": Edit({"price": "2000.00"}, {"offer.pricingSummary.price.value": "2000.00"}),
    "price down": Edit({"price": "9.50"}, {"offer.pricingSummary.price.value": "9.50"}),
    "stock up": Edit({"quantity": 50}, {QUANTITY: 50, "offer.availableQuantity": 50}),
    "maker": Edit(
        {"regulatory": {"manufacturer": {"company": "Other", "country": "FR"}}},
        {
            f"{MAKER}.companyName": "Other",
            f"{MAKER}.country": "FR",
            "offer.regulatory.responsiblePersons": None,
        },
    ),
    "stock down": Edit({"quantity": 1}, {QUANTITY: 1, "offer.availableQuantity": 1}),
}
SAID = {
    *("item.condition", "item.product.title", "item.product.description", QUANTITY),
    *("item.product.imageUrls", "item.product.brand", "item.product.aspects.Brand"),
    *("offer.availableQuantity", "offer.categoryId", "offer.includeCatalogProductDetails"),
    *("offer.listingDescription", "offer.listingDuration", "offer.merchantLocationKey"),
    *(f"offer.listingPolicies.{kind}PolicyId" for kind in ("fulfillment", "payment", "return")),
    *("offer.pricingSummary.price.value", "offer.pricingSummary.price.currency"),
}
"""What even a shop says that says little."""
RICH: Document = {
    "subtitle": "Ours", "mpn": "OURS-1", "gtins": ["96385074"], "store_categories": ["/Ours"],
    "aspects": {"Finish": ["Matt"]}, "weight": {"unit": "POUND", "value": "2"},
    "size": {"unit": "INCH", "height": "1", "length": "2", "width": "3"},
    "tax": {"apply": True, "vat_percentage": "7"},
    "regulatory": {
        "manufacturer": {"company": "Maker Ltd", "country": "IE"},
        "responsible": [{"company": "Us", "country": "DE"}],
    },
}  # fmt: skip
"""What a shop says that says all it can."""
RICHLY = {
    *("item.product.subtitle", "item.product.mpn", "item.product.ean", "offer.storeCategoryNames"),
    *("item.packageWeightAndSize.weight.value", "item.packageWeightAndSize.weight.unit"),
    *(f"item.packageWeightAndSize.dimensions.{n}" for n in ("height", "length", "width", "unit")),
    *("offer.tax.applyTax", "offer.tax.vatPercentage", "offer.regulatory.responsiblePersons"),
    *(f"{MAKER}.{name}" for name in SAID_OF_MAKER),
}
"""The leaves of that, but for the item specifics."""
AUCTIONS = "pricingSummary.auction"


def own(said: set[str]) -> list[tuple[str, Field]]:
    """Return what a seller can set on a listing of which the shop says so much, and keep."""
    return [
        (kind, field)
        for kind in ("item", "offer")
        for field in FIELDS[kind]
        if f"{kind}.{field.path}" not in said and not field.path.startswith(AUCTIONS)
    ]


OWN, BESIDE_RICH = own(SAID), own(SAID | RICHLY)


class Case(NamedTuple):
    """A listing: what its seller sets, and what the shop edits then, one after the other."""

    fields: tuple[tuple[str, Field], ...]
    edits: tuple[str, ...]


def table(fields: list[tuple[str, Field]]) -> Iterator[Case]:
    """Yield every field with some edit of the shop, a few fields to a listing; and all at once."""
    edits = cycle(EDITS)
    for n in range(0, len(fields), PACK):
        yield Case(tuple(fields[n : n + PACK]), (next(edits), next(edits)))
    for edit in EDITS:
        yield Case(tuple(fields), (edit,))


async def survive(shop: Shop, cases: list[Case], **more: object) -> list[Lost]:
    """Sell a listing for each case, let sellers and the shop edit; return what is then wrong.

    All happen abreast: the first edit of every case is published in the same batches.
    """
    await begin(shop, {"revision_cap": None})
    usual = {"condition": "USED_VERY_GOOD", **more}
    rows = [document(f"SKU-{n:03}", **usual) for n in range(len(cases))]
    await shop.put(*rows)
    await shop.publish_due()
    wrong: list[Lost] = []
    for case, row in zip(cases, rows, strict=True):
        for kind in ("item", "offer"):
            leaves = together(kind, [field for one, field in case.fields if one == kind])
            if leaves:
                shop.mock.seller_set(row["sku"], leaves, of=kind)
    ours = [dict[str, Any]() for _ in cases]
    for turn in range(max(len(case.edits) for case in cases)):
        before, calls = everything(shop.mock), len(shop.mock.journal())
        edited: list[Document] = []
        for case, row, said in zip(cases, rows, ours, strict=True):
            for name in case.edits[turn : turn + 1]:
                row.update(EDITS[name].says)
                said.update(EDITS[name].ours)
                edited.append(row)
        await shop.put(*edited)
        await shop.drain()
        after, whole = everything(shop.mock), replaced(shop.mock, calls)
        for row, said in zip(rows, ours, strict=True):
            sku = row["sku"]
            wrong += lost(sku, before[sku], after[sku], said, whole[sku])
    assert await broken_promises(shop) == []
    return wrong


@pytest.fixture
async def shop(database: str, mockbay: MockServer, tmp_path: Path) -> Any:  # noqa: ANN401
    async with open_shop(database, mockbay, tmp_path) as opened:
        yield opened


async def test_every_field_that_a_seller_sets_survives_every_kind_of_edit(shop: Shop) -> None:
    wrong = await survive(shop, list(table(OWN)))
    assert not wrong, told(wrong)


async def test_so_does_what_he_sets_beside_a_shop_that_says_all_it_can(shop: Shop) -> None:
    wrong = await survive(shop, list(table(BESIDE_RICH)), **RICH)
    assert not wrong, told(wrong)


fields = st.lists(st.sampled_from(OWN), min_size=1, max_size=6, unique_by=lambda one: one[1].path)
edits = st.lists(st.sampled_from(sorted(EDITS)), min_size=1, max_size=3, unique=True)
cases = st.lists(st.builds(Case, fields.map(tuple), edits.map(tuple)), min_size=6, max_size=12)


@settings(
    max_examples=3, deadline=None, derandomize=True, database=None,
    phases=[Phase.generate], suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
@given(drawn=cases)
async def test_drawn_fields_survive_drawn_edits(shop: Shop, drawn: list[Case]) -> None:
    wrong = await survive(shop, drawn)
    assert not wrong, told(wrong)


async def test_a_listing_that_its_seller_wore_out_keeps_his_fields_when_the_day_is_over(
    shop: Shop,
) -> None:
    await begin(shop, {"revision_cap": 8, "clock": "real"})
    row = document("LAMP-1")
    await shop.put(row)
    await shop.drain()
    for n in range(8):
        shop.mock.seller_set("LAMP-1", {"product.subtitle": f"His {n}"})
    await shop.put(row | {"title": "Tomorrow"})
    await shop.publish_due()
    assert shop.mock.items()["LAMP-1"]["product"]["title"] == row["title"]
    await shop.pass_time(timedelta(days=1))
    await shop.drain()
    product = shop.mock.items()["LAMP-1"]["product"]
    assert (product["title"], product["subtitle"]) == ("Tomorrow", "His 7")
