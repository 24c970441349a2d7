"""A Shopify export goes to two marketplaces; the file is read again by ``csv`` to judge that."""

import csv
import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from baysync.account.model import Pricing
from baysync.files.reading import FileFormat
from support.listing_files import DATA, drafts
from support.live_shop import MARKETPLACE as US
from support.live_shop import SELLER, Document, Shop

DE = "EBAY_DE"
CATALOGUE = DATA / "shopify-apparel.csv"
RATES = {US: ("USD", Decimal(1)), DE: ("EUR", Decimal("0.92"))}
Sold = tuple[frozenset[str], str, str, int]  # options, price, currency, stock
HELD = {"storm-scarf", "lost-print"}


@dataclass(frozen=True)
class Shown:
    """What buyers see of one product: one listing, or one for each of its variants together."""

    pictures: tuple[str, ...]
    group: bool
    description: str
    variants: frozenset[Sold]


def in_the_file(marketplace: str) -> dict[str, Shown]:
    """Return what the file says is for sale, by title."""
    products = defaultdict[str, list[dict[str, str]]](list)
    with CATALOGUE.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            products[row["Handle"]].append(row)
    return {
        rows[0]["Title"]: _product(rows, marketplace)
        for handle, rows in products.items()
        if handle not in HELD and rows[0]["Status"] == "active"
    }


def _product(rows: list[dict[str, str]], marketplace: str) -> Shown:
    sold = [row for row in rows if row["Variant Price"]]
    placed = sorted((row for row in rows if row["Image Src"]), key=lambda r: r["Image Position"])
    return Shown(
        pictures=tuple(row["Image Src"] for row in placed),
        group=len(sold) > 1,
        description=rows[0]["Body (HTML)"],
        variants=frozenset(_variant(row, marketplace) for row in sold),
    )


def _variant(row: dict[str, str], marketplace: str) -> Sold:
    options = frozenset(row[f"Option{n} Value"] for n in (1, 2, 3)) - {"", "Default Title"}
    currency, rate = RATES[marketplace]
    price = (Decimal(row["Variant Price"]) * rate).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return options, str(price), currency, max(0, int(row["Variant Inventory Qty"]))


def on_ebay(shop: Shop, marketplace: str) -> dict[str, Shown]:
    """Return what mockbay shows on a marketplace, by title."""
    found = defaultdict[str, list[tuple[Document, Document, Document]]](list)
    items, groups = shop.mock.items(), shop.mock.state()["accounts"][SELLER]["groups"]
    for offer in shop.live().values():
        item = items[offer["sku"]]
        if offer["marketplaceId"] == marketplace:
            [key] = item["groupIds"] or [""]
            group: Document = groups.get(key) or {}
            found[(group or item["product"])["title"]].append((offer, item, group))
    return {title: _shown(rows) for title, rows in found.items()}


def _shown(rows: list[tuple[Document, Document, Document]]) -> Shown:
    assert len({offer["listing"]["listingId"] for offer, _, _ in rows}) == 1, "one listing"
    offer, item, group = rows[0]
    return Shown(
        pictures=tuple((group or item["product"])["imageUrls"]),
        group=bool(group),
        description=group.get("description") or offer["listingDescription"],
        variants=frozenset(map(_sold, rows)),
    )


def _sold(row: tuple[Document, Document, Document]) -> Sold:
    offer, item, group = row
    price, aspects = offer["pricingSummary"]["price"], item["product"]["aspects"]
    axes = [axis["name"] for axis in group["variesBy"]["specifications"]] if group else []
    plain = [name for name in ("Size", "Color") if name in aspects]
    options = frozenset(aspects[name][0] for name in axes or plain)
    return options, price["value"], price["currency"], offer["availableQuantity"]


def rows_sent(shop: Shop, op: str) -> Iterator[Document]:
    """Yield each row of the bulk calls of one operation."""
    for call in shop.calls(op):
        yield from json.loads(call["body"])["requests"]


def _priced(row: Document) -> tuple[str, Decimal, int]:
    price = Decimal(row["pricingSummary"]["price"]["value"])
    return row["marketplaceId"], price, row["availableQuantity"]


async def test_the_journal_and_what_buyers_see_agree_with_the_file_on_two_marketplaces(
    shop: Shop,
) -> None:
    rates = {"USD": RATES[DE][1]}
    await shop.sell_on(DE, currency="USD", pricing=Pricing(rates=rates))
    documents = [draft.document for draft in drafts(CATALOGUE.read_bytes(), FileFormat.SHOPIFY)]
    assert await shop.put(*documents) == ["created"] * 12
    await shop.drain()
    expected = {marketplace: in_the_file(marketplace) for marketplace in RATES}
    for marketplace, wanted in expected.items():
        assert on_ebay(shop, marketplace) == wanted
        blocked = await shop.blocked(marketplace)
        assert {sku: reason for sku, (reason, _, _) in blocked.items()} == {
            "SCARF": "out_of_stock",
            "PRINT": "missing_image",
        }

    variants = sum(len(shown.variants) for shown in expected[US].values())
    groups = sum(shown.group for shown in expected[US].values())
    items = list(rows_sent(shop, "bulkCreateOrReplaceInventoryItem"))
    assert len({row["sku"] for row in items}) == len(items) == 2 * variants, "each item once"
    assert sum(row["locale"] == "de_DE" for row in items) == variants
    offers = list(rows_sent(shop, "bulkCreateOffer"))
    assert Counter(map(_priced, offers)) == Counter(
        (marketplace, Decimal(price), stock)
        for marketplace, wanted in expected.items()
        for shown in wanted.values()
        for _, price, _, stock in shown.variants
    )
    assert len(shop.calls("createOrReplaceInventoryItemGroup")) == 2 * groups
    before = len(shop.mock.journal())
    assert await shop.put(*documents) == ["unchanged"] * 12
    await shop.drain()
    assert len(shop.mock.journal()) == before, "the same file again costs no call"
